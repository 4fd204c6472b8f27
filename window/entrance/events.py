"""Events of the window: what a browser sends when somebody acts, checked before gradio takes it.

Gradio takes a file that is given by an address for something to fetch, and meets events that
there are not with a traceback. Of our parts none is given a file in this way.
"""

import re
from collections.abc import Mapping
from typing import Any

from window.entrance.bodies import MisfitError, json_body, names_file, with_body
from window.entrance.calls import PREFIX
from window.entrance.doors import API, Application, Message, Receive, Send, refuse

_JOIN, _STREAM = API + "queue/join", API + "queue/data"
_ENDINGS = (API + "cancel", API + "reset")
_LONGEST = 20 * 2**20  # bytes: a file of 10 MB in base64, and some
_VISIT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TAKEN = ("data", "event_data", "fn_index", "session_hash", "trigger_id")


class Events:
    """ASGI middleware: hands on events that the page has, and everything that is no event."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer what is no event of the page; pass on the rest."""
        path = scope["path"].rstrip("/") if scope["type"] == "http" else ""
        try:
            if path == _JOIN and scope["method"] == "POST":
                sent = await json_body(scope, receive, _LONGEST)
                scope, receive = with_body(scope, _event(sent, scope["app"]), path)
            elif path in _ENDINGS and scope["method"] == "POST":
                scope, receive = with_body(scope, await json_body(scope, receive, _LONGEST), path)
            elif path == _STREAM:
                _expect(scope)
        except MisfitError as error:
            await refuse(send, error.status, str(error))
            return
        await self.app(scope, receive, send)


def _event(sent: Mapping[str, Any], gradio: Any) -> dict[str, Any]:
    """Return what gradio is given of an event. Raises MisfitError."""
    visit, event, data = sent.get("session_hash"), sent.get("fn_index"), sent.get("data")
    if not isinstance(visit, str) or not _VISIT.fullmatch(visit) or visit.startswith(PREFIX):
        raise MisfitError(422, '"session_hash" is missing or wrong')
    if not isinstance(event, int) or event not in gradio.get_blocks().fns:
        raise MisfitError(422, '"fn_index" names no event of the window')
    if not isinstance(data, list) or names_file(data):
        raise MisfitError(422, '"data" must be a list without files')
    return {name: sent[name] for name in _TAKEN if name in sent}


def _expect(scope: Message) -> None:
    """Raise MisfitError for a visit of which nothing is awaited."""
    visit = re.fullmatch(rb"session_hash=([A-Za-z0-9_-]{1,64})", scope["query_string"])
    awaited = scope["app"].get_blocks()._queue.pending_messages_per_session
    if visit is None or visit[1].decode() not in awaited:
        raise MisfitError(404, "there is nothing to wait for")
