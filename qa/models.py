"""Models: which parts are in use, and which could be.

The built-in parts need nothing but this package. Names no one has asked for are never fetched.
"""

from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import EncoderError
from embeddings.sentence_transformer import pull_encoder
from qa.errors import ModelError
from qa.library.library import Library

# Multilingual, 0.5 GB, and quick enough on two cores.
RECOMMENDED_ENCODER = "intfloat/multilingual-e5-small"


@dataclass(frozen=True, slots=True)
class Model:
    """One part of the road from question to answer: `part`, `name`, where it is, what it is."""

    part: str
    name: str
    where: str
    note: str


def models_in_use(library: Library) -> list[Model]:
    """Return the encoder, reranker and answerer that a question to `library` goes through."""
    snapshot = library.snapshot()
    width = f"{snapshot.encoder.width} wide" if snapshot.encoder else "fitted on the first pages"
    return [
        Model("encoder", snapshot.encoder_name or "built-in", str(library.folder), width),
        Model("reranker", "built-in sentence ranker", "qa/reader.json", "learned, 1 hidden layer"),
        Model("answerer", "built-in reader", "qa", "quotes sentences, never writes its own"),
    ]


def pull(name: str) -> Path:
    """Download an encoder by its hub name and return its folder. Raises ModelError."""
    try:
        return pull_encoder(name)
    except EncoderError as error:
        raise ModelError(str(error)) from error
