"""From the paths that a user gives to the files that are read and the names that are shown."""

import os
from pathlib import Path

import pytest

from qa.errors import NotFoundError
from qa.library.records import Known
from qa.library.sources import (
    distinct_name,
    find_page,
    find_sources,
    is_there,
    origin_inside,
    printable,
)


def names(*paths: Path) -> list[str]:
    return [source.name for source in find_sources(paths) if source.problem is None]


def problems(*paths: Path) -> list[str]:
    return [source.problem for source in find_sources(paths) if source.problem is not None]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "deep/er/c.TXT", ".hidden.txt", ".git/d.txt", "e.pdf"):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "tree"


def test_a_folder_stands_for_its_pages_by_their_path_in_it(tree: Path) -> None:
    assert names(tree) == ["a.txt", "b.txt", "e.pdf", "deep/er/c.TXT"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(tree: Path) -> None:
    assert names(tree / "e.pdf", tree / ".hidden.txt") == ["e.pdf", ".hidden.txt"]


def test_a_file_that_is_named_twice_is_one_source(tree: Path) -> None:
    (tree / "again.txt").symlink_to(tree / "a.txt")
    assert names(tree / "a.txt", tree, tree / "deep/../a.txt").count("a.txt") == 1


def test_a_link_out_of_the_folder_is_not_followed(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tree / "way_out.txt").symlink_to(tmp_path / "secret.txt")
    (tree / "folder").symlink_to(tmp_path)
    assert names(tree) == ["a.txt", "b.txt", "e.pdf", "deep/er/c.TXT"]
    folder, file = problems(tree)
    assert folder.endswith(
        "folder: is a link that leads out of the folder: name its target to add it"
    )
    assert "way_out.txt: is a link that leads out" in file


def test_a_link_that_leads_nowhere_or_in_circles_is_told(tree: Path) -> None:
    (tree / "lost.txt").symlink_to(tree / "gone.txt")
    (tree / "round.txt").symlink_to(tree / "round.txt")
    (tree / "inside").symlink_to(tree)
    assert names(tree) == ["a.txt", "b.txt", "e.pdf", "deep/er/c.TXT"]
    assert ["leads nowhere" in problem for problem in problems(tree)] == [True, True]


def test_what_is_not_there_is_told_and_the_rest_is_found(tree: Path) -> None:
    assert names(tree / "gone.txt", tree / "a.txt") == ["a.txt"]
    assert "no such file or folder" in problems(tree / "gone.txt", tree / "a.txt")[0]


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    assert "holds no pages" in problems(tmp_path)[0]


def test_what_is_neither_file_nor_folder_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "neither a file nor a folder" in problems(tmp_path / "pipe.txt")[0]
    assert "holds no pages" in problems(tmp_path)[0]


@pytest.mark.parametrize("name", ["n" * 5000, "nul\0byte.txt"])
def test_an_impossible_path_is_told_and_no_error(name: str) -> None:
    assert len(problems(Path(name))) == 1


def test_a_folder_that_cannot_be_read_is_told(tree: Path) -> None:
    (tree / "deep").chmod(0)
    try:
        if os.access(tree / "deep", os.R_OK):
            pytest.skip("this user may read everything")
        assert "cannot be read" in problems(tree)[0]
    finally:
        (tree / "deep").chmod(0o755)


def test_a_name_that_cannot_be_printed_fits_on_one_line() -> None:
    assert printable("a\nb\x1b[1m\u202e\udcff.txt") == "a\ufffdb\ufffd[1m\ufffd\ufffd.txt"


def test_a_file_of_an_archive_is_there_as_long_as_the_archive(tree: Path) -> None:
    inside = origin_inside(str(tree / "e.pdf"), "a/b.txt")
    assert is_there(inside)
    (tree / "e.pdf").unlink()
    assert not is_there(inside)


def test_a_taken_name_gets_as_many_folders_as_it_takes() -> None:
    taken = {"p.txt", "may/p.txt"}
    assert distinct_name("p.txt", "/news/2020/may/p.txt", taken.__contains__) == "2020/may/p.txt"


def test_a_name_that_folders_do_not_tell_apart_gets_a_number() -> None:
    taken = {"p.txt", "p.txt (2)"}
    assert distinct_name("p.txt", "upload", taken.__contains__) == "p.txt (3)"


KNOWN = [
    Known("a1b2c3d4e5f60718", "harbour.txt", "/harbour.txt"),
    Known("a1b2c3ffffffffff", "orchard.txt", "/orchard.txt"),
]


@pytest.mark.parametrize("name", ["harbour.txt", "a1b2c3d4e5f60718", "a1b2c3d"])
def test_a_page_is_found_by_name_id_or_beginning_of_its_id(name: str) -> None:
    assert find_page(name, KNOWN) == KNOWN[0]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("a1b2c3", "begins several ids"),
        ("a1b2", "there are harbour.txt, orchard.txt"),
        ("habour.txt", "did you mean harbour.txt"),
        ("", "there are"),
    ],
)
def test_a_page_that_is_not_found_is_told_with_what_there_is(name: str, hint: str) -> None:
    with pytest.raises(NotFoundError, match=hint):
        find_page(name, KNOWN)


def test_an_empty_library_is_named_as_such() -> None:
    with pytest.raises(NotFoundError, match="the library is empty"):
        find_page("harbour.txt", [])
