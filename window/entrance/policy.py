"""The policy for browsers: what they may load, and which scripts of a page they may run.

Scripts are this server's files, and those that stand in the page as it is sent, each told by its
hash, so that markup which a slip in escaping let in could run nothing. Gradio compiles templates
and styles elements one by one, so `unsafe-eval`, and `unsafe-inline` for styles, stay.
"""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from hashlib import sha256
from typing import Any

_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_REST = (
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-src 'none'; worker-src 'none'; frame-ancestors 'none'"
)


def policy(scripts: Iterable[bytes] = ()) -> tuple[bytes, bytes]:
    """Return the header that lets these scripts run, and no other that is not a file of ours."""
    hashes = (b64encode(sha256(script).digest()).decode() for script in scripts)
    named = "".join(f" 'sha256-{each}'" for each in hashes)
    rules = f"default-src 'self'; script-src 'self' 'unsafe-eval'{named}; {_REST}"
    return b"content-security-policy", rules.encode()


def scripts_in(page: bytes) -> list[bytes]:
    """Return the scripts that stand in a page between their tags."""
    return _SCRIPT.findall(page)


class Paged:
    """Sends a page once it is whole, with the policy for the scripts in it and in `head`.

    Gradio puts `head` into the page in the browser only.
    """

    def __init__(
        self, send: Callable[[MutableMapping[str, Any]], Awaitable[None]], head: str
    ) -> None:
        self._send = send
        self._head = head
        self._start: MutableMapping[str, Any] = {}
        self._page = bytearray()

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        """Keep a part of the answer, or send all with the last."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._page += message.get("body", b"")
        if message.get("more_body"):
            return
        page = bytes(self._page)
        header = policy([*scripts_in(page), *scripts_in(self._head.encode())])
        headers = [*self._start.get("headers", ()), header]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": page})
