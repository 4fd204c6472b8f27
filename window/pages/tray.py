"""The tray: the files that one visitor has brought, looked at but not yet in the library.

Bytes come from the browser as base64 and are never written to disk; names are labels. Knows
limits and what to do with each file; knows neither HTML nor gradio.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from weakref import WeakSet

from qa import Library
from qa.formats.limits import Limits as FileLimits
from qa.library.intake import upload_label
from qa.library.previewing import Preview, preview_upload
from qa.library.writer import Outcome

_MEGABYTE = 1_000_000
# Of one file and of one archive: who brings a file to the window waits before it, and so do
# those who come after.
_SECONDS, _ARCHIVE_SECONDS = 30, 120
_Told = tuple[str, str]  # one line, in Chinese and in English


@dataclass(frozen=True, slots=True)
class Limits:
    """What one visitor may bring at once: bytes of a file, files, bytes of all files.

    The files in an archive count one by one. `together` are the bytes that may wait in the trays
    of all visitors, `reading` the limits of all that is read.
    """

    file: int = 10 * _MEGABYTE
    files: int = 100
    all: int = 50 * _MEGABYTE
    together: int = 500 * _MEGABYTE
    reading: FileLimits = field(default_factory=FileLimits)

    def of_upload(self) -> FileLimits:
        """Return the limits within which one file is read."""
        usual = self.reading
        return replace(
            usual,
            file_bytes=min(usual.file_bytes, self.file),
            unpacked_bytes=min(usual.unpacked_bytes, self.all),
            seconds=min(usual.seconds, _SECONDS),
            archive_seconds=min(usual.archive_seconds, _ARCHIVE_SECONDS),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the tray; `outcome` is what became of it once it was added.

    `size` is how many bytes its text has. `refused` is the reason why the file was not even
    read, in Chinese and in English.
    """

    key: int
    preview: Preview
    size: int = 0
    refused: _Told | None = None
    outcome: Outcome | None = None

    @property
    def waiting(self) -> bool:
        """Whether it can still be added."""
        return self.preview.page is not None and self.outcome is None


class Tray:
    """What one visitor has brought. Changed in place, as files come while others go in."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.entries: list[Entry] = []
        self.received = 0  # files that were looked at since the visit began
        self.opened: int | None = None  # key of the page whose split is shown
        self._last = -1  # key that was given last

    @property
    def size(self) -> int:
        """How many bytes the text of the pages has that wait here."""
        return sum(each.size for each in self.entries if each.waiting)

    def receive(
        self, library: Library, name: str, size: int, content: str | None, elsewhere: int = 0
    ) -> Iterator[Entry]:
        """Look at a file of `size` bytes whose base64 is `content`; None when it was not sent.

        `elsewhere` are the bytes that wait in the trays of other visitors. Yield its entry, or
        one for each file of an archive, as they are looked at. A page that waits under the same
        name gives way. What is over a limit, damaged or no page by its content is refused, and
        told as an entry too.
        """
        label = upload_label(name)
        data = self._data(content)
        if refused := self._refused(size, content, data, elsewhere):
            yield self._enter(Preview(label), refused)
        elif data is not None:
            yield from self._looked_at(library, label, data, elsewhere)
        self.received += 1

    def _looked_at(
        self, library: Library, label: str, data: bytes, elsewhere: int
    ) -> Iterator[Entry]:
        for seen in preview_upload(library, label, data, self.limits.of_upload()):
            full = self._full(_size(seen), elsewhere) if seen.page is not None else None
            if full:
                yield self._enter(Preview(label), (full[0] + _REST[0], full[1] + _REST[1]))
                return
            yield self._enter(seen)

    def _enter(self, seen: Preview, refused: _Told | None = None) -> Entry:
        self._last += 1
        entry = Entry(self._last, seen, _size(seen), refused)
        self.entries = [
            each
            for each in self.entries
            if each.outcome is None and each.preview.source != seen.source
        ]
        self.entries.append(entry)
        if self.opened is None and seen.page is not None:
            self.opened = entry.key
        return entry

    def _data(self, content: str | None) -> bytes | None:
        # Four characters stand for three bytes; longer ones are not even decoded.
        if content is None or len(content) > self.limits.file * 4 // 3 + 4:
            return None
        try:
            return base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            return None

    def _refused(
        self, size: int, content: str | None, data: bytes | None, elsewhere: int
    ) -> _Told | None:
        came = len(content or "") * 3 // 4 - 2 if data is None else len(data)
        most = self.limits.file
        if max(size, came) > most:
            megabytes = f"{most / _MEGABYTE:g} MB"
            return (f"大于 {megabytes}，请拆开再加", f"larger than {megabytes}: split it first")
        if data is None:
            return _LOST
        return self._full(len(data), elsewhere)

    def _full(self, size: int, elsewhere: int) -> _Told | None:
        """Return why there is no room for a page of `size` bytes; None where there is."""
        most, waiting = self.limits, sum(each.waiting for each in self.entries)
        if waiting >= most.files or self.size + size > most.all:
            megabytes = most.all / _MEGABYTE
            return (
                f"一次最多 {most.files} 个文件、共 {megabytes:g} MB：先加入前面的",
                f"at most {most.files} files and {megabytes:g} MB at once: add those above first",
            )
        return _CROWDED if elsewhere + self.size + size > most.together else None

    def entry(self, key: int) -> Entry | None:
        """Return the page of this key, if it is still in the tray."""
        return next((each for each in self.entries if each.key == key), None)

    def chosen(self, keys: Sequence[int]) -> list[Entry]:
        """Return the pages of `keys` that can be added, in the tray's order."""
        return [each for each in self.entries if each.key in keys and each.waiting]

    def settle(self, entries: Sequence[Entry], outcomes: Sequence[Outcome]) -> None:
        """Write down what became of pages that were added."""
        became = {e.key: outcome for e, outcome in zip(entries, outcomes, strict=True)}
        self.entries = [replace(e, outcome=became.get(e.key, e.outcome)) for e in self.entries]
        self.opened = None

    def clear(self) -> None:
        """Forget all files; none of them leaves the library."""
        self.entries, self.opened = [], None


class Trays:
    """The trays of all visitors who are still remembered; safe to share between threads."""

    def __init__(self) -> None:
        self._trays = WeakSet[Tray]()
        self._lock = Lock()

    def elsewhere(self, tray: Tray) -> int:
        """Return how many bytes wait in the others, and remember this one too."""
        with self._lock:
            self._trays.add(tray)
            return sum(each.size for each in self._trays if each is not tray)


def _size(seen: Preview) -> int:
    return len(seen.page.text.encode("utf-8", "surrogatepass")) if seen.page else 0


_REST = ("；压缩包里其余的没有收下", "; the rest of this archive was not taken")
_CROWDED = (
    "别人带来的文件太多，还没有加入：请先加入前面的，或过一会儿再来",
    "too many files of others wait to be added: add those above, or come back in a while",
)
_LOST = ("没有完整收到，请再加一次", "did not arrive whole: add it again")
