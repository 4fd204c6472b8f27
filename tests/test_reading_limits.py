"""Limits of what is read: set by the user, kept, and named in one line; remarks and pages told."""

import re
from pathlib import Path

import pytest
from conftest import PAGES
from made_files import packed, pdf

from qa import settings
from qa.cli import main
from qa.errors import QAError
from qa.formats.limits import DEFAULT, MIB
from qa.library.intake import usual_limits


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    """A newspaper of three printed pages, of which the second is a picture."""
    news = PAGES["harbour.txt"].replace("\n\n", "　").replace("\n", "　")
    (tmp_path / "issue.pdf").write_bytes(pdf(PAGES["orchard.txt"][:9], "", news))
    return tmp_path / "issue.pdf"


def test_limits_are_as_stated_where_nothing_is_set() -> None:
    assert usual_limits() == DEFAULT


def test_every_limit_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate(
        [
            "FILE_MIB",
            "CHARACTERS",
            "PDF_PAGES",
            "SECONDS",
            "MEMORY_MIB",
            "ARCHIVE_FILES",
            "ARCHIVE_MIB",
            "ARCHIVE_RATIO",
            "ARCHIVE_SECONDS",
        ],
        start=2,
    ):
        monkeypatch.setenv(f"QA_MAX_{name}", str(number))
    assert usual_limits() == type(DEFAULT)(
        2 * MIB, 3, 4, seconds=5, memory_bytes=6 * MIB, members=7, unpacked_bytes=8 * MIB,
        ratio=9, archive_seconds=10,
    )  # fmt: skip


def test_the_readme_states_every_limit_as_it_is() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for variable, (limit, unit) in settings.READING_LIMITS.items():
        stated = re.search(rf"`{variable}` \| ([\d,]+)", readme)
        assert stated is not None, variable
        assert int(stated[1].replace(",", "")) * unit == getattr(DEFAULT, limit)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "1e9", "９", "9" * 5000])
def test_a_limit_that_makes_no_sense_is_one_clear_line(value: str, monkeypatch) -> None:
    monkeypatch.setenv("QA_MAX_SECONDS", value)
    with pytest.raises(
        QAError, match=r"^QA_MAX_SECONDS=.*: give a whole number from 1 to 999999999$"
    ):
        usual_limits()


def test_a_file_beyond_a_limit_is_told_and_the_rest_goes_in(
    issue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (tmp_path / "news.zip").write_bytes(packed({"a.txt": PAGES["harbour.txt"].encode(), "b": b""}))
    monkeypatch.setenv("QA_MAX_PDF_PAGES", "2")
    assert main(["add", str(tmp_path), "--library", str(tmp_path / "made")]) == 1
    printed = capsys.readouterr()
    assert "added     news.zip/a.txt  1 article" in printed.out
    assert f"qa: {issue}: has 3 pages, more than 2: split it\n" in printed.err
    assert "qa: news.zip/b: is empty: add a page that has text\n" in printed.err


def test_pages_that_were_not_read_are_told_and_a_citation_names_its_printed_page(
    issue: Path, tmp_path: Path, capsys
) -> None:
    library = ["--library", str(tmp_path / "made")]
    assert main(["add", str(issue), *library]) == 0
    assert "; 1 of 3 pages is a picture and was not read (2): run" in capsys.readouterr().out
    assert main(["ask", "滨海市新建几座跨江大桥？", *library]) == 0
    assert " · issue.pdf · p. 3 [" in capsys.readouterr().out
