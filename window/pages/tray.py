"""The tray: the files that one visitor has brought, looked at but not yet in the library.

Bytes come from the browser as base64 and are never written to disk; names are labels. Knows
limits and what to do with each file; knows neither HTML nor gradio.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa import Library
from qa.library.intake import upload_label
from qa.library.previewing import Preview, preview_upload
from qa.library.writer import Outcome

SUFFIX = ".txt"
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one visitor may bring at once: bytes of a file, files, bytes of all files."""

    file: int = 10 * _MEGABYTE
    files: int = 100
    all: int = 50 * _MEGABYTE


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the tray; `outcome` is what became of it once it was added.

    `refused` is the reason why it was not even read, in Chinese and in English.
    """

    key: int
    size: int
    preview: Preview
    refused: tuple[str, str] | None = None
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
        self.opened: int | None = None  # key of the file whose split is shown

    def receive(self, library: Library, name: str, size: int, content: str | None) -> Entry:
        """Look at a file of `size` bytes whose base64 is `content`; None when it was not sent.

        A file that waits under the same name gives way. What is over a limit, not text by its
        name or damaged is refused, and told as an entry too.
        """
        label = upload_label(name)
        entry = self._looked_at(library, Entry(self.received, size, Preview(label)), content)
        self.received += 1
        self.entries = [
            each
            for each in self.entries
            if each.outcome is None and each.preview.source != entry.preview.source
        ]
        self.entries.append(entry)
        return entry

    def _looked_at(self, library: Library, entry: Entry, content: str | None) -> Entry:
        refused = self._refused(entry, content)
        if refused or content is None:
            return replace(entry, refused=refused or _LOST)
        try:
            data = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            return replace(entry, refused=_LOST)
        seen = preview_upload(library, entry.preview.source, data)
        return replace(entry, preview=seen, size=len(data))

    def _refused(self, entry: Entry, content: str | None) -> tuple[str, str] | None:
        came = content or ""
        size = max(entry.size, len(came) // 4 * 3 - came[-2:].count("="))
        limits, others = self.limits, [each for each in self.entries if each.waiting]
        if not entry.preview.source.lower().endswith(SUFFIX):
            return ("只收纯文本 .txt 文件", "only plain text files (.txt) can be added")
        if size > limits.file:
            most = limits.file / _MEGABYTE
            return (f"大于 {most:g} MB，请拆开再加", f"larger than {most:g} MB: split it first")
        if len(others) >= limits.files or sum(e.size for e in others) + size > limits.all:
            return (
                f"一次最多 {limits.files} 个文件、共 {limits.all / _MEGABYTE:g} MB：先加入前面的",
                f"at most {limits.files} files and {limits.all / _MEGABYTE:g} MB at once:"
                " add those above first",
            )
        return None

    def entry(self, key: int) -> Entry | None:
        """Return the file of this key, if it is still in the tray."""
        return next((each for each in self.entries if each.key == key), None)

    def chosen(self, keys: Sequence[int]) -> list[Entry]:
        """Return the files of `keys` that can be added, in the tray's order."""
        return [each for each in self.entries if each.key in keys and each.waiting]

    def settle(self, entries: Sequence[Entry], outcomes: Sequence[Outcome]) -> None:
        """Write down what became of files that were added."""
        became = {e.key: outcome for e, outcome in zip(entries, outcomes, strict=True)}
        self.entries = [replace(e, outcome=became.get(e.key, e.outcome)) for e in self.entries]
        self.opened = None

    def clear(self) -> None:
        """Forget all files; none of them leaves the library."""
        self.entries, self.opened = [], None


_LOST = ("没有完整收到，请再加一次", "did not arrive whole: add it again")
