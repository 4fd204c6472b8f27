"""Model folders: where a named model lies on this machine, what it is, and its fingerprint.

All from names, configs and bytes: no model is loaded, and the network is never looked at.
"""

import json
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from embeddings.encoder import CONFIG, MODULES
from embeddings.errors import EncoderError

# What sentence-transformers calls the kinds of models; "" is none of those two.
Kind = Literal["SentenceTransformer", "CrossEncoder", ""]

_WHOLE = "config.json"  # a model of transformers, without what sentence-transformers adds
_HASHED_ENDS = 1 << 20  # bytes read at either end of a file for the fingerprint
_MODEL_FILES = {".json", ".safetensors", ".bin", ".model", ".txt"}


def model_folder(name: str, what: str) -> Path:
    """Return the folder that `name` is, or where the hub's cache keeps the model of that name.

    `what` is for the message. Raises EncoderError, at once, when the model is not on this machine.
    """
    folder = local_path(name)
    if folder.is_dir():
        if any((folder / file).is_file() for file in (MODULES, _WHOLE)):
            return folder
        raise EncoderError(f"{name} holds no {what}: neither {MODULES} nor {_WHOLE} is there")
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = [try_to_load_from_cache(name, file) for file in (MODULES, _WHOLE)]
    except HFValidationError:
        found = []
    for path in found:
        if isinstance(path, str):
            return Path(path).parent
    raise EncoderError(
        f"{what} {name} is not on this machine: give its folder, or `qa models pull` a model first"
    )


def local_path(name: str) -> Path:
    """Return `name` as a path, with ~ written out where it is somebody's home."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def kind_of(folder: Path) -> Kind:
    """Return what kind of model `folder` holds. Raises EncoderError when its config is damaged.

    A bare transformer counts as an encoder, by the mean of its tokens, unless it was made to
    classify or to write; one that classifies counts as a CrossEncoder. Anything else would be
    loaded as well, but with weights made up for what is missing.
    """
    if (folder / MODULES).is_file():
        kind = config_of(folder, CONFIG).get("model_type", "SentenceTransformer")
        return kind if kind in ("SentenceTransformer", "CrossEncoder") else ""
    named = config_of(folder, _WHOLE).get("architectures")
    made_for = str(named[0]).rpartition("For")[2] if isinstance(named, list) and named else ""
    if made_for == "SequenceClassification":
        return "CrossEncoder"
    return "" if made_for in {"CausalLM", "ConditionalGeneration"} else "SentenceTransformer"


def config_of(folder: Path, file: str = CONFIG) -> dict[str, Any]:
    """Return what a config in `folder` says, {} when there is none; EncoderError when damaged."""
    try:
        config = json.loads((folder / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EncoderError(f"{folder / file} cannot be read: fetch the model again") from error
    if not isinstance(config, dict):
        raise EncoderError(f"{folder / file} is no config: fetch the model again")
    return config


def fingerprint_of(folder: Path, more: Sequence[str]) -> str:
    """Return a hash of a model's files and of `more`, 32 hex digits.

    Of a large file its size and both ends are taken: gigabytes would cost seconds. Raises
    EncoderError when a file cannot be read.
    """
    state = blake2b("\0".join(more).encode(), digest_size=16)
    try:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _MODEL_FILES and path.is_file():
                state.update(f"{path.relative_to(folder)} {path.stat().st_size}".encode())
                state.update(_ends(path))
    except OSError as error:
        raise EncoderError(f"{folder} cannot be read: check its permissions") from error
    return state.hexdigest()


def _ends(path: Path) -> bytes:
    """Return the beginning of a file, and its end where that was not in it."""
    with path.open("rb") as file:
        begin = file.read(_HASHED_ENDS)
        file.seek(max(path.stat().st_size - _HASHED_ENDS, len(begin)))
        return begin + file.read(_HASHED_ENDS)
