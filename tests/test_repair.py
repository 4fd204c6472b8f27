"""Repair: what is derived is made anew, and of a damaged file all is saved that proves whole."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from conftest import PAGES

from embeddings.vectors import VectorIndex
from qa.conversations.mending import faults, mend
from qa.conversations.store import Conversations
from qa.conversations.turn import Turn
from qa.errors import DamagedError, LibraryError
from qa.library.aside import set_aside
from qa.library.database import FILE_NAME
from qa.library.doctor import diagnose
from qa.library.library import Library
from qa.library.repair import repair
from qa.library.store import Store

TALKS = "conversations.sqlite3"
LOG = f"{FILE_NAME}-wal"


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A whole library, free to be harmed."""
    return Path(shutil.copytree(template, tmp_path / "library"))


def harmed(path: Path, harm: Callable[[bytearray], None]) -> bytes:
    data = bytearray(path.read_bytes())
    harm(data)
    path.write_bytes(data)
    return bytes(data)


def problems(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        return [check.name for check in diagnose(library).checks if not check.ok]


def sources(folder: Path) -> set[str]:
    with Library.open(folder) as library:
        return {page.source for page in library.pages() if page.text == PAGES[page.source]}


# The database


def without_header(data: bytearray) -> None:
    data[:100] = bytes(100)


def without_first_page(data: bytearray) -> None:
    data[:4096] = b"\xa5" * 4096


def without_vectors(data: bytearray) -> None:
    del data[-8192:]


def without_an_index(data: bytearray) -> None:
    data[4 * 4096 : 5 * 4096] = b"\xff" * 4096


@pytest.mark.parametrize(
    "harm", [without_header, without_first_page, without_vectors, without_an_index]
)
def test_all_pages_are_saved_where_no_page_is_hit(
    folder: Path, harm: Callable[[bytearray], None]
) -> None:
    with Library.open(folder) as library:
        before = library.articles()
    damaged = harmed(folder / FILE_NAME, harm)
    said = repair(folder)
    assert (folder / "library-damaged-1.sqlite3").read_bytes() == damaged
    assert "kept as library-damaged-1.sqlite3" in said[0]
    assert said[1].startswith("3 pages were saved")
    assert (problems(folder), sources(folder)) == ([], set(PAGES))
    with Library.open(folder) as library:
        assert library.articles() == before


def test_a_text_that_is_not_the_one_that_was_added_is_not_saved_but_named(folder: Path) -> None:
    def harm(data: bytearray) -> None:
        at = data.index("二十四亿".encode())
        data[at : at + 3] = "三".encode()

    harmed(folder / FILE_NAME, harm)
    assert "harbour.txt: could not be saved, add it again" in repair(folder)
    assert (problems(folder), sources(folder)) == ([], {"library.txt", "orchard.txt"})


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty"), (b"dear diary, " * 999, "is not a library, or damaged")],
)
def test_where_nothing_can_be_read_the_file_is_told_of_and_kept(
    folder: Path, content: bytes, told: str
) -> None:
    (folder / FILE_NAME).write_bytes(content)
    with pytest.raises(DamagedError, match=told):
        Library.open(folder)
    assert (folder / FILE_NAME).read_bytes() == content
    assert repair(folder)[1].startswith("0 pages were saved")
    assert (folder / "library-damaged-1.sqlite3").read_bytes() == content
    assert problems(folder) == []


def test_what_waits_in_the_log_is_saved_too(folder: Path, pages: Path) -> None:
    with Library.open(folder) as library, closing(Store.open(folder).frozen()):
        (pages / "late.txt").write_text("迟到的新闻\n\n本报讯 今日又有一条新闻。", "utf-8")
        library.add([pages / "late.txt"])
        shutil.copytree(folder, folder.with_name("killed"))  # as a kill would leave it
    killed = folder.with_name("killed")
    assert (killed / LOG).stat().st_size
    harmed(killed / FILE_NAME, without_vectors)
    repair(killed)
    with Library.open(killed) as library:
        assert "late.txt" in {page.source for page in library.pages()}


def contents(folder: Path) -> dict[Path, bytes]:
    """Return what all files hold but SQLite's log, which comes and goes as files are opened."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files if not path.name.endswith(("-wal", "-shm"))}


def test_a_whole_library_is_left_as_it_is(folder: Path) -> None:
    before = contents(folder)
    assert repair(folder) == []
    assert contents(folder) == before


def test_a_repair_that_was_killed_goes_on_with_what_it_had_kept(folder: Path) -> None:
    damaged = harmed(folder / FILE_NAME, without_header)
    os.link(folder / FILE_NAME, folder / "library-damaged-1.sqlite3")
    repair(folder)
    assert (folder / "library-damaged-1.sqlite3").read_bytes() == damaged
    assert not (folder / "library-damaged-2.sqlite3").exists()
    assert problems(folder) == []


def test_what_was_kept_by_an_earlier_repair_is_kept(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        (tmp_path / FILE_NAME).write_bytes(content)
        (tmp_path / LOG).write_bytes(b"log of " + content)
        (tmp_path / "new").write_bytes(b"new")
        set_aside(tmp_path / FILE_NAME, tmp_path / "new")
    kept = {p.name: p.read_bytes() for p in tmp_path.glob("*damaged*")}
    assert kept == {
        "library-damaged-1.sqlite3": b"first",
        "library-damaged-1.sqlite3-wal": b"log of first",
        "library-damaged-2.sqlite3": b"second",
        "library-damaged-2.sqlite3-wal": b"log of second",
    }
    assert not (tmp_path / LOG).exists()  # the new file would be mixed with it


def test_a_new_file_whose_content_waits_in_its_log_takes_no_place(tmp_path: Path) -> None:
    for name in (FILE_NAME, "new", "new-wal"):
        (tmp_path / name).write_bytes(name.encode())
    with pytest.raises(OSError, match="No space left"):
        set_aside(tmp_path / FILE_NAME, tmp_path / "new")
    assert [path.name for path in tmp_path.glob("library*")] == [FILE_NAME]
    assert (tmp_path / FILE_NAME).read_bytes() == FILE_NAME.encode()


def test_a_damaged_file_that_another_process_has_open_is_not_repaired(folder: Path) -> None:
    reader = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN');"
    reader += "c.execute('SELECT * FROM library').fetchall(); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", reader, str(folder / FILE_NAME)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
            connection.execute("UPDATE pages SET id = 'x' || id WHERE source = 'harbour.txt'")
        with pytest.raises(LibraryError, match="in use by another process"):
            repair(folder)
        other.communicate(b"\n")
    assert list(folder.glob("*damaged*")) == list(folder.glob("new-*")) == []


def test_another_library_s_log_is_refused_and_both_are_kept(folder: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "other") as other:
        (tmp_path / "a.txt").write_text(PAGES["harbour.txt"], "utf-8")
        other.add([tmp_path / "a.txt"])
        with closing(Store.open(other.folder).frozen()):
            other.remove("a.txt")
            shutil.copy(other.folder / LOG, folder / LOG)
    before = (folder / FILE_NAME).read_bytes(), (folder / LOG).read_bytes()
    with pytest.raises(DamagedError, match="belongs to another library"):
        Library.open(folder)
    assert ((folder / FILE_NAME).read_bytes(), (folder / LOG).read_bytes()) == before
    (folder / LOG).unlink()
    assert problems(folder) == []


def test_changes_that_are_lost_are_told_of(folder: Path, pages: Path) -> None:
    earlier = (folder / FILE_NAME).read_bytes()
    with Library.open(folder) as library:
        library.add([pages])
        library.remove("harbour.txt")
    (folder / FILE_NAME).write_bytes(earlier)
    with Library.open(folder) as library:
        [database, *_] = diagnose(library).checks
    assert "an older copy was put back" in database.detail


# What is derived


def test_vectors_that_are_not_the_encoder_s_are_made_anew_with_the_indexes(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE vectors SET vector = zeroblob(length(vector))")
    assert problems(folder) == ["encoder", "vector index"]
    assert repair(folder) == ["the vectors were made anew", "the indexes were made anew"]
    assert problems(folder) == []


def test_another_library_s_vector_index_is_made_anew_by_opening(folder: Path) -> None:
    place = next(folder.glob("index/*/vectors"))
    VectorIndex.build([7], np.ones((1, 5), np.float32)).save(place)
    assert problems(folder) == []
    with Library.open(folder) as library:
        assert library.snapshot().vectors.ids.tolist() == library.snapshot().store.passage_ids()


def test_what_killed_processes_left_is_deleted(folder: Path) -> None:
    (folder / "new-0123456789abcdef").mkdir()
    (folder / "new-0123456789abcdef.sqlite3").touch()
    assert problems(folder) == ["leftovers"]
    assert sorted(repair(folder)) == [
        "new-0123456789abcdef was left over and is deleted",
        "new-0123456789abcdef.sqlite3 was left over and is deleted",
    ]
    assert problems(folder) == []


# Conversations


def talk(folder: Path) -> None:
    with Conversations.open(folder) as kept:
        for id_ in "abc":
            kept.begin("anna", id_, Turn(1, f"第一问{id_}", None, "done"))
            kept.add("anna", id_, Turn(2, f"第二问{id_}", None, "done"))


def test_conversations_are_saved_as_far_as_they_can_be_read(folder: Path) -> None:
    talk(folder)
    damaged = harmed(folder / TALKS, without_first_page)
    with pytest.raises(DamagedError, match="not a file of conversations, or damaged; it was kept"):
        list(faults(folder))
    assert "3 conversations were saved; 0 conversations and 0 turns" in mend(folder)[1]
    assert (folder / "conversations-damaged-1.sqlite3").read_bytes() == damaged
    with Conversations.open(folder) as kept:
        assert [turn.question for turn in kept.load("anna", "b").turns] == ["第一问b", "第二问b"]
        kept.add("anna", "b", Turn(3, "第三问", None, "done"))
    assert list(faults(folder)) == []


PLACES = [
    (FILE_NAME, repair),
    (TALKS, mend),
    (f"{FILE_NAME}-wal", repair),
    (f"{FILE_NAME}-shm", repair),
]


@pytest.mark.parametrize(("name", "attempt"), PLACES)
def test_a_folder_in_the_place_of_a_file_is_told_and_kept(
    folder: Path, name: str, attempt: Callable[[Path], list[str]]
) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    (folder / name / "somebody's").touch()
    with pytest.raises(LibraryError, match=f"{name} is no file: move it away"):
        attempt(folder)
    assert (folder / name / "somebody's").exists()


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of thirty conversations, whose rows take many pages of the file."""
    folder = tmp_path_factory.mktemp("talkative")
    with Conversations.open(folder) as kept:
        for nth in range(30):
            kept.begin("anna", f"c{nth}", Turn(1, f"第{nth}问：" + "苹果" * 900, None, "done"))
            kept.rename("anna", f"c{nth}", f"第{nth}次谈话 " + "长" * 100)
            kept.add("anna", f"c{nth}", Turn(2, f"再问{nth}", None, "done"))
    return folder


def roots(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))


@pytest.mark.parametrize("tree", ["turns", "conversations"])
def test_what_no_tree_leads_to_any_more_is_found_by_its_bytes(
    talkative: Path, tmp_path: Path, tree: str
) -> None:
    folder = Path(shutil.copytree(talkative, tmp_path / "talks"))
    root = roots(folder / TALKS)[tree]

    def harm(data: bytearray) -> None:
        data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096

    harmed(folder / TALKS, harm)
    assert "30 conversations were saved; 0 conversations and 0 turns" in mend(folder)[1]
    with Conversations.open(folder) as kept:
        assert kept.load("anna", "c7").title.startswith("第7次谈话")
        assert [turn.question[:4] for turn in kept.load("anna", "c7").turns] == ["第7问：", "再问7"]


def test_of_a_conversation_whose_name_is_lost_the_owner_and_the_turns_are_saved(
    folder: Path,
) -> None:
    talk(folder)
    root = roots(folder / TALKS)["conversations"]

    def harm(data: bytearray) -> None:
        data[(root - 1) * 4096 : root * 4096] = bytes(4096)

    harmed(folder / TALKS, harm)
    assert "3 conversations were saved; 0 conversations and 0 turns" in mend(folder)[1]
    with Conversations.open(folder) as kept:
        assert [entry.title for entry in kept.listed("anna")] == ["第一问c", "第一问b", "第一问a"]
        assert kept.listed("") == kept.listed("bert") == []


def test_turns_that_are_lost_are_counted(talkative: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(talkative, tmp_path / "talks"))

    def harm(data: bytearray) -> None:
        at = data.index('{"question": "第11问'.encode())
        data[at : at + 9] = b"\xff" * 9

    harmed(folder / TALKS, harm)
    assert "30 conversations were saved; 0 conversations and 1 turns" in mend(folder)[1]


def test_a_deleted_conversation_is_not_found_again(talkative: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(talkative, tmp_path / "talks"))
    with Conversations.open(folder) as kept:
        kept.delete("anna", "c7")
    root = roots(folder / TALKS)["turns"]

    def harm(data: bytearray) -> None:
        data[(root - 1) * 4096 : root * 4096] = bytes(4096)

    harmed(folder / TALKS, harm)
    assert "29 conversations were saved" in mend(folder)[1]


def test_a_conversation_goes_on_without_the_turn_that_is_lost(folder: Path) -> None:
    talk(folder)
    with closing(sqlite3.connect(folder / TALKS)) as connection, connection:
        connection.execute(
            "UPDATE turns SET record = x'7b' WHERE number = 1 AND conversation = 'a'"
        )
    assert list(faults(folder)) == [f"{TALKS}: 1 turns are damaged"]
    mend(folder)
    with Conversations.open(folder) as kept:
        assert [turn.question for turn in kept.load("anna", "a").turns] == ["第二问a"]
        kept.add("anna", "a", Turn(2, "再问", None, "done"))


def test_whole_conversations_are_left_as_they_are(folder: Path) -> None:
    assert mend(folder) == []
    talk(folder)
    before = (folder / TALKS).read_bytes()
    assert mend(folder) == []
    assert (folder / TALKS).read_bytes() == before
