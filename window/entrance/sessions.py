"""Who is logged in: gradio's sessions, and names and passwords sent along with a call.

Gradio knows a visitor by a token in a cookie, which its login page sets. A program may send its
name and password with each call instead (HTTP Basic), and gets a session without noticing it.
"""

import base64
import binascii
import secrets
from hashlib import blake2b
from http.cookies import CookieError, SimpleCookie
from typing import Any

from window.entrance.doors import (
    API,
    CALL,
    METRICS,
    TOOLS,
    Application,
    Message,
    Receive,
    Send,
    refuse,
)
from window.entrance.porter import Porter

_SAID = "log in: name and password are sent by HTTP Basic, or as the cookies that /login sets"
_HOW = ((b"www-authenticate", b'Basic realm="gaoxin-qa", charset="UTF-8"'),)
# What the login page needs, and what gradio asks itself when it begins to serve.
_UNGUARDED = frozenset(API + name for name in ("login_check", "theme.css", "startup-events"))


class Sessions:
    """ASGI middleware: behind it, the API and the metrics are only for people of the porter.

    A session ends when its person is struck out of the password file, or given another password.
    """

    def __init__(self, app: Application, porter: Porter) -> None:
        self.app = app
        self._porter = porter
        self._known: dict[bytes, str] = {}  # digest of credentials that were right → token

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, with its session; refuse one of the API that has none."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        gradio = scope["app"]
        self._strike_out(gradio)
        if not self._has_session(scope, gradio):
            token = await self._logged_in(scope, gradio)
            if token:
                scope = _with_token(scope, gradio, token)
            elif _is_guarded(scope["path"]):
                called = CALL.fullmatch(scope["path"]) or _bare(scope) in (TOOLS, METRICS)
                # A browser that is told how to log in would ask in a dialog of its own.
                await refuse(send, 401, _SAID, _HOW if called else ())
                return
        await self.app(scope, receive, send)

    def _strike_out(self, gradio: Any) -> None:
        gone = self._porter.struck_out()
        for token in [each for each, user in gradio.tokens.items() if user in gone]:
            del gradio.tokens[token]

    def _has_session(self, scope: Message, gradio: Any) -> bool:
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(_header(scope, b"cookie").decode("latin-1"))
        except CookieError:
            return False
        named = (cookies.get(f"{name}-{gradio.cookie_id}") for name in _COOKIES)
        return any(cookie is not None and cookie.value in gradio.tokens for cookie in named)

    async def _logged_in(self, scope: Message, gradio: Any) -> str:
        """Return the token of whoever sent the right name and password along, else ""."""
        sent = _header(scope, b"authorization")
        user, password = _credentials(sent)
        if not user:
            return ""
        digest = blake2b(sent, digest_size=32).digest()
        token = self._known.get(digest, "")
        if token not in gradio.tokens:
            if not await self._porter.admits(user, password):
                return ""
            token = self._known[digest] = secrets.token_urlsafe(16)
            gradio.tokens[token] = user
        return token


def _is_guarded(path: str) -> bool:
    return path.rstrip("/") == METRICS or (path.startswith(API) and path not in _UNGUARDED)


def _bare(scope: Message) -> str:
    return str(scope["path"]).rstrip("/")


_COOKIES = ("access-token", "access-token-unsecure")


def _with_token(scope: Message, gradio: Any, token: str) -> Message:
    cookie = f"{_COOKIES[1]}-{gradio.cookie_id}={token}".encode()
    others = [header for header in scope["headers"] if header[0] not in (b"cookie",)]
    return {**scope, "headers": [*others, (b"cookie", cookie)]}


def _header(scope: Message, name: bytes) -> bytes:
    return b"; ".join(value for each, value in scope["headers"] if each == name)


def _credentials(sent: bytes) -> tuple[str, str]:
    """Return name and password of a Basic authorization; two empty texts for anything else."""
    kind, _, encoded = sent.partition(b" ")
    if kind.lower() != b"basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user.strip(), password
