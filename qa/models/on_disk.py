"""On disk: which models the hub's cache holds, whole or half, and what their files tell.

Only looks at files, and takes whatever it finds there: what cannot be read is as good as absent.
A cached model lies in `models--OWNER--NAME/`, with `refs/main` (a commit) and its files, as links
into `blobs/`, in `snapshots/COMMIT/`.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from qa.models.catalogue import Part

State = Literal["whole", "incomplete"]

_PREFIX = "models--"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_WEIGHTS = re.compile(r"(?:model|pytorch_model)(?:-\d+-of-(\d+))?\.(safetensors|bin)")
_INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
_VOCABULARIES = (
    "tokenizer.json",
    "tokenizer.model",
    "sentencepiece.bpe.model",
    "spiece.model",
    "vocab.json",
    "vocab.txt",
)
_PARTS: dict[str, Part] = {"SentenceTransformer": "encoder", "CrossEncoder": "reranker"}
_POSITIONS = "max_position_embeddings"
# These count their positions from 2 on.
_SHIFTED = {"xlm-roberta": 2, "roberta": 2, "camembert": 2}
_LICENCE = re.compile(
    r"^license(?:_name)?:[ \t]*(?:\n[ \t]*-)?[ \t]*['\"]?([\w.+-]+)", re.MULTILINE
)
_LARGEST = 1 << 26  # bytes of a text that is worth reading


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A model in the cache: `part` is None where its files do not tell what it is for.

    `size` is in bytes. `context` in tokens and `licence` are as its files say, None and "" where
    they say nothing.
    """

    name: str
    part: Part | None
    state: State
    folder: Path
    size: int
    context: int | None
    licence: str


def is_model_name(name: str) -> bool:
    """Tell whether `name` could be that of a model of the hub: OWNER/NAME."""
    return bool(_NAME.fullmatch(name)) and ".." not in name and "--" not in name


def folder_of(name: str, cache: Path) -> Path | None:
    """Return the folder that `name` is, or that of the whole model of this name in `cache`."""
    try:
        folder = Path(name).expanduser()
        return folder if folder.is_dir() else find_model(cache, name)
    except (RuntimeError, OSError):  # ~someone who has no home here; longer than any name
        return None


def find_model(cache: Path, name: str) -> Path | None:
    """Return the folder of a model of the hub that is in `cache` with all it needs to run."""
    return _whole(cache / folder_name(name))


def folder_name(name: str) -> str:
    """Return what the cache calls the folder of a model: `models--OWNER--NAME`."""
    return _PREFIX + name.replace("/", "--")


def cached_models(cache: Path) -> list[OnDisk]:
    """Return all that `cache` holds of models, by name."""
    found = []
    for repository in _inside(cache):
        name = repository.name.removeprefix(_PREFIX).replace("--", "/")
        if repository.name == folder_name(name):
            found.append(_on_disk(name, repository))
    return sorted((one for one in found if one), key=lambda one: one.name)


def _on_disk(name: str, repository: Path) -> OnDisk | None:
    """Return what is there of a model, None where it is nothing."""
    whole = _whole(repository)
    folder = whole or next(_snapshots(repository), repository)
    kept = size_of(whole or repository / "blobs")
    if not kept:
        return None
    state: State = "whole" if whole else "incomplete"
    return OnDisk(
        name, part_of(folder), state, folder, kept, context_of(folder), licence_of(folder)
    )


def _whole(repository: Path) -> Path | None:
    return next((folder for folder in _snapshots(repository) if is_whole(folder)), None)


def _snapshots(repository: Path) -> Iterator[Path]:
    """Yield the folders of a model's versions: that of its main branch first."""
    folders = sorted(_inside(repository / "snapshots"))
    main = _text(repository / "refs" / "main").strip()
    yield from (folder for folder in folders if folder.name == main)
    yield from (folder for folder in folders if folder.name != main)


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds settings, a vocabulary, and every file of the weights."""
    if not _size(folder / "modules.json") and not _settings(folder, "config.json"):
        return False
    place = _transformer(folder)
    return any(_size(place / name) for name in _VOCABULARIES) and _has_weights(place)


def _transformer(folder: Path) -> Path:
    """Return where in a folder weights and vocabulary lie: an encoder may keep them below."""
    modules = _json(folder / "modules.json")
    first = modules[0] if isinstance(modules, list) and modules else None
    return folder / str(first.get("path", "")) if isinstance(first, dict) else folder


def _has_weights(folder: Path) -> bool:
    for index in _INDEXES:
        shards = _settings(folder, index).get("weight_map")
        if isinstance(shards, dict) and shards:
            return all(_size(folder / name) for name in {str(shard) for shard in shards.values()})
    names = [file.name for file in _inside(folder) if _size(file)]
    found = Counter(match.groups() for match in map(_WEIGHTS.fullmatch, names) if match)
    return any(count >= int(parts or 1) for (parts, _), count in found.items())


def size_of(folder: Path) -> int:
    """Return how many bytes the files in and below a folder have, or lead to."""
    return sum(_size(Path(root, name)) for root, _, names in os.walk(folder) for name in names)


def part_of(folder: Path) -> Part | None:
    """Return what the model in a folder is for, None where its files do not tell."""
    if _size(folder / "modules.json"):
        kind = _settings(folder, "config_sentence_transformers.json").get("model_type")
        return _PARTS.get(str(kind or "SentenceTransformer"))
    config = _settings(folder, "config.json")
    kinds = config.get("architectures")
    kind = str(kinds[0]) if isinstance(kinds, list) and kinds else ""
    if kind.endswith("ForSequenceClassification"):
        labels = config.get("id2label")
        return "reranker" if isinstance(labels, dict) and len(labels) == 1 else None
    return "answerer" if kind.endswith("ForCausalLM") and _has_template(folder) else None


def _has_template(folder: Path) -> bool:
    """Tell whether a language model knows how a conversation is written."""
    if _size(folder / "chat_template.jinja"):
        return True
    return bool(_settings(folder, "tokenizer_config.json").get("chat_template"))


def context_of(folder: Path) -> int | None:
    """Return how many tokens the model in a folder can read at once, None where it is not said."""
    config = _settings(folder, "config.json")
    inner = config.get("text_config")
    encoder = _positive(_settings(folder, "sentence_bert_config.json"), "max_seq_length")
    longest = _positive(config, _POSITIONS)
    if encoder or not longest:
        return encoder or (_positive(inner, _POSITIONS) if isinstance(inner, dict) else None)
    return longest - _SHIFTED.get(str(config.get("model_type")), 0)


def _positive(settings: dict[str, Any], name: str) -> int | None:
    found = settings.get(name)
    return found if isinstance(found, int) and found > 0 else None


def licence_of(folder: Path) -> str:
    """Return the licence that a model's README.md names in its front matter, or ""."""
    before, _, rest = _text(folder / "README.md").partition("---\n")
    front, closed, _ = rest.partition("\n---")
    named = _LICENCE.findall(front) if closed and not before.strip() else []
    return next((str(name) for name in named if name != "other"), "")


def _settings(folder: Path, name: str) -> dict[str, Any]:
    found = _json(folder / name)
    return found if isinstance(found, dict) else {}


def _json(file: Path) -> Any:
    try:
        return json.loads(_text(file))
    except (ValueError, RecursionError):
        return None


def _text(file: Path) -> str:
    try:
        if not 0 < file.stat().st_size <= _LARGEST:
            return ""
        return file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # ValueError: a null character in its name
        return ""


def _size(file: Path) -> int:
    """Return the bytes of a file or of what it links to, 0 when that is no file."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except (OSError, ValueError):
        return 0


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
