"""The archive tab in a real browser, on a small page of its own beside a text box with chips."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import IN_A_BROWSER, browser, served, sync_api

from qa.library.library import Library

pytestmark = IN_A_BROWSER
__all__ = ["browser"]  # a fixture, used by name

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
PAGE = """
import socket
import sys
from pathlib import Path
import gradio as gr
from starlette.middleware import Middleware
from qa import Library, Scope
from window.archive.tab import build_archive
from window.entrance.doors import Doors
from window.talk.chips import render_chips, without

def read(name):
    return Path("window", name).read_text(encoding="utf-8")

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

styles = "".join(read(f"style/{name}.css") for name in ("theme", "frame", "talk", "archive"))
head = f"<style>{styles}</style><script>{read('script/frame.js')}</script>"
quiet = {"show_progress": "hidden", "api_visibility": "private"}
with Library.open(Path(sys.argv[1])) as library:
    with gr.Blocks(fill_width=True) as page:
        scope = gr.State(Scope())
        with gr.Tabs(elem_id="parts", selected="talk") as tabs:
            with gr.Tab("Ask", id="talk", elem_id="talk-tab"):
                chips = gr.HTML(render_chips(library, Scope()), elem_id="scope",
                                apply_default_css=False, js_on_load=read("script/scope.js"))
                gr.Textbox(elem_id="question", label="Question")
                now = gr.Textbox(elem_id="now", label="Scope")
            with gr.Tab("Archive", id="archive", elem_id="archive-tab") as tab:
                build_archive(library, scope, tabs, tab)

        def shown(new):
            return render_chips(library, new), str(new)

        def remove(old, event: gr.EventData):
            return without(old, event.chip)

        scope.change(shown, scope, [chips, now], **quiet)
        chips.without(remove, scope, scope, **quiet)
        chips.narrow(lambda: gr.Tabs(selected="archive"), None, tabs, **quiet)
    page.launch(head=head, quiet=True, prevent_thread_lock=True, ssr_mode=False,
                footer_links=[], app_kwargs={"middleware": [Middleware(Doors)]}, server_port=free_port())
    print(page.local_url, flush=True)
    page.block_thread()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[str]:
    """Where the archive of the seeds, a page full of markup and 2,000 short articles is shown."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "pages").mkdir()
    (folder / "pages" / "a<b>.txt").write_text(
        f"枫林镇中心食堂推出新菜{EVIL}\n\n本报讯 2021年5月6日，枫林镇中心食堂推出{EVIL}十二道\n新菜。"
        "居民纷纷前来品尝，食堂负责人林小禾说。 记者 周远\n",
        encoding="utf-8",
    )
    for nth in range(200):
        stories = "\n\n".join(
            f"第{nth}号桥梁第{part}段顺利合龙\n\n本报讯 2018年{part + 1}月{nth % 27 + 1}日，"
            f"第{nth}号桥梁第{part}段顺利合龙，施工人员三百人参加了仪式，总投资{nth + part}亿元。"
            f"项目负责人表示，大桥将于明年通车。\n记者 王{part}"
            for part in range(10)
        )
        (folder / "pages" / f"bridge{nth:03}.txt").write_text(stories, encoding="utf-8")
    with Library.open(folder / "library") as library:
        library.add([seeds, folder / "pages"])
    with served("-c", PAGE, str(folder / "library")) as url:
        yield url


class Reader:
    """A person in the archive, in Chinese, who remembers what surprised the browser."""

    def __init__(self, browser: "sync_api.Browser", address: str, width: int = 1280) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        self.page = self.context.new_page()
        self.surprises: list[str] = []
        self.page.on("pageerror", lambda error: self.surprises.append(str(error)))
        self.page.on("dialog", lambda dialog: self.surprises.append(dialog.message))
        self.page.goto(address)
        self.page.locator("[role=tab]").nth(1).click()
        self.rows().first.wait_for()

    def rows(self) -> "sync_api.Locator":
        return self.page.locator("#archive-list tbody tr")

    def look_for(self, words: str) -> None:
        self.page.locator("#archive input[name=words]").fill(words)

    def expect_count(self, count: str) -> None:
        sync_api.expect(self.page.locator("#archive-list .found b")).to_have_text(
            re.compile(f"^{count} 篇报道")
        )


@pytest.fixture
def reader(browser: "sync_api.Browser", address: str) -> Iterator[Reader]:
    someone = Reader(browser, address)
    yield someone
    assert someone.surprises == []
    someone.context.close()


def test_a_table_of_two_thousand_articles_comes_by_hundreds(reader):
    assert reader.rows().count() == 100
    sync_api.expect(reader.page.locator(".pager")).to_contain_text("1–100 / 2,0")
    reader.page.locator(".pager button").nth(1).click()
    sync_api.expect(reader.page.locator(".pager")).to_contain_text("101–200 / 2,0")
    sync_api.expect(reader.page.locator("[data-event=open]").first).to_be_focused()


def test_words_are_looked_for_while_they_are_typed_and_highlighted_in_the_article(reader):
    reader.look_for("十二道新菜")  # the page breaks the line within it
    reader.expect_count("1")
    reader.page.locator("[data-event=open]").click()
    marks = reader.page.locator("#archive-sheet mark")
    sync_api.expect(marks).to_have_text(["十二道新菜"])
    sync_api.expect(marks.first).to_be_in_viewport()
    sync_api.expect(reader.page.locator("#archive-sheet h2")).to_be_focused()


def test_markup_in_pages_and_file_names_is_shown_as_text(reader):
    reader.look_for("枫林镇")
    reader.expect_count("1")
    sync_api.expect(reader.rows()).to_contain_text("a<b>.txt")
    reader.page.locator("[data-event=open]").click()
    sync_api.expect(reader.page.locator("#archive-sheet h2")).to_contain_text(EVIL)
    reader.page.locator("[data-event=ask]").click()
    sync_api.expect(reader.page.locator("#scope .chip")).to_contain_text("枫林镇")
    assert reader.page.locator("#archive img, #archive script, #scope img").count() == 0


def test_dates_and_files_narrow_the_table_and_clear_widens_it(reader):
    reader.page.locator("#archive [name=since]").fill("2019-01-01")
    reader.expect_count("15")
    reader.page.locator("#archive [name=until]").fill("2020-12-31")
    reader.expect_count("14")
    sync_api.expect(reader.page.locator(".undated")).to_contain_text("8 篇年份不详")
    reader.page.locator("#archive [name=source]").select_option("001_f71aa0af2043dc6c.txt")
    reader.expect_count("4")
    reader.page.locator("#archive [name=until]").fill("2018-12-31")
    sync_api.expect(reader.page.locator("#archive-list .notice")).to_contain_text("请对调")
    reader.page.locator("#archive [type=reset]").click()
    reader.expect_count("2,0\\d\\d")


def test_a_heading_sorts_and_says_so_and_keeps_the_focus(reader):
    heading = reader.page.locator("#archive-list th.date")
    for way in ("ascending", "descending"):
        heading.locator("button").press("Enter")
        sync_api.expect(heading).to_have_attribute("aria-sort", way)
        sync_api.expect(heading.locator("button")).to_be_focused()
    sync_api.expect(reader.rows().first.locator(".date")).to_have_text("2021-05-06")


def test_asking_about_an_article_scopes_the_talk_and_leads_to_the_text_box(reader):
    reader.look_for("1500张床位")
    reader.expect_count("1")
    reader.page.locator("[data-event=open]").press("Enter")
    reader.page.locator("[data-event=ask]").press("Enter")
    chip = reader.page.locator("#scope .chip")
    sync_api.expect(chip).to_contain_text("《高新区再添一所大型综合医院")
    sync_api.expect(reader.page.locator("#question textarea")).to_be_focused()
    chip.locator("button").press("Enter")
    sync_api.expect(chip).to_have_count(0)
    sync_api.expect(reader.page.locator("#now textarea")).to_have_value(
        re.compile(r"articles=\(\)")
    )


def test_asking_about_these_takes_the_file_and_the_dates_each_with_a_chip(reader):
    reader.page.locator("#archive [name=source]").select_option("001_f71aa0af2043dc6c.txt")
    reader.page.locator("#archive [name=since]").fill("2019-10-21")
    reader.expect_count("3")
    reader.page.locator("[data-event=these]").click()
    chips = reader.page.locator("#scope .chip")
    sync_api.expect(chips).to_have_count(2)
    chips.filter(has_text="2019-10-21").locator("button").click()
    sync_api.expect(chips).to_have_count(1)
    reader.page.locator("#scope .narrow").click()
    sync_api.expect(reader.page.locator("#archive-list table")).to_be_visible()


def test_escape_goes_back_from_the_article_to_its_row(reader):
    reader.look_for("大桥")
    reader.expect_count("2,000")
    reader.page.locator("[data-event=open]").nth(1).press("Enter")
    reader.page.locator("#archive-sheet h2").press("Escape")
    sync_api.expect(reader.page.locator("#archive-sheet .sheet")).to_have_count(0)
    sync_api.expect(reader.page.locator("[data-event=open]").nth(1)).to_be_focused()


def test_a_word_is_found_and_shown_within_a_second(reader):
    began = time.monotonic()
    reader.look_for("祥营村")
    reader.expect_count("1")
    assert time.monotonic() - began < 1.5  # a quarter of a second is waited for the next key


def test_on_a_phone_the_article_takes_the_place_of_the_table(browser, address):
    phone = Reader(browser, address, width=390)
    phone.look_for("床位")
    phone.page.locator("[data-event=open]").first.click()
    sync_api.expect(phone.page.locator("#archive-sheet .sheet")).to_be_in_viewport()
    sync_api.expect(phone.page.locator("#archive-list")).not_to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    phone.page.set_viewport_size({"width": 390, "height": 400})
    phone.page.locator("#archive-sheet article").evaluate("node => node.scrollIntoView(false)")
    sync_api.expect(phone.page.locator("#archive-sheet h2")).not_to_be_in_viewport()
    for button in ("ask", "close"):
        sync_api.expect(phone.page.locator(f"[data-event={button}]")).to_be_in_viewport(ratio=1)
    phone.page.locator("[data-event=close]").click()
    sync_api.expect(phone.page.locator("#archive-list")).to_be_visible()
    assert phone.surprises == []
    phone.context.close()
