"""Pulling: a model of the hub → all that it needs to run, in the hub's own cache.

What has come stays when a download breaks, as `blobs/DIGEST.incomplete`, and the next one goes on
from there. The version is named in `refs/main` only when all of it is in: until then, whoever
looks into the cache finds what was there before.
"""

import hashlib
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ModelError
from qa.models.catalogue import entry
from qa.models.hub import Hub, HubFile, Listing
from qa.models.on_disk import find_model, folder_name, is_model_name, part_of, size_of
from qa.progress import Progress, silent

# What lies at the top of a repository, and of the parts of a SentenceTransformer, as 1_Pooling.
_PLACE = re.compile(r"(?:(\d+_\w+)/)?([^/]+)")
_SETTINGS = re.compile(r".+\.(?:json|txt|model|jinja)|README\.md|LICEN[SC]E.*")
_SAFE = re.compile(r"model(?:-\d{5}-of-\d{5})?\.safetensors")
_PICKLED = re.compile(r"pytorch_model(?:-\d{5}-of-\d{5})?\.bin")
_SPARE = 200_000_000  # bytes that are left free on the disk
_SHA256 = 64  # hex digits


@dataclass(frozen=True, slots=True)
class Pulled:
    """A model that is whole in `folder`; `fetched` of its `size` in bytes came just now."""

    name: str
    folder: Path
    size: int
    fetched: int


def pull(name: str, cache: Path, endpoint: str, progress: Progress = silent) -> Pulled:
    """Download a model by OWNER/NAME (or NAME, of the catalogue) into the hub's cache.

    `cache` and `endpoint` are `settings.hub_cache()` and `settings.hub_endpoint()`. `progress`
    counts bytes, of all files together. A model that is whole already is left as it is, without
    a look at the network. Raises ModelError: within about two seconds when there is no such name
    or the hub cannot be reached; later when the connection breaks for good, the disk is full or
    what came is damaged.
    """
    known = entry(name)
    name = known.name if known else name
    if not is_model_name(name):
        raise ModelError(f"{name} is not the name of a model: give OWNER/NAME, as qa models lists")
    if (folder := find_model(cache, name)) and part_of(folder):
        return Pulled(name, folder, size_of(folder), 0)
    with Hub(endpoint) as hub:
        listing = hub.listing(name)
        files = needed(listing)
        try:
            with _alone(cache, name):
                return _download(hub, listing, files, cache / folder_name(name), progress)
        except OSError as error:
            raise ModelError(f"{cache}: cannot be written ({error.strerror or error})") from error


def needed(listing: Listing) -> list[HubFile]:
    """Return the files that a model needs to run: settings, vocabulary, one form of its weights.

    Weights as safetensors are preferred. Raises ModelError when there are none for torch.
    """
    folders: defaultdict[str, dict[str, HubFile]] = defaultdict(dict)
    for file in listing.files:
        if place := _PLACE.fullmatch(file.path):
            folders[place[1] or ""][place[2]] = file
    weights, settings = [], []
    for files in folders.values():
        form = _SAFE if any(map(_SAFE.fullmatch, files)) else _PICKLED
        weights += [file for name, file in files.items() if form.fullmatch(name)]
        settings += [file for name, file in files.items() if _SETTINGS.fullmatch(name)]
    if not weights:
        raise ModelError(f"{listing.name} has no weights for torch: is it of another form (GGUF)?")
    return [*settings, *weights]


@contextmanager
def _alone(cache: Path, name: str) -> Iterator[None]:
    """Keep other processes from downloading the same model meanwhile. Raises ModelError."""
    from filelock import FileLock, Timeout

    place = cache / ".locks" / folder_name(name)
    place.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(place / "pull.lock", timeout=0):
            yield
    except Timeout as error:
        raise ModelError(f"{name} is being downloaded by another process") from error


class _Tally:
    """Counts bytes over all files."""

    def __init__(self, files: Sequence[HubFile], progress: Progress) -> None:
        self.total = sum(file.size for file in files)
        self.done = 0
        self._progress = progress

    def of(self, file: HubFile) -> Callable[[int], None]:
        """Return what is to be told how many bytes of a file are there."""
        return lambda there: self._progress(self.done + there, self.total, file.path)


def _download(
    hub: Hub, listing: Listing, files: Sequence[HubFile], repository: Path, progress: Progress
) -> Pulled:
    blobs, folder = repository / "blobs", repository / "snapshots" / listing.commit
    blobs.mkdir(parents=True, exist_ok=True)
    there = {file: _there(blobs, folder, file) for file in files}
    tally = _Tally(files, progress)
    missing = tally.total - sum(there.values())
    if missing and missing + _SPARE > (free := shutil.disk_usage(blobs).free):
        needs = f"{missing / 1e9:.1f} GB more, and {free / 1e9:.1f} GB are free"
        raise ModelError(f"{listing.name} needs {needs} in {repository.parent}")
    for file in files:
        if not (folder / file.path).exists():
            blob = blobs / file.digest
            if not blob.exists():
                _fetch(hub, listing, file, blob, tally.of(file))
            _link(blob, folder / file.path)
        tally.done += file.size
    _write(repository / "refs" / "main", listing.commit)
    return Pulled(listing.name, folder, tally.total, missing)


def _there(blobs: Path, folder: Path, file: HubFile) -> int:
    """Return how many bytes of a file an earlier download has left."""
    if (folder / file.path).exists() or (blobs / file.digest).exists():
        return file.size
    part = _part(blobs / file.digest)
    return min(part.stat().st_size, file.size) if part.exists() else 0


def _part(blob: Path) -> Path:
    return blob.with_name(f"{blob.name}.incomplete")


def _fetch(
    hub: Hub, listing: Listing, file: HubFile, blob: Path, told: Callable[[int], None]
) -> None:
    part = _part(blob)
    hub.fetch(listing, file, part, told)
    if _digest(part, file) != file.digest:
        part.unlink()
        raise ModelError(f"{file.path} of {listing.name} came damaged: run it again")
    part.replace(blob)


def _digest(part: Path, file: HubFile) -> str:
    with part.open("rb") as data:
        if len(file.digest) == _SHA256:
            return hashlib.file_digest(data, "sha256").hexdigest()
        blob = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
        blob.update(data.read())
        return blob.hexdigest()


def _link(blob: Path, place: Path) -> None:
    """Let a file of the version lead to its data, or be it where there are no links."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)  # a link that leads nowhere
    try:
        place.symlink_to(os.path.relpath(blob, place.parent))
    except OSError:
        blob.replace(place)


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f"{place.name}.incomplete")
    new.write_text(text, encoding="utf-8")
    new.replace(place)
