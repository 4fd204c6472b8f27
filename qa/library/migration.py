"""Migration: a file of an earlier version becomes one of this version, and its old self is kept.

All in one transaction, begun by the caller: killed at any moment, the file opens again as it was
before or after. Knows nothing of what the steps do.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path

from qa.errors import LibraryError
from qa.library.database import Database

_HEADER = 100  # bytes, of SQLite's files
_CHUNK = 1 << 20  # bytes that are compared at once
_UNFINISHED = re.compile(r"new-[0-9a-f]{16}\.sqlite3(-journal|-wal|-shm)?")


def migrate(database: Database, version: int, steps: Iterable[Callable[[Database], None]]) -> Path:
    """Copy the file as it is beside itself, then take the steps; return the copy.

    Called within a transaction that nobody else has changed anything in. Raises LibraryError when
    there is no room for the copy; then nothing was changed.
    """
    backup = _kept(database, version)
    for step in steps:
        step(database)
    return backup


def is_backup(path: Path) -> bool:
    """Return whether a file is called like what `migrate` keeps of an earlier version."""
    return re.fullmatch(r"\w+-backup-of-schema-\d+(-\d+)?\.sqlite3", path.name) is not None


def unfinished_copies(folder: Path) -> list[Path]:
    """Return the copies in `folder` that are being written, or whose writer was killed."""
    return [path for path in folder.iterdir() if _UNFINISHED.fullmatch(path.name)]


def _kept(database: Database, version: int) -> Path:
    """Write a copy under a name of its own: what stands there already is never written over."""
    path = database.path
    for left in unfinished_copies(path.parent):
        left.unlink(missing_ok=True)
    new = path.with_name(f"new-{secrets.token_hex(8)}.sqlite3")
    try:
        database.copy_to(new)
        # A migration that was killed may have got as far as keeping the very same copy.
        kept = next(
            name for name in _names(path, version) if not name.exists() or _is_alike(new, name)
        )
        return kept if kept.exists() else new.rename(kept)
    except OSError as error:
        raise LibraryError(
            f"{path.parent}: no copy of the earlier version can be written ({error.strerror}), "
            "nothing was changed: make room and try again"
        ) from error
    finally:
        new.unlink(missing_ok=True)


def _names(path: Path, version: int) -> Iterator[Path]:
    for number in count(1):
        more = f"-{number}" if number > 1 else ""
        yield path.with_name(f"{path.stem}-backup-of-schema-{version}{more}.sqlite3")


def _is_alike(new: Path, kept: Path) -> bool:
    """Return whether two copies hold the same, but for the header, which counts the changes."""
    if new.stat().st_size != kept.stat().st_size:
        return False
    with new.open("rb") as one, kept.open("rb") as other:
        one.seek(_HEADER)
        other.seek(_HEADER)
        chunks = iter(lambda: (one.read(_CHUNK), other.read(_CHUNK)), (b"", b""))
        return all(mine == its for mine, its in chunks)
