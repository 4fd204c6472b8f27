"""Reading the sources in a real browser: choosing, the original page, copying, previews."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import IN_A_BROWSER, ROOT, Visitor, browser, served, sync_api, visitor

from qa import Library

pytestmark = IN_A_BROWSER
__all__ = ["browser", "visitor"]  # fixtures, used by name

QUESTION = "高新区2020年6月召开了什么学习会议，谁主持会议？"
EVIL = '<img src=x onerror="alert(1)">${1+1}{{value}}'
EVIL_PAGE = f"""枫林镇中心食堂推出新菜{EVIL}

本报讯 5月6日，枫林镇中心食堂推出十二道
新菜。食堂负责人林小禾说，{EVIL}每道新菜
售价为9元。居民纷纷前来品尝。 记者 周远
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "evil.txt").write_text(EVIL_PAGE, encoding="utf-8")
    with Library.open(shutil.copytree(seeded, folder / "library")) as library:
        library.add([folder / "evil.txt"])
    with served("app.py", "--port", "0", "--library", str(folder / "library")) as url:
        yield url


def asked(visitor: Visitor) -> "sync_api.Locator":
    """Return the links of an answer with at least two citations."""
    links = visitor.ask(QUESTION).locator("a.cite")
    visitor.page.locator(".card[aria-current]").wait_for()
    assert links.count() >= 2
    return links


def current(visitor: Visitor) -> "sync_api.Locator":
    return visitor.page.locator("mark.current").first


def events(visitor: Visitor) -> int:
    """Return how often the page has asked the server to do something."""
    return sum("queue/join" in url for url in visitor.requests)


def test_choosing_among_the_citations_of_an_answer_asks_the_server_nothing(visitor):
    links = asked(visitor)
    visitor.page.wait_for_timeout(500)
    before = events(visitor)
    links.nth(1).click()
    sync_api.expect(current(visitor)).to_have_attribute("data-places", "2")
    sync_api.expect(current(visitor)).to_be_in_viewport()
    sync_api.expect(current(visitor)).to_be_focused()
    sync_api.expect(visitor.page.locator(".count")).to_contain_text("2 /")
    visitor.page.locator(".card").first.click()
    sync_api.expect(current(visitor)).to_have_attribute("data-places", "1")
    assert events(visitor) == before


def test_keys_and_buttons_lead_from_citation_to_citation_and_around(visitor):
    asked(visitor)
    total = visitor.page.locator(".card").count()
    visitor.page.locator("#sources .sheet:visible").focus()
    for key, place in (("Alt+ArrowDown", 2), ("k", 1), ("Alt+ArrowUp", total), ("j", 1)):
        visitor.page.keyboard.press(key)
        sync_api.expect(visitor.page.locator(".count b")).to_have_text(str(place))
    visitor.page.locator("button.step").last.click()
    sync_api.expect(visitor.page.locator(".count b")).to_have_text("2")
    assert visitor.page.evaluate("document.scrollingElement.scrollTop") == 0


def test_the_same_keys_in_the_text_box_only_type(visitor):
    asked(visitor)
    box = visitor.page.locator("#question textarea")
    box.focus()
    visitor.page.keyboard.type("jk")
    visitor.page.keyboard.press("Alt+ArrowDown")
    assert box.input_value() == "jk"
    assert visitor.page.locator(".count b").inner_text() == "1"


def test_the_original_page_keeps_its_lines_and_the_choice_and_leads_back(visitor):
    asked(visitor).nth(1).click()
    button = visitor.page.locator("button.original")
    button.click()
    raw = visitor.page.locator(".raw:visible")
    sync_api.expect(raw).to_be_visible()
    sync_api.expect(current(visitor)).to_be_in_viewport()
    page = (ROOT / "seeds" / "003_1f6f37f74f9073f0.txt").read_text(encoding="utf-8")
    assert raw.evaluate("node => node.textContent") == page
    sync_api.expect(button).to_be_focused()
    sync_api.expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    sync_api.expect(visitor.page.locator(".raw")).to_have_count(0)
    sync_api.expect(visitor.page.locator(".count b")).to_have_text("2")


def test_a_quotation_is_copied_with_its_reference(visitor):
    asked(visitor)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.locator("button.copy").click()
    sync_api.expect(visitor.page.locator(".told")).to_have_text("已复制。")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("「本报讯 6月8日，高新区召开2020年党工委")
    assert copied.endswith("》，003_1f6f37f74f9073f0.txt，6月8日")


def test_where_the_browser_forbids_copying_the_words_can_be_taken_by_hand(visitor):
    asked(visitor)
    visitor.page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => false"
    )
    visitor.page.locator("button.copy").click()
    sync_api.expect(visitor.page.locator(".told")).to_contain_text("手动复制")
    assert visitor.page.evaluate("getSelection().toString()").startswith("「本报讯")


def test_a_citation_is_previewed_by_pointer_and_by_focus_and_put_away_by_escape(visitor):
    link = asked(visitor).nth(1)
    note = visitor.page.locator("#preview")
    before = events(visitor)
    for _ in range(5):  # the turn may be drawn once more under a pointer that rests
        visitor.page.mouse.move(0, 0)
        link.hover()
        visitor.page.wait_for_timeout(600)
        if note.is_visible():
            break
    sync_api.expect(note).to_contain_text("王新亭主持会议")
    sync_api.expect(note).to_contain_text("6月8日 · 003_1f6f37f74f9073f0.txt")
    visitor.page.keyboard.press("Escape")
    sync_api.expect(note).to_be_hidden()
    visitor.page.locator("#question textarea").focus()
    visitor.page.keyboard.press("Shift+Tab")
    for _ in range(12):
        if visitor.page.evaluate("document.activeElement.matches('a.cite')"):
            break
        visitor.page.keyboard.press("Shift+Tab")
    sync_api.expect(note).to_be_visible()
    assert visitor.page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert events(visitor) == before


def test_what_retrieval_did_opens_by_the_keyboard(visitor):
    asked(visitor)
    details = visitor.page.locator("#sources details.evidence")
    assert details.get_attribute("open") is None
    details.locator("summary").press("Enter")
    sync_api.expect(details.locator("table")).to_be_visible()
    details.locator("th a").last.click()
    sync_api.expect(visitor.page.locator(".caution")).to_contain_text("不是引用")
    assert visitor.page.locator("mark.cited").count() == 0


def test_markup_of_a_page_is_text_in_previews_and_on_the_original_page(visitor):
    turn = visitor.ask("枫林镇中心食堂推出多少道新菜？售价多少元？")
    turn.locator("a.cite").first.hover()
    sync_api.expect(visitor.page.locator("#preview")).to_contain_text(EVIL)
    visitor.page.locator("button.original").click()
    sync_api.expect(visitor.page.locator(".raw:visible")).to_contain_text(EVIL)
    assert visitor.page.locator("#preview img, #sources img").count() == 0


def test_on_a_phone_the_source_comes_from_below_and_escape_leads_back(browser, address):
    phone = Visitor(browser, address, width=390)
    link = asked(phone).nth(1)
    link.click()
    sync_api.expect(phone.page.locator("#sources[data-open]")).to_be_visible()
    sync_api.expect(current(phone)).to_be_in_viewport()
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    phone.page.keyboard.press("Escape")
    sync_api.expect(phone.page.locator("#sources[data-open]")).to_have_count(0)
    sync_api.expect(link).to_be_focused()
    sync_api.expect(link).to_be_in_viewport()
    phone.context.close()
    assert phone.surprises == []
