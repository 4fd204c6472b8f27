"""The doors without a browser: open addresses, sessions, the porter, calls, and the line."""

import asyncio
import base64
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from window.entrance.caller import ADDRESS
from window.entrance.calls import Calls
from window.entrance.doors import Doors, is_open
from window.entrance.events import Events
from window.entrance.passwords import PasswordFileError, hash_password
from window.entrance.porter import Porter, owner
from window.entrance.sessions import Sessions
from window.queueing import Gate

API = "/gradio_api/"
SESAME, OTHER = hash_password("sesame"), hash_password("other")


class States(dict[str, object]):
    """Gradio's states of its visitors, made when they are first asked for."""

    def __init__(self) -> None:
        self.session_data = self
        self.time_last_used: dict[str, object] = {}

    def __missing__(self, name: str) -> object:
        return self.setdefault(name, object())


class Gradio:
    """What the sessions know of gradio's application."""

    def __init__(self) -> None:
        self.cookie_id = "x"
        self.tokens: dict[str, str] = {}
        self.state_holder = States()
        self.pending_event_ids_session: dict[str, set[str]] = {}

    def get_blocks(self) -> Any:
        return self

    @property
    def _queue(self) -> Any:
        return self


class Behind:
    """The application behind a door: remembers what came through, and answers."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self._headers = headers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["method"] == "POST":
            self.bodies.append((await receive())["body"])
        start = {"type": "http.response.start", "status": 200, "headers": list(self._headers)}
        await send(start)
        await send({"type": "http.response.body", "body": b"through"})


def knock(door: Any, path: str, body: bytes = b"", gradio: Any = None, **headers: str) -> Any:
    """Return status, headers and body of what a door answers."""
    answered: list[dict[str, Any]] = []
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": path, "method": "POST" if body else "GET", "headers": sent}
    scope |= {"query_string": b"all_endpoints=true", "app": gradio}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        answered.append(message)

    asyncio.run(door(scope, receive, send))
    start, content = answered
    return start["status"], start["headers"], content["body"]


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people"
    path.write_text(f"li:{SESAME}\nwu:{OTHER}\n", encoding="utf-8")
    return path


class Clock:
    """Sleeps without waiting, and remembers how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def porter_of(people: Path, complain: Callable[[str], object] = print) -> tuple[Porter, Clock]:
    clock = Clock()
    return Porter(people, complain, clock.sleep), clock


@pytest.mark.parametrize(
    "name", ["ask", "search", "articles", "v2/ask", "ask/0aF9".lower(), "ask/"]
)
def test_the_three_endpoints_are_open(name):
    assert is_open(f"{API}call/{name}")


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"{API}call/{name}"
            for name in ("look", "ask_1", "", "ask/x/y", "ask/%2e", "v2/ask/../x")
        ),
        *(
            f"{API}{name}"
            for name in ("run/ask", "api/ask", "openapi.json", "upload", "file=/etc/x")
        ),
        *(f"{API}{name}" for name in ("mcp", "mcp/", "mcp/sse", "mcp/schema", "proxy=x", "app_id")),
        *(f"{API}{name}" for name in ("user", "token", "monitoring", "component_server", "info/x")),
        "/call/ask",
        "/mcp",
        f"{API}heartbeat/\0",
    ],
)
def test_what_is_not_needed_does_not_exist(path):
    assert not is_open(path)
    assert knock(Doors(Behind()), path)[0] == 404


def test_the_tools_have_one_address_and_only_when_they_are_asked_for():
    assert [is_open(f"{API}mcp{end}", tools=True) for end in ("", "/", "/sse", "/schema")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_length": str(14 * 2**20)}, 200),
        ({"content_length": str(40 * 2**20)}, 413),
        ({"content_length": "9" * 400}, 413),
        ({"content_length": "many"}, 413),
        ({"transfer_encoding": "chunked"}, 411),
    ],
)
def test_a_request_longer_than_any_file_is_refused_before_it_is_read(headers, status):
    behind = Behind()
    assert knock(Doors(behind), f"{API}queue/join", b"{}", **headers)[0] == status
    assert len(behind.bodies) == (status == 200)


def test_the_description_of_the_endpoints_cannot_be_widened():
    behind = Behind()
    knock(Doors(behind), f"{API}info")
    assert behind.scopes[0]["query_string"] == b""


def test_a_session_cookie_is_sent_to_no_page_of_another_site():
    given = [
        (b"set-cookie", b"a=1; HttpOnly; Path=/; SameSite=none; Secure"),
        (b"set-cookie", b"b=1; HttpOnly; Path=/"),
    ]
    headers = knock(Doors(Behind(*given)), "/login")[1]
    assert [value for name, value in headers if name == b"set-cookie"] == [
        b"a=1; HttpOnly; Path=/; Secure; SameSite=Lax",
        b"b=1; HttpOnly; Path=/; SameSite=Lax",
    ]


@pytest.mark.parametrize("path", [f"{API}call/ask", f"{API}mcp", f"{API}info", f"{API}queue/join"])
def test_without_a_session_nothing_of_the_api_is_answered(path, people):
    behind = Behind()
    status, _, body = knock(Sessions(behind, porter_of(people)[0]), path, gradio=Gradio())
    assert status == 401
    assert "log in" in json.loads(body)["detail"]
    assert behind.scopes == []


@pytest.mark.parametrize(
    "path", ["/", "/login", "/assets/a.js", f"{API}login_check", f"{API}startup-events"]
)
def test_what_the_login_page_needs_is_passed_on(path, people):
    assert knock(Sessions(Behind(), porter_of(people)[0]), path, gradio=Gradio())[0] == 200


def test_only_programs_are_told_to_send_a_password_along(people):
    door = Sessions(Behind(), porter_of(people)[0])
    told = {
        path: any(name == b"www-authenticate" for name, _ in knock(door, path, gradio=Gradio())[1])
        for path in (f"{API}call/ask", f"{API}mcp", f"{API}queue/join", f"{API}info")
    }
    assert list(told.values()) == [True, True, False, False]


def test_a_name_and_password_sent_along_become_a_session(people):
    behind, gradio = Behind(), Gradio()
    door = Sessions(behind, porter_of(people)[0])
    for _ in range(2):
        said = {"authorization": basic("li", "sesame"), "cookie": "access-token-x=forged"}
        assert knock(door, f"{API}call/ask", gradio=gradio, **said)[0] == 200
    assert list(gradio.tokens.values()) == ["li"]
    token = next(iter(gradio.tokens))
    cookies = [value for name, value in behind.scopes[1]["headers"] if name == b"cookie"]
    assert cookies == [f"access-token-unsecure-x={token}".encode()]


@pytest.mark.parametrize(
    "sent",
    [basic("li", "other"), basic("nobody", "sesame"), basic("", ""), "Basic ???", "Bearer sesame"],
)
def test_wrong_credentials_are_no_session(sent, people):
    gradio = Gradio()
    door = Sessions(Behind(), porter_of(people)[0])
    assert knock(door, f"{API}mcp", gradio=gradio, authorization=sent)[0] == 401
    assert gradio.tokens == {}


def test_a_session_of_the_login_page_opens_the_endpoints(people):
    gradio = Gradio()
    gradio.tokens["t"] = "li"
    door = Sessions(Behind(), porter_of(people)[0])
    statuses = [
        knock(door, f"{API}mcp", gradio=gradio, cookie=cookie)[0]
        for cookie in (
            "a=b; access-token-unsecure-x=t",
            "access-token-x=t",
            "access-token-y=t",
            ";",
        )
    ]
    assert statuses == [200, 200, 401, 401]


def test_whoever_is_struck_out_or_has_another_password_is_logged_out_at_once(people):
    gradio = Gradio()
    gradio.tokens |= {"1": "li", "2": "wu", "3": "li"}
    door = Sessions(Behind(), porter_of(people)[0])
    said = {"authorization": basic("li", "sesame")}
    assert knock(door, f"{API}mcp", gradio=gradio, **said)[0] == 200
    people.write_text(f"li:{OTHER}\nwu:{OTHER}\nan:{SESAME}\n", encoding="utf-8")
    assert knock(door, f"{API}mcp", gradio=gradio, **said)[0] == 401
    assert gradio.tokens == {"2": "wu"}
    said = {"authorization": basic("an", "sesame")}
    assert knock(door, f"{API}mcp", gradio=gradio, **said)[0] == 200


def test_a_fault_in_the_changed_file_is_told_once_and_changes_nothing(people):
    told: list[str] = []
    porter, _ = porter_of(people, told.append)
    people.write_text("li:plain\n", encoding="utf-8")
    assert porter.struck_out() == porter.struck_out() == set()
    assert [str(people) in line and "\n" not in line for line in told] == [True]
    assert asyncio.run(porter.admits("li", "sesame"))


def test_a_faulty_file_is_refused_at_the_start(tmp_path):
    with pytest.raises(PasswordFileError):
        Porter(tmp_path / "missing", print)


@pytest.mark.parametrize("user", ["li", "nobody"])
def test_each_failure_makes_the_next_try_wait_longer_until_one_succeeds(people, user):
    porter, clock = porter_of(people)

    async def guess() -> None:
        for number in range(6):
            assert not await porter.admits(user, str(number))

    asyncio.run(guess())
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert asyncio.run(porter.admits("li", "sesame"))
    assert not asyncio.run(porter.admits("wu", "wrong"))
    assert clock.slept[-1] in (0.5, 8.0)  # 8: nobody and wu may share a counter


def test_tries_for_one_name_are_made_one_after_another_and_few_may_wait(people):
    porter, clock = porter_of(people)

    async def guess() -> list[bool]:
        return await asyncio.gather(*(porter.admits("li", str(n)) for n in range(50)))

    assert not any(asyncio.run(guess()))
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, *[8.0] * 4]


def test_who_guesses_a_colleague_s_password_does_not_lock_the_colleague_out(people):
    porter, clock = porter_of(people)

    async def guess(address: str, password: str) -> bool:
        ADDRESS.set(address)
        return await porter.admits("li", password)

    async def besieged() -> list[bool]:
        strangers = [guess("192.0.2.7", str(n)) for n in range(100)]
        strangers += [guess(f"2001:db8:1:2::{n}", "x") for n in range(1, 100)]
        tasks = [asyncio.create_task(each) for each in [*strangers, guess("192.0.2.8", "sesame")]]
        return [await task for task in tasks]

    *guessed, colleague = asyncio.run(besieged())
    assert not any(guessed)
    assert colleague
    assert len(clock.slept) <= 2 * 8  # of each network few were looked at


def test_the_owner_is_who_logged_in():
    class Request:
        username = "li"

    assert owner(Request()) == "li"
    assert owner(None) == ""


async def ask(question: str, history: list[list[str]] | None = None, k: int = 5) -> str:
    return f"{question}{history}{k}"


def call(body: object, path: str = f"{API}call/ask", kind: str = "application/json") -> Any:
    """Return the status, and what came through or was said."""
    behind, gradio = Behind(), Gradio()
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content_type": kind, "content_length": "1"}
    status, _, said = knock(Calls(behind, [ask]), path, raw, gradio, **sent)
    if status != 200:
        return status, json.loads(said)["detail"]
    assert behind.scopes[0]["path"] == f"{API}call/ask"
    lengths = [value for name, value in behind.scopes[0]["headers"] if name == b"content-length"]
    assert lengths == [str(len(behind.bodies[0])).encode()]
    return status, json.loads(behind.bodies[0])["data"]


def test_all_calls_share_one_state_and_what_came_of_each_is_given_once():
    behind, gradio = Behind(), Gradio()
    door = Calls(behind, [ask])
    for _ in range(2):
        knock(door, f"{API}call/ask", b'{"question": "x"}', gradio, content_type="application/json")
    one, other = (json.loads(body)["session_hash"] for body in behind.bodies)
    assert one != other
    assert gradio.state_holder[one] is gradio.state_holder[other]
    gradio.pending_event_ids_session = {one: {"a1"}, other: {"b2"}, "visitor": {"c3"}}
    for event, status in (("a1", 200), ("a1", 404), ("c3", 404), ("d4", 404)):
        assert knock(door, f"{API}call/ask/{event}", gradio=gradio)[0] == status
    assert one not in gradio.state_holder
    assert other in gradio.state_holder
    assert set(gradio.pending_event_ids_session) == {other, "visitor"}


@pytest.mark.parametrize(
    ("sent", "laid_out"),
    [
        ({"data": ["问"]}, ["问", None, 5]),
        ({"data": ["问", [], 2], "session_hash": "mine", "fn_index": 1}, ["问", [], 2]),
        ({"question": "问"}, ["问", None, 5]),
        ({"k": 2, "question": "问"}, ["问", None, 2]),
    ],
)
@pytest.mark.parametrize("path", ["call/ask", "call/v2/ask", "call/ask/"])
def test_a_call_is_laid_out_with_all_its_arguments_and_nothing_else(sent, laid_out, path):
    assert call(sent, API + path) == (200, laid_out)


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({}, 422, "question"),
        ({"data": []}, 422, "question"),
        ({"data": [1, 2, 3, 4]}, 422, "too many"),
        ({"question": "x", "kk": 2}, 422, "kk"),
        ([], 400, "data"),
        (b"{", 400, "JSON"),
        (b"\xff", 400, "JSON"),
        (b"[" * 100_000, 400, "JSON"),
        (b'{"data": ["' + b"x" * 2**20 + b'"]}', 413, "longer"),
    ],
)
def test_a_call_that_does_not_fit_is_told_why_in_one_line(sent, status, says):
    answered, line = call(sent)
    assert answered == status
    assert says in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"id":' + b"9" * 5_000 + b"}", b'{"id":NaN}', b'["\\ud800"]', b"[]"]
)
def test_what_a_program_asks_the_tools_is_checked_before_they_read_it(body):
    behind, sent = Behind(), {"content_type": "application/json"}
    status, _, said = knock(Events(behind), f"{API}mcp", body, **sent)
    assert (status, behind.scopes) == (400, [])
    assert "\n" not in json.loads(said)["detail"]
    assert knock(Events(behind), f"{API}mcp", b'{"id":1}', **sent)[0] == 200


def test_only_json_is_a_call_so_that_no_form_of_another_site_is_one():
    assert call({"question": "x"}, kind="text/plain")[0] == 415


def test_a_gate_lets_in_as_many_as_it_has_places_and_the_others_in_order():
    gate = Gate(2)
    with gate.entered() as first, gate.entered() as second:
        with gate.entered() as third, gate.entered() as fourth:
            assert [p.before() for p in (first, second, third, fourth)] == [0, 0, 1, 2]
            assert next(fourth.waiting()) == 2
        with gate.entered() as fifth:
            assert next(fifth.waiting()) == 1
    with gate.entered() as sixth:
        assert list(sixth.waiting()) == []


def test_whoever_waits_is_told_of_each_change_and_comes_in_when_a_place_is_free():
    gate, told, inside = Gate(1), [], threading.Event()

    def visit() -> None:
        with gate.entered() as place:
            for before in place.waiting():
                told.append(before)
                inside.set()
        told.append(0)

    with gate.entered():
        visitor = threading.Thread(target=visit)
        visitor.start()
        assert inside.wait(10)
    visitor.join(10)
    assert told[0] == 1
    assert told[-1] == 0


def test_a_place_is_given_back_when_a_waiting_or_answering_visitor_goes_away():
    gate = Gate(1)

    def answered():
        with gate.entered() as place:
            yield from place.waiting()
            yield 0

    answering, waiting, last = answered(), answered(), answered()
    assert [next(answering), next(waiting), next(last)] == [0, 1, 2]
    waiting.close()
    assert next(last) == 1
    answering.close()
    assert next(last) == 0


def test_a_gate_without_a_place_is_refused():
    with pytest.raises(ValueError, match="place"):
        Gate(0)
