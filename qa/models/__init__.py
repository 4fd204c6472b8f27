"""Models: which are in use, which suit this machine, which are on disk, and how they get there."""

from qa.models.advice import automatic_chat_model, chat_model_folder
from qa.models.in_use import Model, dictionary, model_card, models_in_use
from qa.models.pulling import pull

__all__ = [
    "Model",
    "automatic_chat_model",
    "chat_model_folder",
    "dictionary",
    "model_card",
    "models_in_use",
    "pull",
]
