"""A wreck: a copy of a damaged SQLite file, of which each row is read that can be.

Knows how SQLite reads around damage; knows nothing of what the rows stand for. What it returns
may be wrong: check it.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]

_SIZE_AT, _SIZE_END = 28, 32  # of the header: how many pages; 0 where only the file's length tells
_PAGE_SIZE_AT, _PAGE_SIZE_END = 16, 18
# Rows to try one by one where no end is known, and how many bytes of the file one of them takes.
_FARTHEST, _SHORTEST = 100_000, 64


class Wreck:
    """The rows of the tables in a copy of a damaged file, which may be changed.

    `pristine` is a new file of the same kind: where the page that says which tables there are is
    lost, this one's is used.
    """

    def __init__(self, copy: Path, pristine: Path):
        self._path = copy
        if not self._has_tables():
            _give_first_page(copy, pristine)

    def _has_tables(self) -> bool:
        try:
            with closing(self._connection()) as connection:
                [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_master")
                return bool(tables)
        except sqlite3.DatabaseError:
            return False

    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        # Lets a file be read that is shorter than it says; nothing is written.
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        return connection

    def rows(self, table: str, columns: str) -> dict[int, Row]:
        """Return the rows that can be read, by their number in the file, rising."""
        try:
            with closing(self._connection()) as connection:
                found, whole = _scanned(connection, table, columns, "ASC")
                if not whole:
                    later, _ = _scanned(connection, table, columns, "DESC")
                    most = min(_FARTHEST, self._path.stat().st_size // _SHORTEST)
                    between = _between(found, later, most)
                    found |= later | _tried(connection, table, columns, between)
        except sqlite3.DatabaseError:
            return {}
        return dict(sorted(found.items()))


def _scanned(
    connection: sqlite3.Connection, table: str, columns: str, order: str
) -> tuple[dict[int, Row], bool]:
    """Read a table from one end as far as it goes; also return whether that is all of it."""
    found: dict[int, Row] = {}
    try:
        for row in connection.execute(
            f"SELECT rowid, {columns} FROM {table} NOT INDEXED ORDER BY rowid {order}"
        ):
            found[row[0]] = row[1:]
    except sqlite3.DatabaseError:
        return found, False
    return found, True


def _between(found: dict[int, Row], later: dict[int, Row], most: int) -> range:
    first = max(found, default=0) + 1
    return range(first, min(later, default=first + most))


def _tried(
    connection: sqlite3.Connection, table: str, columns: str, numbers: range
) -> dict[int, Row]:
    """Read rows one by one."""
    found: dict[int, Row] = {}
    for number in numbers:
        with suppress(sqlite3.DatabaseError):
            sql = f"SELECT {columns} FROM {table} WHERE rowid = ?"
            found.update((number, row) for row in connection.execute(sql, (number,)))
    return found


def _give_first_page(copy: Path, pristine: Path) -> None:
    """Overwrite the first page with a new file's: the tables of a kind begin at the same pages."""
    data = pristine.read_bytes()
    size = int.from_bytes(data[_PAGE_SIZE_AT:_PAGE_SIZE_END], "big")
    first = bytearray(data[:size])
    first[_SIZE_AT:_SIZE_END] = bytes(_SIZE_END - _SIZE_AT)
    with copy.open("r+b") as file:
        file.write(first)
