"""Conversations in a real browser: kept over a reload, found, renamed, deleted, exported, judged."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from visiting import IN_A_BROWSER, Visitor, browser, served, sync_api, visitor

from qa import Library
from qa.conversations.store import Conversations
from window.conversation import Conversation
from window.desk import Desk
from window.entrance.passwords import hash_password

pytestmark = IN_A_BROWSER
__all__ = ["browser", "visitor"]  # fixtures, used by name

BEDS = "郑州市中心医院高新医院提供多少张床位？"
AREA = "总建筑面积是多少？"
EVIL = '<img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Path:
    return shutil.copytree(seeded, tmp_path_factory.mktemp("history") / "library")


@pytest.fixture(scope="module")
def address(library: Path) -> Iterator[str]:
    with served("app.py", "--port", "0", "--library", str(library)) as url:
        yield url


def titles(visitor: Visitor) -> "sync_api.Locator":
    return visitor.page.locator("#history .title")


def menu(visitor: Visitor, act: str) -> "sync_api.Locator":
    """Open the menu of the newest conversation and return one of its actions."""
    visitor.page.locator("#history .more").first.click()
    return visitor.page.locator(f"#history .menu [data-act={act}]")


def test_a_reload_keeps_the_conversation_and_each_turn_its_own_citations(visitor):
    visitor.ask(BEDS)
    follow_up = visitor.ask(AREA)
    assert "212805" in follow_up.inner_text()
    assert follow_up.locator("a.cite").first.get_attribute("href") == "#turn-2-source-1"
    said = visitor.page.locator("#turn-1 .answered").inner_text()
    visitor.page.reload()
    sync_api.expect(visitor.page.locator("#turn-2 .colophon")).to_be_visible()
    assert visitor.page.locator("#turn-1 .answered").inner_text() == said
    visitor.page.locator("#turn-1 a.cite").first.click()
    sync_api.expect(visitor.panel().locator(".of")).to_have_text(BEDS)
    sync_api.expect(visitor.page.locator("mark.current").first).to_contain_text("1500张床位")
    visitor.page.locator("#turn-2 a.cite").first.click()
    sync_api.expect(visitor.panel().locator(".of")).to_have_text(AREA)
    visitor.ask("它在哪里？")  # the third turn, after the reload
    assert visitor.page.locator("#turn-3").count() == 1


def test_a_new_conversation_leaves_the_old_one_in_the_list(visitor):
    visitor.ask(BEDS)
    sync_api.expect(titles(visitor).first).to_have_text(BEDS)
    visitor.page.locator("#new").click()
    sync_api.expect(visitor.page.locator(".greeting")).to_be_visible()
    visitor.asked = 0
    visitor.ask("《高新干群学习平台》是什么？")
    sync_api.expect(visitor.page.locator("#history [aria-current] .title")).to_have_text(
        "《高新干群学习平台》是什么？"
    )
    visitor.page.locator("#history .open").nth(1).click()
    sync_api.expect(visitor.page.locator("#turn-1 .asked")).to_contain_text(BEDS)
    sync_api.expect(visitor.page.locator("#history .open").nth(1)).to_have_attribute(
        "aria-current", "true"
    )


def test_conversations_are_found_by_what_was_answered(visitor):
    visitor.ask(BEDS)
    words = visitor.page.locator("#history-words").locator("input, textarea")
    words.fill("床位 1500")
    sync_api.expect(titles(visitor).first).to_have_text(BEDS)
    words.fill("没有这样的词")
    sync_api.expect(visitor.page.locator("#history .none")).to_be_visible()
    words.fill("")
    sync_api.expect(titles(visitor).first).to_have_text(BEDS)


def test_a_conversation_is_renamed_in_place_by_the_keyboard(visitor):
    visitor.ask(BEDS)
    menu(visitor, "rename").focus()
    visitor.page.keyboard.press("Enter")
    name = visitor.page.locator("#history .rename input")
    sync_api.expect(name).to_be_focused()
    assert name.input_value() == BEDS
    name.fill(f"医院 {EVIL}")
    visitor.page.keyboard.press("Enter")
    sync_api.expect(titles(visitor).first).to_have_text(f"医院 {EVIL}")
    sync_api.expect(visitor.page.locator("#history .more").first).to_be_focused()
    assert visitor.page.locator("#history img").count() == 0


def test_a_conversation_is_deleted_only_after_a_second_word(visitor, library):
    visitor.page.locator("#question textarea").fill("独一无二的问题床位")
    visitor.page.keyboard.press("Enter")
    visitor.page.locator("#turn-1 .colophon").wait_for()
    before = titles(visitor).count()
    menu(visitor, "delete").click()
    visitor.page.locator("#history [data-act=keep]").click()
    assert titles(visitor).count() == before
    menu(visitor, "delete").click()
    visitor.page.locator("#history [data-act=delete-now]").click()
    sync_api.expect(titles(visitor)).to_have_count(before - 1)
    sync_api.expect(visitor.page.locator(".greeting")).to_be_visible()
    kept = b"".join(path.read_bytes() for path in library.glob("conversations.sqlite3*"))
    assert "独一无二".encode() not in kept
    visitor.page.reload()
    visitor.page.locator(".greeting").wait_for()


@pytest.mark.parametrize("kind", ["md", "json"])
def test_an_export_is_saved_with_numbered_references(visitor, tmp_path, kind):
    visitor.ask(BEDS)
    visitor.ask(AREA)
    with visitor.page.expect_download() as download:
        menu(visitor, kind).click()
    assert download.value.suggested_filename == f"郑州市中心医院高新医院提供多少张床位.{kind}"
    download.value.save_as(tmp_path / "saved")
    saved = (tmp_path / "saved").read_text(encoding="utf-8")
    if kind == "json":
        numbers = [each["number"] for each in json.loads(saved)["references"]]
        assert numbers == list(range(1, len(numbers) + 1))
    else:
        assert saved.startswith(f"# {BEDS}\n")
        assert "[^1]: " in saved
        assert "[^2]: " in saved


def test_the_last_question_can_be_asked_again_and_changed(visitor):
    visitor.ask(BEDS)
    visitor.page.evaluate("document.querySelector('#turn-1').classList.add('old')")
    visitor.page.locator("[data-act=retry]").click()
    sync_api.expect(visitor.page.locator("#turn-1:not(.old) .colophon")).to_be_visible()
    visitor.page.locator("#turn-1 [data-act=edit]").click()
    box = visitor.page.locator("#turn-1 .edit textarea")
    sync_api.expect(box).to_be_focused()
    assert box.input_value() == BEDS
    box.press("Escape")
    sync_api.expect(visitor.page.locator("#turn-1 .asked")).to_be_visible()
    visitor.page.locator("#turn-1 [data-act=edit]").click()
    box.fill("高新医院项目总建筑面积多少平方米？")
    box.press("Enter")
    sync_api.expect(visitor.page.locator("#turn-1 .asked")).to_contain_text("平方米")
    sync_api.expect(visitor.page.locator("#turn-1 .answered")).to_contain_text("212805")
    assert visitor.page.locator(".turn").count() == 1
    visitor.page.reload()
    sync_api.expect(visitor.page.locator("#turn-1 .asked")).to_contain_text("平方米")


def test_a_thumb_and_its_reason_are_kept(visitor):
    turn = visitor.ask(BEDS)
    down = turn.locator(".thumb.down")
    down.focus()
    visitor.page.keyboard.press("Enter")
    sync_api.expect(down).to_have_attribute("aria-pressed", "true")
    turn.locator(".reason input").fill("没有说哪一年")
    visitor.page.keyboard.press("Enter")
    sync_api.expect(turn.locator(".reason")).to_have_class("reason done")
    reloaded = False
    until = time.monotonic() + 20  # the server keeps it some time after the page shows it
    while turn.locator(".reason input").input_value() != "没有说哪一年" or not reloaded:
        assert time.monotonic() < until
        visitor.page.reload()
        reloaded = True
        sync_api.expect(down).to_have_attribute("aria-pressed", "true")
    turn.locator(".thumb.up").click()
    sync_api.expect(down).to_have_attribute("aria-pressed", "false")
    turn.locator(".thumb.up").click()
    sync_api.expect(turn.locator(".reason")).to_be_hidden()


def test_a_copied_answer_names_its_sources(visitor, address):
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    visitor.ask(BEDS).locator("[data-act=copy]").click()
    sync_api.expect(visitor.page.locator("[data-act=copy]")).to_have_class("done")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert "1500张床位" in copied
    assert "\n[1] 《" in copied


def test_on_a_phone_the_conversations_are_a_drawer(browser, address):
    phone = Visitor(browser, address, width=390)
    phone.ask(BEDS)
    sync_api.expect(phone.page.locator("#rail")).to_be_hidden()
    opener = phone.page.locator("button.rail-open")
    opener.click()
    sync_api.expect(phone.page.locator("#new")).to_be_focused()
    phone.page.keyboard.press("Escape")
    sync_api.expect(phone.page.locator("#rail")).to_be_hidden()
    sync_api.expect(opener).to_be_focused()
    opener.click()
    phone.page.mouse.click(380, 400)  # beside it
    sync_api.expect(phone.page.locator("#rail")).to_be_hidden()
    opener.click()
    phone.page.locator("#new").click()
    sync_api.expect(phone.page.locator("#rail")).to_be_hidden()
    sync_api.expect(phone.page.locator(".greeting")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    assert phone.surprises == []
    phone.context.close()


def keep_a_long_one(folder: Path) -> None:
    """Put a conversation of 500 questions where the window keeps it."""
    with Library.open(folder) as library, Conversations.open(folder) as kept:
        desk = Desk(library, conversations=kept)
        *_, now = desk.answers(BEDS, Conversation())
        for number in range(2, 501):
            now = replace(now, turns=(*now.turns, replace(now.turns[0], number=number)))
            desk.keeping.begun(now)


def test_a_conversation_of_500_questions_stays_smooth(browser, library, address):
    keep_a_long_one(library)
    someone = Visitor(browser, address)
    someone.page.locator("#history .open", has_text="500 问").click()
    sync_api.expect(someone.page.locator("#turn-500")).to_be_visible()
    turns = someone.page.locator(".turn")
    for shown in (31, 61, 121):
        sync_api.expect(turns).to_have_count(shown)
        someone.page.locator("button.earlier").click()
    sync_api.expect(turns).to_have_count(241)
    someone.asked = 500
    assert "212805" in someone.ask(AREA).inner_text()
    sync_api.expect(turns).to_have_count(31)
    someone.context.close()


def test_nobody_sees_another_s_conversations(browser, library, tmp_path):
    lines = [f"{name}:{hash_password(name)}\n" for name in ("li", "wang")]
    (tmp_path / "users").write_text("".join(lines), encoding="utf-8")
    command = ("app.py", "--port", "0", "--auth", str(tmp_path / "users"))
    with served(*command, "--library", str(library)) as url:
        for name in ("li", "wang"):
            context = browser.new_context(locale="zh-CN")
            page = context.new_page()
            page.goto(url)
            page.locator("input").nth(0).fill(name)
            page.locator("input[type=password]").fill(name)
            page.locator("button").first.click()
            page.locator(".greeting").wait_for()
            page.locator("#question textarea").fill(BEDS)
            page.keyboard.press("Enter")
            page.locator("#turn-1 .colophon").wait_for()
            sync_api.expect(page.locator("#history .open")).to_have_count(1)
            context.close()
