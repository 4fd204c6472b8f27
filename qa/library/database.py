"""The library's SQLite file: opened, recognised, changed in one piece.

Knows the schema, its version and what SQLite's errors mean to a user; knows nothing of what the
rows stand for (that is store.py).
"""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from qa.errors import LibraryError

FILE_NAME = "library.sqlite3"
SCHEMA_VERSION = 1
APPLICATION_ID = 0x67787161  # "gxqa" in ASCII: tells our files from another program's

# Text fields are JSON (ASCII) or UTF-8 in a blob, because SQLite's own text cannot hold the lone
# surrogates that a page may contain. AUTOINCREMENT: a passage's id is never given away again, so
# an old index can be brought up to date by comparing ids.
_SCHEMA = """
CREATE TABLE library (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    token TEXT NOT NULL,
    encoder TEXT,
    fingerprint TEXT,
    fitted_on INTEGER NOT NULL,
    churn INTEGER NOT NULL
);
CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    encoding TEXT NOT NULL,
    text BLOB NOT NULL,
    seal TEXT NOT NULL
);
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    page_id TEXT NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX articles_of_page ON articles (page_id, position);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    sentences TEXT NOT NULL
);
CREATE INDEX passages_of_article ON passages (article_id);
CREATE TABLE vectors (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector BLOB NOT NULL
);
"""

_DAMAGED = "the library file is damaged; it was kept: move it away and add the pages again"
_MEANINGS = {
    sqlite3.SQLITE_BUSY: "the library is being changed by another process; try again in a moment",
    sqlite3.SQLITE_READONLY: "the library cannot be written: check the folder's permissions",
    sqlite3.SQLITE_IOERR: "the library cannot be read or written: check the disk",
    sqlite3.SQLITE_FULL: "the disk is full, nothing was changed: make room and try again",
    sqlite3.SQLITE_CANTOPEN: "the library cannot be opened: check the folder's permissions",
    sqlite3.SQLITE_PERM: "the library cannot be opened: check the folder's permissions",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: f"{FILE_NAME} is not a library, it was kept: give another folder",
}


class Database:
    """One connection to a library's file, usable from any thread.

    Every method raises LibraryError for what a user can cause: no permission, a full disk, a
    damaged file, another process that keeps writing for longer than the connection waits.
    """

    def __init__(self, path: Path, wait: float = 30.0, *, create: bool = False):
        self.path = path
        self._wait = wait
        # Without "create", a library that was deleted meanwhile is not silently made anew.
        address = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        with self._explained():
            self._connection = sqlite3.connect(
                address, timeout=wait, isolation_level=None, check_same_thread=False, uri=True
            )
            # Text of a removed page is overwritten, not only unlinked; a commit survives a power
            # cut; and functions named by a foreign file's schema are never run.
            for setting in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {setting}")
            self._connection.execute("PRAGMA trusted_schema=OFF")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of one query."""
        with self._explained():
            return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; return the id of the row that it inserted, else 0."""
        with self._explained():
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Execute one statement for each row of values."""
        with self._explained():
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do what follows as the only writer, wholly or not at all.

        Waits for another writer as long as the connection was told to, then LibraryError.
        """
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()

    def freeze(self) -> None:
        """From now on read the library as it is at this moment, whatever others change."""
        self.run("BEGIN")
        self.rows("SELECT generation FROM library")  # the first read fixes the moment

    def use_write_ahead_log(self) -> None:
        """Let readers go on while one process writes; the file remembers it."""
        until = time.monotonic() + self._wait
        while True:
            # SQLite does not wait by itself here when two processes make a library at once.
            with self._explained(retry=time.monotonic() < until):
                self._connection.execute("PRAGMA journal_mode=WAL")
                return
            time.sleep(0.02)

    def tidy(self) -> None:
        """Move the write-ahead log into the file and empty it, if no reader is in the way.

        Until then the log may hold text of removed pages.
        """
        self.rows("PRAGMA busy_timeout=0")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.rows(f"PRAGMA busy_timeout={int(self._wait * 1000)}")

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        self._connection.close()

    @contextmanager
    def _explained(self, *, retry: bool = False) -> Iterator[None]:
        """Translate SQLite's errors; with `retry`, that another process is busy is no error."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the main code
            if retry and code == sqlite3.SQLITE_BUSY:
                return
            meaning = _MEANINGS.get(code)
            if str(error).startswith("Could not decode"):  # raised by the binding, without a code
                meaning = _DAMAGED
            if meaning is None:
                raise
            raise LibraryError(f"{self.path.parent}: {meaning}") from error


class Kind(NamedTuple):
    """One of the program's SQLite files: by what it is known, and how a new one is filled.

    `foreign` and `other_version` end the messages about a file that is another's or of another
    version; both begin with where it is.
    """

    application: int
    version: int
    fill: Callable[[Database], None]
    foreign: str
    other_version: str


def open_database(folder: Path, wait: float = 30.0) -> Database:
    """Open the library's file in `folder`; both are made when they are not there.

    Raises LibraryError when the folder is a file or cannot be written, or when the file is
    damaged, another program's or a newer version's. Such a file is left untouched.
    """
    _make_folder(folder)
    return open_file(folder / FILE_NAME, wait, _LIBRARY, folder)


def open_file(path: Path, wait: float, kind: Kind, known_as: Path) -> Database:
    """Open a file of a kind, made when it is not there; a message calls its place `known_as`.

    Raises LibraryError when it cannot be written, or when it is damaged, another program's or
    another version's. Such a file is left untouched.
    """
    database = Database(path, wait, create=True)
    try:
        if _is_new(database, kind, known_as):
            database.use_write_ahead_log()
            with database.transaction():
                if _is_new(database, kind, known_as):  # else another process was first
                    kind.fill(database)
                    database.run(f"PRAGMA application_id={kind.application}")
                    database.run(f"PRAGMA user_version={kind.version}")
    except LibraryError:
        database.close()
        raise
    return database


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise LibraryError(f"{folder} is a file, not a library: give a folder") from error
    except OSError as error:
        raise LibraryError(
            f"{folder}: the library cannot be made ({error.strerror}): give another folder"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise LibraryError(f"{folder}: {_MEANINGS[sqlite3.SQLITE_READONLY]}")


def _is_new(database: Database, kind: Kind, known_as: Path) -> bool:
    """Return whether the file is still empty. Raises LibraryError when it is not of this kind."""
    # One statement, so that all three are of one moment while another process makes the file.
    [(application, version, objects)] = database.rows(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id, pragma_user_version"
    )
    if (application, version, objects) == (0, 0, 0):
        return True
    if application != kind.application:
        raise LibraryError(f"{database.path}{kind.foreign}")
    if version != kind.version:
        raise LibraryError(
            f"{known_as}: made by another version of gaoxin-qa (schema {version}, this one knows "
            f"{kind.version}): use that version, or {kind.other_version}"
        )
    return False


def _fill(database: Database) -> None:
    for statement in _SCHEMA.split(";\n"):
        database.run(statement)
    token = secrets.token_hex(8)
    database.run("INSERT INTO library VALUES (1, 0, ?, NULL, NULL, 0, 0)", token)


_LIBRARY = Kind(
    application=APPLICATION_ID,
    version=SCHEMA_VERSION,
    fill=_fill,
    foreign=" belongs to another program, it was kept: give another folder",
    other_version="add the pages to a new folder",
)
