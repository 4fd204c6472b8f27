"""A wreck: a copy of a damaged SQLite file, of which each row is read that can be.

First as SQLite reads around damage, then from the bytes (leaves.py). Knows nothing of what the
rows stand for. What it returns may be wrong: check it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from qa.library.leaves import INDEX, TABLE, Value, records

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
        self._pristine = pristine
        self._is_led_by_another = not self._has_tables()
        if self._is_led_by_another:
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
        found, whole = self._as_sqlite_reads(table, columns)
        if not whole or self._is_led_by_another:
            found = self._as_stored(table, columns) | found
        return dict(sorted(found.items()))

    def keys(self, *kinds: type) -> Iterator[Row]:
        """Yield the values in indexes whose columns are of these types, and their row's number."""
        for _, values in records(self._path, INDEX):
            if tuple(map(type, values)) == (*kinds, int):
                yield tuple(values)

    def _as_sqlite_reads(self, table: str, columns: str) -> tuple[dict[int, Row], bool]:
        """Return the rows that SQLite can read, and whether these are all of them."""
        try:
            with closing(self._connection()) as connection:
                found, whole = _scanned(connection, table, columns, "ASC")
                if not whole:
                    later, _ = _scanned(connection, table, columns, "DESC")
                    most = min(_FARTHEST, self._path.stat().st_size // _SHORTEST)
                    between = _between(found, later, most)
                    found |= later | _tried(connection, table, columns, between)
                return found, whole
        except sqlite3.DatabaseError:
            return {}, False

    def _as_stored(self, table: str, columns: str) -> dict[int, Row]:
        """Return the rows that stand anywhere in the file and fit the columns of a new one."""
        with closing(sqlite3.connect(self._pristine)) as connection:
            shape = _shape_of(connection, table)
        names = columns.split(", ")
        if not set(names) <= {column.name for column in shape}:
            return {}
        found: dict[int, Row] = {}
        for number, values in records(self._path, TABLE):
            if row := _fitted(number, values, shape):
                found[number] = tuple(row[name] for name in names)
        return found


class _Column(NamedTuple):
    """A column; `default` stands for what rows that are older than it do not hold."""

    name: str
    kind: type
    default: str | None
    is_number: bool  # the row's own, which is not stored a second time


_KINDS = {"TEXT": str, "BLOB": bytes, "INTEGER": int}


def _shape_of(connection: sqlite3.Connection, table: str) -> list[_Column]:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    has_one_key = sum(bool(key) for *_, key in columns) == 1
    return [
        _Column(name, _KINDS[kind], default, has_one_key and key == 1 and kind == "INTEGER")
        for _, name, kind, _, default, key in columns
    ]


def _fitted(number: int, values: list[Value], shape: list[_Column]) -> dict[str, Value] | None:
    """Return the values by the names of their columns, None where they are of another table."""
    missing = shape[len(values) :]
    if len(values) > len(shape) or any(column.default is None for column in missing):
        return None
    row: dict[str, Value] = {column.name: str(column.default)[1:-1] for column in missing}
    for column, value in zip(shape, values, strict=False):
        if value is not None and not isinstance(value, column.kind):
            return None
        row[column.name] = number if column.is_number else value
    return row


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
