"""Setting aside: a damaged file gives its place to another one and is kept, under a clear name.

Killed at any moment, the damaged file stands in its place or the new one does, and what was set
aside is whole. Knows nothing of what the files hold.
"""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from qa.errors import LibraryError

if sys.platform != "win32":
    import fcntl

# Where SQLite keeps the locks of all who have a file open (os.h of its source, SHARED_FIRST).
_LOCKS_AT, _LOCKS = 0x40000002, 510
_CHUNK = 1 << 20  # bytes


@contextmanager
def alone_with(path: Path, copy: Path) -> Iterator[None]:
    """Copy a file and its log, and keep everybody else from opening it meanwhile.

    The copy is of what an interrupted setting aside kept, if there was one. Nothing in this
    process may have the file open. Raises LibraryError when another process has it open, or when
    there is no room for the copy.
    """
    kept = _interrupted(path)
    try:
        with path.open("r+b") as file:
            if sys.platform != "win32":
                # Closing the file anywhere in this process would give the lock back.
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKS, _LOCKS_AT)
            with copy.open("xb") as into:
                shutil.copyfileobj(file, into, _CHUNK)
            log = _log(kept or path)
            if log.exists():
                shutil.copyfile(log, _log(copy))
            yield
    except (BlockingIOError, PermissionError) as error:
        raise LibraryError(
            f"{path}: is in use by another process or cannot be written: end that process, a chat "
            "window too, and try again"
        ) from error


def set_aside(path: Path, new: Path) -> Path:
    """Put `new` in the place of `path`, and return what `path` and its log are kept as.

    Raises OSError, also where not all of `new` is in its one file; then `path` is in its place
    still.
    """
    if _log(new).exists() and _log(new).stat().st_size:
        # On a full disk SQLite closes a file without a word, and what is new stays in the log.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    kept = _interrupted(path)
    if kept is None:
        kept = next(name for name in _names(path) if not name.exists() and not _log(name).exists())
        if _log(path).exists():
            os.link(_log(path), _log(kept))
        os.link(path, kept)
    _log(path).unlink(missing_ok=True)  # it must not be taken for the new file's
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    new.replace(path)
    return kept


def is_set_aside(path: Path) -> bool:
    """Return whether a file is called like what `set_aside` keeps."""
    return "-damaged-" in path.name and path.suffix.startswith(".sqlite3")


def _interrupted(path: Path) -> Path | None:
    """Return what `path` was kept as by a process that was killed before it went on."""
    for name in _names(path):
        if not name.exists():
            return None
        if name.samefile(path):
            return name
    return None


def _names(path: Path) -> Iterator[Path]:
    return (path.with_name(f"{path.stem}-damaged-{number}{path.suffix}") for number in count(1))


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
