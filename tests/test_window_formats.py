"""Documents of other formats in a real browser: brought, looked at, added, cited by their page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PAGES
from made_files import Sheets, docx, packed
from visiting import IN_A_BROWSER, Visitor, browser, served, sync_api

from qa.library.library import Library

pytestmark = IN_A_BROWSER
__all__ = ["browser"]  # a fixture, used by name


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The window of a library with one page."""
    folder = tmp_path_factory.mktemp("formats")
    (folder / "library.txt").write_text(PAGES["library.txt"], "utf-8")
    with Library.open(folder / "library") as made:
        made.add([folder / "library.txt"])
    with served("app.py", "--port", "0", "--library", str(folder / "library")) as url:
        yield url


def issue() -> bytes:
    """Return a PDF of three sheets: one that is a picture, a story, another story."""
    sheets = Sheets()
    sheets.picture()
    for name in ("orchard.txt", "harbour.txt"):
        sheets.next()
        sheets.column(60, 100, PAGES[name].replace("。", "。\n").split("\n"))
    return sheets.done()


def test_documents_are_brought_reviewed_added_and_cited_by_their_printed_page(
    browser, address: str, tmp_path: Path
) -> None:
    archive = packed({"港口.docx": docx("新馆开放", "本报讯 新馆昨日开放。"), "b.jpg": b"GIF89a"})
    for name, data in (("issue.pdf", issue()), ("news.zip", archive)):
        (tmp_path / name).write_bytes(data)
    visitor = Visitor(browser, address, locale="en-US")
    page, expect = visitor.page, sync_api.expect
    page.get_by_role("tab").nth(2).click()
    chosen = page.locator("input.files")
    assert ".pdf" in (chosen.get_attribute("accept") or "")
    chosen.set_input_files([tmp_path / "issue.pdf", tmp_path / "news.zip"])
    page.locator(".tray[data-received='2']").wait_for()
    rows = page.locator(".tray .file")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("3 printed pages")
    expect(rows.nth(0)).to_contain_text("1 of 3 pages is a picture and was not read (1)")
    expect(rows.nth(1)).to_contain_text("news.zip/港口.docx")
    expect(rows.nth(2)).to_contain_text("is a picture")
    expect(page.locator(".split")).to_contain_text("PDF · 3 printed pages (1–3)")
    expect(page.locator(".split .raw")).to_contain_text("石桥镇八百亩苹果园开始采摘")
    page.locator("button.put").click()
    expect(page.locator(".tray .added")).to_have_count(2)
    page.get_by_role("tab").first.click()
    visitor.ask("滨海市新建几座跨江大桥？")
    card = visitor.panel().locator("a.card").first
    expect(card).to_contain_text("p. 3")
    assert "issue.pdf，第3页" in (card.get_attribute("data-copy") or "")
    visitor.context.close()
    assert visitor.surprises == []
