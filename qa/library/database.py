"""A connection to one of the program's SQLite files: read, and changed in one piece.

Knows what SQLite's errors mean to a user; knows nothing of tables.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qa.errors import DamagedError, LibraryError

FILE_NAME = "library.sqlite3"

_DAMAGED = (
    "the library file is damaged; it was kept: `qa doctor --repair` sets it aside and saves the "
    "pages that can still be read"
)
_NO_DATABASE = (
    f"{FILE_NAME} is not a library, or damaged from its beginning; it was kept: give another "
    "folder, or let `qa doctor --repair` save what can be read"
)
_WAITING_CHANGES = (
    "changes wait in the -wal file beside the library, which needs a folder that can be written: "
    "open it once where that is so"
)
_MEANINGS = {
    sqlite3.SQLITE_BUSY: "the library is being changed by another process; try again in a moment",
    sqlite3.SQLITE_READONLY: "the library cannot be written: check the folder's permissions",
    sqlite3.SQLITE_IOERR: "the library cannot be read or written: check the disk",
    sqlite3.SQLITE_FULL: "the disk is full, nothing was changed: make room and try again",
    sqlite3.SQLITE_CANTOPEN: "the library cannot be opened: check the folder's permissions",
    sqlite3.SQLITE_PERM: "the library cannot be opened: check the folder's permissions",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _NO_DATABASE,
}
_SHUT = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_ROOM = 1 << 16  # bytes that SQLite needs beside a file to open it
_PAUSE = 0.02  # seconds between two tries to become the only writer


class Database:
    """One connection to a library's file, usable from any thread.

    Every method raises LibraryError for what a user can cause: no permission, a full disk, a
    damaged file, another process that keeps writing for longer than the connection waits.
    """

    def __init__(self, path: Path, wait: float = 30.0, *, create: bool = False):
        self.path = path
        self._wait = wait
        # Without "create", a library that was deleted meanwhile is not silently made anew.
        mode = "mode=rwc" if create else "mode=rw"
        self._unchanged: tuple[int, ...] | None = None
        if not self.is_writable and not _length(self._log):
            # SQLite would need files beside this one; it does without for one that never changes.
            mode, self._unchanged = "mode=ro&immutable=1", self._look()
        with self._explained():
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{mode}",
                timeout=wait,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
            # Text of a removed page is overwritten, not only unlinked; a commit survives a power
            # cut; and functions named by a foreign file's schema are never run.
            for setting in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {setting}")
            self._connection.execute("PRAGMA trusted_schema=OFF")

    @property
    def is_writable(self) -> bool:
        """Whether this user may write in the file's folder."""
        return os.access(self.path.parent, os.W_OK | os.X_OK)

    @property
    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def _look(self) -> tuple[int, ...]:
        """Return what changes when somebody writes the file or begins to."""
        if not self.path.exists():
            return ()
        found = self.path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns, _length(self._log)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of one query."""
        with self._explained():
            found = self._connection.execute(sql, values).fetchall()
        if self._unchanged is not None and self._unchanged != self._look():
            raise LibraryError(
                f"{self.path.parent}: somebody who may write the library changed it while it was "
                "being read here: open it again"
            )
        return found

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; return the id of the row that it inserted, else 0."""
        with self._explained():
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Execute one statement for each row of values."""
        with self._explained():
            self._connection.executemany(sql, rows)

    def run_all(self, script: str) -> None:
        """Execute statements that end with a semicolon at the end of a line."""
        for statement in filter(str.strip, script.split(";\n")):
            self.run(statement)

    @contextmanager
    def transaction(self, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Do what follows as the only writer, wholly or not at all.

        Waits for another writer as long as the connection was told to, then LibraryError;
        `waiting` is called once when that begins.
        """
        self._begin(waiting)
        try:
            yield
            self.run("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()

    def _begin(self, waiting: Callable[[], None] | None) -> None:
        # SQLite's own waiting tells nobody, and Ctrl-C does not end it.
        until = time.monotonic() + self._wait
        while True:
            with self._patience(0), self._explained(retry=time.monotonic() < until):
                self._connection.execute("BEGIN IMMEDIATE")
                return
            if waiting is not None:
                waiting()
                waiting = None
            time.sleep(_PAUSE)

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
            time.sleep(_PAUSE)

    def copy_to(self, path: Path) -> None:
        """Write what is committed into a new file, all of one moment."""
        # By another connection: SQLite copies nothing by one that is changing the file.
        with closing(Database(self.path, self._wait)) as reading, self._explained():
            reading.run("BEGIN")
            reading.rows("SELECT count(*) FROM sqlite_master")  # or it would wait without end
            with closing(sqlite3.connect(path)) as copy:
                reading._connection.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, with no log beside it

    def tidy(self) -> None:
        """Move the write-ahead log into the file and empty it, if no reader is in the way.

        Until then the log may hold text of removed pages.
        """
        with self._patience(0):
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _patience(self, seconds: float) -> Iterator[None]:
        """Let SQLite wait for another process no longer than this."""
        self.rows(f"PRAGMA busy_timeout={int(seconds * 1000)}")
        try:
            yield
        finally:
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
            raise self._meaning_of(error, code) from error

    def _meaning_of(self, error: sqlite3.DatabaseError, code: int) -> Exception:
        """Return what to raise for an error: itself, where no user can cause it."""
        meaning = _MEANINGS.get(code)
        if str(error).startswith("Could not decode"):  # raised by the binding, without a code
            meaning = _DAMAGED
        if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(self.path.parent).free < _ROOM:
            meaning = _MEANINGS[sqlite3.SQLITE_FULL]  # SQLite could not make the files beside it
        if meaning in (_DAMAGED, _NO_DATABASE):
            return DamagedError(f"{self.path.parent}: {meaning}")
        if code in _SHUT and not self.is_writable and _length(self._log):
            meaning = _WAITING_CHANGES
        return LibraryError(f"{self.path.parent}: {meaning}") if meaning else error


def peek(path: Path, sql: str, *, log: bool) -> Any:
    """Return the one value that a query gives, and change nothing; None when it gives none.

    Without `log`, what waits in the write-ahead log is passed over. Raises sqlite3.DatabaseError.
    """
    mode = "mode=ro" if log else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
        found = connection.execute(sql).fetchone()
    return found[0] if found else None


def _length(path: Path) -> int:
    """Return how many bytes a file has, 0 when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
