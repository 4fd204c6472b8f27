"""Layout: the glyphs of a printed page → its text, line for line, in reading order.

Blank lines part what stands apart or in another size, and two ideographic spaces begin a line
that is set in, so that paragraphs and headlines can be told by the text alone.
"""

from collections.abc import Iterable, Sequence

from qa.formats.columns import HEADLINE, Setting, reading_order, setting_of
from qa.formats.glyphs import Glyph, Run, rows_of, runs_of

_INDENT = "\u3000\u3000"
_Row = list[Run]


def _words(row: _Row) -> str:
    return " ".join(run.text.strip() for run in row)


def _is_set_in(row: _Row, left: float, right: float, em: float) -> bool:
    """Tell whether a row of a block with these edges begins a paragraph by its indent."""
    indent = row[0].left - left
    centred = abs(right - row[-1].right - indent) <= 0.6 * em
    return 1.2 * em <= indent <= 3.2 * em and row[0].em < HEADLINE * em and not centred


def _edges(rows: Sequence[_Row]) -> tuple[float, float]:
    return min(row[0].left for row in rows), max(row[-1].right for row in rows)


def _block_lines(rows: Sequence[_Row], setting: Setting) -> list[str]:
    """Return the lines of one column; an empty one stands where a white band or a size ends."""
    left, right = _edges(rows)
    lines: list[str] = []
    for at, row in enumerate(rows):
        if at and _are_apart(rows[at - 1], row, setting):
            lines.append("")
        set_in = len(rows) > 1 and _is_set_in(row, left, right, setting.em)
        lines.append(_INDENT * set_in + _words(row))
    return lines


def _are_apart(above: _Row, below: _Row, setting: Setting) -> bool:
    sizes = sorted((above[0].em, below[0].em))
    white = min(run.top for run in below) - max(run.bottom for run in above)
    return sizes[1] >= 1.15 * sizes[0] or white >= setting.band


def _goes_on(above: Sequence[_Row], below: Sequence[_Row], setting: Setting) -> bool:
    """Tell whether the text of one column may go on at the top of the next."""
    side_by_side = below[0][0].left > above[-1][-1].left and below[0][0].base < above[-1][0].base
    sizes = sorted((above[-1][0].em, below[0][0].em))
    return side_by_side and sizes[1] < 1.15 * sizes[0] and sizes[1] < HEADLINE * setting.em


def text_of(glyphs: Iterable[Glyph]) -> str:
    """Return the text of one printed page, "" where nothing is printed."""
    runs = runs_of(glyphs)
    if not runs:
        return ""
    setting = setting_of(runs)
    blocks = [rows_of(block) for block in reading_order(runs, setting)]
    lines: list[str] = []
    for at, block in enumerate(blocks):
        if at and not _goes_on(blocks[at - 1], block, setting):
            lines.append("")
        lines += _block_lines(block, setting)
    return "\n".join(lines)
