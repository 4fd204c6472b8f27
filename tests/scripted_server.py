"""A scripted OpenAI-compatible server for tests: it answers what it was told to, well or badly.

    with ScriptedServer([Script(["桥有", "三座。[1]"])]) as server:
        model = open_server(server.url)

It serves `GET /v1/models` and `POST /v1/chat/completions` (streamed) from threads, on a free port
of 127.0.0.1. Each chat request takes the next script; the last one answers all that follow.
A function in place of a script is given the `Request`, for answers that depend on the prompt.
It knows no more of chat models than the wire: nothing of `qa` is imported here.
"""

import json
import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Ending = Literal["finish", "length", "end", "drop", "hang", "endless", "error", "malformed"]
"""What comes after the pieces:
finish, length: a proper end, with this reason ("stop" for finish). end: a proper end of the
response that gives no reason, as when a proxy lost its server. drop: the connection is cut.
hang: silence, until the client goes. endless: the last piece over and over, until the client
goes. error: an error object in the stream. malformed: an event that is no JSON."""


@dataclass(frozen=True, slots=True)
class Script:
    """How one chat request is answered."""

    pieces: Sequence[str] = ()
    then: Ending = "finish"
    wait: float = 0.0  # seconds before the first byte of the response
    delay: float = 0.0  # seconds before each piece
    status: int = 200  # any other: an error response with `message`, and no pieces
    message: str = "scripted trouble"  # of an error response, or of then="error"
    headers: Mapping[str, str] = field(default_factory=dict)
    thoughts: Sequence[str] = ()  # sent before the pieces, in the field `thoughts_in`
    thoughts_in: str = "reasoning_content"
    raw: bytes = b""  # the body of the response, of an error too, in place of what is told above


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was asked. `gone` is set once the connection was cut before the end."""

    path: str
    headers: Mapping[str, str]  # names in lower case
    body: Any  # of JSON, or None
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def prompt(self) -> str:
        """The texts of all messages."""
        return "\n".join(message["content"] for message in self.body["messages"])


class ScriptedServer:
    """Serves while its `with` block runs; `url` ends in /v1, `requests` are those for a chat.

    `models` are the names, or whole entries, that /v1/models lists; None: it answers 404; a
    script: it answers with that one's wait, status, headers and body.
    `key`: requests without this key get 401. `refuses`: fields that get 400, naming the field.
    """

    def __init__(
        self,
        scripts: Sequence[Script | Callable[[Request], Script]] = (),
        *,
        models: Sequence[str | Mapping[str, Any]] | Script | None = ("scripted",),
        key: str | None = None,
        refuses: Sequence[str] = (),
        prefix: str = "/v1",
    ) -> None:
        self.scripts = list(scripts)
        self.models = models
        self.key = key
        self.refuses = refuses
        self.prefix = prefix
        self.requests: list[Request] = []
        self.listed: list[Request] = []  # the requests for /models
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.scripted = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}{self.prefix}"

    def next_script(self, request: Request) -> Script:
        with self._lock:
            self.requests.append(request)
            script = self.scripts[0] if len(self.scripts) == 1 else self.scripts.pop(0)
        return script if isinstance(script, Script) else script(request)

    def stop(self) -> None:
        """Cut all connections and listen no more, like a server that is killed."""
        if not self.stopping.is_set():
            self.stopping.set()
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    scripted: ScriptedServer


class _LeftError(Exception):
    """The client has gone, the server is stopping, or the script says so: cut the connection."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    request_seen: Request

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _answer(self, body: Any) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.request_seen = Request(self.path, headers, body)
        try:
            self._route()
        except (_LeftError, OSError):
            self.request_seen.gone.set()
            self._cut()

    def _route(self) -> None:
        scripted, asked = self.server.scripted, self.request_seen
        if scripted.key and asked.headers.get("authorization") != f"Bearer {scripted.key}":
            sent = asked.headers.get("authorization", "none")
            self._refuse(401, f"Incorrect API key provided: {sent}")
        elif asked.path == f"{scripted.prefix}/models" and scripted.models is not None:
            scripted.listed.append(asked)
            if isinstance(told := scripted.models, Script):
                self._wait(told.wait)
                self._refuse(told.status, told.message, told.headers, told.raw)
                return
            entries = [{"id": it} if isinstance(it, str) else it for it in told]
            self._whole(200, json.dumps({"object": "list", "data": entries}).encode(), {})
        elif asked.path == f"{scripted.prefix}/chat/completions" and asked.body is not None:
            self._chat()
        else:
            self._refuse(404, "Not Found")

    def _chat(self) -> None:
        scripted, asked = self.server.scripted, self.request_seen
        refused = [name for name in scripted.refuses if name in asked.body]
        if refused:
            scripted.requests.append(asked)
            self._refuse(400, f"Unrecognized request argument supplied: {refused[0]}")
            return
        script = scripted.next_script(asked)
        self._wait(script.wait)
        if script.status != 200:
            self._refuse(script.status, script.message, script.headers, script.raw)
            return
        self._start(200, "text/event-stream", script.headers, chunked=True)
        events = (f"data: {event}\n\n".encode() for event in self._events(script))
        for data in [script.raw] if script.raw else events:
            self._chunk(data)
        self._chunk(b"")

    def _events(self, script: Script) -> Iterator[str]:
        yield _delta({"role": "assistant", "content": ""})
        for thought in script.thoughts:
            self._wait(script.delay)
            yield _delta({script.thoughts_in: thought})
        for piece in script.pieces:
            self._wait(script.delay)
            yield _delta({"content": piece})
        yield from self._ending(script)

    def _ending(self, script: Script) -> Iterator[str]:
        match script.then:
            case "finish" | "length":
                yield _delta({}, "stop" if script.then == "finish" else "length")
                yield "[DONE]"
            case "drop":
                raise _LeftError
            case "hang":
                self._wait(float("inf"))
            case "endless":
                while True:
                    self._wait(script.delay)
                    yield _delta({"content": script.pieces[-1]})
            case "error":
                yield json.dumps({"error": {"message": script.message, "code": 500}})
            case "malformed":
                yield '{"choices": [{"delta": {"con'

    def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the client stays and the server is up."""
        step = 0.02
        while True:
            if self.server.scripted.stopping.wait(min(seconds, step)) or self._client_left():
                raise _LeftError
            seconds -= step
            if seconds <= 0:
                return

    def _client_left(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def _refuse(
        self, status: int, message: str, headers: Mapping[str, str] | None = None, raw: bytes = b""
    ) -> None:
        body = raw or json.dumps({"error": {"message": message, "code": status}}).encode()
        self._whole(status, body, headers or {})

    def _whole(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._start(status, "application/json", headers, chunked=False)
        self.wfile.write(body)

    def _start(
        self, status: int, content_type: str, headers: Mapping[str, str], *, chunked: bool
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Connection", "close")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _cut(self) -> None:
        """End the connection with a reset, as a killed process does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at `requests`."""


def _delta(delta: Mapping[str, str], reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return json.dumps({"object": "chat.completion.chunk", "choices": [choice]}, ensure_ascii=False)
