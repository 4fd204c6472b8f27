"""A library of an earlier version becomes one of this version; its old self is kept beside it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answering.answer import Answer
from qa.answering.asking import ask
from qa.conversations.store import Conversations
from qa.conversations.turn import Turn
from qa.errors import LibraryError
from qa.formats.extracted import PrintedPage
from qa.library.database import FILE_NAME, Database
from qa.library.doctor import diagnose
from qa.library.library import Library
from qa.library.migration import migrate
from qa.library.schema import APPLICATION_ID, SCHEMA_VERSION
from qa.library.store import Store
from qa.spans import Span
from qa.splitting.pages import page_from_text

QUESTION = "县图书馆新增多少个座位？"
BACKUP = "library-backup-of-schema-1.sqlite3"

# As it was in the version before there were other formats than plain text.
SCHEMA_1 = """
CREATE TABLE library (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL,
    token TEXT NOT NULL, encoder TEXT, fingerprint TEXT, fitted_on INTEGER NOT NULL,
    churn INTEGER NOT NULL);
CREATE TABLE pages (id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE, encoding TEXT NOT NULL, text BLOB NOT NULL, seal TEXT NOT NULL);
CREATE TABLE articles (id TEXT PRIMARY KEY,
    page_id TEXT NOT NULL REFERENCES pages (id) ON DELETE CASCADE, position INTEGER NOT NULL,
    record TEXT NOT NULL);
CREATE INDEX articles_of_page ON articles (page_id, position);
CREATE TABLE passages (id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE, start INTEGER NOT NULL,
    end INTEGER NOT NULL, sentences TEXT NOT NULL);
CREATE INDEX passages_of_article ON passages (article_id);
CREATE TABLE vectors (passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector BLOB NOT NULL);
"""
COLUMNS = {
    "library": "one, generation, token, encoder, fingerprint, fitted_on, churn",
    "pages": "id, source, origin, encoding, text, seal",
    "articles": "*",
    "passages": "*",
    "vectors": "*",
}


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def turned_back(folder: Path) -> None:
    """Turn a library's file into what the version of schema 1 would have made."""
    path = folder / FILE_NAME
    path.rename(folder / "new")
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("ATTACH ? AS new", (str(folder / "new"),))
        for statement in SCHEMA_1.split(";\n"):
            old.execute(statement)
        for table, columns in COLUMNS.items():
            old.execute(f"INSERT INTO {table} SELECT {columns} FROM new.{table}")
        old.execute(f"PRAGMA application_id={APPLICATION_ID}")
        old.execute("PRAGMA user_version=1")
        old.commit()
    (folder / "new").unlink()


@pytest.fixture
def old(template: Path, tmp_path: Path) -> Path:
    """A library of schema 1, with a conversation."""
    folder = Path(shutil.copytree(template, tmp_path / "library"))
    with Conversations.open(folder) as kept:
        kept.begin("", "a", Turn(1, QUESTION, None, "done"))
    turned_back(folder)
    return folder


def answered(library: Library) -> Answer:
    return replace(ask(library, QUESTION), timings_ms={})


def test_an_old_library_keeps_all_that_it_held_and_answers_alike(
    old: Path, template: Path, tmp_path: Path
) -> None:
    shutil.copytree(template, tmp_path / "same")
    with Library.open(old) as library, Library.open(tmp_path / "same") as same:
        assert version_of(old / FILE_NAME) == SCHEMA_VERSION
        assert (library.pages(), library.articles()) == (same.pages(), same.articles())
        assert answered(library) == answered(same)
        assert [check for check in diagnose(library).checks if not check.ok] == []
        assert {(page.format, page.printed) for page in library.pages()} == {("txt", ())}
    with Conversations.open(old) as kept:
        assert kept.load("", "a").turns[0].question == QUESTION


def test_the_old_file_is_kept_whole_and_can_be_put_back(old: Path) -> None:
    Library.open(old).close()
    assert version_of(old / BACKUP) == 1
    shutil.copy(old / BACKUP, old / FILE_NAME)
    with Library.open(old) as library:
        assert len(library.pages()) == 3
    # The same file was kept already.
    assert [path.name for path in old.glob("*backup*")] == [BACKUP]


def test_an_earlier_backup_is_never_written_over(old: Path) -> None:
    (old / BACKUP).write_text("mine")
    Library.open(old).close()
    assert (old / BACKUP).read_text() == "mine"
    assert version_of(old / "library-backup-of-schema-1-2.sqlite3") == 1


def test_an_up_to_date_library_makes_no_backup(template: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "library"))
    Library.open(folder).close()
    assert list(folder.glob("*backup*")) == []


class StoppedError(Exception):
    """The process would have been killed here."""


def stopping(database: Database) -> None:
    database.run("ALTER TABLE pages ADD COLUMN format TEXT NOT NULL DEFAULT 'txt'")
    raise StoppedError


def test_a_migration_that_is_stopped_in_the_middle_changes_nothing(old: Path) -> None:
    with (
        closing(Database(old / FILE_NAME)) as database,
        pytest.raises(StoppedError),
        database.transaction(),
    ):
        migrate(database, 1, [stopping])
    with closing(sqlite3.connect(old / FILE_NAME)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(pages)")]
    assert (version_of(old / FILE_NAME), "format" in columns) == (1, False)
    with Library.open(old) as library:
        assert len(library.pages()) == 3


def test_half_a_backup_is_deleted_by_the_next_migration(old: Path) -> None:
    (old / "new-0123456789abcdef.sqlite3").write_bytes(b"half")
    Library.open(old).close()
    assert list(old.glob("new-*")) == []


def test_a_library_of_a_newer_version_is_refused_and_kept(template: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "library"))
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(LibraryError, match=rf"schema {SCHEMA_VERSION + 1}.*use that version"):
        Library.open(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# What schema 2 is for


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "fresh")) as opened:
        yield opened


def test_what_is_known_of_a_pdf_comes_back(library: Library) -> None:
    printed = (PrintedPage(1, "A0\ud800", Span(0, 3)), PrintedPage(2, "A02", Span(3, 9)))
    page = replace(
        page_from_text("a.pdf", "大桥今日开工。完"),
        format="pdf",
        printed=printed,
        remarks=("page 3 is a picture",),
    )
    library.add_page(page, [], "a.pdf")
    assert library.pages() == [page]
    assert library.snapshot().page(page.id) == page
    [_, _, _, offsets, *_] = diagnose(library).checks
    assert "printed page stands outside" in offsets.detail


def test_a_changed_printed_page_is_found_by_the_doctor(library: Library) -> None:
    page = replace(
        page_from_text("a.pdf", "大桥今日开工。"), printed=(PrintedPage(1, "A", Span(0, 3)),)
    )
    library.add_page(page, [], "a.pdf")
    assert diagnose(library).ok
    with closing(sqlite3.connect(library.folder / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE pages SET printed = replace(printed, '\"A\"', '\"B\"')")
    with Library.open(library.folder) as again:
        failed = [check.name for check in diagnose(again).checks if not check.ok]
    assert failed == ["texts"]
