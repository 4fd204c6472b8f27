"""Events: the bytes of a streamed response → its server-sent events → what each adds to an answer.

All that the standard allows is read: a byte order mark, comments, any line ends, data in several
lines. A server that cannot stream sends one JSON object instead, which is then the only datum.

Knows nothing of connections. The form is that of
https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import NamedTuple

_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LONGEST = 1 << 20  # bytes of a line, or of a whole answer: some thousand times what one takes


class PageError(ValueError):
    """A page for people came instead of an answer."""


class EventReader:
    """Takes a response apart while it arrives; how it is cut into chunks does not matter."""

    def __init__(self) -> None:
        self._held = b""  # the line that has no end yet
        self._data: list[str] = []  # those of the event that has no end yet
        self._begun = False
        self._whole = False  # it is one JSON object
        self._after_return = False  # a line feed that comes now ends no line of its own

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Yield the data that `chunk` completes. Raises ValueError when it cannot be read."""
        if self._after_return and chunk:
            chunk, self._after_return = chunk.removeprefix(b"\n"), False
        self._held += chunk
        if len(self._held) > _LONGEST:
            raise ValueError("a line without an end")
        if not self._begun and not self._begins():
            return
        if not self._whole:
            self._after_return = self._held.endswith(b"\r")
            *lines, self._held = _LINE_END.split(self._held)
            for line in lines:
                yield from self._read(line.decode())

    def close(self) -> Iterator[str]:
        """Yield what is whole, now that no more comes."""
        if self._whole:
            yield self._held.decode()
        else:
            yield from self._read("")

    def _begins(self) -> bool:
        """Tell whether what is held suffices to see what kind of response begins with it."""
        if _MARK.startswith(self._held[:3]) and len(self._held) < len(_MARK):
            return False
        self._held = self._held.removeprefix(_MARK)
        self._begun = self._held.strip() != b""
        self._whole = self._held.lstrip()[:1] == b"{"
        if is_page(self._held.decode(errors="replace")):
            raise PageError("a web page instead of events")
        return self._begun

    def _read(self, line: str) -> Iterator[str]:
        if line:
            name, _, value = line.partition(":")
            self._data += [value.removeprefix(" ")] if name == "data" else []
        elif self._data:
            yield "\n".join(self._data)
            self._data = []


async def data_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the data of a response's events. Raises ValueError when they cannot be read."""
    reader = EventReader()
    async for chunk in chunks:
        for data in reader.feed(chunk):
            yield data
    for data in reader.close():
        yield data


def is_page(body: object) -> bool:
    """Tell whether a response is a page for people, with which no event nor JSON begins."""
    return isinstance(body, str) and body.lstrip("\ufeff \t\r\n").startswith("<")


class Delta(NamedTuple):
    """What one event adds to an answer. `end`: why nothing more comes, "" while more may."""

    text: str
    thought: str
    end: str


class FailedError(Exception):
    """An event says that the server failed; `body` is all that it says of that."""

    def __init__(self, body: object) -> None:
        super().__init__()
        self.body = body


def delta_of(data: str) -> Delta:
    """Return what an event adds, by its data.

    What has not the form of one adds nothing, and so ends as no answer. Of several answers only
    the first is read. Raises FailedError for an error, ValueError or RecursionError for no JSON.
    """
    if data.strip() == "[DONE]":
        return Delta("", "", "done")
    event = json.loads(data)
    if error := _member(event, "error"):
        raise FailedError(error)
    choices = _member(event, "choices")
    listed = choices if isinstance(choices, list) else []
    choice = next((it for it in listed if _member(it, "index") in (None, 0)), None)
    delta = _member(choice, "delta") or _member(choice, "message")
    thought = _member(delta, "reasoning_content") or _member(delta, "reasoning")
    end = _text(_member(choice, "finish_reason"))
    return Delta(_text(_member(delta, "content")), _text(thought), end)


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: object) -> str:
    return encodable(value) if isinstance(value, str) else ""


def encodable(text: str) -> str:
    """Return `text` with ? for halves of characters, which neither UTF-8 nor a database takes."""
    return text.encode("utf-8", "replace").decode()
