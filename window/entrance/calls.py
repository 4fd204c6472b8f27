"""Calls of the named endpoints: the JSON that was sent → all arguments, in order.

Gradio reports wrong arguments as a failure of the program. Here they are laid out beforehand, by
position (`{"data": […]}`) or by name, and what does not fit is answered with one line. Gradio also
makes a visitor's state for each call, and keeps it: here all calls share one.
"""

import asyncio
from collections.abc import Sequence
from inspect import signature
from secrets import token_hex
from typing import Any

from window.entrance.bodies import MisfitError, json_body, names_file, with_body
from window.entrance.doors import API, CALL, Application, Message, Receive, Send, refuse
from window.entrance.endpoints import Endpoint

PREFIX = "calls"  # begins the names of sessions that are calls
_LONGEST = 2**20  # bytes; a question with its history is far shorter


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
            sent = await json_body(scope, receive, _LONGEST)
            arguments = _arguments(self._named[name], sent)
        except MisfitError as error:
            await refuse(send, error.status, str(error))
            return
        session = PREFIX + token_hex(16)
        states = scope["app"].state_holder
        states.session_data[session] = states[PREFIX]  # a state of its own takes long to make
        laid_out = {"data": arguments, "session_hash": session}
        await self.app(*with_body(scope, laid_out, f"{API}call/{name}"), send)

    async def _end(self, event: str, scope: Message, receive: Receive, send: Send) -> None:
        """Give what came of a call, once, and let go of its session.

        Whoever goes away before leaves the line, or is answered no further.
        """
        pending = scope["app"].get_blocks()._queue.pending_event_ids_session
        session = next((name for name, events in pending.items() if event in events), "")
        if not session.startswith(PREFIX):
            await refuse(send, 404, "there is no such call, or its result was fetched before")
            return
        try:
            await self.app(scope, receive, send)
        finally:
            for task in asyncio.all_tasks():
                if task.get_name().endswith(f"<gradio-sep>{event}"):
                    task.cancel()
            states = scope["app"].state_holder
            states.session_data.pop(session, None)
            states.time_last_used.pop(session, None)
            pending.pop(session, None)


def _arguments(endpoint: Endpoint, sent: dict[str, Any]) -> list[Any]:
    if names_file(sent):
        raise MisfitError(422, f"{endpoint.__name__}: no argument is a file")
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
