"""PDF: the bytes of a PDF → its text with the span of each printed page. The one door to PDFium.

PDFium (BSD-3-Clause or Apache-2.0, by pypdfium2) is built without JavaScript and opens neither
links nor attachments. It is C++, so hostile files are read in a process of their own (child.py).
"""

import re
from ctypes import c_double, c_uint
from math import atan2, cos, degrees, hypot, radians, sin
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
_SAME_DIRECTION = 5  # degrees
_LONGEST_LABEL = 20
_WHITE = 245  # of 255, of each of the three colours
_SMALLEST = 1.0  # points; nobody reads smaller type, and few see it
# What white type may stand on; what is inside a form is not looked at.
_BEHIND = [
    pdfium.FPDF_PAGEOBJ_PATH,
    pdfium.FPDF_PAGEOBJ_IMAGE,
    pdfium.FPDF_PAGEOBJ_SHADING,
    pdfium.FPDF_PAGEOBJ_FORM,
]
_Edges = tuple[float, float, float, float]  # left, bottom, right, top
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


def _glyphs(page: Any, text: Any, count: int, is_picture: bool) -> dict[int, list[Glyph]]:
    """Return the characters that are seen on a page, as they were drawn, by their direction.

    Directions are counter-clockwise, in degrees; the places of each are turned so that its lines
    run to the right.
    """
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = c_double(), c_double()
    crop = page.get_cropbox()
    hidden = set() if is_picture else _hidden(page, text, count)
    found: dict[int, list[Glyph]] = {}
    for at in range(count):
        if pdfium.FPDFText_IsGenerated(text, at) or at in hidden:
            continue  # spaces and line ends that PDFium guesses; layout.py knows better
        pdfium.FPDFText_GetLooseCharBox(text, at, box)
        pdfium.FPDFText_GetMatrix(text, at, matrix)
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        char = _char(text, at)
        em = abs(pdfium.FPDFText_GetFontSize(text, at)) * hypot(matrix.c, matrix.d)
        if not char or em < _SMALLEST or not _is_inside(crop, x.value, y.value, em):
            continue
        angle = round(degrees(atan2(matrix.b, matrix.a)) / _SAME_DIRECTION) * _SAME_DIRECTION % 360
        edges = (box.left, box.bottom, box.right, box.top)
        glyph = _turned(char, edges, (x.value, y.value), em, angle)
        found.setdefault(angle, []).append(glyph)
    return found


def _char(text: Any, at: int) -> str:
    """Return the character at a place of PDFium's text; U+FFFD for one that is only guessed."""
    code = pdfium.FPDFText_GetUnicode(text, at)
    char = "\ufffd" if not code or 0xD800 <= code < 0xE000 else chr(code)
    if char.isspace():
        return char if char == "\u3000" else " "
    if pdfium.FPDFText_HasUnicodeMapError(text, at) == 1:
        return "\ufffd"  # the font does not tell: PDFium gives the number of the glyph
    return char if char.isprintable() or _UNKNOWN.match(char) else ""


def _hidden(page: Any, text: Any, count: int) -> set[int]:
    """Return which characters nobody sees: drawn invisibly, or white where nothing is behind them.

    None for being invisible when all are, as on a scan's own layer.
    """
    drawn = {at: found for at in range(count) if (found := pdfium.FPDFText_GetTextObject(text, at))}
    mode = pdfium.FPDFTextObj_GetTextRenderMode
    hidden = {at for at, one in drawn.items() if mode(one) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE}
    generated = sum(pdfium.FPDFText_IsGenerated(text, at) == 1 for at in range(count))
    if len(hidden) + generated >= count:
        hidden = set()
    white = [at for at, one in drawn.items() if mode(one) == 0 and _is_white(one)]
    return hidden | _on_white(page, text, white) if white else hidden


def _is_white(drawn: Any) -> bool:
    """Tell whether something is filled with white, or with nothing at all."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not pdfium.FPDFPageObj_GetFillColor(drawn, red, green, blue, alpha):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= _WHITE


def _on_white(page: Any, text: Any, places: list[int]) -> set[int]:
    """Return which characters have neither a picture nor anything coloured behind them."""
    x, y = c_double(), c_double()
    behind: list[_Edges] = []
    for one in page.get_objects(filter=_BEHIND, max_depth=1):
        if one.type != pdfium.FPDF_PAGEOBJ_PATH or not _is_white(one.raw):
            behind.append(one.get_bounds())
    found = set()
    for at in places:
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        if not any(
            left <= x.value <= right and bottom <= y.value <= top
            for left, bottom, right, top in behind
        ):
            found.add(at)
    return found


def _is_inside(crop: tuple[float, float, float, float], x: float, y: float, em: float) -> bool:
    """Tell whether a character that begins at a place can be seen on the page."""
    left, bottom, right, top = crop
    return left - em < x < right + em and bottom - em < y < top + em


def _turned(char: str, edges: _Edges, origin: tuple[float, float], em: float, angle: int) -> Glyph:
    """Return a glyph as it lies when the page is turned so that its line runs to the right."""
    cos_, sin_ = cos(radians(angle)), sin(radians(angle))
    left, bottom, right, top = edges
    along = [x * cos_ + y * sin_ for x in (left, right) for y in (bottom, top)]
    start, base = origin[0] * cos_ + origin[1] * sin_, origin[0] * sin_ - origin[1] * cos_
    if angle % 90:  # the box of a slanting character is far larger than the character
        return Glyph(char, start, start + 0.9 * em, base, em)
    return Glyph(char, min(along), max(along), base, em)


def _is_picture(page: Any) -> bool:
    """Tell whether pictures cover most of a page, as they do on a scan."""
    width, height = page.get_size()
    covered = 0.0
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = picture.get_bounds()
        covered += (right - left) * (top - bottom)
    return bool(covered >= _MOST_OF_PAGE * width * height)


def _page_text(document: Any, at: int) -> tuple[str, bool]:
    """Return the text of one page, and whether it is a picture of text.

    What runs in another direction than most of the page comes last.
    """
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
    is_picture = _is_picture(page)
    directions = _glyphs(page, text, count, is_picture).values()
    found = _BETWEEN.join(map(text_of, sorted(directions, key=len, reverse=True)))
    return found, len(found) < _FEW and is_picture


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
        label = _label(document, at)
        printed.append(PrintedPage(at + 1, label, Span(start, start + len(found))))
        scans += [label] * is_scan
        if len(text) > limits.characters:
            raise PageError(f"holds more than {limits.characters} characters: split it")
    _refuse_unreadable(text, len(scans), len(document))
    remarks = _remarks(scans, len(document))
    return Extracted(text, "pdf", printed=tuple(printed), remarks=remarks)


def _label(document: Any, at: int) -> str:
    """Return what a page calls itself, where that fits on a line; else its number."""
    label = str(document.get_page_label(at)).strip()
    is_fit = label.isprintable() and len(label) <= _LONGEST_LABEL
    return label if label and is_fit else str(at + 1)


def _remarks(scans: list[str], pages: int) -> tuple[str, ...]:
    if not scans:
        return ()
    named = ", ".join(scans[:10]) + (", …" if len(scans) > 10 else "")
    are = "is a picture and was" if len(scans) == 1 else "are pictures and were"
    return (f"{len(scans)} of {pages} pages {are} not read ({named}): {_OCR}",)
