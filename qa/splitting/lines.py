"""Lines: a page's text → its printed lines, with what their shape tells.

Knows widths, indents and the signs that end a sentence; knows nothing of headlines or articles.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.spans import Span

WIDEST_COLUMN = 84  # in half-widths; a longer line is a paragraph that was never wrapped
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_NARROW = re.compile(r"[\x20-\u1fff]")
_TERMINAL = re.compile(r"(?:[。！？!?…；;：:｡]|(?<=[A-Za-z0-9)\"”’])\.)[”’」』）)】》〉\]\"']*$")
_HANGING = "，。、；：！？”’）》」』,.!?;:"
_NEARLY = 0.85  # of the width of a full line; columns are set ragged, and signs hang out
_MOST = 0.6  # of all lines
_FEW, _NARROWEST = 8, 20  # lines that show no column yet; half-widths, lists are narrower
_INDENT = re.compile(r"(?:\u3000| {2,}|\t)")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its span without outer space, and its shape.

    `width` is in half-widths (a Chinese character is 2), `hang` that of the signs at its end,
    which may pass the column; `gap` tells whether a blank line or the page's top is above it;
    `indented` whether it begins with space of its own.
    """

    span: Span
    width: int
    hang: int
    gap: bool
    indented: bool


def _width(text: str) -> int:
    if len(text) > WIDEST_COLUMN:
        return 2 * len(text)
    return 2 * len(text) - len(_NARROW.findall(text))


def ends_sentence(text: str) -> bool:
    """Tell whether `text` ends where a paragraph may end: at 。！？ and the like, or ； or ：."""
    return _TERMINAL.search(text[-12:]) is not None


def read_lines(text: str) -> list[Line]:
    """Return the lines of `text` that hold anything but white space, in order."""
    lines: list[Line] = []
    ends: list[int] = []  # line ends before each line, since the one before it
    before = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        body = raw.strip()
        if not body:
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        ends.append(len(_BREAK.findall(text, before, match.start())))
        indented = _INDENT.match(raw) is not None
        hang = _width(body) - _width(body.rstrip(_HANGING))
        span = Span(start, start + len(body))
        lines.append(Line(span, _width(body), hang, not lines or ends[-1] > 1, indented))
        before = start + len(body)
    spacing = _spacing(text, lines, ends)
    if spacing == 1:
        return lines
    return [replace(line, gap=n == 0 or ends[n] > spacing) for n, line in enumerate(lines)]


def _spacing(text: str, lines: Sequence[Line], ends: Sequence[int]) -> int:
    """Return how many line ends part two lines of one paragraph: 1, or what parts all of a page.

    Web pages and Word documents into which a printed column was pasted hold each of its lines as
    a paragraph. Paragraphs that were never broken are not so much alike in width, or end with a
    sentence.
    """
    [(usual, often)] = Counter(ends[1:]).most_common(1) or [(1, 0)]
    if usual == 1 or often < _MOST * len(ends[1:]) or len(lines) < _FEW:
        return 1
    widths = sorted(line.width for line in lines)
    full = widths[len(widths) * 2 // 3]
    column = [line for line in lines if _NEARLY * full <= line.width <= full / _NEARLY]
    broken = [line for line in column if not ends_sentence(line.span.of(text))]
    is_pasted = (
        _NARROWEST <= full <= WIDEST_COLUMN
        and len(column) >= len(lines) / 2
        and len(broken) >= _MOST * len(column)
    )
    return usual if is_pasted else 1


def column_width(lines: list[Line], at: int) -> int:
    """Return the width of the column that stands around line `at`, 0 where none is seen."""
    near = [line.width for line in lines[max(0, at - 2) : at + 4]]
    widths = sorted(width for width in near if width <= WIDEST_COLUMN)
    # The last line of a paragraph and a headline are shorter, a hanging comma makes one longer.
    return widths[len(widths) * 2 // 3] if widths else 0
