"""The window for everyone: either language, light or dark, by keyboard, and as axe-core sees it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import IN_A_BROWSER, Visitor, browser, served, sync_api

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
pytestmark = IN_A_BROWSER
__all__ = ["browser"]  # a fixture, used by name

QUESTION = "郑州市中心医院高新医院提供多少张床位？"
UNANSWERABLE = "火星探测器在哪一天着陆？"
TABS = ("talk", "archive", "pages")
# What the interface itself says: text of its controls and headings, and labels that are read out;
# not what pages and people wrote.
SPOKEN = """() => [...document.querySelectorAll("button, label, legend, th, h2, h3, p, [placeholder], [aria-label], [title]")]
    .filter((e) => e.checkVisibility() && !e.closest(".example, .turn, #history li, .sheet, tbody, #held li"))
    .flatMap((e) => [
        ...[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data),
        ...[...e.querySelectorAll(":scope > .zh, :scope > .en")].map((n) => n.checkVisibility() ? n.textContent : ""),
        ...["placeholder", "aria-label", "title"].map((n) => e.getAttribute(n) ?? "")])
    .map((t) => t.trim()).filter(Boolean)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[str]:
    library = shutil.copytree(seeded, tmp_path_factory.mktemp("access") / "library")
    with served("app.py", "--port", "0", "--library", str(library)) as url:
        yield url


def visit(browser: "sync_api.Browser", address: str, **wanted: object) -> Visitor:
    return Visitor(browser, address, **wanted)


def go(visitor: Visitor, tab: str) -> None:
    visitor.page.locator(f"#{tab}-tab-button").click()
    visitor.page.locator(f"#{tab}-tab").wait_for()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_tab(browser, address, width, light):
    visitor = visit(browser, address, width=width, color_scheme=light)
    visitor.ask(QUESTION)
    found = []
    for tab in TABS:
        go(visitor, tab)
        violations = axe.Axe().run(visitor.page).response["violations"]
        found += [
            (tab, one["id"], [node["html"][:200] for node in one["nodes"][:3]])
            for one in violations
            if one["impact"] in ("serious", "critical")
        ]
    visitor.context.close()
    assert found == []


def test_the_window_speaks_the_browsers_language_and_the_other_at_a_click(browser, address):
    visitor = visit(browser, address, locale="en-US")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    sync_api.expect(visitor.page.locator("#send")).to_have_text("Send")
    visitor.page.locator("[data-switch=language]").click()
    assert visitor.page.locator("html").get_attribute("lang") == "zh-CN"
    sync_api.expect(visitor.page.locator("#send")).to_have_text("发送")
    visitor.page.reload()
    sync_api.expect(visitor.page.locator("#send")).to_have_text("发送")
    visitor.context.close()


def test_no_label_is_left_in_the_other_language_in_any_tab(browser, address):
    visitor = visit(browser, address, locale="en-US")
    for tab in TABS:
        go(visitor, tab)
        spoken = visitor.page.evaluate(SPOKEN)
        chinese = visitor.page.evaluate(
            "texts => texts.filter((t) => /\\p{Script=Han}/u.test(t))", spoken
        )
        assert spoken, tab
        assert set(chinese) - {"中文", "报纸问答"} == set(), tab
    visitor.context.close()


def test_light_and_dark_follow_the_system_until_one_is_chosen(browser, address):
    visitor = visit(browser, address, color_scheme="dark")
    dark = "document.body.classList.contains('dark')"
    assert visitor.page.evaluate(dark)
    switch = visitor.page.locator("[data-switch=light]")
    sync_api.expect(switch).to_have_text("浅色", use_inner_text=True)
    switch.click()
    sync_api.expect(switch).to_have_text("深色", use_inner_text=True)
    assert not visitor.page.evaluate(dark)
    visitor.page.reload()
    visitor.page.locator(".greeting").wait_for()
    assert not visitor.page.evaluate(dark)
    visitor.context.close()


def test_a_question_is_asked_and_its_source_opened_by_keys_alone(browser, address):
    visitor = visit(browser, address)
    page = visitor.page
    page.locator("#question textarea").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#turn-1 .colophon").wait_for()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.cite')"):
            break
    page.keyboard.press("Enter")
    sync_api.expect(visitor.panel().locator("mark.current").first).to_be_in_viewport()
    visitor.context.close()


def test_nothing_is_asked_of_any_other_host_by_answers_or_in_any_tab(browser, address):
    visitor = visit(browser, address)
    visitor.ask(QUESTION).locator("a.cite").first.click()
    visitor.ask(UNANSWERABLE)
    for tab in TABS:
        go(visitor, tab)
    visitor.context.close()
    assert [url for url in visitor.requests if not url.startswith((address, "data:"))] == []
    assert visitor.surprises == []
