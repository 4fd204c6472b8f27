"""PDF: the bytes of a PDF → its text with the span of each printed page. The one door to PDFium.

PDFium (BSD-3-Clause or Apache-2.0, by pypdfium2) is built without JavaScript and opens neither
links nor attachments. It is C++, so hostile files are read in a process of their own (child.py).
"""

import re
from collections.abc import Callable, Iterator
from ctypes import c_double
from math import hypot
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from qa.errors import PageError
from qa.formats.extracted import Extracted, PrintedPage
from qa.formats.glyphs import Glyph
from qa.formats.layout import text_of
from qa.formats.limits import Limits
from qa.spans import Span

_BETWEEN = "\n\n"
_FEW = 50  # characters that a scanner's or a sender's stamp may add to a picture of a page
_MOST_OF_PAGE = 0.5
_MOST_GLYPHS = 300_000  # of one printed page; the fullest broadsheet has about a tenth
# Not a character of any text: private use, replacement, noncharacters and controls.
_UNKNOWN = re.compile(
    r"[\ue000-\uf8ff\ufffd-\uffff\x00-\x08\x0e-\x1f\x7f-\x9f\U000f0000-\U0010ffff]"
)
_MOST_UNKNOWN = 0.2
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_OCR = "run text recognition (OCR) over it and add the result"


def _open(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == _PASSWORD or "password" in str(error).lower():
            raise PageError("is locked by a password: save it without one") from error
        raise PageError("is a damaged PDF: open it in its program and save it anew") from error


def _turning(page: Any) -> Callable[[float, float], tuple[float, float]]:
    """Return what takes a place of the unturned page to where it is seen, y from the top down."""
    left, bottom, right, top = page.get_cropbox()
    turns: list[Callable[[float, float], tuple[float, float]]] = [
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    ]
    quarters: int = page.get_rotation() // 90
    return turns[quarters]


def _glyphs(page: Any, text: Any, count: int) -> Iterator[Glyph]:
    """Yield the characters that are printed on a page, as they were drawn."""
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = c_double(), c_double()
    turned = _turning(page)
    for at in range(count):
        if pdfium.FPDFText_IsGenerated(text, at):
            continue  # spaces and line ends that PDFium guesses; layout.py knows better
        code = pdfium.FPDFText_GetUnicode(text, at)
        pdfium.FPDFText_GetLooseCharBox(text, at, box)
        pdfium.FPDFText_GetMatrix(text, at, matrix)
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        em = abs(pdfium.FPDFText_GetFontSize(text, at)) * hypot(matrix.c, matrix.d)
        left, _ = turned(box.left, box.bottom)
        right, _ = turned(box.right, box.top)
        _, base = turned(x.value, y.value)
        char = "\ufffd" if not code or 0xD800 <= code < 0xE000 else chr(code)
        if em > 0 and (char.isprintable() or char.isspace() or _UNKNOWN.match(char)):
            yield Glyph(_plain(char), min(left, right), max(left, right), base, em)


def _plain(char: str) -> str:
    return " " if char.isspace() and char != "\u3000" else char


def _is_picture(page: Any) -> bool:
    """Tell whether pictures cover most of a page, as they do on a scan."""
    width, height = page.get_size()
    covered = 0.0
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = picture.get_bounds()
        covered += (right - left) * (top - bottom)
    return bool(covered >= _MOST_OF_PAGE * width * height)


def _page_text(document: Any, at: int) -> tuple[str, bool]:
    """Return the text of one page, and whether it is a picture of text."""
    try:
        page = document[at]
        text = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise PageError(
            f"has a damaged page, page {at + 1}: open it in its program and save it anew"
        ) from error
    count = pdfium.FPDFText_CountChars(text)
    if count > _MOST_GLYPHS:
        raise PageError(f"has more than {_MOST_GLYPHS} characters on page {at + 1}: split it")
    found = text_of(_glyphs(page, text, count))
    return found, len(found) < _FEW and _is_picture(page)


def _refuse_unreadable(text: str, scans: int, pages: int) -> None:
    if not text.strip():
        if scans:
            raise PageError(f"is a scanned PDF, pictures without text: {_OCR}")
        raise PageError(f"is a PDF without text, only drawings or blank pages: {_OCR}")
    if scans == pages:
        raise PageError(f"is a scanned PDF with hardly any text: {_OCR}")
    if len(_UNKNOWN.findall(text)) > _MOST_UNKNOWN * len(text):
        raise PageError(f"is a PDF whose fonts do not tell which characters they show: {_OCR}")


def read_pdf(data: bytes, limits: Limits) -> Extracted:
    """Return the text of a PDF, page after page, each in reading order, parted by blank lines.

    A page that is a picture is left out of what is promised and named in a remark. Raises
    PageError when the PDF is damaged, locked, too long, scanned throughout or unreadable.
    """
    document = _open(data)
    if len(document) > limits.pages:
        raise PageError(f"has {len(document)} pages, more than {limits.pages}: split it")
    text, printed, scans = "", list[PrintedPage](), list[str]()
    for at in range(len(document)):
        found, is_scan = _page_text(document, at)
        start = len(text) + len(_BETWEEN) * bool(text and found)
        text += _BETWEEN * bool(text and found) + found
        label = document.get_page_label(at) or str(at + 1)
        printed.append(PrintedPage(at + 1, label, Span(start, start + len(found))))
        scans += [label] * is_scan
        if len(text) > limits.characters:
            raise PageError(f"holds more than {limits.characters} characters: split it")
    _refuse_unreadable(text, len(scans), len(document))
    return Extracted(text, "pdf", printed=tuple(printed), remarks=_remarks(scans))


def _remarks(scans: list[str]) -> tuple[str, ...]:
    if not scans:
        return ()
    named = ", ".join(scans[:10]) + (", …" if len(scans) > 10 else "")
    return (f"{len(scans)} scanned pages were not read ({named}): {_OCR}",)
