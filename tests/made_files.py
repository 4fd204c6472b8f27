"""Files of every format that is read, made anew by the tests."""

import io
import zipfile

from docx import Document
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # one of those that every PDF reader must know, so none is embedded
_WIDTH, _HEIGHT = 800, 1100


class Sheets:
    """A PDF that is drawn piece by piece; y is counted from the top of the sheet."""

    def __init__(self, **settings: object):
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, (_WIDTH, _HEIGHT), invariant=1, **settings)

    def put(self, x: float, y: float, text: str, size: float = 10) -> None:
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(x, _HEIGHT - y, text)

    def column(self, x: float, y: float, lines: list[str], size: float = 10) -> None:
        for at, line in enumerate(lines):
            self.put(x, y + 1.5 * size * at, line, size)

    def picture(self) -> None:
        from PIL import Image

        image = ImageReader(Image.new("L", (80, 110), 200))
        self._canvas.drawImage(image, 0, 0, _WIDTH, _HEIGHT)

    def turn(self, degrees: int) -> None:
        self._canvas.setPageRotation(degrees)

    def next(self) -> None:
        self._canvas.showPage()

    def done(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._bytes.getvalue()


def column(name: str, count: int, width: int = 14) -> list[str]:
    """Return the lines of a printed column, each told from all others by its beginning."""
    return [f"{name}{at:02d}".ljust(width, "字") for at in range(count)]


def pdf(*pages: str) -> bytes:
    """Return a PDF with one line of text on each page, "" for a page that is a picture."""
    sheets = Sheets()
    for at, text in enumerate(pages):
        if at:
            sheets.next()
        if text:
            sheets.put(60, 100, text)
        else:
            sheets.picture()
    return sheets.done()


def docx(*paragraphs: str) -> bytes:
    """Return a Word document."""
    document, made = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def zipped(**members: bytes) -> bytes:
    """Return an archive of files whose names are given as `harbour_txt=…`."""
    return packed({name.replace("_", "."): data for name, data in members.items()})


def packed(members: dict[str, bytes]) -> bytes:
    """Return an archive of files by any names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()
