"""Reading: the bytes of one file, or of an archive of files → text. The door to the formats.

What a file is, is told by its content. Plain text is decoded here; all else is read in a process
of its own. Nothing is fetched, run or written to disk.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from qa.errors import PageError
from qa.formats import archive
from qa.formats.child import read_apart
from qa.formats.detection import kind_of, text_format
from qa.formats.docx_text import BODY
from qa.formats.encodings import decode, decode_markup
from qa.formats.extracted import Extracted
from qa.formats.limits import DEFAULT, Limits, mebibytes

_SAVE_AS = "save it as .docx, .pdf or .txt"
_OTHERS = (
    ("xl/workbook.xml", "is an Excel table: save it as text"),
    ("ppt/presentation.xml", "is a PowerPoint presentation: save it as .pdf"),
    ("OFD.xml", "is an OFD document: save it as .pdf"),
    ("META-INF/manifest.xml", f"is an OpenDocument file: {_SAVE_AS}"),
    ("META-INF/container.xml", f"is an EPUB file: {_SAVE_AS}"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name there, fit to be shown, and its text or what is wrong."""

    name: str
    extracted: Extracted | None
    problem: str = ""


def _text(data: bytes, name: str, limits: Limits) -> Extracted:
    text, encoding = decode(data)
    kind = text_format(text, name)
    if kind == "html":
        text, encoding = decode_markup(data)
    if not text.strip():
        raise PageError("is empty: add a page that has text")
    if len(text) > limits.characters:
        raise PageError(f"holds more than {limits.characters} characters: split it")
    if kind == "txt":
        return Extracted(text, "txt", encoding)
    return read_apart(text.encode("utf-8"), kind, encoding, limits)


def is_archive(data: bytes, limits: Limits = DEFAULT) -> bool:
    """Tell whether `data` is a zip archive of files rather than one document."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return False
    return _zipped(data, limits) == ""


def _zipped(data: bytes, limits: Limits) -> str:
    """Return "docx" for a Word document, "" for an archive, or what to do about another."""
    try:
        with archive.opened(data, limits) as packed:
            names = set(packed.namelist())
    except archive.DAMAGE as error:
        raise PageError("is a damaged archive or Word document: make it anew") from error
    if BODY in names:
        return "docx"
    return next((message for part, message in _OTHERS if part in names), "")


def read_bytes(data: bytes, name: str, limits: Limits = DEFAULT) -> Extracted:
    """Return the text of one file. `name` decides only between .txt, .md and .html.

    Raises PageError, one line that says what to do, for all that is not read: too large, blank,
    binary, scanned, damaged, locked, of an unknown encoding, an archive.
    """
    if len(data) > limits.file_bytes:
        raise PageError(f"is larger than {mebibytes(limits.file_bytes)}: split it")
    kind = kind_of(data)
    if kind == "text":
        return _text(data, name, limits)
    if kind == "pdf":
        return read_apart(data, "pdf", "utf-8", limits)
    found = _zipped(data, limits)
    if found == "docx":
        return read_apart(data, "docx", "utf-8", limits)
    raise PageError(found or "is an archive inside what is read: unpack it first")


def read_archive(data: bytes, limits: Limits = DEFAULT) -> Iterator[Member]:
    """Yield each file of a zip archive, in the archive's order; a bad one tells its problem.

    Archives in the archive are refused, and so are members whose name or kind points out of it.
    Raises PageError when the archive itself is damaged or beyond the limits.
    """
    until = monotonic() + limits.archive_seconds
    if len(data) > limits.file_bytes:
        raise PageError(f"is larger than {mebibytes(limits.file_bytes)}: split it")
    try:
        with archive.opened(data, limits) as packed:
            archive.refuse_bombs(packed, len(data), limits)
            names = set[str]()
            for member in archive.files_of(packed):
                name = archive.name_of(member)
                if name in names:
                    yield Member(name, None, f"{name}: is there twice by one name: rename one")
                elif monotonic() > until:
                    told = f"the archive takes longer than {limits.archive_seconds:g} seconds"
                    yield Member(name, None, f"{name}: was not read, {told}: split it")
                else:
                    yield _member(packed, member, name, limits)
                names.add(name)
            if not names:
                raise PageError("is an archive without files: pack the pages into it")
    except archive.DAMAGE as error:
        raise PageError("is a damaged archive: pack it anew") from error


def _member(packed: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits) -> Member:
    try:
        archive.refuse_tricks(member)
        data = archive.read_member(packed, member, limits)
        return Member(name, read_bytes(data, name, limits))
    except PageError as error:
        return Member(name, None, f"{name}: {error}")
    except archive.DAMAGE:
        return Member(name, None, f"{name}: is damaged in its archive: pack it anew")
