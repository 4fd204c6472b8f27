"""Which addresses of the server are open, to whom, and what a page of it may load.

Gradio's server offers far more than the window uses (files, uploads, a proxy, run records).
Everything not on the list is answered as if it did not exist, and the browser is told to
contact no other host, so that even a slip in escaping could not send a reader elsewhere.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from window.entrance.caller import ADDRESS
from window.entrance.origins import Names, comes_from_elsewhere
from window.entrance.policy import Paged, policy

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

API = "/gradio_api/"
TOOLS = API + "mcp"
HEALTH, METRICS, LOGIN = "/health", "/metrics", "/login"
CALL = re.compile(API + r"call/(?:v2/)?(ask|search|articles)(?:/([0-9a-f]{1,64}))?/?")

_OPEN = frozenset(
    ("/", "/config", LOGIN, "/logout", "/theme.css", "/favicon.ico", "/manifest.json", HEALTH)
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
_OPEN_UNDER = ("/assets/", "/static/", API + "heartbeat/")
_METHODS = frozenset(("GET", "HEAD", "POST"))
_LONGEST_PATH = 250  # characters; file systems refuse longer names, and gradio's files have shorter
# Gradio would take these for its own address; it is the Host that was looked at.
_OVERRIDING = frozenset((b"x-forwarded-host", b"x-gradio-server"))
_PACKING = frozenset((b"accept-encoding",))  # a page is looked into on its way
# Bytes of one request: an event with a file of 10 MB in base64, a call, a name and a password.
_LONGEST, _LONGEST_CALL, _LONGEST_LOGIN = 20 * 2**20, 2**20 + 2**16, 2**14

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


def is_open(path: str, tools: bool = False, metrics: bool = False) -> bool:
    """Tell whether the window or its named endpoints need this address; the flags open theirs."""
    bare = path.rstrip("/") or "/"
    return (
        ".." not in path
        and path.isprintable()
        and len(path) <= _LONGEST_PATH
        and (
            bare in _OPEN
            or path.startswith(_OPEN_UNDER)
            or bare.removeprefix(API) in _OPEN_API
            or CALL.fullmatch(path) is not None
            or (tools and bare == TOOLS)
            or (metrics and bare == METRICS)
        )
    )


class Doors:
    """ASGI middleware: 404 for every closed address, protective headers on every answer.

    A request must name this server by one of `names`, come from no other site's page, tell how
    long it is, and not be longer than anything that the window sends there. `head` is what the
    page's head holds beside what is sent.
    """

    def __init__(
        self,
        app: Application,
        tools: bool = False,
        metrics: bool = False,
        names: Names | None = None,
        head: str = "",
    ) -> None:
        self.app = app
        self.tools = tools
        self.metrics = metrics
        self.names = names or Names(None)
        self.head = head

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass an open request on; answer a closed one."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ADDRESS.set((scope.get("client") or ("",))[0])
        secure = scope.get("scheme") == "https"
        is_page = scope["path"] == "/"
        send = Paged(send, self.head) if is_page else send
        own = _HEADERS if is_page else (*_HEADERS, policy())

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = (_kept_here(each, secure) for each in message.get("headers", ()))
                message["headers"] = [*headers, *own]
            await send(message)

        if refusal := self._refusal(scope):
            await refuse(send_protected, *refusal)
            return
        left_out = _OVERRIDING | (_PACKING if is_page else frozenset())
        headers = [each for each in scope["headers"] if each[0] not in left_out]
        scope = {**scope, "headers": headers}
        if scope["path"].rstrip("/") == API + "info":
            scope["query_string"] = b""  # it could ask for the private events too
        await self.app(scope, receive, send_protected)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        """Return the status and reason with which a request is refused, if it is."""
        path, headers = scope["path"], dict(scope["headers"])
        if not self.names.hold(headers.get(b"host", b"")):
            return 421, "not served under this name; see --name of app.py"
        if not is_open(path, self.tools, self.metrics):
            return 404, "there is nothing here"
        if scope["method"] not in _METHODS:
            return 405, "only GET, HEAD and POST are answered"
        if comes_from_elsewhere(headers) and not _is_link(scope):
            return 403, "another site's page may not ask this; a proxy must pass on the Host"
        return _too_long(headers, _longest(path))


async def refuse(send: Send, status: int, line: str, headers: Iterable[Header] = ()) -> None:
    """Answer a request with `{"detail": line}`, as gradio words its own refusals."""
    body = json.dumps({"detail": line}, ensure_ascii=False).encode()
    given = [(b"content-type", b"application/json"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})


def _is_link(scope: Message) -> bool:
    """Tell whether a request is what following a link to the window sends."""
    return scope["path"] == "/" and scope["method"] in ("GET", "HEAD")


def _longest(path: str) -> int:
    bare = path.rstrip("/")
    if bare == API + "queue/join":
        return _LONGEST
    return _LONGEST_LOGIN if bare == LOGIN else _LONGEST_CALL


def _too_long(headers: dict[bytes, bytes], most: int) -> tuple[int, str] | None:
    if b"transfer-encoding" in headers:
        return 411, "tell the length of the request: Content-Length is missing"
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length[:20]) <= most:
        return None
    return 413, f"a request may be {most} bytes long here"


def _kept_here(header: Header, secure: bool) -> Header:
    """Return a header; a cookie only so that no other site's page can send it along."""
    name, value = header
    if name.lower() != b"set-cookie":
        return header
    value = re.sub(rb";\s*samesite=\w+", b"", value, flags=re.I) + b"; SameSite=Lax"
    if secure and not re.search(rb";\s*secure(?:;|$)", value, flags=re.I):
        value += b"; Secure"
    return name, value
