"""Text → HTML. Everything that people or pages wrote passes through here and stays text.

Exact text is cut at the marks first and reflowed afterwards, so a highlight covers precisely
the characters that a citation names although hard line breaks are not shown.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.spans import Span, line

BETWEEN = "\u2063"  # stands between the two languages of a plain label, see script/frame.js


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the page's text to be highlighted, and the CSS class that it gets."""

    span: Span
    css: str


def escape(text: str) -> str:
    """Return `text` for use between tags or in a quoted attribute."""
    return html.escape(text, quote=True)


def both(chinese: str, english: str) -> str:
    """Return a label as HTML in both languages, of which the style sheet shows one."""
    return (
        f'<span class="zh" lang="zh-CN">{escape(chinese)}</span>'
        f'<span class="en" lang="en">{escape(english)}</span>'
    )


def said(chinese: str, english: str) -> str:
    """Return a label in both languages as plain text, of which the frame's script shows one.

    For attributes and for gradio's own labels and buttons, where no HTML can stand.
    """
    return f"{chinese}{BETWEEN}{english}"


def marked(page_text: str, spans: Sequence[Span], marks: Sequence[Mark]) -> list[str]:
    """Return each span's reflowed text as HTML, highlighted; the first fitting mark wins.

    The text of each piece of HTML is `reflow(span.of(page_text))`, character for character.
    """
    return ["".join(_pieces(page_text, span, marks)) for span in spans]


def emphasised(quote: str, strong: Sequence[Span]) -> str:
    """Return `reflow(quote)` as HTML with the `strong` spans, which count in `quote`, in bold."""
    shown = _shown(quote, Span(0, len(quote)))
    parts = []
    for bold, run in groupby(shown, key=lambda place: any(a <= place[0] < b for a, b in strong)):
        text = escape("".join(character for _, character in run))
        parts.append(f"<strong>{text}</strong>" if bold else text)
    return "".join(parts)


def in_both(notice: str) -> str:
    """Return a line as HTML: in both languages where it was `said` in both, else as it is."""
    chinese, _, english = notice.partition(BETWEEN)
    return both(chinese, english) if english else escape(notice)


def _pieces(page_text: str, span: Span, marks: Sequence[Mark]) -> Iterator[str]:
    shown = _shown(page_text, span)
    for mark, run in groupby(shown, key=lambda place: _covering(marks, place[0])):
        text = escape("".join(character for _, character in run))
        yield f'<mark class="{escape(mark.css)}">{text}</mark>' if mark else text


def _shown(page_text: str, span: Span) -> Iterator[tuple[int, str]]:
    """Yield each displayed character of the span after its place in the page's text."""
    shown = line(span.of(page_text))
    return ((span.start + at, letter) for at, letter in zip(shown.offsets, shown.text, strict=True))


def _covering(marks: Sequence[Mark], place: int) -> Mark | None:
    return next((mark for mark in marks if mark.span.start <= place < mark.span.end), None)
