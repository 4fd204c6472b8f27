"""Which addresses of the server are open, and what a page of it may load.

Gradio's server offers far more than the window uses (files, uploads, a proxy, run records).
Everything not on the list is answered as if it did not exist, and the browser is told to
contact no other host, so that even a slip in escaping could not send a reader elsewhere.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_OPEN = frozenset(
    ("/", "/config", "/login", "/logout", "/theme.css", "/favicon.ico", "/manifest.json")
)
_OPEN_API = frozenset(
    ("queue/join", "queue/data", "cancel", "reset", "startup-events", "login_check", "theme.css")
)
_OPEN_UNDER = ("/assets/", "/static/", "/gradio_api/heartbeat/")

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


def is_open(path: str) -> bool:
    """Tell whether the window needs this address."""
    bare = path.rstrip("/") or "/"
    return (
        bare in _OPEN
        or path.startswith(_OPEN_UNDER)
        or bare.removeprefix("/gradio_api/") in _OPEN_API
    )


class Doors:
    """ASGI middleware: 404 for every closed address, protective headers on every answer."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass an open request on; answer a closed one."""
        if scope["type"] == "http" and not is_open(scope["path"]):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self.app(scope, receive, send_protected)
