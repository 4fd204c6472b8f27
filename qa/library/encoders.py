"""Encoders of a library: loaded by name, or fitted on it and kept beside the store.

Knows where encoders lie and which one a state of the library needs; knows nothing of rows.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import Encoder, StaticEncoder
from embeddings.errors import EncoderError
from embeddings.fitting import fit_encoder
from embeddings.sentence_transformer import load_encoder
from qa.errors import LibraryError, ModelError
from qa.library.records import State
from qa.library.sealed import is_abandoned, is_whole, sealed

BUILT_IN = "built-in"
_FITTED = re.compile(r"[0-9a-f]{32}")  # and nothing else that a user keeps there


@dataclass(frozen=True, slots=True)
class Ready:
    """An encoder that can be used: `name` is how it was asked for.

    `files` is where a newly fitted one lies until it is kept.
    """

    name: str
    encoder: Encoder
    files: Path | None = None


def whole_name(name: str) -> str:
    """Return an encoder's name as it is recorded: a folder by its absolute path."""
    folder = Path(name).expanduser()
    return str(folder.resolve()) if name != BUILT_IN and folder.is_dir() else name


class Encoders:
    """The encoders of one library's folder. Loading is remembered; the rest is not for threads."""

    def __init__(self, library: Path):
        self._folder = library / "encoders"
        self._loaded: Ready | None = None

    def of(self, state: State) -> Ready | None:
        """Return the encoder that made the vectors of `state`.

        None when there are none, or when the encoder that was fitted for them is lost or
        damaged. Raises ModelError when one that has a name cannot be loaded.
        """
        if state.fingerprint is None or state.encoder is None:
            return None
        if state.encoder != BUILT_IN:
            return self.named(state.encoder)
        ready = self._loaded
        if ready is None or ready.encoder.fingerprint != state.fingerprint:
            folder = self._folder / state.fingerprint
            if not is_whole(folder, state.fingerprint):
                return None
            try:
                ready = Ready(BUILT_IN, StaticEncoder.load(folder))
            except EncoderError:
                return None  # replaced by another process meanwhile
            self._loaded = ready
        return ready if ready.encoder.fingerprint == state.fingerprint else None

    def named(self, name: str) -> Ready:
        """Load an encoder by its name or folder. Raises ModelError when it cannot be used."""
        ready = self._loaded
        if ready is None or ready.name != name:
            try:
                ready = Ready(name, load_encoder(name))
            except EncoderError as error:
                raise ModelError(f"{error}; QA_ENCODER=built-in does without it") from error
            self._loaded = ready
        return ready

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
        except OSError as error:
            raise LibraryError(
                f"{self._folder}: cannot be written, nothing was changed: make room and try again"
            ) from error
        self._loaded = Ready(ready.name, ready.encoder)

    def others(self, state: State) -> list[Path]:
        """Return the fitted encoders, whole or half written, that `state` has no use for."""
        return [
            folder
            for folder in (self._folder.iterdir() if self._folder.is_dir() else ())
            if folder.name != state.fingerprint
            and (_FITTED.fullmatch(folder.name) or is_abandoned(folder))
        ]

    def discard_others(self, state: State) -> None:
        """Delete what `others` returns."""
        for folder in self.others(state):
            shutil.rmtree(folder, ignore_errors=True)
