"""Claims: which folders a living process is writing, and folders for a short while.

A claim is a lock on the folder itself, which ends with its process however that ends: no clock
and no process id is asked. Knows nothing of what the folders hold.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qa.errors import LibraryError

if sys.platform != "win32":
    import fcntl

_PREFIX = "gaoxin-qa-"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Claim a folder for as long as the context lasts, wherever it is moved meanwhile.

    Raises OSError when it is not there. Where the file system knows no such locks, nothing is
    claimed.
    """
    if sys.platform == "win32":
        yield
        return
    lock = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


def is_claimed(folder: Path) -> bool:
    """Return whether a living process claims a folder, or that cannot be told."""
    if sys.platform == "win32":
        return True
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return True  # gone meanwhile, or another user's
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


@contextmanager
def scratch() -> Iterator[Path]:
    """Give an empty folder among the system's temporary ones, which is gone afterwards.

    What killed processes left behind there is deleted first. Raises LibraryError where none can
    be made.
    """
    try:
        new = Path(tempfile.mkdtemp(prefix="new-"))
    except OSError as error:
        raise LibraryError(
            f"no temporary folder can be made ({error.strerror}): make room for them"
        ) from error
    for left in new.parent.glob(f"{_PREFIX}*"):
        if _is_own(left) and not is_claimed(left):
            shutil.rmtree(left, ignore_errors=True)
    with claimed(new):
        # It gets the name that is looked for above only now that it is claimed.
        folder = new.rename(new.with_name(new.name.replace("new-", _PREFIX, 1)))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    """Return whether it is a folder, no link, and of this user."""
    if sys.platform == "win32":
        return True  # temporary folders are each user's own there
    try:
        found = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and found.st_uid == os.getuid()
