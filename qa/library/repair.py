"""Repair: a library that is not whole becomes whole again, and what was done is told.

What is derived is made anew. A damaged database is kept under another name, and a new one is made
of the pages in it that are still whole. Knows the order of the steps; knows nothing of how SQLite
files are read around damage (wreck.py).
"""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from qa.errors import DamagedError, LibraryError
from qa.library import checks
from qa.library.aside import alone_with, set_aside
from qa.library.claims import claimed
from qa.library.database import FILE_NAME
from qa.library.doctor import diagnose, leftovers
from qa.library.library import Library
from qa.library.salvage import Salvaged, salvaged
from qa.library.store import Store, connect
from qa.library.wreck import Wreck
from qa.library.writer import changing
from qa.progress import Progress, silent

_SHOWN = 20  # pages that are named; the rest are counted


def repair(folder: Path, encoder: str | None = None, progress: Progress = silent) -> list[str]:
    """Repair the library in `folder`; return what was done, a line each; none if it was whole.

    `encoder` is as for `Library.open`. Raises LibraryError when nothing can be done: another
    process has the damaged file open, the disk is full, the file is another program's or a newer
    version's. Killed at any moment, it can be begun again.
    """
    said = [*_let_in(folder / "encoders"), *_let_in(folder / "index")]
    if not _is_sound(folder):
        said += _made_of_what_is_whole(folder, encoder, progress)
    return [*said, *_made_anew(folder, encoder, progress), *_swept(folder)]


def _let_in(place: Path) -> Iterator[str]:
    """Give this user's own folders, whose content is derived, the permissions they need."""
    if place.is_symlink() or not place.is_dir():
        return
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        with suppress(OSError):  # another user's; whoever needs it says so
            place.chmod(place.stat().st_mode | 0o700)
            yield f"{place} could not be looked into or written: it can be now"
    with suppress(OSError):
        for inner in place.iterdir():
            yield from _let_in(inner)


def _is_sound(folder: Path) -> bool:
    """Return whether the database is whole and each text the one that was added."""
    try:
        if any(checks.database(folder)):
            return False
        with closing(Store.open(folder)) as store:
            return not any(checks.texts(store)) and not any(checks.offsets(store))
    except DamagedError:
        return False


def _made_of_what_is_whole(folder: Path, encoder: str | None, progress: Progress) -> Iterator[str]:
    path = folder / FILE_NAME
    try:
        with workshop(folder) as bench, alone_with(path, bench / "wreck.sqlite3"):
            Library.open(bench / "pristine").close()
            found = salvaged(Wreck(bench / "wreck.sqlite3", bench / "pristine" / FILE_NAME))
            progress(0, 1, "salvaging")
            with Library.open(bench / "new", encoder or found.encoder) as library:
                library.add_pages(found.pages, progress)
            _move_derived(bench / "new", folder)
            kept = set_aside(path, bench / "new" / FILE_NAME)
    except OSError as error:
        raise LibraryError(
            f"{folder}: cannot be repaired ({error.strerror}), nothing was changed: make room and "
            "try again"
        ) from error
    yield f"the database was damaged: it is kept as {kept.name}, and a new one was made"
    yield from _told(found)


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Give an empty folder inside a library's, which is gone afterwards."""
    bench = folder / f"new-{secrets.token_hex(8)}"
    bench.mkdir()
    try:
        with claimed(bench):
            yield bench
    finally:
        shutil.rmtree(bench, ignore_errors=True)


def _move_derived(new: Path, folder: Path) -> None:
    """Move encoders and indexes to where the new database looks for them."""
    for path in [*new.glob("encoders/*"), *new.glob("index/*")]:
        place = folder / path.relative_to(new)
        place.parent.mkdir(exist_ok=True)
        if not place.exists():
            path.rename(place)


def _told(found: Salvaged) -> Iterator[str]:
    yield f"{len(found.pages)} pages were saved, with the text that was added"
    yield from named(found.lost, "could not be saved, add it again")
    yield "others may be lost whose names are too: look at `qa articles`, and add what is missing"


def named(names: Sequence[str], fate: str) -> Iterator[str]:
    """Yield a line for each of the first names, and how many more there are."""
    yield from (f"{name}: {fate}" for name in names[:_SHOWN])
    if len(names) > _SHOWN:
        yield f"{len(names) - _SHOWN} more: {fate}"


def _made_anew(folder: Path, encoder: str | None, progress: Progress) -> Iterator[str]:
    """Make what is derived from the pages anew where the doctor finds fault with it."""
    ill = _ill(folder, encoder)
    if ill & {"vectors", "encoder"}:
        with closing(connect(folder)) as store, changing(store, progress) as writer:
            # No encoder has this fingerprint, so the next opening embeds all passages again.
            writer.use_encoder(store.state().encoder or "built-in", "lost")
        ill |= {"vector index"}
        yield "the vectors were made anew"
    if ill & {"vector index", "word postings"}:
        shutil.rmtree(folder / "index", ignore_errors=True)
        yield "the indexes were made anew"
    if ill:
        with Library.open(folder, encoder, progress) as library:
            library.snapshot()


def _ill(folder: Path, encoder: str | None) -> set[str]:
    with Library.open(folder, encoder) as library:
        return {check.name for check in diagnose(library).checks if not check.ok}


def _swept(folder: Path) -> Iterator[str]:
    with closing(connect(folder)) as store, store.database.transaction():
        for path in leftovers(folder):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            yield f"{path.relative_to(folder)} was left over and is deleted"
