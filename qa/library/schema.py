"""The library's tables: as a new file gets them, and as one of an earlier version gains them.

Knows what the columns are called; knows nothing of what the rows stand for (that is store.py).
"""

import secrets
from pathlib import Path

from qa.library.database import FILE_NAME, Database
from qa.library.opening import Kind, make_folder, open_file

SCHEMA_VERSION = 2
APPLICATION_ID = 0x67787161  # "gxqa" in ASCII: tells our files from another program's

# Text fields are JSON (ASCII) or UTF-8 in a blob, because SQLite's own text cannot hold the lone
# surrogates that a page may contain. AUTOINCREMENT: a passage's id is never given away again, so
# an old index can be brought up to date by comparing ids. `identity` is the library's for good:
# another one's write-ahead log is told by it.
_SCHEMA = """
CREATE TABLE library (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    token TEXT NOT NULL,
    encoder TEXT,
    fingerprint TEXT,
    fitted_on INTEGER NOT NULL,
    churn INTEGER NOT NULL,
    identity TEXT NOT NULL DEFAULT ''
);
CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    encoding TEXT NOT NULL,
    text BLOB NOT NULL,
    seal TEXT NOT NULL,
    format TEXT NOT NULL DEFAULT 'txt',
    printed TEXT NOT NULL DEFAULT '[]',
    remarks TEXT NOT NULL DEFAULT '[]'
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

# Columns of schema 2. The defaults let a process of the earlier version, which has the file open,
# go on adding pages.
_FORMATS = """
ALTER TABLE pages ADD COLUMN format TEXT NOT NULL DEFAULT 'txt';
ALTER TABLE pages ADD COLUMN printed TEXT NOT NULL DEFAULT '[]';
ALTER TABLE pages ADD COLUMN remarks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE library ADD COLUMN identity TEXT NOT NULL DEFAULT '';
"""


def open_database(folder: Path, wait: float = 30.0) -> Database:
    """Open the library's file in `folder`; both are made when they are not there.

    One of an earlier version is brought up to date, see migration.py. Raises LibraryError when
    the folder is a file or cannot be written, or when the file is damaged, another program's or a
    newer version's. Such a file is left untouched.
    """
    make_folder(folder)
    return open_file(folder / FILE_NAME, wait, _LIBRARY, folder)


def _fill(database: Database) -> None:
    database.run_all(_SCHEMA)
    database.run(
        "INSERT INTO library (one, generation, token, fitted_on, churn, identity)"
        " VALUES (1, 0, ?, 0, 0, ?)",
        *(secrets.token_hex(8), secrets.token_hex(8)),
    )


def _add_formats(database: Database) -> None:
    database.run_all(_FORMATS)
    database.run("UPDATE library SET identity = ?", secrets.token_hex(8))


_LIBRARY = Kind(
    application=APPLICATION_ID,
    version=SCHEMA_VERSION,
    fill=_fill,
    steps={1: _add_formats},
    foreign=" belongs to another program, it was kept: give another folder",
    other_version="add the pages to a new folder",
    beside=("index", "encoders"),
    identity="SELECT identity FROM library",
)
