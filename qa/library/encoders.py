"""Encoders of a library: loaded by name, or fitted on it and kept beside the store.

Knows where encoders lie and which one a state of the library needs; knows nothing of rows.
"""

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import Encoder, StaticEncoder, Vectors
from embeddings.errors import EncoderError
from embeddings.fitting import fit_encoder
from embeddings.folders import local_path
from embeddings.sentence_transformer import load_encoder
from qa.errors import LibraryError, ModelError
from qa.library.records import State
from qa.library.sealed import is_abandoned, is_whole, sealed

BUILT_IN = "built-in"
Load = Callable[[str], Encoder]  # by name or folder; raises EncoderError
_FITTED = re.compile(r"[0-9a-f]{32}")  # and nothing else that a user keeps there


@dataclass(frozen=True, slots=True)
class Ready:
    """An encoder that can be used: `name` is how it was asked for.

    `files` is where a newly fitted one lies until it is kept.
    """

    name: str
    encoder: Encoder
    files: Path | None = None


class NamedEncoder:
    """An encoder that a user named: when it fails, that is a ModelError."""

    def __init__(self, name: str, load: Load):
        """Load it. Raises ModelError when it cannot be used."""
        self.name = name
        try:
            self._encoder = load(name)
            self.width, self.fingerprint = self._encoder.width, self._encoder.fingerprint
        except EncoderError as error:
            raise ModelError(f"{error}; QA_ENCODER=built-in does without it") from error

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (len(texts), width) of texts that are to be found."""
        return self._made(self._encoder.encode_documents, texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (len(texts), width) of questions."""
        return self._made(self._encoder.encode_questions, texts)

    def _made(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        try:
            return encode(texts)
        except EncoderError as error:
            raise ModelError(f"{error}; QA_ENCODER=built-in does without it") from error


def whole_name(name: str) -> str:
    """Return an encoder's name as it is recorded: a folder by its absolute path."""
    folder = local_path(name)
    return str(folder.resolve()) if name != BUILT_IN and folder.is_dir() else name


class Encoders:
    """The encoders of one library's folder. Those that were loaded are remembered.

    Several threads may load at once, even the same one twice; the rest is not for threads.
    """

    def __init__(self, library: Path, load: Load = load_encoder):
        self._folder = library / "encoders"
        self._load = load
        self._loaded: dict[str, Ready] = {}  # by name

    def of(self, state: State) -> Ready | None:
        """Return the encoder that made the vectors of `state`.

        None when there are none, and when that encoder is lost, damaged or another by now. Raises
        ModelError when one that has a name cannot be loaded.
        """
        if state.fingerprint is None or state.encoder is None:
            return None
        if state.encoder == BUILT_IN:
            return self._fitted(state.fingerprint)
        ready = self.named(state.encoder)
        return ready if ready.encoder.fingerprint == state.fingerprint else None

    def is_lost(self, state: State) -> bool:
        """Return whether the encoder that was fitted for `state` is gone or damaged."""
        fitted = state.fingerprint is not None and state.encoder == BUILT_IN
        return fitted and self.of(state) is None

    def _fitted(self, fingerprint: str) -> Ready | None:
        ready = self._loaded.get(BUILT_IN)
        if ready is not None and ready.encoder.fingerprint == fingerprint:
            return ready
        folder = self._folder / fingerprint
        if not is_whole(folder, fingerprint):
            return None
        try:
            ready = Ready(BUILT_IN, StaticEncoder.load(folder))
        except EncoderError:
            return None  # replaced by another process meanwhile
        self._loaded[BUILT_IN] = ready
        return ready if ready.encoder.fingerprint == fingerprint else None

    def named(self, name: str) -> Ready:
        """Load an encoder by its name or folder. Raises ModelError when it cannot be used."""
        ready = self._loaded.get(name)
        if ready is None:
            ready = self._loaded[name] = Ready(name, NamedEncoder(name, self._load))
        return ready

    def forget_unused(self, state: State) -> None:
        """Let go of the encoders that were loaded for something else than `state`."""
        self._loaded = {n: ready for n, ready in self._loaded.items() if n == state.encoder}

    def fit(self, texts: Sequence[str], files: Path) -> Ready:
        """Fit the built-in encoder to the library's texts; its files are written to `files`."""
        try:
            fit_encoder(texts, files)
        except OSError as error:
            raise LibraryError(f"{files}: cannot be written: make room and try again") from error
        return Ready(BUILT_IN, StaticEncoder.load(files), files)

    def keep(self, ready: Ready) -> None:
        """Keep a newly fitted encoder beside the store; others are left as they are.

        Called while nobody else may write, like `discard_others`.
        """
        fingerprint = ready.encoder.fingerprint
        place = self._folder / fingerprint
        try:
            if ready.files is not None and not is_whole(place, fingerprint):
                with sealed(place, fingerprint) as folder:
                    shutil.copytree(ready.files, folder, dirs_exist_ok=True)
        except PermissionError as error:
            raise LibraryError(
                f"{self._folder}: this folder may not be looked into or written, nothing was "
                "changed: check its permissions, or try `qa doctor --repair`"
            ) from error
        except OSError as error:
            why = error.strerror or "it could be copied in part only"
            raise LibraryError(
                f"{self._folder}: cannot be written, nothing was changed ({why}): make room, or "
                "move away what stands in its place"
            ) from error
        self._loaded[ready.name] = Ready(ready.name, ready.encoder)

    def others(self, state: State) -> list[Path]:
        """Return the fitted encoders, whole or half written, that `state` has no use for."""
        try:
            found = list(self._folder.iterdir())
        except OSError:  # not there, or not to be looked into
            return []
        return [
            folder
            for folder in found
            if folder.name != state.fingerprint
            and (_FITTED.fullmatch(folder.name) or is_abandoned(folder))
        ]

    def discard_others(self, state: State) -> None:
        """Delete what `others` returns."""
        for folder in self.others(state):
            shutil.rmtree(folder, ignore_errors=True)
