"""Opening: one of the program's SQLite files is recognised, filled if new, or brought up to date.

Knows versions and whose a file is; knows nothing of tables.
"""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from qa.errors import DamagedError, LibraryError
from qa.library.database import Database, peek
from qa.library.migration import migrate

_NEW = 0  # the version of a file in which there is nothing yet
_BESIDE = ("wal", "shm", "journal")  # how the names of SQLite's files beside a file end


class Kind(NamedTuple):
    """One of the program's SQLite files: by what it is known, and how a new one is filled.

    `steps` bring a file of a version to the next one, within a transaction. `foreign` and
    `other_version` end the messages about a file that is another's or of another version; both
    begin with where it is. `beside` are folders that only come beside a file that is filled.
    `identity` asks for what never changes, and is written with each change.
    """

    application: int
    version: int
    fill: Callable[[Database], None]
    steps: Mapping[int, Callable[[Database], None]]
    foreign: str
    other_version: str
    beside: tuple[str, ...] = ()
    identity: str | None = None


def open_file(path: Path, wait: float, kind: Kind, known_as: Path) -> Database:
    """Open a file of a kind, made when it is not there; a message calls its place `known_as`.

    One of an earlier version is brought up to date, see migration.py. Raises LibraryError when it
    cannot be written though it must be, or when it is damaged, another program's or a newer version's. Such a file
    is left untouched.
    """
    must_be_reachable(path)
    _must_be_files(path)
    _must_not_be_emptied(path, kind)
    _must_be_its_log(path, kind)
    database = Database(path, wait, create=True)
    try:
        version = _version(database, kind, known_as)
        if version not in (_NEW, kind.version) and not database.is_writable:
            raise LibraryError(
                f"{known_as}: made by an earlier version of gaoxin-qa (schema {version}) and not "
                "writable: open it once where it can be written, to bring it up to date"
            )
        if version == _NEW:
            database.use_write_ahead_log()
        if version != kind.version:
            _bring_up_to_date(database, kind, known_as)
    except LibraryError:
        database.close()
        raise
    return database


def _bring_up_to_date(database: Database, kind: Kind, known_as: Path) -> None:
    with database.transaction():
        version = _version(database, kind, known_as)  # another process may have been first
        if version == _NEW:
            kind.fill(database)
        elif version < kind.version:
            migrate(database, version, [kind.steps[v] for v in range(version, kind.version)])
        database.run(f"PRAGMA application_id={kind.application}")
        database.run(f"PRAGMA user_version={kind.version}")


def _must_be_files(path: Path) -> None:
    """Raise LibraryError where something else has the name of a file that SQLite opens."""
    for each in (path, *(path.with_name(f"{path.name}-{end}") for end in _BESIDE)):
        if each.exists() and not each.is_file():
            back = ", and put the file back if you have it" if each == path else ""
            raise LibraryError(f"{each} is no file: move it away{back}")


def _must_not_be_emptied(path: Path, kind: Kind) -> None:
    """Raise DamagedError where a file was cut down to nothing: SQLite would begin a new one."""
    there = path.exists()
    if there and path.stat().st_size:
        return
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:  # SQLite would delete it
        raise DamagedError(
            f"{path} is {'empty' if there else 'gone'}, but {log.name} beside it is not; it was "
            "kept: put back the file that belongs to it, or move it away too"
        )
    if there and any((path.parent / name).exists() for name in kind.beside):
        raise DamagedError(
            f"{path} is empty, though it was not before; it was kept: put back a copy of it, or "
            "move it away and add the pages again"
        )


def _must_be_its_log(path: Path, kind: Kind) -> None:
    """Raise DamagedError where the log beside a file is another's: SQLite would mix them."""
    log = path.with_name(f"{path.name}-wal")
    if kind.identity is None or not log.exists() or not log.stat().st_size:
        return
    try:
        own = peek(path, kind.identity, log=False)
    except sqlite3.DatabaseError:
        return  # the first changes all wait in the log, or the file is damaged
    try:
        fits = own == peek(path, kind.identity, log=True)
    except sqlite3.DatabaseError as error:
        fits = (error.sqlite_errorcode & 0xFF) not in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_NOTADB,
        )
    if own and not fits:
        raise DamagedError(
            f"{log} belongs to another library, or is damaged; both files were kept: move it away, "
            "and put back the library's own if there is one"
        )


def make_folder(folder: Path) -> None:
    """Make a folder for a library. Raises LibraryError when that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        what = "a link that leads nowhere" if folder.is_symlink() else "a file"
        raise LibraryError(f"{folder} is {what}, not a library: give a folder") from error
    except OSError as error:
        raise LibraryError(
            f"{folder}: the library cannot be made ({error.strerror}): give another folder"
        ) from error


def must_be_reachable(path: Path) -> None:
    """Raise LibraryError where this user may not even look into the folder."""
    try:
        path.exists()
    except OSError as error:
        raise LibraryError(
            f"{path.parent}: the library cannot be opened ({error.strerror}): check the folder's "
            "permissions"
        ) from error


def _version(database: Database, kind: Kind, known_as: Path) -> int:
    """Return the file's version. Raises LibraryError when it is not of this kind, or newer."""
    # One statement, so that all three are of one moment while another process makes the file.
    [(application, version, objects)] = database.rows(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id, pragma_user_version"
    )
    if (application, version, objects) == (0, 0, 0):
        return _NEW
    if application != kind.application:
        raise LibraryError(f"{database.path}{kind.foreign}")
    if version != kind.version and version not in kind.steps:
        raise LibraryError(
            f"{known_as}: made by another version of gaoxin-qa (schema {version}, this one knows "
            f"{kind.version}): use that version, or {kind.other_version}"
        )
    return int(version)
