"""Events of the window: what a browser sends when somebody acts, checked before gradio takes it.

Gradio takes a file that is given by an address for something to fetch, and meets events that
there are not, or that lack something, with a traceback. Of our parts none is given a file in this
way. Logging in is an event too, though it is sent as a form, and so is what a program asks the
tools.
"""

import re
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any

from window.entrance.bodies import MisfitError, form_body, json_body, names_file, with_body
from window.entrance.calls import PREFIX
from window.entrance.doors import API, LOGIN, TOOLS, Application, Message, Receive, Send, refuse

_JOIN, _STREAM = API + "queue/join", API + "queue/data"
_CANCEL, _RESET = API + "cancel", API + "reset"
_LONGEST = 20 * 2**20  # bytes: a file of 10 MB in base64, and some
_VISIT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TAKEN = ("fn_index", "session_hash", "trigger_id")

_Fields = Mapping[str, type | UnionType]
_ENDED: Mapping[str, _Fields] = {
    _CANCEL: {"session_hash": str, "fn_index": int, "event_id": str},
    _RESET: {"event_id": str},
}
_CHOSEN: _Fields = {"turn": int | None, "kind": str | None, "place": int | None}
_JUDGED: _Fields = {"turn": int, "feedback": str, "reason": str}
# What the scripts of each part send along, by the id of the part and the name of the event.
FIELDS: Mapping[tuple[str, str], _Fields] = {
    ("current", "arrive"): {"id": str | None},
    ("current", "edit"): {"question": str},
    ("current", "example"): {"question": str},
    **{(part, "select"): _CHOSEN for part in ("current", "transcript", "sources")},
    **{(part, "judge"): _JUDGED for part in ("current", "transcript")},
    **{("history", name): {"id": str} for name in ("open", "remove")},
    ("history", "rename"): {"id": str, "title": str},
    ("history", "export"): {"id": str, "kind": str},
    ("scope", "without"): {"chip": str},
    ("archive-filter", "filter"): {
        **dict.fromkeys(("words", "source", "since", "until"), str),
        "at": int,
    },
    **{("archive-list", name): {"value": str} for name in ("open", "sort", "turn")},
    ("archive-sheet", "ask"): {"value": str},
    ("bring", "arrive"): {"name": str, "size": int, "content": str | None},
    ("tray", "look"): {"file": int},
    ("tray", "put"): {"keys": list},
    ("held", "find"): {"words": str},
    ("held", "remove"): {"page": str},
}


class Events:
    """ASGI middleware: hands on events that the page has, and everything that is no event."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer what is no event of the page; pass on the rest."""
        path = scope["path"].rstrip("/") if scope["type"] == "http" else ""
        try:
            if path == _STREAM:
                _expect(scope)
            elif path and scope["method"] == "POST":
                scope, receive = await _checked(path, scope, receive)
        except MisfitError as error:
            await refuse(send, error.status, str(error))
            return
        await self.app(scope, receive, send)


async def _checked(path: str, scope: Message, receive: Receive) -> tuple[Message, Receive]:
    """Return a request as it is passed on. Raises MisfitError."""
    if path == LOGIN:
        return await form_body(scope, receive, ("username", "password"))
    if path == _JOIN:
        sent = await json_body(scope, receive, _LONGEST)
        return with_body(scope, _event(sent, scope["app"].get_blocks()), path)
    if path == TOOLS:
        return with_body(scope, await json_body(scope, receive, _LONGEST), path)
    if path in _ENDED:
        sent = await json_body(scope, receive, _LONGEST)
        _check(sent, _ENDED[path])
        return with_body(scope, sent, path)
    return scope, receive


def _event(sent: Mapping[str, Any], page: Any) -> dict[str, Any]:
    """Return what gradio is given of an event. Raises MisfitError."""
    visit, event, data = sent.get("session_hash"), sent.get("fn_index"), sent.get("data")
    if not isinstance(visit, str) or not _VISIT.fullmatch(visit) or visit.startswith(PREFIX):
        raise MisfitError(422, '"session_hash" is missing or wrong')
    function = page.fns.get(event) if isinstance(event, int) else None
    if (
        function is None
        or function.fn is None
        or not isinstance(sent.get("trigger_id"), int | None)
    ):
        raise MisfitError(422, '"fn_index" and "trigger_id" name no event of the window')
    if not isinstance(data, list) or names_file(data) or len(data) != len(function.inputs):
        raise MisfitError(422, '"data" must be a list of what the event takes, without files')
    typed = [_typed(block, value) for block, value in zip(function.inputs, data, strict=True)]
    kept = {name: sent[name] for name in _TAKEN if name in sent} | {"data": typed}
    if function.collects_event_data:
        kept["event_data"] = _told(sent.get("event_data") or {}, function.targets, page.blocks)
    return kept


def _told(
    told: Any, targets: Iterable[tuple[int | None, str]], parts: Mapping[Any, Any]
) -> dict[str, Any]:
    """Return what a part sent along with an event. Raises MisfitError."""
    if not isinstance(told, dict) or names_file(told):
        raise MisfitError(422, '"event_data" must be an object without files')
    for part, name in targets:
        _check(told, FIELDS.get((getattr(parts.get(part), "elem_id", ""), name), {}))
    return told


def _check(sent: Mapping[str, Any], fields: _Fields) -> None:
    """Raise MisfitError where one of the fields is missing or of another type."""
    for name, kind in fields.items():
        if name not in sent or not isinstance(sent[name], kind):
            raise MisfitError(422, f'"{name}" is missing or wrong')


def _typed(block: Any, value: Any) -> Any:
    """Return what a text box is given; one that nobody touched may send null."""
    if block.get_block_name() != "textbox":
        return value
    if not isinstance(value, str | None):
        raise MisfitError(422, "what stands in a text box must be text")
    return value or ""


def _expect(scope: Message) -> None:
    """Raise MisfitError for a visit of which nothing is awaited."""
    visit = re.fullmatch(rb"session_hash=([A-Za-z0-9_-]{1,64})", scope["query_string"])
    awaited = scope["app"].get_blocks()._queue.pending_messages_per_session
    if visit is None or visit[1].decode() not in awaited:
        raise MisfitError(404, "there is nothing to wait for")
