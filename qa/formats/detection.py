"""Detection: what a file is, told by its content.

A name decides only between formats that look the same: Markdown is plain text, and a web page
may begin like one. Signatures are those of the formats' own specifications.
"""

import re
from pathlib import PurePath
from typing import Literal

from qa.errors import PageError

Kind = Literal["pdf", "zip", "text"]

_SAVE_AS = "save it as .docx, .pdf or .txt"
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"is an old Office document: {_SAVE_AS}"),
    (b"{\\rtf", f"is a rich text document: {_SAVE_AS}"),
    (b"Rar!\x1a\x07", "is a RAR archive: pack it as .zip"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive: pack it as .zip"),
    (b"\x1f\x8b", "is a gzip archive: unpack it, or pack it as .zip"),
    (b"BZh91AY&SY", "is a bzip2 archive: unpack it, or pack it as .zip"),
    (b"\xfd7zXZ\x00", "is an xz archive: unpack it, or pack it as .zip"),
    (b"\x89PNG\r\n\x1a\n", "is a picture: run text recognition (OCR) over it"),
    (b"\xff\xd8\xff", "is a picture: run text recognition (OCR) over it"),
    (b"GIF8", "is a picture: run text recognition (OCR) over it"),
    (b"II*\x00", "is a picture: run text recognition (OCR) over it"),
    (b"MM\x00*", "is a picture: run text recognition (OCR) over it"),
    (b"AT&TFORM", "is a DjVu document: convert it to PDF with its text"),
    (b"SQLite format 3\x00", "is a database: add the pages themselves"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PDF_WITHIN = 1024  # readers accept so much before the mark (ISO 32000-1, annex H.3.4.1)
_MARKUP = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)  # fmt: skip
_TAGS = re.compile(r"<(?:html|head|body|div|p|br|table|article|section|h[1-6])\b", re.IGNORECASE)
_HEAD = 4096


def kind_of(data: bytes) -> Kind:
    """Return what reads `data`. Raises PageError, telling what to do, for a format not read."""
    if data.startswith(_ZIP):
        return "zip"
    for mark, message in _FOREIGN:
        if data.startswith(mark):
            raise PageError(message)
    at = 0 if data.startswith(b"%PDF") else data.find(b"%PDF-", 0, _PDF_WITHIN)
    # A text may speak of PDFs: then what stands before the mark is text and no stray bytes.
    if at == 0 or (at > 0 and b"startxref" in data[-2048:]):
        return "pdf"
    return "text"


def text_format(text: str, name: str) -> Literal["txt", "md", "html"]:
    """Return how a text called `name` is to be read."""
    suffix = PurePath(name).suffix.lower()
    is_page = suffix in {".html", ".htm", ".xhtml"} and _TAGS.search(text[:_HEAD])
    if is_page or _MARKUP.match(text[:_HEAD]):
        return "html"
    return "md" if suffix in {".md", ".markdown"} else "txt"
