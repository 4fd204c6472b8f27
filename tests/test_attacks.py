"""A stranger and a colleague with bad intent before the served window: nothing is given away."""

import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import httpx2
import pytest
from visiting import served

from window.entrance.events import FIELDS
from window.entrance.passwords import hash_password
from window.frame import HEAD

API = "gradio_api/"
CLOSED = [
    *("file=/etc/passwd", "file=app.py", "file/etc/passwd", "proxy=http://127.0.0.1", "upload"),
    *("upload_progress", "stream/x/1/2/playlist.m3u8", "component_server", "dev/reload", "mcp"),
    *("vibe-code/", "vibe-edit/", "deep_link", "profiling/traces", "runs", "run-history/records"),
    *("app_id", "token", "user", "openapi.json", "custom_component/x/client/y/z", "queue/status"),
    *("process_recording", "run/ask", "api/ask", "heartbeat/x/../../file=app.py"),
]
ELSEWHERE = [
    *("/monitoring", "/monitoring/summary", "/docs", "/redoc", "/openapi.json", "/robots.txt"),
    *("/pwa_icon", "/svelte/x", "/file=/etc/passwd", "//etc/passwd", "/metrics/../file=x", "*"),
    *("/static/../../../../etc/passwd", "/static/..%2f..%2f..%2f..%2fetc%2fpasswd"),
    *("/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd", "/assets/..%5cx"),
    *("/static/%2fetc%2fpasswd", "/static/%00", "/assets/", "http://example.com/", "/static/img"),
    "/assets/" + "a" * 5_000,
]


@pytest.fixture(scope="module")
def address(template: Path) -> Iterator[str]:
    """Where the window is served on this machine, to whoever is there."""
    with served("app.py", "--port", "0", "--library", str(template)) as url:
        yield url


@pytest.fixture(scope="module")
def office(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it is served to two people, with the figures, under a name of its own."""
    people = tmp_path_factory.mktemp("people") / "people"
    people.write_text("".join(f"{name}:{hash_password(name * 2)}\n" for name in ("li", "wu")))
    rules = ("--auth", str(people), "--metrics", "--name", "qa.example.org")
    with served("app.py", "--port", "0", *rules, "--library", str(template)) as url:
        yield url


def said(address: str, request: str, body: bytes = b"", seconds: float = 20.0) -> bytes:
    """Return all that a server answers to the lines of a request, to which the host is put."""
    at = urlsplit(address)
    lines = [request, *([] if "\nHost:" in request else [f"Host: {at.netloc}"])]
    head = "\r\n".join([*lines, "Connection: close", "", ""]).replace("\n", "\r\n")
    with socket.create_connection((at.hostname, at.port), seconds) as to:
        to.sendall(head.replace("\r\r", "\r").encode("latin-1") + body)
        return b"".join(iter(lambda: to.recv(2**16), b""))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_is_served_by_the_addresses_that_the_window_does_not_need(address, method):
    for path in [*(f"/{API}{name}" for name in CLOSED), *ELSEWHERE]:
        answer = said(address, f"{method} {path} HTTP/1.1\nContent-Length: 0")
        assert 400 <= status(answer) < 500, path
        assert b"root:" not in answer
        assert len(answer.split(b"\r\n\r\n", 1)[1]) < 200, path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS"])
def test_other_methods_are_refused(address, method):
    assert status(said(address, f"{method} / HTTP/1.1")) == 405


def test_a_link_to_a_saved_state_is_no_file(address):
    for path in ("/?deep_link=../../x", "/config?deep_link=..%2f..%2fetc", "/config?page=/etc"):
        assert b"root:" not in said(address, f"GET {path} HTTP/1.1")


@pytest.mark.parametrize(
    "host", ["example.com", "127.0.0.1.example.com", "127.0.0.1@example.com", "example.com:7860"]
)
def test_a_site_that_gives_its_name_to_this_machine_gets_nothing(address, host):
    answer = said(address, f"GET /config HTTP/1.1\nHost: {host}")
    assert status(answer) == 421
    assert b"components" not in answer


def test_a_proxy_s_name_is_answered_where_it_was_given(office):
    asked = "GET /health HTTP/1.1\nHost: "
    assert status(said(office, f"{asked}qa.example.org")) == 200
    assert status(said(office, f"{asked}other.example.org")) == 421


@pytest.mark.parametrize(
    "sign",
    [
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ],
)
def test_another_site_s_page_cannot_ask_or_log_out(address, sign):
    kind = "Content-Type: application/json\nContent-Length: 2"
    for line in (f"POST /{API}call/ask", f"POST /{API}queue/join", "GET /logout", "GET /config"):
        answer = said(address, f"{line} HTTP/1.1\n{sign}\n{kind}", b"{}")
        assert status(answer) == 403, line


def test_a_link_on_another_site_leads_to_the_window(address):
    assert status(said(address, "GET / HTTP/1.1\nSec-Fetch-Site: cross-site")) == 200


def test_there_is_no_websocket(address):
    asked = "GET / HTTP/1.1\nUpgrade: websocket\nSec-WebSocket-Key: eA==\nSec-WebSocket-Version: 13"
    assert b"101 Switching" not in said(address, asked)


HOSTILE = {
    "deep": b'{"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "forty levels": b'{"data":[],"event_data":' + b"[" * 60 + b"]" * 60 + b"}",
    "no number": b'{"data":[NaN],"session_hash":"x","fn_index":0}',
    "too large": b'{"data":[1e999],"session_hash":"x","fn_index":0}',
    "huge": b'{"data":[],"session_hash":"x","fn_index":' + b"9" * 5000 + b"}",
    "half a character": b'{"data":["\\ud800"],"session_hash":"x","fn_index":0}',
    "no event": b'{"data":[],"session_hash":"x","fn_index":99999}',
    "negative": b'{"data":[],"session_hash":"x","fn_index":-1}',
    "somebody's call": b'{"data":[],"session_hash":"calls","fn_index":0}',
    "no visit": b'{"data":[],"fn_index":0}',
    "a file": b'{"data":[{"path":"/etc/passwd","meta":{"_type":"gradio.FileData"}}],'
    b'"session_hash":"x","fn_index":0}',
    "packed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "not UTF-8": b"\xff\xfe{}",
    "a list": b"[]",
}


@pytest.mark.parametrize("name", ["cancel", "reset"])
def test_what_ends_an_event_is_no_less_checked(address, name):
    for body in (HOSTILE["deep"], HOSTILE["too large"], HOSTILE["half a character"], b"[]"):
        asked = f"POST /{API}{name} HTTP/1.1\nContent-Type: application/json"
        assert status(said(address, f"{asked}\nContent-Length: {len(body)}", body)) == 400
    answer = httpx2.post(f"{address}{API}{name}", json={"event_id": 1, "session_hash": "x"})
    assert answer.status_code == 422
    assert "is missing or wrong" in answer.json()["detail"]


def test_an_event_without_what_its_part_sends_along_is_refused_in_one_line(address):
    config = httpx2.get(f"{address}config").json()
    named = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
    reading = [event for event in config["dependencies"] if event["collects_event_data"]]
    for event in reading:
        [part] = {(named[target], name) for target, name in event["targets"]}
        assert FIELDS[part]
        sent = {"data": [None] * len(event["inputs"]), "fn_index": event["id"], "session_hash": "x"}
        for told in (None, {}, {name: {} for name in FIELDS[part]}, "x"):
            join = httpx2.post(f"{address}{API}queue/join", json={**sent, "event_data": told})
            assert (join.status_code, part) == (422, part)
            assert isinstance(join.json()["detail"], str)
    assert len(reading) == len(FIELDS)


def test_an_event_is_given_as_many_values_as_it_takes_and_text_in_text_boxes(address):
    asked = {"fn_index": 0, "session_hash": "x"}
    for more in (
        {"data": []},
        {"data": [None] * 5},
        {"data": [{}, None, None, ""]},
    ):
        assert httpx2.post(f"{address}{API}queue/join", json=asked | more).status_code == 422, more


@pytest.mark.parametrize("name", ["queue/join", "call/ask", "call/search"])
def test_json_that_was_made_to_break_something_is_refused_in_one_line(address, name):
    for what, body in HOSTILE.items():
        asked = f"POST /{API}{name} HTTP/1.1\nContent-Type: application/json"
        answer = said(address, f"{asked}\nContent-Length: {len(body)}", body)
        assert 400 <= status(answer) < 500, what
        assert b"Traceback" not in answer
        assert b"passwd" not in answer


class Bait(BaseHTTPRequestHandler):
    """A server inside the house, which must never be asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)


def test_the_server_fetches_no_address_that_is_given_in_the_place_of_a_file(address):
    with HTTPServer(("127.0.0.1", 0), Bait) as bait:
        threading.Thread(target=bait.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{bait.server_port}/x.png"
        file = {"path": url, "url": url, "meta": {"_type": "gradio.FileData"}}
        with httpx2.Client() as client:
            for event in client.get(f"{address}config").json()["dependencies"]:
                sent = {"data": [[file]], "fn_index": event["id"], "session_hash": "x"}
                assert client.post(f"{address}{API}queue/join", json=sent).status_code == 422
        bait.shutdown()
    assert Bait.asked == []


def test_what_somebody_else_asked_cannot_be_fetched_by_guessing(address):
    begun = httpx2.post(f"{address}{API}call/ask", json={"question": "苹果园亩产多少？"})
    event = begun.json()["event_id"]
    assert re.fullmatch(r"[0-9a-f]{32}", event)
    for guess in (event[:-1], event[:-1] + "z", "*", "0" * 32):
        assert httpx2.get(f"{address}{API}call/ask/{guess}").status_code == 404
    for guess in ("calls", "x", event, ""):
        awaited = f"{address}{API}queue/data?session_hash={guess}"
        assert httpx2.get(awaited).status_code == 404
    assert "event: complete" in httpx2.get(f"{address}{API}call/ask/{event}", timeout=60).text


@pytest.mark.parametrize(
    ("path", "length", "expected"),
    [("/login", 2**15, 413), (f"/{API}call/ask", 2**21, 413), (f"/{API}queue/join", 2**25, 413)],
)
def test_a_request_longer_than_is_needed_there_is_refused_by_its_head(
    address, path, length, expected
):
    asked = f"POST {path} HTTP/1.1\nContent-Type: application/json\nContent-Length: {length}"
    assert status(said(address, asked)) == expected


def test_a_head_without_end_is_refused(address):
    try:
        assert status(said(address, "GET / HTTP/1.1\nX: " + "a" * 200_000)) == 400
    except ConnectionResetError:
        return  # it hung up before it had been told all


def test_every_answer_forbids_what_the_window_does_not_need(address):
    for path in ("/", "/config", "/health", "/nothing", "/assets/nothing"):
        head = said(address, f"GET {path} HTTP/1.1").split(b"\r\n\r\n")[0].lower()
        for header in (b"content-security-policy: default-src 'self'", b"frame-ancestors 'none'"):
            assert header in head, path
        assert b"x-content-type-options: nosniff" in head
        assert b"referrer-policy: no-referrer" in head
        assert b"uvicorn" not in head


@pytest.mark.parametrize("server", ["address", "office"])
def test_no_script_runs_in_the_page_but_those_that_it_was_sent_with(server, request):
    answer = httpx2.get(request.getfixturevalue(server), headers={"accept-encoding": "br, gzip"})
    rules = answer.headers["content-security-policy"].split("; ")
    [scripts] = [rule for rule in rules if rule.startswith("script-src")]
    sent = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", answer.text + HEAD, re.S)
    hashes = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in sent]
    assert len(sent) > 3
    assert scripts.split() == ["script-src", "'self'", "'unsafe-eval'", *hashes]


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Gradio-Server"])
def test_no_header_gives_the_page_another_server_to_ask(address, header):
    for path in ("/", "/config", "/logout"):
        answer = said(address, f"GET {path} HTTP/1.1\n{header}: http://evil.example")
        assert b"evil.example" not in answer, path


def test_no_path_of_the_machine_is_told(address):
    for path in ("/", "/config", f"/{API}info", "/theme.css", "/health", "/manifest.json"):
        answer = said(address, f"GET {path} HTTP/1.1").decode("utf-8", "replace")
        assert not re.search(r"/(?:home|root|tmp|usr|var)/\w", answer), path
        assert str(Path.cwd()) not in answer


def test_who_has_not_logged_in_learns_that_the_server_is_well_and_nothing_else(office):
    assert b'{"status": "ok"}' in said(office, "GET /health HTTP/1.1")
    for path in (
        "/config",
        "/metrics",
        "/metrics/",
        f"/{API}info",
        f"/{API}queue/data",
        "/?view=api",
    ):
        answer = said(office, f"GET {path} HTTP/1.1")
        assert b'dependencies":[{' not in answer, path
        assert b"qa_" not in answer, path


def test_the_figures_are_for_who_logs_in(office):
    answer = httpx2.get(f"{office}metrics", auth=("li", "lili"))
    assert answer.status_code == 200
    assert "qa_articles 3.0" in answer.text
    assert httpx2.get(f"{office}metrics").headers["www-authenticate"].startswith("Basic")


def test_without_the_flag_there_are_no_figures(address):
    assert httpx2.get(f"{address}metrics").status_code == 404


def test_a_session_is_made_by_the_server_and_its_cookie_is_kept_from_scripts(office):
    mine = {"cookie": "access-token-x=chosen; access-token-unsecure-x=chosen"}
    sent = {"username": "li", "password": "lili"}
    over = {**mine, "x-forwarded-proto": "https"}  # as a proxy on this machine says it
    answer = httpx2.post(f"{office}login", data=sent, headers=over)
    cookies = answer.headers.get_list("set-cookie")
    assert answer.status_code == 200
    assert len(cookies) == 2
    for cookie in cookies:
        assert "chosen" not in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert cookie.count("Secure") == 1


def test_a_wrong_password_is_answered_alike_for_known_and_unknown_names(office):
    answers = set()
    for name in ("li", "nobody", "li\x00", "李" * 100):
        answer = httpx2.post(f"{office}login", data={"username": name, "password": "x"})
        answers.add((answer.status_code, answer.text))
    assert len(answers) == 1


def test_a_form_that_is_no_login_is_refused_in_one_line(address, office):
    file = b'--x\r\nContent-Disposition: form-data; name="password"; filename="a"\r\n\r\n1\r\n'
    unreadable = "multipart/form-data; boundary=x"
    forms = [
        (400, unreadable, file + b"--x--\r\n"),
        (400, unreadable, b"no form"),
        (400, f"{unreadable}; charset=undefined", file.replace(b'; filename="a"', b"")),
        (422, unreadable, b"--x--\r\n"),
        (422, "application/x-www-form-urlencoded", b"username=li"),
        (422, "application/json", b'{"username": "li", "password": "lili"}'),
    ]
    for server in (address, office):
        for expected, kind, form in forms:
            answer = httpx2.post(f"{server}login", content=form, headers={"content-type": kind})
            assert (answer.status_code, form) == (expected, form)
            assert isinstance(answer.json()["detail"], str)
            assert "form" in answer.json()["detail"]


def test_an_api_caller_who_goes_away_is_answered_no_further(template):
    with served("-c", ENDLESS, str(template)) as slow:
        calls = [
            httpx2.post(f"{slow}{API}call/ask", json={"question": "苹果？"}).json()["event_id"]
            for _ in range(2)
        ]
        assert filled(slow, 2) == 2
        for event in calls:
            with pytest.raises(httpx2.ReadTimeout):
                httpx2.get(f"{slow}{API}call/ask/{event}", timeout=0.5)
        assert filled(slow, 0) == 0


def filled(address: str, expected: float) -> float:
    """Return how many are answered or wait, as soon as it is so many, or after a while."""
    until, found = time.monotonic() + 20, -1.0
    while found != expected and time.monotonic() < until:
        text = httpx2.get(f"{address}metrics").text
        found = sum(map(float, re.findall(r"^qa_(?:answering|waiting) (\S+)$", text, re.M)))
    return found


ENDLESS = """
import sys, time, app
from pathlib import Path
from qa import Library
from qa.answering.asking import Models
from qa.answering.quoting import Reader
from window.desk import Desk
from window.entrance.entrance import OPEN_HOUSE
from window.metrics import Metrics

class Endless(Reader):
    def answers(self, finding):
        *_, answer = super().answers(finding)
        while True:
            time.sleep(0.05)
            yield answer

library = Library.open(Path(sys.argv[1]))
desk = Desk(library, ["x"], Models(Endless()), places=1)
desk.warm_up = lambda: None
with Metrics(library, desk.gate) as metrics:
    house = OPEN_HOUSE._replace(metrics=metrics)
    app.serve(desk, "127.0.0.1", app.free_port("127.0.0.1", 0), house)
"""
