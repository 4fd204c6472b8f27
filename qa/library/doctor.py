"""The doctor: proves that a library is whole, or says what is not.

Repairs nothing (that is repair.py), but for what every opening makes anew. What is looked at is
told in checks.py.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from qa.errors import NotFoundError, QAError
from qa.library import checks
from qa.library.aside import is_set_aside
from qa.library.database import FILE_NAME
from qa.library.encoders import Encoders
from qa.library.indexes import latest_saved, load_indexes, old_indexes
from qa.library.library import Library
from qa.library.migration import is_backup, unfinished_copies
from qa.library.opening import must_be_reachable
from qa.library.sealed import is_abandoned
from qa.library.store import Store

_SHOWN = 3  # problems that are named; the rest are counted


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `detail` is what was found, for people."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one library, in the order in which they were made."""

    checks: list[Check]

    @property
    def ok(self) -> bool:
        """Whether every check is."""
        return all(check.ok for check in self.checks)


def must_exist(folder: Path) -> None:
    """Raise NotFoundError where no library is in `folder`: opening one there would make it.

    Raises LibraryError where that cannot be looked at.
    """
    must_be_reachable(folder / FILE_NAME)
    if not (folder / FILE_NAME).exists():
        raise NotFoundError(f"{folder}: no library is there; `qa add` makes one")


def diagnose(library: Library) -> Report:
    """Check a library as it would be asked now.

    A snapshot is taken first, as every question does, so that indexes which a killed process
    left half written have been made anew; the check "opening" tells. Whatever cannot be read is a
    failed check, no error.
    """
    folder = library.folder
    first = [
        check("database", lambda: _database(folder), "SQLite finds no fault in it"),
        _opening(library),
    ]
    if not all(each.ok for each in first):
        return Report(first)
    snapshot = library.snapshot()
    store, state, counts = snapshot.store, snapshot.state, snapshot.store.counts()
    pages, passages = f"{counts['pages']} pages", f"{counts['passages']} passages"
    stand = f"{counts['articles']} articles and {passages} stand where they say"
    return Report(
        [
            *first,
            check("texts", lambda: checks.texts(store), f"{pages}, as they were added"),
            check("offsets", lambda: checks.offsets(store), stand),
            check("vectors", lambda: checks.vectors(snapshot), f"one for each of {passages}"),
            check(
                "encoder", lambda: checks.encoder(snapshot), f"{state.encoder} {state.fingerprint}"
            ),
            check("vector index", lambda: checks.vector_index(snapshot), f"holds {passages}"),
            check("word postings", lambda: checks.postings(snapshot), f"hold {passages}"),
            check("leftovers", lambda: _leftovers(folder), _kept(folder)),
        ]
    )


def check(name: str, problems: Callable[[], Iterable[str]], fine: str) -> Check:
    """Return what became of a check: `problems` are yielded, a line each; none is `fine`."""
    try:
        found = list(problems())
    except QAError as error:
        found = [str(error)]
    if not found:
        return Check(name, True, fine)
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return Check(name, False, "; ".join(found[:_SHOWN]) + more)


def _database(folder: Path) -> Iterator[str]:
    latest = latest_saved(folder)
    yield from checks.database(folder)
    with closing(Store.open(folder)) as store:
        now = store.state().generation
    if latest > now:
        yield (
            f"this is its state {now}, but there was a state {latest}: an older copy was put back, "
            f"or {FILE_NAME}-wal is missing; add again what is not there"
        )


def _opening(library: Library) -> Check:
    try:
        healed = list(_lacking(library.folder))
        library.snapshot()
    except QAError as error:
        return Check("opening", False, str(error))
    told = [f"; its {what} missing or not whole, and have been made anew" for what in healed]
    return Check("opening", True, f"it can be asked{''.join(told)}")


def _lacking(folder: Path) -> Iterator[str]:
    """Yield what is derived from the passages and is not there, or cannot be used."""
    with closing(Store.open(folder)) as store:
        state, passages = store.state(), store.counts()["passages"]
    if passages and Encoders(folder).is_lost(state):
        yield "encoder's files were"
    if passages and load_indexes(folder, state) is None:
        yield "indexes were"


def leftovers(folder: Path) -> list[Path]:
    """Return the files and folders in a library that killed processes left behind."""
    with closing(Store.open(folder)) as store:
        derived = [*Encoders(folder).others(store.state()), *old_indexes(folder, store)]
    return [
        *derived,
        *unfinished_copies(folder),
        *(path for path in folder.iterdir() if path.is_dir() and is_abandoned(path)),
    ]


def _leftovers(folder: Path) -> Iterator[str]:
    for path in leftovers(folder):
        yield f"{path.relative_to(folder)} is of an earlier state"


def _kept(folder: Path) -> str:
    """Return that nothing is left over, and which copies hold what the library held once."""
    kept = sorted(p.name for p in folder.iterdir() if is_backup(p) or is_set_aside(p))
    told = f"; kept until you delete it: {', '.join(kept)}" if kept else ""
    return f"nothing of earlier states{told}"
