"""The window shared in an office: other programs, language models, logins, many at once.

A real server; some tests need a browser too. Run it alone with `pytest tests/test_window_office.py`.
"""

import asyncio
import base64
import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from visiting import IN_A_BROWSER, Visitor, browser, served, started, sync_api

from window.entrance.passwords import hash_password

pytestmark = IN_A_BROWSER
__all__ = ["browser"]  # a fixture, used by name

QUESTION = "郑州市中心医院高新医院提供多少张床位？"
ENDPOINTS = {"ask", "search", "articles"}
ALWAYS_CLOSED = [
    *("run/ask", "api/ask", "call/look", "call/end", "openapi.json", "upload", "file=app.py"),
    *("mcp/sse", "mcp/schema", "mcp/messages/", "proxy=http://example.com", "app_id", "token"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Path:
    """The folder of a library of the seeds."""
    return shutil.copytree(seeded, tmp_path_factory.mktemp("office") / "library")


@pytest.fixture(scope="module")
def address(library: Path) -> Iterator[str]:
    """Return where the window is served to everybody on this machine, with tools."""
    with started("app.py", "--port", "0", "--mcp", "--library", str(library)) as url:
        yield url


@pytest.fixture(scope="module")
def people(library: Path) -> Path:
    path = library.parent / "people"
    path.write_text("".join(f"{name}:{hash_password(name * 2)}\n" for name in ("li", "wu")))
    return path


@pytest.fixture(scope="module")
def office(people: Path, library: Path) -> Iterator[str]:
    """Return where the same library is served to the people of a file."""
    rules = ("--auth", str(people), "--mcp", "--questions", "2")
    with served("app.py", "--port", "0", *rules, "--library", str(library)) as url:
        yield url


def api(address: str, name: str) -> str:
    return f"{address.rstrip('/')}/gradio_api/{name}"


def by_curl(address: str, name: str, sent: object, **how: Any) -> tuple[str, Any]:
    """Return the event and the data of a call made by two plain requests."""
    begun = httpx2.post(api(address, f"call/{name}"), json=sent, timeout=60, **how)
    assert begun.status_code == 200, begun.text
    event = api(address, f"call/{name}/{begun.json()['event_id']}")
    said = httpx2.get(event, timeout=60, **how).text
    found = re.search(r"event: (complete|error)\ndata: (.*)", said)
    assert found, said
    return found[1], json.loads(found[2])


def check_answer(answer: Any) -> None:
    assert answer["answered"]
    assert "1500" in answer["answer"]
    assert "1500张" in answer["citations"][0]["quote"]


def test_two_plain_requests_get_an_answer_with_its_citations(address):
    for sent in ({"question": QUESTION}, {"data": [QUESTION]}):
        event, (answer,) = by_curl(address, "ask", sent)
        assert event == "complete"
        check_answer(answer)


def test_gradio_s_own_client_calls_the_three_endpoints_by_name(address):
    client = Client(address, verbose=False)
    check_answer(client.predict(QUESTION, api_name="/ask"))
    history = [[QUESTION, "1500张床位。"]]
    follow_up = client.predict(question="总建筑面积呢？", history=history, api_name="/ask")
    assert "212805" in follow_up["answer"]
    assert len(client.predict(question=QUESTION, k=2, api_name="/search")) == 2
    assert {a["source"] for a in client.predict(words="床位", api_name="/articles")}
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert {name.strip("/") for name in named} == ENDPOINTS


def test_what_was_wrong_comes_back_as_one_line(address):
    event, said = by_curl(address, "ask", {"question": "长" * 3_000})
    assert event == "error"
    assert "2,000" in said["error"]
    with pytest.raises(AppError, match="whole number"):
        Client(address, verbose=False).predict(question=QUESTION, k=0, api_name="/search")
    wrong = httpx2.post(api(address, "call/ask"), json={"quest": "x"})
    assert wrong.status_code == 422
    assert "question" in wrong.json()["detail"]
    assert httpx2.get(api(address, "call/ask/0123abcd")).status_code == 404


def test_every_other_address_stays_closed(address):
    for name in ALWAYS_CLOSED:
        for method in ("GET", "POST"):
            assert httpx2.request(method, api(address, name), json={}).status_code == 404, name
    described = httpx2.get(api(address, "info?all_endpoints=true")).json()
    assert {name.strip("/") for name in described["named_endpoints"]} == ENDPOINTS
    assert described["unnamed_endpoints"] == {}


async def by_tool(address: str, name: str, sent: dict[str, Any], **headers: str) -> Any:
    """Return the tools that are offered, and the result of a call, as a language model sees them."""
    from httpx import AsyncClient
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with (
        AsyncClient(headers=headers, timeout=60, follow_redirects=True) as client,
        streamable_http_client(api(address, "mcp"), http_client=client) as (coming, going, _),
        ClientSession(coming, going) as session,
    ):
        await session.initialize()
        offered = (await session.list_tools()).tools
        return {tool.name: tool for tool in offered}, await session.call_tool(name, sent)


def test_a_language_model_is_offered_exactly_the_three_tools_and_gets_citations(address):
    offered, answer = asyncio.run(by_tool(address, "ask", {"question": QUESTION}))
    assert set(offered) == ENDPOINTS
    for tool in offered.values():
        assert len(tool.description) > 40
        assert all(p["description"] for p in tool.inputSchema["properties"].values())
    assert offered["ask"].inputSchema["required"] == ["question"]
    assert not answer.isError
    check_answer(answer.structuredContent["result"])
    check_answer(json.loads(answer.content[0].text))


@pytest.mark.parametrize(
    ("name", "sent", "says"),
    [
        ("search", {"question": QUESTION, "k": 1000}, "whole number"),
        ("search", {"question": ""}, "empty"),
        ("search", {"question": QUESTION, "extra": 1}, "extra"),
        ("end", {}, "no tool"),
    ],
)
def test_a_tool_that_is_called_wrongly_says_so(address, name, sent, says):
    _, told = asyncio.run(by_tool(address, name, sent))
    assert told.isError
    assert says in told.content[0].text
    assert "Traceback" not in told.content[0].text


def test_a_page_that_gives_its_name_to_this_machine_reaches_no_tool(address):
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"Accept": "application/json, text/event-stream"}
    statuses = [
        httpx2.post(api(address, "mcp"), json=asked, headers=accepted | more).status_code
        for more in ({}, {"Host": "evil.example"}, {"Origin": "http://evil.example"})
    ]
    assert statuses[0] == 200
    assert all(status in (403, 421) for status in statuses[1:])


def test_without_the_flag_there_are_no_tools(library):
    with served("app.py", "--port", "0", "--library", str(library)) as url:
        assert httpx2.post(api(url, "mcp"), json={}).status_code == 404


def test_nobody_gets_anything_without_logging_in(office):
    for name in ("call/ask", "info", "mcp", "queue/join", "heartbeat/x", "queue/data"):
        for how in ({}, {"auth": ("li", "wuwu")} if name == "mcp" else {}):
            assert httpx2.post(api(office, name), json={}, **how).status_code == 401, name
    assert httpx2.get(f"{office}config").status_code == 401
    assert "components" not in httpx2.get(office).text.split("auth_required")[0]


def test_programs_and_language_models_send_name_and_password(office):
    event, (answer,) = by_curl(office, "ask", {"question": QUESTION}, auth=("li", "lili"))
    assert event == "complete"
    check_answer(answer)
    check_answer(
        Client(office, auth=("wu", "wuwu"), verbose=False).predict(QUESTION, api_name="/ask")
    )
    said = "Basic " + base64.b64encode(b"wu:wuwu").decode()
    offered, answer = asyncio.run(
        by_tool(office, "ask", {"question": QUESTION}, Authorization=said)
    )
    assert set(offered) == ENDPOINTS
    check_answer(answer.structuredContent["result"])


def login(page: Any, address: str, name: str) -> None:
    page.goto(address)
    page.locator("input").nth(0).fill(name)
    page.locator("input[type=password]").fill(name * 2)
    page.locator("button").first.click()
    page.locator(".greeting").wait_for()


def test_a_wrong_password_does_not_let_in_and_the_right_one_does(office, browser):
    page = browser.new_page()
    for password, status in (("wrong", 400), ("lili", 200)):
        page.goto(office)
        page.locator("input").nth(0).fill("li")
        page.locator("input[type=password]").fill(password)
        with page.expect_response("**/login") as answered:
            page.locator("button").first.click()
        assert answered.value.status == status
    page.locator(".greeting").wait_for()
    page.close()


def test_two_people_log_in_and_out_in_two_browsers(office, browser):
    contexts = [browser.new_context(locale="en-US") for _ in range(2)]
    first, second = (context.new_page() for context in contexts)
    login(first, office, "li")
    login(second, office, "wu")
    for cookie in contexts[0].cookies():
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
    first.goto(f"{office}logout")
    first.locator("input[type=password]").wait_for()
    second.reload()
    second.locator(".greeting").wait_for()
    for context in contexts:
        context.close()


def test_whoever_is_struck_out_is_logged_out(browser, people, library, tmp_path):
    listed = tmp_path / "people"
    listed.write_bytes(people.read_bytes())
    rules = ("--auth", str(listed), "--library", str(library))
    with served("app.py", "--port", "0", *rules) as url:
        page = browser.new_page()
        login(page, url, "li")
        listed.write_text(listed.read_text().split("\n", 1)[1])
        page.reload()
        page.locator("input[type=password]").wait_for()
        page.close()


# One place, and an answer that goes on for as long as somebody waits for it.
SLOW = """
import sys, time, app
from dataclasses import replace
from pathlib import Path
from qa import Library
from qa.answering.asking import Models
from qa.answering.quoting import Reader
from window.desk import Desk

class Endless(Reader):
    def answers(self, finding):
        *_, answer = super().answers(finding)
        for words in range(10_000):
            time.sleep(0.1)
            yield replace(answer, text="字" * (words % 100 + 1), citations=(), statements=())

library = Library.open(Path(sys.argv[1]))
desk = Desk(library, ["x"], Models(Endless()), places=1)
app.serve(desk, "127.0.0.1", app.free_port("127.0.0.1", 0))
"""


@pytest.fixture(scope="module")
def slow(library: Path) -> Iterator[str]:
    with served("-c", SLOW, str(library)) as url:
        yield url


def begin(browser: Any, address: str) -> Visitor:
    """Return a visitor who has asked and not been answered yet."""
    someone = Visitor(browser, address)
    someone.page.locator("#question textarea").fill(QUESTION)
    someone.page.keyboard.press("Enter")
    someone.page.locator("#turn-1").wait_for()
    return someone


def test_who_waits_sees_the_place_in_line_and_moves_up_when_others_stop_or_vanish(browser, slow):
    first = begin(browser, slow)
    sync_api.expect(first.page.locator("#turn-1")).to_contain_text("字字字")
    second, third = begin(browser, slow), None
    sync_api.expect(second.page.locator("#turn-1")).to_contain_text("前面还有 1 个问题")
    third = begin(browser, slow)
    sync_api.expect(third.page.locator("#turn-1")).to_contain_text("前面还有 2 个问题")
    first.context.close()  # vanishes in the middle of the answer
    sync_api.expect(second.page.locator("#turn-1")).to_contain_text("字字字")
    sync_api.expect(third.page.locator("#turn-1")).to_contain_text("前面还有 1 个问题")
    second.page.locator("#stop").click()
    sync_api.expect(third.page.locator("#turn-1")).to_contain_text("字字字")
    assert second.surprises == third.surprises == []
    second.context.close()
    third.context.close()


def test_who_stops_while_waiting_leaves_the_line(browser, slow):
    first, second = begin(browser, slow), begin(browser, slow)
    sync_api.expect(second.page.locator("#turn-1")).to_contain_text("前面还有 1 个问题")
    third = begin(browser, slow)
    sync_api.expect(third.page.locator("#turn-1")).to_contain_text("前面还有 2 个问题")
    second.page.locator("#stop").click()
    sync_api.expect(third.page.locator("#turn-1")).to_contain_text("前面还有 1 个问题")
    for someone in (first, second, third):
        someone.context.close()


def test_twenty_questions_at_once_are_all_answered_eight_at_a_time(address):
    began = time.monotonic()
    answers: list[Any] = []

    def visit() -> None:
        answers.append(by_curl(address, "ask", {"question": QUESTION}))

    visitors = [threading.Thread(target=visit) for _ in range(20)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert [event for event, _ in answers] == ["complete"] * 20
    assert time.monotonic() - began < 60
