"""Calls of the named endpoints: the JSON that was sent → all arguments, in order.

Gradio reports wrong arguments as a failure of the program. Here they are laid out beforehand, by
position (`{"data": […]}`) or by name, and what does not fit is answered with one line. Gradio also
makes a visitor's state for each call, and keeps it: here all calls share one.
"""

import json
from collections.abc import Sequence
from inspect import signature
from secrets import token_hex
from typing import Any

from window.entrance.doors import API, CALL, Application, Message, Receive, Send, refuse
from window.entrance.endpoints import Endpoint

_PREFIX = "calls"  # begins the names of sessions that are calls
_LONGEST = 2**20  # bytes; a question with its history is far shorter


class MisfitError(Exception):
    """A call that cannot be taken: an HTTP status, and one line that says why."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


class Calls:
    """ASGI middleware: hands on calls that fit an endpoint, and everything that is not a call."""

    def __init__(self, app: Application, endpoints: Sequence[Endpoint]) -> None:
        self.app = app
        self._named = {endpoint.__name__: endpoint for endpoint in endpoints}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a call that does not fit; pass on the rest."""
        called = CALL.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if called and scope["method"] == "POST":
            await self._begin(called[1], scope, receive, send)
        elif called:
            await self._end(called[2] or "", scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _begin(self, name: str, scope: Message, receive: Receive, send: Send) -> None:
        try:
            sent = _object(await _body(scope, receive))
            arguments = _arguments(self._named[name], sent)
        except MisfitError as error:
            await refuse(send, error.status, str(error))
            return
        session = _PREFIX + token_hex(16)
        states = scope["app"].state_holder
        states.session_data[session] = states[_PREFIX]  # a state of its own takes long to make
        await self.app(*_call(scope, name, {"data": arguments, "session_hash": session}), send)

    async def _end(self, event: str, scope: Message, receive: Receive, send: Send) -> None:
        """Give what came of a call, once, and let go of its session."""
        pending = scope["app"].get_blocks()._queue.pending_event_ids_session
        session = next((name for name, events in pending.items() if event in events), "")
        if not session.startswith(_PREFIX):
            await refuse(send, 404, "there is no such call, or its result was fetched before")
            return
        try:
            await self.app(scope, receive, send)
        finally:
            states = scope["app"].state_holder
            states.session_data.pop(session, None)
            states.time_last_used.pop(session, None)
            pending.pop(session, None)


def _call(scope: Message, name: str, laid_out: dict[str, Any]) -> tuple[Message, Receive]:
    """Return the same request with another body."""
    body = json.dumps(laid_out).encode()
    headers = [each for each in scope["headers"] if each[0] != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    path = f"{API}call/{name}"

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return {**scope, "path": path, "raw_path": path.encode(), "headers": headers}, receive


async def _body(scope: Message, receive: Receive) -> bytes:
    kind = dict(scope["headers"]).get(b"content-type", b"")
    if kind.split(b";")[0].strip().lower() != b"application/json":
        raise MisfitError(415, "send JSON, with the header Content-Type: application/json")
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _LONGEST:
            raise MisfitError(413, f"the call is longer than {_LONGEST} bytes")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MisfitError(400, "not valid JSON in UTF-8") from error
    if not isinstance(sent, dict):
        raise MisfitError(
            400, 'send {"data": [arguments in order]} or an object of named arguments'
        )
    return sent


def _arguments(endpoint: Endpoint, sent: dict[str, Any]) -> list[Any]:
    places = sent.get("data")
    try:
        bound = (
            signature(endpoint).bind(*(places or ()))
            if isinstance(places, list)
            else (signature(endpoint).bind(**sent))
        )
    except TypeError as error:
        raise MisfitError(422, f"{endpoint.__name__}: {error}") from error
    bound.apply_defaults()
    return list(bound.arguments.values())
