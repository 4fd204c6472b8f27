"""The doctor finds what is broken: each check fails when what it looks at is harmed."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from embeddings.vectors import VectorIndex
from embeddings.words import WordIndex
from qa.errors import NotFoundError
from qa.library.database import FILE_NAME
from qa.library.doctor import Check, diagnose, must_exist
from qa.library.indexes import Indexes, load_indexes, save_indexes
from qa.library.library import Library
from qa.library.sealed import sealed
from qa.library.store import Store
from qa.splitting.pages import page_from_text

CHECKS = (
    "database",
    "opening",
    "texts",
    "offsets",
    "vectors",
    "encoder",
    "vector index",
    "word postings",
    "leftovers",
)


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A whole library, free to be harmed."""
    return Path(shutil.copytree(template, tmp_path / "library"))


def run(folder: Path, sql: str, *values: object) -> None:
    """Harm the database behind the program's back."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute(sql, values)


def failed(folder: Path) -> dict[str, str]:
    with Library.open(folder) as library:
        return {check.name: check.detail for check in diagnose(library).checks if not check.ok}


def test_a_folder_without_a_library_is_not_found_and_stays_as_it_is(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotFoundError, match="no library is there"):
            must_exist(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_there_is_found(folder: Path) -> None:
    must_exist(folder)


def cut_short(index: Path) -> None:
    path = next(index.rglob("rows.npy"))
    path.write_bytes(path.read_bytes()[:-3])


def of_an_earlier_format(index: Path) -> None:
    """Turn back the format of the word postings, in a folder that is whole all the same."""
    saved = next(path for path in index.iterdir() if path.is_dir())
    form = np.load(saved / "words" / "format.npy")
    with sealed(saved, saved.name.partition("-")[2]) as new:
        shutil.copytree(saved, new, dirs_exist_ok=True)
        np.save(new / "words" / "format.npy", np.array([form[0] - 1, *form[1:]]))


@pytest.mark.parametrize("harm", [shutil.rmtree, cut_short, of_an_earlier_format])
def test_indexes_that_had_to_be_made_anew_are_told_of(
    folder: Path, harm: Callable[[Path], None]
) -> None:
    harm(folder / "index")
    with Library.open(folder) as library:
        healed, again = (diagnose(library).checks[1] for _ in range(2))
    assert (healed.ok, again.ok) == (True, True)
    assert "made anew" in healed.detail
    assert again.detail == "it can be asked"


def test_a_whole_library_passes_every_check(folder: Path) -> None:
    with Library.open(folder) as library:
        report = diagnose(library)
    assert report.ok
    assert [check.name for check in report.checks] == list(CHECKS)
    assert Check("texts", True, "3 pages, as they were added") in report.checks


def test_an_empty_library_passes_every_check(library: Library) -> None:
    assert diagnose(library).ok


def test_a_library_of_a_page_without_passages_passes_every_check(library: Library) -> None:
    page = page_from_text("bare", "只有标题")
    library.add_page(page, [], "bare")
    assert diagnose(library).ok


def test_an_article_whose_page_is_gone_fails(folder: Path) -> None:
    run(folder, "DELETE FROM pages WHERE source = 'harbour.txt'")  # foreign keys are off here
    assert "is gone" in failed(folder)["database"]


def test_a_file_that_sqlite_cannot_read_fails(folder: Path) -> None:
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    assert "damaged" in failed(folder)["database"]
    assert path.read_bytes() == content


def test_a_lost_index_of_the_database_fails(folder: Path) -> None:
    run(folder, "PRAGMA writable_schema=ON")
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX passages_of_article ON passages (end)'"
            " WHERE name = 'passages_of_article'"
        )
    assert "SQLite" in failed(folder)["database"]


def test_an_encoder_that_is_gone_fails(folder: Path) -> None:
    run(folder, "UPDATE library SET encoder = '/no/such/encoder'")
    assert "/no/such/encoder" in failed(folder)["opening"]


def test_a_record_that_cannot_be_read_fails(folder: Path) -> None:
    run(folder, "UPDATE articles SET record = '{'")
    assert "damaged" in failed(folder)["texts"]


def test_a_text_that_was_changed_fails(folder: Path) -> None:
    run(folder, "UPDATE pages SET text = CAST(text || x'0A' AS BLOB) WHERE source = 'harbour.txt'")
    assert failed(folder) == {"texts": "harbour.txt: the text is not the one that was added"}


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE passages SET start = start + 1",
        """UPDATE articles SET record = replace(record, '"byline": "', '"byline": "x')""",
    ],
)
def test_an_article_that_was_changed_fails(folder: Path, harm: str) -> None:
    run(folder, harm)
    assert "not as they were split" in failed(folder)["texts"]


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("UPDATE passages SET start = start - 4", "stands outside its article"),
        ('UPDATE passages SET "end" = start', "stands outside its article"),
        ("UPDATE passages SET sentences = '[[0, 2]]'", "a sentence stands outside it"),
        (
            "UPDATE passages SET sentences ="
            " format('[[%d, %d], [%d, %d]]', start, start + 9, start + 8, start + 20)",
            "overlap or are out of order",
        ),
        (
            "UPDATE articles SET record ="
            " replace(record, '\"headline\": [[', '\"headline\": [[9999')",
            "stands outside its page",
        ),
        (
            "UPDATE articles SET record = replace(record, '\"spans\": [[', '\"spans\": [[1')",
            "a paragraph is outside the article's spans",
        ),
    ],
)
def test_an_offset_that_does_not_hold_fails(folder: Path, harm: str, problem: str) -> None:
    run(folder, harm)
    assert problem in failed(folder)["offsets"]


def scaled(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda vector: vector * np.float32(factor)


def another(vector: np.ndarray) -> np.ndarray:
    return np.eye(1, len(vector), 5, dtype=np.float32)[0]


def change_vector(folder: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    with closing(Store.open(folder)) as store:
        vector = store.vectors([1])[1][0]
    run(folder, "UPDATE vectors SET vector = ? WHERE passage_id = 1", change(vector).tobytes())


@pytest.mark.parametrize("factor", [2.0, float("nan"), float("inf")])
def test_a_vector_that_is_not_of_length_one_fails(folder: Path, factor: float) -> None:
    change_vector(folder, lambda vector: np.full_like(vector, factor))
    assert "neither of length 1 nor zero" in failed(folder)["vectors"]


@pytest.mark.parametrize("change", [another, scaled(-1), scaled(0)])
def test_a_vector_that_is_not_the_encoder_s_fails(
    folder: Path, change: Callable[[np.ndarray], np.ndarray]
) -> None:
    change_vector(folder, change)
    found = failed(folder)
    assert "passage 1 is not the encoder's" in found["encoder"]
    assert "another vector for passage 1" in found["vector index"]


def test_a_vector_that_is_missing_fails(folder: Path) -> None:
    run(folder, "DELETE FROM vectors WHERE passage_id = 1")
    found = failed(folder)
    assert "lack 1 passages, such as 1" in found["vectors"]
    assert "hold 1 passages that are not there" in found["vector index"]


def test_vectors_of_another_width_fail(folder: Path) -> None:
    run(folder, "UPDATE vectors SET vector = substr(vector, 1, 16)")
    assert "vectors are 4 wide" in failed(folder)["vectors"]


def save(folder: Path, words: WordIndex | None = None, vectors: VectorIndex | None = None) -> None:
    """Put an index that is whole but wrong in the place of the right one."""
    with closing(Store.open(folder)) as store:
        state = store.state()
    kept = load_indexes(folder, state)
    assert kept is not None
    save_indexes(folder, state, Indexes(state.token, words or kept.words, vectors or kept.vectors))


def test_postings_of_other_words_fail(folder: Path) -> None:
    save(folder, words=WordIndex.build([1, 2, 3], [["a"], ["b"], ["c"]]))
    assert "differ from the passages' words" in failed(folder)["word postings"]


def test_postings_of_a_removed_passage_fail(folder: Path) -> None:
    with Library.open(folder) as library:
        words = library.snapshot().words.changed(add_ids=[9], add_token_lists=[["a"]])
    save(folder, words=words)
    assert "hold 1 passages that are not there, such as 9" in failed(folder)["word postings"]


@pytest.mark.parametrize(
    ("ids", "width", "problem"),
    [([1, 2], 128, "lack 1 passages"), ([1, 2, 3], 128, "another vector"), ([1, 2, 3], 5, "wide")],
)
def test_a_wrong_vector_index_fails(folder: Path, ids: list[int], width: int, problem: str) -> None:
    vectors = np.eye(len(ids), width, dtype=np.float32)
    save(folder, vectors=VectorIndex.build(ids, vectors))
    assert problem in failed(folder)["vector index"]


@pytest.mark.parametrize("name", ["index/0-0123456789abcdef", f"encoders/{'0' * 32}"])
def test_what_is_left_of_an_earlier_state_fails(folder: Path, name: str) -> None:
    with Library.open(folder) as library:
        library.snapshot()  # which sweeps
        (folder / name).mkdir()
        report = diagnose(library)
    assert [check.name for check in report.checks if not check.ok] == ["leftovers"]
    assert not report.ok


def test_many_problems_are_counted(folder: Path) -> None:
    run(folder, "UPDATE passages SET sentences = '[[0, 1], [0, 1]]', start = 0")
    assert "; and 3 more" in failed(folder)["offsets"]
