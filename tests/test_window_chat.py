"""The window with a chat model: streaming, Stop, two at once, and a server that dies."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_server import Request, Script, ScriptedServer
from visiting import IN_A_BROWSER, Visitor, browser, served, sync_api, visitor

pytestmark = IN_A_BROWSER
__all__ = ["browser", "visitor"]  # fixtures, used by name

QUESTION = "郑州市中心医院高新医院提供多少张床位？"
OTHER = "高新医院项目总建筑面积多少平方米？"


def cited(request: Request, *more: str) -> list[str]:
    """Return an answer by the sentence of the prompt that tells the beds, in small pieces."""
    line = next(line for line in request.prompt.splitlines() if "1500张床位" in line)
    said = f"高新医院提供1500张床位。{line.partition(']')[0]}]" + "".join(more)
    return list(said)


def well(request: Request) -> Script:
    return Script(cited(request), delay=0.02)


def slowly(request: Request) -> Script:
    return Script(cited(request, *["院方没有说明更多情况。"] * 50), delay=0.05)


def badly(request: Request) -> Script:
    return Script(cited(request, "<img src=x onerror=alert(1)>医院花费99亿元。[1][77]"))


@pytest.fixture(scope="module")
def running() -> Iterator[ScriptedServer]:
    with ScriptedServer() as one:
        yield one


@pytest.fixture
def server(running: ScriptedServer) -> ScriptedServer:
    """The server of all tests, which has not been asked anything yet."""
    running.requests.clear()
    return running


@pytest.fixture(scope="module")
def address(
    running: ScriptedServer, tmp_path_factory: pytest.TempPathFactory, seeded: Path
) -> Iterator[str]:
    library = shutil.copytree(seeded, tmp_path_factory.mktemp("chat") / "library")
    with served("app.py", "--port", "0", "--library", str(library), "--server", running.url) as url:
        yield url


def begin(visitor: Visitor, question: str) -> "sync_api.Locator":
    """Ask and return the turn at once, before it is answered."""
    visitor.page.locator("#question textarea").fill(question)
    visitor.page.keyboard.press("Enter")
    visitor.asked += 1
    return visitor.page.locator(f"#turn-{visitor.asked}")


def test_an_answer_is_seen_to_grow_and_its_citation_leads_to_the_sentence(visitor, server) -> None:
    server.scripts = [well]
    turn = begin(visitor, QUESTION)
    sync_api.expect(turn).to_contain_text("高新医院提供")
    assert "1500张床位。" not in turn.inner_text()
    turn.locator(".colophon").wait_for()
    assert "scripted" in turn.locator(".colophon").inner_text()
    turn.locator("a.cite").click()
    assert "提供1500张床位" in visitor.page.locator("mark.current").inner_text()


def test_stop_ends_the_answer_and_the_server_s_work_within_a_second(visitor, server) -> None:
    server.scripts = [slowly]
    turn = begin(visitor, QUESTION)
    sync_api.expect(turn).to_contain_text("没有说明")
    began = time.monotonic()
    visitor.page.locator("#stop").click()
    assert server.requests[0].gone.wait(5)
    assert time.monotonic() - began < 2  # one second, and one for a busy machine
    sync_api.expect(turn).to_contain_text("已停止")


def test_stop_is_noticed_while_the_server_says_nothing(visitor, server) -> None:
    server.scripts = [Script(then="hang")]
    turn = begin(visitor, QUESTION)
    while not server.requests:
        visitor.page.wait_for_timeout(50)
    visitor.page.locator("#stop").click()
    assert server.requests[0].gone.wait(5)
    sync_api.expect(turn).to_contain_text("已停止")
    assert "没有找到" not in turn.inner_text()  # nobody said so


def test_two_visitors_are_answered_at_once(browser, address, visitor, server) -> None:
    server.scripts = [slowly, well]
    other = Visitor(browser, address)
    slow = begin(visitor, QUESTION)
    sync_api.expect(slow.locator(".answered")).to_contain_text("高新")
    quick = other.ask(QUESTION)
    assert "1500张床位" in quick.inner_text()
    assert not slow.locator(".colophon").is_visible()
    other.context.close()


def test_what_a_model_makes_up_is_marked_and_its_markup_is_text(visitor, server) -> None:
    server.scripts = [badly]
    turn = visitor.ask(QUESTION)
    doubted = turn.locator(".unverified")
    assert "99亿元" in doubted.inner_text()
    assert doubted.get_attribute("data-reason")
    assert "<img src=x" in turn.inner_text()
    assert "77" not in turn.inner_text()


def test_when_the_server_dies_in_the_middle_the_reader_answers(visitor, server) -> None:
    server.scripts = [lambda request: Script(cited(request)[:8], delay=0.05, then="drop")]
    turn = visitor.ask(QUESTION)
    assert "提供1500张床位" in turn.inner_text()
    assert "由内置阅读器作答" in turn.locator(".notice").inner_text()
    assert "内置阅读器" in turn.locator(".colophon").inner_text()


def test_a_follow_up_shows_what_was_searched_for(visitor, server) -> None:
    server.scripts = [well, Script(["郑州市中心医院高新医院项目总建筑面积多少平方米？"]), well]
    visitor.ask(QUESTION)
    turn = visitor.ask("它的总建筑面积多少平方米？")
    assert "高新医院项目总建筑面积多少平方米" in turn.locator(".searched").inner_text()
