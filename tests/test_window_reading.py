"""Reading on while others write: doubts, scopes, changes of the archive; dialogs as axe sees them."""

from collections.abc import Callable, Iterator

import pytest
from scripted_server import Request, Script, ScriptedServer
from visiting import IN_A_BROWSER, Visitor, browser, served, sync_api, visitor

from qa.grounding.support import check
from window.entrance.passwords import hash_password

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
pytestmark = IN_A_BROWSER
__all__ = ["browser", "visitor"]  # fixtures, used by name

QUESTION = "郑州市中心医院高新医院提供多少张床位？"
UNANSWERABLE = "火星探测器在哪一天着陆？"
PAGE = (
    "枫林镇中心食堂推出新菜\n\n本报讯 2026年5月6日，枫林镇中心食堂推出十二道新菜，每道售价9元。\n"
)
MADE_UP = "医院花费99亿元。"


def quoting(more: str = "", delay: float = 0.0) -> Callable[[Request], Script]:
    """Return a script that cites the sentence of the prompt that tells the beds."""

    def script(request: Request) -> Script:
        line = next(line for line in request.prompt.splitlines() if "1500张床位" in line)
        said = f"高新医院提供1500张床位。{line.partition(']')[0]}]{more}"
        return Script(list(said), delay=delay)

    return script


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("read") / "library")


@pytest.fixture(scope="module")
def address(server: ScriptedServer, library: str) -> Iterator[str]:
    with served("app.py", "--port", "0", "--library", library, "--server", server.url) as url:
        yield url


def test_a_doubt_tells_its_reason_to_pointer_keys_and_finger(visitor, server) -> None:
    server.scripts = [quoting(f"{MADE_UP}[1]")]
    page, note = visitor.page, visitor.page.locator("#preview")
    turn = visitor.ask(QUESTION)
    doubt = turn.locator("button.doubt")
    reason = check(MADE_UP, ["提供1500张床位。"]).reason
    assert reason
    for reach in (doubt.hover, doubt.click, doubt.focus):
        page.mouse.move(0, 0)
        page.keyboard.press("Escape")
        sync_api.expect(note).to_be_hidden()
        page.keyboard.press("Shift")  # so that a focus is one by keys
        reach()
        sync_api.expect(note).to_contain_text(reason.zh)
    page.locator("[data-switch=language]").click()
    doubt.click()
    sync_api.expect(note).to_have_text(f"Unverified: {reason.en}")


def test_what_is_read_stays_when_the_answer_behind_it_ends(visitor, server) -> None:
    server.scripts = [quoting(), Script([QUESTION]), quoting("没有更多。" * 12, delay=0.03)]
    page, of = visitor.page, visitor.panel().locator(".of")
    visitor.ask(QUESTION)
    sync_api.expect(of).to_have_text(QUESTION)
    page.locator("#question textarea").fill("床位究竟有多少？")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#turn-2 .answered")).to_contain_text("高新")
    page.locator(".sheet").click()
    page.locator("#turn-2 .colophon").wait_for()
    sync_api.expect(of).to_have_text(QUESTION)
    page.locator("#turn-2 a.cite").first.click()
    sync_api.expect(of).to_have_text("床位究竟有多少？")


def test_a_refusal_in_a_scope_says_so_and_asks_the_whole_archive_at_a_click(visitor, server):
    server.scripts = [quoting()]
    page = visitor.page
    page.locator("#archive-tab-button").click()
    page.locator("#archive-filter input").first.fill("徐立毅")
    sync_api.expect(page.locator("#archive-list mark, #archive-list tbody tr")).not_to_have_count(
        22
    )
    page.locator("#archive-list [data-event=open]").first.click()
    page.locator("#archive-sheet [data-event=ask]").click()
    turn = visitor.ask(UNANSWERABLE)
    assert "只问 1 篇报道" in turn.inner_text()
    assert "只查了选定范围内的报道" in turn.inner_text()
    turn.locator("[data-act=whole]").click()
    sync_api.expect(turn).to_contain_text("在已收录的报纸中没有找到")
    assert page.locator(".turn").count() == 1


def test_the_open_archive_follows_what_others_add_and_knows_both_scripts(visitor, browser, address):
    other = Visitor(browser, address)
    visitor.page.locator("#archive-tab-button").click()
    found = visitor.page.locator("#archive-list")
    sync_api.expect(found).to_contain_text("22 篇报道")
    other.page.locator("#pages-tab-button").click()
    page = {"name": "a.txt", "mimeType": "text/plain", "buffer": PAGE.encode()}
    other.page.locator("#bring input[type=file]").first.set_input_files(page)
    other.page.locator("#pages button.put").click()
    sync_api.expect(found).to_contain_text("23 篇报道")
    other.context.close()
    visitor.page.locator("#archive-filter input").first.fill("楓林鎮")
    sync_api.expect(found).to_contain_text("1 篇报道")


def _serious(page: "sync_api.Page", where: str) -> list[tuple[str, str, str]]:
    violations = axe.Axe().run(page).response["violations"]
    return [
        (where, one["id"], one["nodes"][0]["html"][:200])
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


def _dialogs(visitor: Visitor, *, narrow: bool) -> list[tuple[str, str, str]]:
    """Return what axe finds serious in all that opens over or beside the window."""
    page, found = visitor.page, []
    for _ in range(5):  # the answer may be drawn once more, which takes the focus from it
        page.locator("#turn-1 a.cite").first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        page.wait_for_timeout(500)
        if page.locator("#preview").is_visible():
            break
    page.locator("#preview").wait_for()
    found += _serious(page, "preview")
    page.keyboard.press("Escape")
    if narrow:
        page.locator("#rail-switch button").click()
    page.locator("#history .more").first.click()
    found += _serious(page, "conversations and their menu")
    page.locator("#history [data-act=delete]").click()
    found += _serious(page, "deleting a conversation")
    page.keyboard.press("Escape")
    sync_api.expect(page.locator("#history .more").first).to_be_focused()
    if narrow:
        page.keyboard.press("Escape")
        sync_api.expect(page.locator("#rail-switch button")).to_be_focused()
    page.locator("#archive-tab-button").click()
    page.locator("#archive-list [data-event=open]").first.click()
    page.locator("#archive-sheet .sheet").wait_for()
    found += _serious(page, "an article of the archive")
    page.locator("#pages-tab-button").click()
    page.locator("#held li button").first.click()
    page.locator("#pages [role=alertdialog], #pages .confirm").first.wait_for()
    found += _serious(page, "removing a page")
    page.keyboard.press("Escape")
    content = {"name": f"{narrow}.txt", "mimeType": "text/plain", "buffer": PAGE.encode()}
    page.locator("#bring input[type=file]").first.set_input_files(content)
    page.locator("#split .raw").wait_for()
    return found + _serious(page, "reviewing a page")


@pytest.mark.parametrize(("width", "light"), [(1280, "dark"), (390, "light")])
def test_axe_finds_nothing_serious_in_what_opens(browser, address, server, width, light):
    server.scripts = [quoting(f"{MADE_UP}[1]")]
    someone = Visitor(browser, address, width=width, color_scheme=light)
    someone.ask(QUESTION)
    found = _dialogs(someone, narrow=width < 900)
    someone.context.close()
    assert found == []


@pytest.mark.usefixtures("address")  # which has made the library
def test_axe_finds_nothing_serious_at_the_login(browser, library, tmp_path):
    (tmp_path / "users").write_text(f"li:{hash_password('sesame')}\n", encoding="utf-8")
    command = ("app.py", "--port", "0", "--auth", str(tmp_path / "users"), "--library", library)
    with served(*command) as guarded:
        page = browser.new_page()
        page.goto(guarded)
        page.locator("input[type=password]").wait_for()
        found = {rule for _, rule, _ in _serious(page, "login")}
        page.close()
    # Gradio draws the login without our head, and gives it no title.
    assert found <= {"document-title"}
