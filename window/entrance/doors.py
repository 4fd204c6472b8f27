"""Which addresses of the server are open, and what a page of it may load.

Gradio's server offers far more than the window uses (files, uploads, a proxy, run records).
Everything not on the list is answered as if it did not exist, and the browser is told to
contact no other host, so that even a slip in escaping could not send a reader elsewhere.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

API = "/gradio_api/"
TOOLS = API + "mcp"
CALL = re.compile(API + r"call/(?:v2/)?(ask|search|articles)(?:/([0-9a-f]{1,64}))?/?")

_OPEN = frozenset(
    ("/", "/config", "/login", "/logout", "/theme.css", "/favicon.ico", "/manifest.json")
)
_OPEN_API = frozenset(
    {
        "cancel",
        "info",
        "login_check",
        "queue/data",
        "queue/join",
        "reset",
        "startup-events",
        "theme.css",
    }
)
_LONGEST = 20 * 2**20  # bytes of one request: a file of 10 MB in base64, and some
_OPEN_UNDER = ("/assets/", "/static/", API + "heartbeat/")

# Gradio compiles templates and starts up from inline scripts, hence the two `unsafe-` words.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def is_open(path: str, tools: bool = False) -> bool:
    """Tell whether the window or its named endpoints need this address; `tools` opens theirs."""
    bare = path.rstrip("/") or "/"
    return (
        bare in _OPEN
        or path.startswith(_OPEN_UNDER)
        or bare.removeprefix(API) in _OPEN_API
        or CALL.fullmatch(path) is not None
        or (tools and bare == TOOLS)
    )


class Doors:
    """ASGI middleware: 404 for every closed address, protective headers on every answer.

    A request must tell how long it is, and not be longer than anything that the window sends.
    """

    def __init__(self, app: Application, tools: bool = False) -> None:
        self.app = app
        self.tools = tools

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass an open request on; answer a closed one."""
        if scope["type"] == "http" and not is_open(scope["path"], self.tools):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["type"] == "http" and (refusal := _refusal(dict(scope["headers"]))):
            await refuse(send, *refusal)
            return
        if scope["type"] == "http" and scope["path"].rstrip("/") == API + "info":
            scope["query_string"] = b""  # it could ask for the private events too

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*map(_kept_here, message.get("headers", ())), *_HEADERS]
            await send(message)

        await self.app(scope, receive, send_protected)


async def refuse(send: Send, status: int, line: str, headers: Iterable[Header] = ()) -> None:
    """Answer a request with `{"detail": line}`, as gradio words its own refusals."""
    body = json.dumps({"detail": line}, ensure_ascii=False).encode()
    given = [(b"content-type", b"application/json"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})


def _refusal(headers: dict[bytes, bytes]) -> tuple[int, str] | None:
    """Return the status and reason with which a request of these headers is refused, if it is."""
    if b"transfer-encoding" in headers:
        return 411, "tell the length of the request: Content-Length is missing"
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length[:20]) <= _LONGEST:
        return None
    return 413, f"a request may be {_LONGEST} bytes long"


def _kept_here(header: Header) -> Header:
    """Return a header; a cookie only so that no other site's page can send it along."""
    name, value = header
    if name.lower() != b"set-cookie":
        return header
    return name, re.sub(rb";\s*samesite=\w+", b"", value, flags=re.I) + b"; SameSite=Lax"
