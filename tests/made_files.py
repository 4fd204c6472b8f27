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

    def slanting(self, degrees: float, *lines: str) -> None:
        """Put lines one below the other, in the middle of the sheet and in another direction."""
        self._canvas.saveState()
        self._canvas.translate(_WIDTH / 2, _HEIGHT / 2)
        self._canvas.rotate(degrees)
        self._canvas.setFont(FONT, 12)
        for at, line in enumerate(lines):
            self._canvas.drawString(0, -18 * at, line)
        self._canvas.restoreState()

    def unseen(self, x: float, y: float, text: str) -> None:
        """Put a line that is not drawn, as text recognition does over a scan."""
        line = self._canvas.beginText(x, _HEIGHT - y)
        line.setFont(FONT, 10)
        line.setTextRenderMode(3)
        line.textOut(text)
        self._canvas.drawText(line)

    def white(self, x: float, y: float, text: str, banner: float | None = None) -> None:
        """Put a white line; on a `banner` of that shade of grey if one is given."""
        if banner is not None:
            self._canvas.setFillGray(banner)
            self._canvas.rect(x - 5, _HEIGHT - y - 5, 300, 20, stroke=0, fill=1)
        self._canvas.setFillGray(1)
        self.put(x, y, text)
        self._canvas.setFillGray(0)

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


def labelled(labels: list[str]) -> bytes:
    """Return a PDF with a sheet for each label, which it calls itself."""
    sheets, ranges = Sheets(), ""
    for at, label in enumerate(labels):
        if at:
            sheets.next()
        sheets.put(60, 100, "字")
        ranges += f"{at} <</P <feff{label.encode('utf-16-be').hex()}>>> "
    return sheets.done().replace(
        b"/Type /Catalog", f"/Type /Catalog /PageLabels <</Nums [{ranges}]>>".encode()
    )


def untold(glyphs: str) -> bytes:
    """Return a PDF of glyphs by their numbers in a font that does not tell which they are."""
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(glyphs) + 36}>>stream\nBT /F 12 Tf 50 700 Td <{glyphs}> Tj ET\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+F/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+F/FontDescriptor 7 0 R/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        "<</Type/FontDescriptor/FontName/AAAAAA+F/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
        "/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
    )
    body = "\n".join(f"{at} 0 obj\n{each}\nendobj" for at, each in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}\ntrailer<</Root 1 0 R/Size 8>>\n".encode()


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
