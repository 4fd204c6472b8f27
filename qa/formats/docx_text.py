"""DOCX: the bytes of a Word document → its text, paragraph by paragraph.

Read by the standard library alone: of the zip only the parts with text are unpacked, and Expat
parses them as they come. python-docx (MIT) would leave out text boxes and what was inserted while
changes were tracked. No macro, link, picture or embedded file is opened.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import ParseError, XMLParser

from qa.errors import PageError
from qa.formats.archive import DAMAGE, opened, read_member, refuse_bombs
from qa.formats.extracted import Extracted
from qa.formats.limits import Limits

BODY = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
# Namespaces of the transitional and of the strict form of the format.
_WORD = re.compile(
    r"\{http://(?:schemas\.openxmlformats\.org/wordprocessingml/2006/main"
    r"|purl\.oclc\.org/ooxml/wordprocessingml/main)\}"
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted text, and paragraphs' old properties while changes are tracked; drawings for old programs.
_UNSEEN = {"w:del", "w:moveFrom", "w:rPrChange", "w:pPrChange", _FALLBACK}
_SIGNS = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_BLANKS = re.compile(r"\n{3,}")
_DAMAGED = "is a damaged Word document: open it in its program and save it anew"


class _Paragraphs:
    """What Expat tells of one part, gathered as paragraphs in the order in which they begin.

    A text box stands inside a paragraph; it comes after the text before it and as its own. Empty
    paragraphs are kept as "", but for those in tables.
    """

    def __init__(self, most: int) -> None:
        self.done: list[str] = []
        self._open: list[list[str]] = []
        self._tables = 0
        self._unseen = 0
        self._in_text = False
        self._most = self._left = most

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        tag = _WORD.sub("w:", tag, count=1)
        if tag in _UNSEEN or self._unseen:
            self._unseen += 1
        elif tag == "w:p":
            self._flush()
            self._open.append([])
        elif tag == "w:tbl":
            self._tables += 1
        elif tag == "w:t":
            self._in_text = True
        elif tag in _SIGNS and self._open:
            self._open[-1].append(_SIGNS[tag])

    def end(self, tag: str) -> None:
        tag = _WORD.sub("w:", tag, count=1)
        if self._unseen:
            self._unseen -= 1
        elif tag == "w:p" and self._open:
            if self._open[-1] or not self._tables:
                self._flush()
            self._open.pop()
        elif tag == "w:tbl":
            self._tables -= 1
        elif tag == "w:t":
            self._in_text = False

    def data(self, data: str) -> None:
        if self._in_text and self._open and not self._unseen:
            self._open[-1].append(data)
            self._left -= len(data)
            if self._left < 0:
                raise PageError(f"holds more than {self._most} characters: split it")

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise PageError("is no proper Word document (it declares entities): save it anew")

    def _flush(self) -> None:
        """Close the innermost paragraph as far as it was read; what is left of it is none more."""
        if self._open:
            text = "".join(self._open[-1]).rstrip()
            if text or not self._open[-1]:
                self.done.append(text)
            self._open[-1] = [""]


def _paragraphs(data: bytes, most: int) -> list[str]:
    found = _Paragraphs(most)
    parser = XMLParser(target=found)
    try:
        parser.feed(data)
        parser.close()
    except (ParseError, ValueError, LookupError) as error:  # not XML; an encoding that is none
        raise PageError(_DAMAGED) from error
    return found.done


def _joined(paragraphs: Sequence[str]) -> str:
    """Return the text of the paragraphs, parted by blank lines.

    Where some are empty they part the others, as in pages pasted from print, whose every line
    is a paragraph to Word.
    """
    if "" not in paragraphs:
        return "\n\n".join(paragraphs)
    return _BLANKS.sub("\n\n", "\n".join(paragraphs)).strip("\n")


def read_docx(data: bytes, limits: Limits) -> Extracted:
    """Return the text of a Word document, its paragraphs parted as `_joined` tells.

    The body with its tables (cell by cell) and text boxes, then foot and end notes; no headers,
    comments or deleted text. Raises PageError when it is damaged, blank or beyond the limits.
    """
    try:
        with opened(data, limits) as archive:
            refuse_bombs(archive, len(data), limits)
            names = [name for name in (BODY, *_NOTES) if name in archive.NameToInfo]
            parts = [read_member(archive, archive.getinfo(name), limits) for name in names]
    except DAMAGE as error:
        raise PageError(_DAMAGED) from error
    body, *notes = [_joined(_paragraphs(part, limits.characters)) for part in parts]
    text = "\n\n".join(part for part in (body, *notes) if part.strip())
    if not text:
        raise PageError("is a Word document without text: add one that has text")
    if len(text) > limits.characters:
        raise PageError(f"holds more than {limits.characters} characters: split it")
    return Extracted(text, "docx")
