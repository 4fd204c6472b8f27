"""Places in a page's text, and how such a text is shown.

A span is `[start, end)` in Unicode code points of the page's decoded text. What is shown may
be reflowed; the span always leads back to the exact characters.
"""

import re
from typing import NamedTuple

# CJK letters, their punctuation and full-width forms, and the quotes and dashes set with them.
_WIDE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef‘’“”—…·]")
# A lead (本报讯, 新华社…电) is set off from its sentence by a space.
_LEAD_ENDS = "讯訊电電"
_GAP = re.compile(r"\s+")


class Span(NamedTuple):
    """A half-open range `[start, end)` of code points in one page's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the exact characters of `text` that the span covers."""
        return text[self.start : self.end]


class Line(NamedTuple):
    """A text set as one line: its characters, and where each stands in the original."""

    text: str
    offsets: tuple[int, ...]

    def back(self, span: Span) -> Span:
        """Return the place in the original of a non-empty span of the line."""
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)


def line(text: str) -> Line:
    """Return `text` as one line: hard line breaks and column spaces taken out.

    One space is kept where white space stands between two narrow characters (letters, digits)
    or after a lead.
    """
    offsets: list[int] = []
    at = 0
    for gap in _GAP.finditer(text):
        offsets += range(at, gap.start())
        at = gap.end()
        if gap.start() > 0 and at < len(text) and _stays(text[gap.start() - 1], text[at]):
            offsets.append(gap.start())
    offsets += range(at, len(text))
    return Line("".join(" " if text[i].isspace() else text[i] for i in offsets), tuple(offsets))


def _stays(before: str, after: str) -> bool:
    return before in _LEAD_ENDS or not (_WIDE.match(before) or _WIDE.match(after))


def reflow(text: str) -> str:
    """Return `text` as one line for reading, as `line` sets it."""
    return line(text).text
