"""Sealed folders: files that were written wholly, or are not used at all.

A folder is written beside its place with a manifest of its files' checksums, and moved there in
one piece. Damage is found before a file reaches the code that parses it. Knows nothing of what
the files hold.
"""

import json
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from qa.library.claims import claimed, is_claimed

_MANIFEST = "manifest.json"
_CHUNK = 1 << 20  # bytes that are read at once for a checksum


@contextmanager
def sealed(folder: Path, owner: str) -> Iterator[Path]:
    """Give a new folder to be filled, which then takes the place of `folder`.

    `owner` says what the files belong to. Raises OSError; then `folder` is as it was, or gone.
    """
    new = folder.with_name(f"new-{secrets.token_hex(8)}")
    try:
        new.mkdir(parents=True)
        with claimed(new):
            yield new
            (new / _MANIFEST).write_text(json.dumps(_manifest(new, owner)), "ascii")
            old = folder.with_name(f"old-{secrets.token_hex(8)}")
            with suppress(FileNotFoundError):
                folder.rename(old)
            new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def is_whole(folder: Path, owner: str) -> bool:
    """Return whether `folder` was sealed for `owner` and no file in it has changed since."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text("ascii"))
        return bool(manifest == _manifest(folder, owner))
    except (OSError, ValueError):
        return False


def is_abandoned(folder: Path) -> bool:
    """Return whether a process that was killed while sealing left this folder behind."""
    kind, _, token = folder.name.partition("-")
    if kind not in {"new", "old"} or len(token) != 16:
        return False
    return kind == "old" or not is_claimed(folder)


def _manifest(folder: Path, owner: str) -> dict[str, Any]:
    """Return whose the folder is, and the size and CRC-32 of each file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _MANIFEST)
    checksums = {path.relative_to(folder).as_posix(): _checksum(path) for path in files}
    return {"owner": owner, "files": checksums}


def _checksum(path: Path) -> list[int]:
    crc = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
        return [os.fstat(file.fileno()).st_size, crc]
