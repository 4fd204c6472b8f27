"""The SQLite file of conversations: opened, recognised, and what its errors mean to a user.

A file of its own beside the library's, so that pages that are being added never make a chat wait.
Knows the schema and its version; knows nothing of what the rows stand for (that is store.py).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import DamagedError
from qa.library.database import Database
from qa.library.opening import Kind, open_file

FILE_NAME = "conversations.sqlite3"
SCHEMA_VERSION = 1
APPLICATION_ID = 0x67787163  # "gxqc" in ASCII: tells our files from another program's

# Whatever people wrote is UTF-8 in a blob, because SQLite's own text cannot hold lone surrogates.
# `words` is what is searched; `touched` keeps the order even where the clock was set back.
_SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    owner BLOB NOT NULL,
    title BLOB NOT NULL,
    words BLOB NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    touched INTEGER NOT NULL
);
CREATE INDEX conversations_of_owner ON conversations (owner, touched);
CREATE TABLE turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    record BLOB NOT NULL,
    words BLOB NOT NULL,
    feedback TEXT NOT NULL,
    reason BLOB NOT NULL,
    PRIMARY KEY (conversation, number)
);
"""

_UNUSABLE = (
    "not a file of conversations, or damaged; it was kept: `qa doctor --repair` sets it aside and "
    "saves those that can still be read"
)


def open_database(folder: Path, wait: float) -> Database:
    """Open the file of conversations in `folder`, made when it is not there; the folder must be.

    Raises LibraryError when it cannot be written, or when it is damaged, another program's or a
    newer version's. Such a file is left untouched.
    """
    path = folder / FILE_NAME
    with explained(path):
        return open_file(path, wait, _CONVERSATIONS, path)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Say of a damaged file that it is this one, and not the library's."""
    try:
        yield
    except DamagedError as error:
        if isinstance(error.__cause__, sqlite3.DatabaseError):
            raise DamagedError(f"{path}: {_UNUSABLE}") from error.__cause__
        raise


def _fill(database: Database) -> None:
    database.run_all(_SCHEMA)


_CONVERSATIONS = Kind(
    application=APPLICATION_ID,
    version=SCHEMA_VERSION,
    fill=_fill,
    steps={},
    foreign=f": {_UNUSABLE}",
    other_version="move the file away",
)
