"""The store: what is written comes back, wholly or not at all, and a foreign file is kept."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import LibraryError, NotFoundError
from qa.library.database import FILE_NAME
from qa.library.records import (
    Draft,
    article_to_record,
    blob_to_text,
    blobs_to_vectors,
    record_to_article,
    record_to_sentences,
    text_to_blob,
    title_of,
    vector_to_blob,
)
from qa.library.schema import SCHEMA_VERSION
from qa.library.store import Store, connect
from qa.library.writer import Outcome, changing
from qa.splitting.articles import whole_article
from qa.splitting.pages import page_from_text
from qa.splitting.passages import split_passages

WIDTH = 3


def draft(text: str, source: str = "page.txt", origin: str = "") -> Draft:
    page = page_from_text(source, text)
    article = whole_article(page, "标题")
    passages = split_passages(text, article)
    return Draft(page, origin or f"/news/{source}", [article], passages)


def put(store: Store, *drafts: Draft) -> list[Outcome]:
    with changing(store) as writer:
        return [writer.put(d, np.ones((len(d.passages), WIDTH), np.float32)) for d in drafts]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "library")) as opened:
        yield opened


def test_what_is_stored_comes_back(store: Store) -> None:
    stored = draft("大桥开工。总投资二十四亿元。\n\n局长出席。")
    put(store, stored)
    [article] = store.articles()
    assert article == stored.articles[0] == store.article(article.id)
    assert store.page_text(article.page_id) == stored.page.text
    found = store.passages(store.passage_ids())
    assert [replace(passage, id=0) for passage in found] == list(stored.passages)
    assert store.vectors()[1].tolist() == [[1.0] * WIDTH] * len(found)
    assert store.pages() == [stored.page]


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_any_text_survives_its_field(text: str, title: str) -> None:
    assert blob_to_text(text_to_blob(text)) == text
    article = replace(whole_article(page_from_text("p", text), title), byline=title)
    record = article_to_record(article)
    assert record.isascii()
    assert record_to_article(article.id, article.page_id, "p", record, text) == article


def test_passages_come_in_the_order_that_is_asked_for(store: Store) -> None:
    put(store, draft("一。"), draft("二。", "2"), draft("三。", "3"))
    ids = store.passage_ids()
    assert [p.id for p in store.passages([ids[2], ids[0], ids[2]])] == [ids[2], ids[0], ids[2]]


def test_an_id_is_never_given_to_another_passage(store: Store) -> None:
    put(store, draft("一。"))
    [first] = store.passage_ids()
    with changing(store) as writer:
        writer.delete(store.all_known()[0])
    put(store, draft("二。"))
    assert store.passage_ids() > [first]


def test_what_is_not_there_is_told(store: Store) -> None:
    for ask in (
        lambda: store.article("gone"),
        lambda: store.page_text("gone"),
        lambda: store.passages([7]),
    ):
        with pytest.raises(NotFoundError, match=r"the library has no .* may have been removed"):
            ask()


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    put(store, draft("一。"))
    before = store.state()

    def fail_after_a_page() -> None:
        with changing(store) as writer:
            writer.put(draft("二。", "2"), np.ones((1, WIDTH), np.float32))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_after_a_page()
    assert store.state() == before
    assert store.counts() == {"pages": 1, "articles": 1, "passages": 1, "vectors": 1}


def test_a_change_of_nothing_is_no_new_generation(store: Store) -> None:
    put(store, draft("一。"))
    before = store.state()
    assert [outcome.state for outcome in put(store, draft("一。", "copy.txt"))] == ["unchanged"]
    assert store.state() == before


def test_a_frozen_store_does_not_see_what_comes_later(store: Store) -> None:
    put(store, draft("一。"))
    frozen = store.frozen()
    with changing(store) as writer:
        writer.delete(store.all_known()[0])
    assert frozen.counts()["pages"] == 1
    assert frozen.passages(frozen.passage_ids())[0].text == "一。"
    assert store.frozen().counts()["pages"] == 0


def test_nothing_of_a_removed_page_is_left_in_any_file(store: Store) -> None:
    put(store, draft("林晓帆局长出席。", "gone.txt"), draft("苹果丰收。", "kept.txt"))
    with changing(store) as writer:
        writer.delete(store.all_known()[0])
    assert store.counts() == {"pages": 1, "articles": 1, "passages": 1, "vectors": 1}
    store.database.tidy()
    left = b"".join(path.read_bytes() for path in store.folder.iterdir())
    assert "林晓帆".encode() not in left
    assert "苹果丰收".encode() in left


def test_a_second_writer_is_told_to_wait(store: Store) -> None:
    with closing(connect(store.folder, wait=0.1)) as other, changing(store):
        with pytest.raises(LibraryError, match="being changed by another process; try again"):
            put(other, draft("一。"))
        assert other.counts()["pages"] == 0  # reading needs no waiting


def test_a_full_disk_changes_nothing(store: Store) -> None:
    put(store, draft("一。"))
    before = store.state()
    [(pages,)] = store.database.rows("PRAGMA page_count")
    store.database.rows(f"PRAGMA max_page_count={pages}")
    with pytest.raises(LibraryError, match="the disk is full, nothing was changed"):
        put(store, draft("二。" * 100_000, "2"))
    assert store.state() == before


# What else may lie where a library is expected


def foreign(folder: Path) -> bytes:
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    return (folder / FILE_NAME).read_bytes()


def test_another_program_s_file_is_refused_and_kept(tmp_path: Path) -> None:
    content = foreign(tmp_path / "other")
    with pytest.raises(LibraryError, match="belongs to another program, it was kept"):
        Store.open(tmp_path / "other")
    assert (tmp_path / "other" / FILE_NAME).read_bytes() == content
    assert [path.name for path in (tmp_path / "other").iterdir()] == [FILE_NAME]


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("dear diary, " * 500)
    with pytest.raises(LibraryError, match=r"is not a library, or damaged .* it was kept"):
        Store.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_text() == "dear diary, " * 500


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1])
def test_another_schema_is_refused_and_kept(tmp_path: Path, version: int) -> None:
    with closing(Store.open(tmp_path)) as store:
        store.database.run(f"PRAGMA user_version={version}")
    with pytest.raises(LibraryError, match=rf"schema {version}.*use that version"):
        Store.open(tmp_path)


def test_a_damaged_file_is_told_and_kept(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path)) as store:
        put(store, draft("大桥开工。" * 5_000))
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with closing(Store.open(tmp_path)) as store, pytest.raises(LibraryError, match="is damaged"):
        store.articles()
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with closing(Store.open(tmp_path)) as store:
        assert store.counts()["pages"] == 0


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(LibraryError, match=r"give (a|another) folder"):
        Store.open(tmp_path / "file" / below)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(LibraryError, match="cannot be written"):
        Store.open(tmp_path)


def test_a_library_that_was_deleted_is_not_silently_made_anew(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path)) as store:
        (tmp_path / FILE_NAME).unlink()
        with pytest.raises(LibraryError, match="cannot be opened"):
            store.frozen()


# Damaged records


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"spans": [[1]]}', "null", '{"spans": 3}'])
def test_a_damaged_article_is_told(record: str) -> None:
    with pytest.raises(LibraryError, match="damaged"):
        record_to_article("a", "p", "s", record, "text")
    with pytest.raises(LibraryError, match="damaged"):
        title_of(record)


@pytest.mark.parametrize("record", ["", "7", "[[1]]", "[1]", "{"])
def test_damaged_sentences_are_told(record: str) -> None:
    with pytest.raises(LibraryError, match="damaged"):
        record_to_sentences(record)


def test_damaged_bytes_are_told() -> None:
    with pytest.raises(LibraryError, match="damaged"):
        blob_to_text(b"\xff\xff")
    one = vector_to_blob(np.ones(2, np.float32))
    with pytest.raises(LibraryError, match="damaged"):
        blobs_to_vectors([one, one[:4]])
    with pytest.raises(LibraryError, match="damaged"):
        blobs_to_vectors([one[:3]])
