"""Extracted: what a file gives, the text that offsets lead into and what is known of it."""

from dataclasses import dataclass
from typing import Literal

from qa.spans import Span

Format = Literal["txt", "md", "html", "docx", "pdf"]


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One printed page of a PDF: its number, counted from 1, and where its text lies.

    `label` is the number as the file gives it ("A03"), the plain number where it gives none.
    """

    number: int
    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one file; the same bytes give the same text.

    `encoding` is the codec of the file's text, "utf-8" for formats that fix their own.
    `printed` is empty but for a PDF; its spans are in order and do not overlap. `remarks` are
    lines for people about what was left out, such as pages that are pictures.
    """

    text: str
    format: Format
    encoding: str = "utf-8"
    printed: tuple[PrintedPage, ...] = ()
    remarks: tuple[str, ...] = ()
