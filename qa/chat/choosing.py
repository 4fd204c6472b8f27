"""Choosing: what was asked for on the command line or in the environment → what answers.

A server comes before a model on disk; `auto`, the default, takes the best model that is on disk
and suits this machine; without any, the built-in reader answers. Nothing is downloaded.
"""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from qa import settings
from qa.answering.asking import READER, Answerer, Models
from qa.answering.reranking import named_reranker
from qa.chat.address import addresses, checked_key
from qa.chat.answering import ChatAnswerer
from qa.chat.loading import BackgroundLoad
from qa.chat.model import ChatModel
from qa.chat.server import open_server
from qa.errors import ModelError
from qa.models import automatic_chat_model, chat_model_folder
from qa.progress import Progress

AUTO, BUILT_IN = "auto", "built-in"

# A server counts tokens from above and reads fast: room for the same sentences, and some more.
_SERVER_SHEET = 2000
# Seconds after which a server that was away is looked for again: a look may itself take some.
_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; None where nothing was. `key_file` holds the server's key."""

    model: str | None = None
    server: str | None = None
    key_file: Path | None = None


def wished(options: object) -> Wish:
    """Return the wish of parsed options, and of the environment where they say nothing.

    Raises ModelError for a key file without the server that it is for.
    """
    model, server, key_file = (getattr(options, n, None) for n in ("model", "server", "key_file"))
    if key_file is not None and not (server or settings.server_url()):
        raise ModelError(f"{key_file} is the key of a server: name that with --server")
    if model is None and server is None:
        server = settings.server_url()
    if model == BUILT_IN:
        server = None
    named = model or settings.chat_model_name()
    return Wish(None if server and named in (AUTO, BUILT_IN) else named, server, key_file)


def models_for(wish: Wish, progress: Progress | None = None) -> Models:
    """Return what answers. A local chat model is loaded before this returns if `progress` is
    given; otherwise it is loaded in the background.

    Raises ModelError, at once, when a model is named that is not on this machine or damaged, or
    when the address or the key of the server cannot be one. A server that is away is no error:
    it is looked for at each question.
    """
    answerer = _answerer(wish, progress)
    named = settings.reranker_name()
    return Models(answerer, named_reranker(named) if named else None)


def chosen_name(wish: Wish) -> str | None:
    """Return the chat model that is meant, None for the built-in reader. Loads nothing."""
    if wish.server:
        return wish.model or wish.server
    name = wish.model or AUTO
    return automatic_chat_model() if name == AUTO else name if name != BUILT_IN else None


def _answerer(wish: Wish, progress: Progress | None) -> Answerer:
    if wish.server:
        return ChatAnswerer(Server(wish.server, wish.model, wish.key_file), _SERVER_SHEET)
    name = chosen_name(wish)
    if name is None:
        return READER
    load = BackgroundLoad(name, chat_model_folder(name))
    if progress is not None:
        load.wait(progress)
    return ChatAnswerer(load)


class Server:
    """A server as a source of a chat model: looked for at the first question, and until found."""

    def __init__(self, url: str, model: str | None, key_file: Path | None) -> None:
        """Raises ModelError when the address or the key cannot be one."""
        self._host = urlsplit(addresses(url)[0]).netloc
        self._url, self._model = url, model
        self._key = checked_key(settings.server_key(key_file))
        self._opened: ChatModel | None = None
        self._away = ""
        self._next_look = 0.0

    @property
    def name(self) -> str:
        """The model's name, and where it is."""
        model = self._opened.name if self._opened else self._model
        return f"{model} ({self._host})" if model else self._host

    @property
    def status(self) -> str:
        """Why the last look for the server failed; "" when it did not, or there was none."""
        return self._away

    def model(self) -> ChatModel:
        """Return the model of the server. Raises ModelError when it is away."""
        if self._opened is None:
            if self._away and monotonic() < self._next_look:
                raise ModelError(self._away)
            try:
                self._opened = open_server(self._url, self._model, self._key)
            except ModelError as error:
                self._away, self._next_look = str(error), monotonic() + _PAUSE
                raise
            self._away = ""
        return self._opened
