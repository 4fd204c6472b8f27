"""Events: the bytes of a streamed response → the data of its server-sent events, as they arrive.

All that the standard allows is read: a byte order mark, comments, any line ends, data in several
lines. A server that cannot stream sends one JSON object instead, which is then the only datum.

Knows nothing of what the data say. The form is that of
https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation.
"""

import re
from collections.abc import AsyncIterator, Iterator

_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LONGEST = 1 << 20  # bytes of a line, or of a whole answer: some thousand times what one takes


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
