"""The pictures that the README shows, made of a library of the seeds; each must have been drawn.

mkdir -p build; pytest tests/test_window_pictures.py --basetemp=build/pictures
cp build/pictures/*/*.png docs/
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import IN_A_BROWSER, Visitor, browser, served, sync_api

pytestmark = IN_A_BROWSER
__all__ = ["browser"]  # a fixture, used by name

QUESTION = "郑州市中心医院高新医院提供多少张床位？"
PAGE = """枫林镇中心食堂推出新菜

本报讯 2026年5月6日，枫林镇中心食堂推出十二道新菜，每道售价9元。食堂负责人林小禾说，食材都来自本镇菜农。 记者 周远

枫林镇小学操场改造完工

本报讯 5月4日，枫林镇小学操场改造完工。新操场有六条跑道，铺设面积3200平方米，下周一起使用。 通讯员 何青
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[str]:
    library = shutil.copytree(seeded, tmp_path_factory.mktemp("pictured") / "library")
    with served("app.py", "--port", "0", "--library", str(library)) as url:
        yield url


def asked(browser: "sync_api.Browser", address: str, **wanted: object) -> Visitor:
    visitor = Visitor(browser, address, **wanted)
    visitor.ask(QUESTION).locator("a.cite").first.click()
    sync_api.expect(visitor.page.locator("mark.current").first).to_be_in_viewport()
    return visitor


def take(visitor: Visitor, picture: Path) -> None:
    visitor.page.mouse.move(0, 0)
    visitor.page.wait_for_timeout(800)  # until everything has come to rest
    visitor.page.screenshot(path=picture)
    visitor.context.close()
    assert visitor.surprises == []
    assert picture.stat().st_size > 10_000  # an empty page is smaller


def test_an_answer_with_its_source(browser, address, tmp_path):
    visitor = asked(browser, address)
    sync_api.expect(visitor.page.locator(".masthead")).to_contain_text("5 pages")
    take(visitor, tmp_path / "screenshot.png")


def test_an_answer_in_the_dark_and_in_english(browser, address, tmp_path):
    take(asked(browser, address, locale="en-US", color_scheme="dark"), tmp_path / "dark.png")


def test_an_answer_on_a_phone(browser, address, tmp_path):
    visitor = Visitor(browser, address, width=390)
    visitor.ask(QUESTION)
    take(visitor, tmp_path / "phone.png")


def test_the_archive_searched(browser, address, tmp_path):
    visitor = Visitor(browser, address)
    visitor.page.locator("#archive-tab-button").click()
    visitor.page.locator("#archive-filter input").first.fill("医院")
    row = visitor.page.locator("#archive-list tbody button").first
    sync_api.expect(row).to_be_visible()
    row.click()
    sync_api.expect(
        visitor.page.locator("#archive-sheet h3, #archive-sheet h2").first
    ).to_be_visible()
    take(visitor, tmp_path / "archive.png")


def test_a_page_looked_at_before_it_goes_in(browser, address, tmp_path):
    page = tmp_path / "枫林镇报.txt"
    page.write_text(PAGE, encoding="gb18030")
    visitor = Visitor(browser, address)
    visitor.page.locator("#pages-tab-button").click()
    visitor.page.locator("#bring input[type=file]").first.set_input_files(page)
    sync_api.expect(visitor.page.locator("#split")).to_contain_text("枫林镇小学操场改造完工")
    take(visitor, tmp_path / "adding.png")
