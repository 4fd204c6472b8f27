"""Encoders by name or folder: any SentenceTransformer that is on this machine.

The one file that imports sentence-transformers, and only once such a model is really loaded.
Nothing is downloaded but by `pull_encoder`, which is called only when asked to.
"""

import os
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError

from embeddings.encoder import MODULES, Encoder, StaticEncoder, Vectors, is_static, unit_rows
from embeddings.errors import EncoderError

_PATIENCE = 10  # seconds until the hub has to answer
_HASHED_ENDS = 1 << 20  # bytes read at either end of a file for the fingerprint
_UNLOADABLE = (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError)
_MODEL_FILES = {".json", ".safetensors", ".bin", ".model", ".txt"}


def load_encoder(name: str | Path) -> Encoder:
    """Return the encoder in a folder, or of a hub name that has been downloaded before.

    Raises EncoderError, at once and without a look at the network, when it is not on this
    machine or cannot be read.
    """
    folder = _folder(str(name))
    if is_static(folder):
        return StaticEncoder.load(folder)
    return SentenceTransformerEncoder(str(name), folder)


def _folder(name: str) -> Path:
    """Return the folder that `name` is, or where the hub's cache keeps it."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        if any((folder / file).is_file() for file in (MODULES, "config.json")):
            return folder
        raise EncoderError(f"{name} holds no encoder: neither {MODULES} nor config.json is there")
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = [try_to_load_from_cache(name, file) for file in (MODULES, "config.json")]
    except HFValidationError:
        found = []
    for path in found:
        if isinstance(path, str):
            return Path(path).parent
    raise EncoderError(f"encoder {name} is not on this machine: download it, or name its folder")


def pull_encoder(name: str) -> Path:
    """Download the encoder `name` from the model hub, with progress on standard error.

    What is there already is kept and a broken download goes on. Returns its folder. Raises
    EncoderError when the hub cannot be reached or has no such model.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        return Path(snapshot_download(name, etag_timeout=_PATIENCE))
    except HFValidationError as error:
        raise EncoderError(f"{name} is not the name of a model: give OWNER/NAME") from error
    except (HfHubHTTPError, OSError) as error:
        raise EncoderError(f"{name} cannot be downloaded: no such model, or no network") from error


class SentenceTransformerEncoder:
    """A SentenceTransformer with its own prompts for questions and documents, if it has any."""

    def __init__(self, name: str, folder: Path) -> None:
        """Load the model in `folder`. Raises EncoderError when it is damaged or unsuitable."""
        from sentence_transformers import SentenceTransformer

        self.name = name
        self._folder = folder
        try:
            self._model: Any = SentenceTransformer(str(folder), local_files_only=True)
        except _UNLOADABLE as error:
            reason = str(error).partition("\n")[0]
            raise EncoderError(f"encoder {name} cannot be loaded: {reason}") from error

    @property
    def width(self) -> int:
        return int(self._model.get_embedding_dimension())

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the folder's files, 32 hex digits.

        Of a large file its size and both ends are taken: gigabytes would cost seconds.
        """
        state = blake2b(digest_size=16)
        for path in sorted(self._folder.rglob("*")):
            if path.suffix in _MODEL_FILES and path.is_file():
                with path.open("rb") as file:
                    size = file.seek(0, os.SEEK_END)
                    state.update(f"{path.relative_to(self._folder)} {size}".encode())
                    for start in (0, max(size - _HASHED_ENDS, _HASHED_ENDS)):
                        file.seek(start)
                        state.update(file.read(_HASHED_ENDS))
        return state.hexdigest()

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (len(texts), width) of texts that are to be found."""
        return self._unit(self._model.encode_document, texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (len(texts), width) of questions."""
        return self._unit(self._model.encode_query, texts)

    def _unit(self, encode: Any, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.width), np.float32)
        vectors = encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(np.asarray(vectors, np.float32))
