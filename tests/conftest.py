"""Fixtures that several test files share: where the seeds are, and small libraries."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from qa.library.library import Library

# A busy machine is slow, not wrong: what must be quick is measured by tests of its own.
settings.register_profile("unhurried", deadline=None)
settings.register_profile("long", deadline=None, max_examples=20_000)
settings.load_profile("unhurried")

PAGES = {
    "harbour.txt": (
        "滨海市新建三座跨江大桥\n\n本报讯 5月12日，滨海市交通局宣布，三座跨江大桥全部开工。"
        "总投资达到二十四亿元。局长林晓帆出席了开工仪式。\n记者 陈越\n"
    ),
    "library.txt": (
        "县图书馆延长开放时间\n\n本报讯 6月3日起，县图书馆每晚开放到十点。"
        "馆长周敏说，阅览室新增座位一百二十个。读者可以凭身份证免费借书。\n记者 何田\n"
    ),
    "orchard.txt": (
        "石桥镇苹果喜获丰收\n\n本报讯 9月28日，石桥镇八百亩苹果园开始采摘。"
        "果农王德顺告诉记者，今年亩产超过六千斤。镇里还办起了采摘节。\n记者 宋琪\n"
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=18, help="how often test_kills.py kills")


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """How often a process is to be killed."""
    return int(request.config.getoption("--kills"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five pages that come with the project."""
    return Path(__file__).parents[1] / "seeds"


def write_pages(folder: Path) -> Path:
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of three small pages, free to be changed."""
    return write_pages(tmp_path / "pages")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library of the three pages, made once; whose files are then gone."""
    folder = tmp_path_factory.mktemp("template")
    with Library.open(folder / "library") as made:
        made.add([write_pages(folder / "pages")])
    shutil.rmtree(folder / "pages")
    return folder / "library"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """The folder of a library of the seeds, made once, to be copied."""
    folder = tmp_path_factory.mktemp("seeded") / "library"
    with Library.open(folder) as made:
        made.add([seeds])
    return folder


@pytest.fixture
def filled(template: Path, tmp_path: Path, pages: Path) -> Iterator[Library]:
    """A library of the three pages in `pages`."""
    shutil.copytree(template, tmp_path / "library")
    with Library.open(tmp_path / "library") as opened:
        opened.add([pages])  # known already: they have only been moved
        yield opened
