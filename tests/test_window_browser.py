"""The window in a real browser: `app.py` as people start it, driven in Chromium.

Run those in a browser alone with `pytest -m browser`; leave them out with `pytest -m "not browser"`.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import IN_A_BROWSER, Visitor, browser, served, started, sync_api, visitor

from qa import Library

pytestmark = IN_A_BROWSER
__all__ = ["browser", "visitor"]  # fixtures, used by name

QUESTION = "郑州市中心医院高新医院提供多少张床位？"
SENTENCE = "提供1500张床位"
UNANSWERABLE = "火星探测器在哪一天着陆？"
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
EVIL_PAGE = f"""枫林镇中心食堂推出新菜{EVIL}

本报讯 5月6日，枫林镇中心食堂推出十二道新菜。食堂负责人林小禾说，{EVIL}每道新菜售价为9元。
![图](http://example.com/a.png) $$x^2$$ **粗** 居民纷纷前来品尝。 记者 周远
"""
# A desk that writes one word every tenth of a second, and breaks when it is told to.
SLOW = """
import time, app
from qa import Answer
from window.desk import Desk

class SlowDesk(Desk):
    def masthead(self, owner=""):
        return "<h1>slow</h1>"

    def status(self):
        return ""

    def warm_up(self):
        pass

    def answers(self, question, before, *_, **__):
        now = before.asked(question)
        yield now
        for words in range(600):
            if "break" in question and words == 3:
                raise RuntimeError("a defect")
            now = now.answered(Answer(question, question, "字" * words, True, 1.0, (), (), {}, {}))
            yield now
            time.sleep(0.1)

app.serve(SlowDesk(None), "127.0.0.1", app.free_port("127.0.0.1", 0))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[str]:
    """Return where `app.py` serves a library of the seeds and of a page full of markup."""
    folder = tmp_path_factory.mktemp("window")
    evil = folder / "a<img src=x>.txt"
    evil.write_text(EVIL_PAGE, encoding="utf-8")
    with Library.open(shutil.copytree(seeded, folder / "library")) as library:
        library.add([evil])
    with started("app.py", "--port", "0", "--library", str(folder / "library")) as url:
        yield url


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    with served("-c", SLOW) as url:
        yield url


def test_a_clicked_citation_shows_its_sentence_highlighted_in_the_article(visitor):
    turn = visitor.ask(QUESTION)
    assert "1500" in turn.inner_text()
    turn.locator("a.cite", has_text="[1]").first.click()
    mark = visitor.page.locator("mark.current").first
    visitor.page.wait_for_function("document.activeElement.matches('mark.current')")
    sync_api.expect(mark).to_be_in_viewport()
    assert SENTENCE in mark.inner_text()
    assert "1500" in mark.locator("strong").first.inner_text()
    sheet = visitor.page.locator(".sheet").inner_text()
    assert "郑州市中心医院高新医院项目开建" in sheet
    assert "3月4日" in sheet
    assert "002_" in sheet


def test_a_card_leads_back_to_its_sentence(visitor):
    visitor.page.set_viewport_size({"width": 1280, "height": 500})
    visitor.ask(QUESTION)
    mark = visitor.page.locator("mark.current").first
    sync_api.expect(mark).to_be_in_viewport()
    visitor.page.evaluate("document.querySelector('.sheet').scrollTop = 1e6")
    sync_api.expect(mark).not_to_be_in_viewport()
    visitor.page.locator(".card[aria-current]").click()
    sync_api.expect(mark).to_be_in_viewport()


def test_a_refused_question_has_no_citation_but_passages_to_see(visitor):
    turn = visitor.ask(UNANSWERABLE)
    assert turn.locator("a.cite").count() == 0
    assert "不是引用" in visitor.panel().inner_text()
    assert visitor.page.locator("mark.cited").count() == 0
    visitor.page.locator("a.see").first.click()
    sync_api.expect(visitor.page.locator("mark.nearby.current").first).to_be_in_viewport()


def test_markup_in_pages_names_and_questions_is_shown_as_text(visitor):
    turn = visitor.ask(f"枫林镇中心食堂推出多少道新菜？{EVIL}")
    assert EVIL in turn.inner_text()
    if turn.locator("a.cite").count():
        turn.locator("a.cite").first.click()
    else:
        visitor.page.locator("a.see").first.click()
    sheet = visitor.page.locator(".sheet")
    sync_api.expect(sheet).to_contain_text(EVIL)
    sync_api.expect(sheet).to_contain_text("a<img src=x>.txt")
    sync_api.expect(sheet).to_contain_text("![图](http://example.com/a.png)")
    assert visitor.page.locator("#sources img, #sources script, #turns img").count() == 0


def test_an_empty_and_an_endless_question_are_told_what_to_do(visitor):
    visitor.page.locator("#question textarea").press("Enter")
    notice = visitor.page.locator(".notice")
    sync_api.expect(notice).to_contain_text("请先写下问题")
    visitor.page.locator("#question textarea").fill("长" * 100_000)
    visitor.page.locator("#send").click()
    sync_api.expect(notice).to_contain_text("未能作答")
    assert len(visitor.page.locator("#question textarea").input_value()) == 100_000
    visitor.ask(QUESTION)
    assert notice.count() == 0


def test_an_example_question_is_asked_by_a_click_and_a_new_conversation_greets(visitor):
    example = visitor.page.locator("button.example").first
    question = example.inner_text()
    example.click()
    sync_api.expect(visitor.page.locator("#turn-1 .asked")).to_contain_text(question)
    visitor.page.locator("#turn-1 .colophon").wait_for()
    visitor.page.locator("#new").click()
    sync_api.expect(visitor.page.locator(".greeting")).to_be_visible()
    assert visitor.page.locator(".turn").count() == 0


def test_enter_that_ends_an_input_method_s_word_does_not_send(visitor):
    box = visitor.page.locator("#question textarea")
    box.fill("zhengzhou")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    visitor.page.wait_for_timeout(300)
    assert visitor.page.locator(".turn, .notice").count() == 0


def test_two_visitors_do_not_see_each_other_s_conversation(visitor, browser, address):
    visitor.ask(QUESTION)
    other = Visitor(browser, address)
    assert other.page.locator(".turn").count() == 0
    assert other.panel().locator(".hint").count() == 1
    other.context.close()


def test_on_a_phone_the_sources_come_below_and_nothing_is_cut_off(browser, address):
    phone = Visitor(browser, address, width=390)
    phone.ask(QUESTION).locator("a.cite").first.click()
    sync_api.expect(phone.page.locator("mark.current").first).to_be_in_viewport()
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    below = "reading.getBoundingClientRect().top - talk.getBoundingClientRect().bottom"
    assert phone.page.evaluate(below) >= 0
    phone.page.locator(".back").click()
    sync_api.expect(phone.page.locator("#turn-1 .asked")).to_be_in_viewport()
    phone.context.close()


def stopped_visitor(browser, url):
    """A visitor who has stopped a slow answer."""
    someone = Visitor(browser, url)
    box = someone.page.locator("#question textarea")
    box.fill("slowly")
    box.press("Enter")
    sync_api.expect(someone.page.locator("#turn-1")).to_contain_text("字字字")
    someone.page.locator("#stop").click()
    sync_api.expect(someone.page.locator("#turn-1")).to_contain_text("已停止")
    return someone


def test_stop_ends_an_answer_and_a_defect_after_it_does_not_end_the_conversation(browser, slow):
    someone = stopped_visitor(browser, slow)
    sync_api.expect(someone.page.locator("#stop")).to_be_disabled()
    said = someone.page.locator("#turn-1 .answered").inner_text()
    box = someone.page.locator("#question textarea")
    box.fill("break")
    box.press("Enter")
    sync_api.expect(someone.page.locator(".notice")).to_contain_text("程序出错")
    assert someone.page.locator("#turn-1 .answered").inner_text() == said
    someone.context.close()


def test_a_defect_is_told_in_the_conversation(browser, slow):
    someone = Visitor(browser, slow)
    box = someone.page.locator("#question textarea")
    box.fill("break")
    box.press("Enter")
    sync_api.expect(someone.page.locator(".notice")).to_contain_text("程序出错")
    someone.context.close()
