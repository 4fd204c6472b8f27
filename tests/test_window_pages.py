"""Adding and removing pages in a real browser: `app.py` as people start it, driven in Chromium."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES
from visiting import IN_A_BROWSER, ROOT, Visitor, browser, served, sync_api

from qa.library.library import Library

pytestmark = IN_A_BROWSER
__all__ = ["browser"]  # a fixture, used by name

HARBOUR = PAGES["harbour.txt"]
QUESTION = "滨海市新建几座跨江大桥？"
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">{{value}}${value}'
EVIL_NAME = "a<img src=x onerror=alert(1)>.txt"
BREAKING = """
import app
from pathlib import Path
from qa import Library
from window.desk import Desk

class BreakingLibrary(Library):
    def add_pages(self, pages, progress=None):
        raise RuntimeError("a defect")

with BreakingLibrary.open(Path({folder!r})) as library:
    app.serve(Desk(library), "127.0.0.1", app.free_port("127.0.0.1", 0))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a library with the page about the orchard, to be changed at will."""
    with Library.open(tmp_path / "library") as made:
        (tmp_path / "orchard.txt").write_text(PAGES["orchard.txt"], "utf-8")
        made.add([tmp_path / "orchard.txt"])
    return tmp_path / "library"


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a library is served to tests that look at pages and add none."""
    library = tmp_path_factory.mktemp("unchanged")
    with Library.open(library) as made:
        made.add([ROOT / "seeds"])
    with served("app.py", "--port", "0", "--library", str(library)) as url:
        yield url


@pytest.fixture
def visitor(browser, folder) -> Iterator[Visitor]:
    with served("app.py", "--port", "0", "--library", str(folder)) as url:
        someone = at_the_pages(Visitor(browser, url, locale="en-US"))
        yield someone
        someone.context.close()
        assert someone.surprises == []


def at_the_pages(visitor: Visitor) -> Visitor:
    visitor.page.get_by_role("tab").nth(2).click()
    visitor.page.locator(".held").wait_for()
    return visitor


def bring(visitor: Visitor, *files: tuple[str, bytes]) -> "sync_api.Locator":
    """Choose files and return their rows when all were looked at."""
    tray = visitor.page.locator(".tray")
    before = int(tray.get_attribute("data-received") or 0) if tray.count() else 0
    visitor.page.locator("input.files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    )
    visitor.page.locator(f".tray[data-received='{before + len(files)}']").wait_for(timeout=180_000)
    return visitor.page.locator(".tray .file")


def add(visitor: Visitor) -> "sync_api.Locator":
    visitor.page.locator("button.put").click()
    visitor.page.locator(".tray .added, .tray .replaced, .tray .unchanged").first.wait_for()
    return visitor.page.locator(".tray .file")


def names(visitor: Visitor) -> list[str]:
    return visitor.page.locator(".held li .named").all_inner_texts()


def test_files_are_looked_at_reviewed_and_added_while_a_broken_one_is_told(visitor) -> None:
    rows = bring(
        visitor,
        ("港口.txt", HARBOUR.encode("gbk")),
        ("broken.txt", b"\xff\xd8\xff\0\0"),
        ("scan.pdf", b"%PDF"),
        ("again.txt", PAGES["orchard.txt"].encode("utf-16")),
    )
    told = rows.all_inner_texts()
    assert "1 article" in told[0]
    assert "a picture" in told[1]
    assert "damaged" in told[2]
    assert "already in the library: orchard.txt" in told[3]
    marks = visitor.page.locator(".raw mark")
    assert "".join(marks.all_inner_texts()).startswith("滨海市新建三座跨江大桥")
    visitor.page.locator(".stories a[data-article='1']").click()
    sync_api.expect(visitor.page.locator("#part-1")).to_be_focused()
    assert visitor.page.locator("button.put").inner_text().endswith("1")
    sync_api.expect(add(visitor).first).to_contain_text("added")
    assert sorted(names(visitor)) == ["orchard.txt", "港口.txt"]
    sync_api.expect(visitor.page.locator("#masthead")).to_contain_text("2 pages")


def test_a_changed_page_replaces_its_old_self_and_can_be_asked_about_at_once(visitor) -> None:
    bring(visitor, ("harbour.txt", HARBOUR.encode()))
    add(visitor)
    rows = bring(visitor, ("harbour.txt", HARBOUR.replace("三座", "九座").encode("gb18030")))
    sync_api.expect(rows).to_contain_text("will replace: harbour.txt")
    sync_api.expect(add(visitor)).to_contain_text("replaced")
    assert names(visitor) == ["harbour.txt", "orchard.txt"]
    visitor.page.get_by_role("tab").first.click()
    assert "九座" in visitor.ask(QUESTION).inner_text()


def test_markup_in_a_file_s_name_and_text_is_shown_as_text(visitor) -> None:
    rows = bring(visitor, (EVIL_NAME, HARBOUR.replace("全部开工", EVIL).encode()))
    sync_api.expect(rows).to_contain_text(EVIL_NAME)
    sync_api.expect(visitor.page.locator(".raw")).to_contain_text(EVIL)
    visitor.page.locator(".stories summary, .stories li > p").first.wait_for()
    add(visitor)
    sync_api.expect(visitor.page.locator(".held")).to_contain_text(EVIL_NAME)
    visitor.page.locator(".held li", has_text=EVIL_NAME).locator("button").click()
    sync_api.expect(visitor.page.locator("dialog .named")).to_have_text(EVIL_NAME)
    assert visitor.page.locator("#pages img, #pages script").count() == 0


def test_a_page_is_removed_by_keyboard_after_a_question_that_names_it(visitor) -> None:
    bring(visitor, ("harbour.txt", HARBOUR.encode()))
    add(visitor)
    button = visitor.page.locator(".held li", has_text="harbour.txt").locator("button")
    button.focus()
    visitor.page.keyboard.press("Enter")
    dialog = visitor.page.locator("dialog")
    sync_api.expect(dialog).to_contain_text("harbour.txt")
    visitor.page.keyboard.press("Escape")
    sync_api.expect(dialog).to_be_hidden()
    sync_api.expect(button).to_be_focused()
    assert len(names(visitor)) == 2
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    sync_api.expect(visitor.page.locator(".held .notice")).to_contain_text("harbour.txt")
    assert names(visitor) == ["orchard.txt"]
    sync_api.expect(visitor.page.locator(".held li button")).to_be_focused()
    sync_api.expect(visitor.page.locator("#masthead")).to_contain_text("1 page")


def test_a_question_is_answered_from_a_new_page_while_another_is_added(visitor) -> None:
    bring(visitor, ("harbour.txt", HARBOUR.encode()))
    add(visitor)
    many = [(f"{n}.txt", HARBOUR.replace("三", f"{n}").encode()) for n in range(40)]
    bring(visitor, *many)
    visitor.page.locator("button.put").click()
    visitor.page.get_by_role("tab").first.click()
    assert "跨江大桥" in visitor.ask(QUESTION).inner_text()
    visitor.page.get_by_role("tab").nth(2).click()
    visitor.page.locator(".tray .added").nth(39).wait_for()
    visitor.page.locator("input.filter").fill("1.TXT")
    sync_api.expect(visitor.page.locator(".held li")).to_have_count(4)
    assert names(visitor) == ["1.txt", "11.txt", "21.txt", "31.txt"]


def test_many_large_files_in_three_encodings_arrive_whole(visitor) -> None:
    text = HARBOUR.replace("局长", "工程进展顺利，各方满意。" * 3_200 + "局长")
    codecs = ("gb18030", "utf-8", "utf-16")
    files = [(f"{n}.txt", f"{text}{n}".encode(codecs[n % 3])) for n in range(18)]
    assert min(len(data) for _, data in files) > 70_000
    rows = bring(visitor, *files)
    assert rows.count() == 18
    assert visitor.page.locator(".tray .new").count() == 18


def test_more_files_than_allowed_are_told_and_the_first_are_kept(visitor) -> None:
    files = [(f"{n}.txt", f"{HARBOUR}{n}".encode()) for n in range(101)]
    visitor.page.locator("input.files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    )
    sync_api.expect(visitor.page.locator(".notice.over")).to_contain_text("At most 100")
    visitor.page.locator(".tray[data-received='100']").wait_for(timeout=60_000)


def test_a_dropped_file_arrives_like_a_chosen_one(visitor) -> None:
    data = visitor.page.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "harbour.txt", {type: "text/plain"}));
            return data;
        }""",
        HARBOUR,
    )
    visitor.page.locator(".drop").dispatch_event("drop", {"dataTransfer": data})
    sync_api.expect(visitor.page.locator(".tray .file")).to_contain_text("1 article")


def test_a_defect_while_adding_is_told_and_the_files_stay(browser, tmp_path) -> None:
    with served("-c", BREAKING.format(folder=str(tmp_path / "library"))) as url:
        visitor = at_the_pages(Visitor(browser, url, locale="en-US"))
        bring(visitor, ("harbour.txt", HARBOUR.encode()))
        visitor.page.locator("button.put").click()
        sync_api.expect(visitor.page.locator("#pages .notice:visible")).to_contain_text("A defect")
        sync_api.expect(visitor.page.locator("button.put")).to_be_enabled()
        visitor.context.close()


def config(url: str) -> Any:
    with urllib.request.urlopen(f"{url.rstrip('/')}/config") as answer:
        return json.load(answer)


def parts(url: str) -> set[str]:
    """Return the names of all parts of the page that events can come from."""
    return {str(each["props"].get("elem_id")) for each in config(url)["components"]}


def test_read_only_shows_the_list_and_offers_no_event_that_changes_anything(
    browser, folder, unchanged
):
    with served("app.py", "--port", "0", "--read-only", "--library", str(folder)) as url:
        visitor = at_the_pages(Visitor(browser, url))
        assert names(visitor) == ["orchard.txt"]
        assert visitor.page.locator("#pages button, #pages input[type=file]").count() == 0
        events = {name for d in config(url)["dependencies"] for _, name in d["targets"]}
        assert events.isdisjoint({"put", "look"})
        assert "held" in parts(url)
        assert {"bring", "tray", "putting", "split"} <= parts(unchanged)
        assert parts(url).isdisjoint({"bring", "tray", "putting", "split"})
        visitor.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_review_is_readable_on_a_desk_and_on_a_phone(browser, unchanged, width, scheme):
    visitor = at_the_pages(Visitor(browser, unchanged, width, color_scheme=scheme))
    both_on_one = f"河滨新区学习平台\n\n{HARBOUR}\n\n{PAGES['library.txt']}"
    bring(visitor, ("harbour.txt", both_on_one.encode()))
    visitor.page.locator(".split").wait_for()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == width
    tops = [visitor.page.locator(s).bounding_box() for s in (".raw", ".stories")]
    assert tops[0] is not None
    assert tops[1] is not None
    assert (tops[0]["y"] == tops[1]["y"]) == (width == 1280)
    assert not re.search(r"\u2063", visitor.page.locator("#pages").inner_text())
    visitor.context.close()
