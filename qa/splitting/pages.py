"""Pages: one source file → the text in which all its offsets lie.

Knows files and what people are told of them; how bytes become text is told in qa/formats. Line
ends of a text file are kept, so that offsets into `Page.text` hold for whoever decodes its bytes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import PageError
from qa.formats.extracted import Extracted, PrintedPage
from qa.formats.limits import DEFAULT, Limits, mebibytes
from qa.formats.reading import is_archive, read_archive, read_bytes
from qa.spans import Span

_CHUNK = 2**20  # bytes; a file may be far shorter than the limit


@dataclass(frozen=True, slots=True)
class Page:
    """One source file.

    `id` is made from the SHA-256 of the content (16 hex digits; the text's UTF-8 bytes, so the
    same text is one page whatever its encoding). `source` is the file name shown to people.
    `text` is the decoded or extracted content without a byte order mark. `encoding` names the
    codec used, `format` what was read. `printed` are the printed pages of a PDF, and `remarks`
    lines for people about what was left out of it.
    """

    id: str
    source: str
    text: str
    encoding: str
    format: str = "txt"
    printed: tuple[PrintedPage, ...] = ()
    remarks: tuple[str, ...] = ()

    def printed_at(self, span: Span) -> PrintedPage | None:
        """Return the printed page on which a span of the text begins; None where none is known."""
        return next((page for page in self.printed if span.start < page.span.end), None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file of an archive that is no page: its name, and in one line what is wrong with it."""

    source: str
    problem: str


def page_from_text(source: str, text: str, encoding: str = "utf-8") -> Page:
    """Return the page of a text that is already decoded; any text makes a page."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Page(digest[:16], source, text, encoding)


def _page(source: str, extracted: Extracted) -> Page:
    page = page_from_text(source, extracted.text, extracted.encoding)
    return replace(
        page,
        format=extracted.format,
        printed=extracted.printed,
        remarks=extracted.remarks,
    )


def _bytes(path: Path, limits: Limits) -> bytes:
    """Return the bytes of a file. Raises PageError, naming it, when it cannot be read."""
    if path.is_dir():
        raise PageError(f"{path}: is a folder, not a page: name a text file in it")
    try:
        with path.open("rb") as file:
            data = bytearray()
            while len(data) <= limits.file_bytes and (chunk := file.read(_CHUNK)):
                data += chunk
    except FileNotFoundError as error:
        raise PageError(f"{path}: no such file: check the name") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise PageError(f"{path}: cannot be read ({reason}): check the file") from error
    if len(data) > limits.file_bytes:
        raise PageError(f"{path}: is larger than {mebibytes(limits.file_bytes)}: split it")
    return bytes(data)


def read_page(path: Path, source: str | None = None, limits: Limits = DEFAULT) -> Page:
    """Read one file as a page; `source` (the file's name if None) is what people are shown.

    Raises PageError, naming the file, when it is missing, a folder, unreadable, binary, blank or
    of no format that is read.
    """
    data = _bytes(path, limits)
    try:
        return _page(source or path.name, read_bytes(data, path.name, limits))
    except PageError as error:
        raise PageError(f"{path}: {error}") from error


def read_pages(
    path: Path, source: str | None = None, limits: Limits = DEFAULT
) -> Iterator[Page | Refusal]:
    """Yield the pages of a file: itself, or of a zip archive the files in it.

    A page of an archive is called `archive.zip/name`; a file in it that is no page is a Refusal.
    Raises PageError as `read_page` does.
    """
    data = _bytes(path, limits)
    try:
        yield from pages_of(data, path.name, source or path.name, limits)
    except PageError as error:
        raise PageError(f"{path}: {error}") from error


def pages_of(
    data: bytes, name: str, source: str, limits: Limits = DEFAULT
) -> Iterator[Page | Refusal]:
    """Yield the same for the bytes of a file called `name`, shown to people as `source`.

    Raises PageError, which names no file, where all of it is refused.
    """
    if not is_archive(data, limits):
        yield _page(source, read_bytes(data, name, limits))
        return
    for member in read_archive(data, limits):
        inside = f"{source}/{member.name}"
        if member.extracted is None:
            yield Refusal(inside, f"{source}/{member.problem}")
        else:
            yield _page(inside, member.extracted)
