"""Loading: a local chat model gets ready in the background, and tells how far it is.

Knows only how loading is begun, nothing of torch.
"""

import atexit
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from qa.chat.local import load_chat_model
from qa.chat.model import ChatModel
from qa.errors import ModelError
from qa.events import tell
from qa.progress import Progress

Load = Callable[[str, Path, Progress], ChatModel]

_LOOK = 0.1  # seconds between two looks at how far it is
_PARTING = 3.0  # seconds that are given to a load which the program's end breaks off


class _BrokenOffError(Exception):
    """The program ends before the model is loaded."""


class BackgroundLoad:
    """A chat model that begins to load when this is made: a source of it, once it is ready."""

    def __init__(self, name: str, folder: Path, load: Load = load_chat_model) -> None:
        """Load the model in `folder`, which people know as `name`. Never raises."""
        self.name = name
        self._folder = folder
        self._load = load
        self._progress = (0, 0, "")
        self._model: ChatModel | None = None
        self._failure = ""
        self._ended = Event()
        self._ending = False
        self._thread = Thread(target=self._run, name=f"loading {name}", daemon=True)
        atexit.register(self._break_off)
        self._thread.start()

    @property
    def status(self) -> str:
        """One line: how far it is, or why it failed; "" when the model is ready."""
        if self._model is not None:
            return ""
        return self._failure or self._loading()

    @property
    def fraction(self) -> float:
        """How much of what is being done at present is done: 0 to 1."""
        done, total, _ = self._progress
        return done / total if total else 0.0

    def model(self) -> ChatModel:
        """Return the model. Raises ModelError, at once, while it is loading or when that failed."""
        if self._model is None:
            raise ModelError(self.status)
        return self._model

    def wait(self, progress: Progress) -> ChatModel:
        """Return the model when it is ready, and report until then. Raises ModelError."""
        told = self._progress
        while not self._ended.wait(_LOOK):
            if told != self._progress:
                told = self._progress
                progress(*told)
        return self.model()

    def _loading(self) -> str:
        what = self._progress[2]
        return f"{self.name} is being loaded" + (f": {what}, {self.fraction:.0%}" if what else "")

    def _run(self) -> None:
        """In the thread. A defect of the program keeps its traceback, and ends the loading."""
        failure = f"{self.name} was not loaded: a defect of the program"
        try:
            self._model = self._load(self.name, self._folder, self._report)
        except ModelError as error:
            named = str(error).startswith(self.name)  # as a folder is, that was named by its path
            failure = str(error) if named else f"{self.name} was not loaded: {error}"
        except _BrokenOffError:
            failure = f"{self.name} was not loaded: the program ends"
        finally:
            if self._model is not None:
                tell("model loaded", model=self.name)
            else:
                tell("model failed", logging.WARNING, model=self.name, why=failure)
                self._failure = failure
            self._ended.set()
            atexit.unregister(self._break_off)

    def _report(self, done: int, total: int, what: str) -> None:
        if self._ending:
            raise _BrokenOffError
        self._progress = (done, total, what)

    def _break_off(self) -> None:
        """At the end of the program: a thread that is inside torch then could crash it."""
        self._ending = True
        self._thread.join(_PARTING)
