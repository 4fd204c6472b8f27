"""Bodies: the bytes of a request → JSON, or the text of a form, that every part behind can take.

Text has no halves of characters, numbers are finite, nothing is nested without end.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from window.entrance.doors import Message, Receive

_DEEPEST = 40  # what is sent is a few levels deep


class MisfitError(Exception):
    """A request that cannot be taken: an HTTP status, and one line that says why."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


async def json_body(scope: Message, receive: Receive, most: int) -> dict[str, Any]:
    """Return the object that a request holds, `most` bytes long. Raises MisfitError."""
    kind = dict(scope["headers"]).get(b"content-type", b"")
    if kind.split(b";")[0].strip().lower() != b"application/json":
        raise MisfitError(415, "send JSON, with the header Content-Type: application/json")
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise MisfitError(413, f"this is longer than {most} bytes")
    return parsed(bytes(body))


def parsed(body: bytes) -> dict[str, Any]:
    """Return the object that JSON in UTF-8 stands for. Raises MisfitError."""
    try:
        sent = json.loads(body, parse_constant=_no_number)
        json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise MisfitError(400, "not valid JSON in UTF-8") from error
    if not isinstance(sent, dict):
        raise MisfitError(
            400, 'send {"data": [arguments in order]} or an object of named arguments'
        )
    if _depth(sent) > _DEEPEST:
        raise MisfitError(400, f"this is nested deeper than {_DEEPEST} levels")
    return sent


async def form_body(
    scope: Message, receive: Receive, fields: Sequence[str]
) -> tuple[Message, Receive]:
    """Return the same request with these fields of its form and no other. Raises MisfitError."""
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect, Request

    try:
        sent = await Request(scope, receive).form(max_files=0, max_fields=10)
    except (HTTPException, ClientDisconnect, UnicodeError) as error:
        raise MisfitError(400, "not a form that can be read") from error
    if not all(isinstance(sent.get(name), str) for name in fields):
        raise MisfitError(422, f"send a form with the fields {' and '.join(fields)}")
    body = urlencode({name: sent[name] for name in fields}, errors="replace").encode()
    return _with(scope, body, b"application/x-www-form-urlencoded")


def with_body(scope: Message, sent: dict[str, Any], path: str) -> tuple[Message, Receive]:
    """Return the same request to `path`, with another body."""
    moved = {**scope, "path": path, "raw_path": path.encode()}
    return _with(moved, json.dumps(sent).encode(), b"application/json")


def _with(scope: Message, body: bytes, kind: bytes) -> tuple[Message, Receive]:
    own = {b"content-length": str(len(body)).encode(), b"content-type": kind}
    headers = [each for each in scope["headers"] if each[0] not in own]

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return {**scope, "headers": [*headers, *own.items()]}, receive


def names_file(value: object) -> bool:
    """Tell whether there is anything in a value that gradio would take for a file to fetch."""
    if isinstance(value, dict) and {"path", "meta", "url"} & value.keys():
        return True
    return any(map(names_file, _inside(value)))


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth, level = depth + 1, [one for each in level for one in _inside(each)]
    return depth
