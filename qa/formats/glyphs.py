"""Glyphs: the characters of a printed page, as they were drawn → runs, the pieces of its lines.

Knows places and sizes; knows nothing of columns or of the file that they come from. All lengths
are in points, y grows downwards.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

# In sizes of the type ("em"). Columns of newspapers stand at least one em apart; the letters of
# one line, spaced out headlines apart, hardly ever stand that far.
GUTTER = 0.8
_SAME_LINE = 0.3
_WORD_GAP = 0.18
_SHADOW = 0.08  # twice that is less than the narrowest letter
_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")


class Glyph(NamedTuple):
    """One character: its left and right edge, its base line, and the size of its type."""

    char: str
    left: float
    right: float
    base: float
    em: float


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand side by side on one line of one column."""

    text: str
    left: float
    right: float
    base: float
    em: float

    @property
    def top(self) -> float:
        """Return the upper edge; those of neighbouring lines do not overlap."""
        return self.base - 0.85 * self.em

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.base + 0.12 * self.em


def _run_down(glyphs: Sequence[Glyph]) -> bool:
    """Tell whether most characters stand below the one that was drawn before them."""
    down = across = 0
    for one, other in pairwise(glyphs):
        em = max(one.em, other.em)
        down += abs(other.left - one.left) < 0.3 * em and 0.7 * em < other.base - one.base < 2 * em
        across += abs(other.base - one.base) < 0.3 * em and other.left > one.left
    return down > 2 * across


def _upright(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the glyphs of a page, one that is set in vertical lines turned by a quarter.

    Its lines run down and follow one another from the right, so that what is right comes to be
    above, and what is above left. A horizontal headline on such a page is not seen as one.
    """
    if not _run_down(glyphs):
        return list(glyphs)
    return [
        Glyph(g.char, g.base - 0.88 * g.em, g.base + 0.12 * g.em, -(g.left + g.right) / 2, g.em)
        for g in glyphs
    ]


def _beside(base: float, left: float, right: float, em: float, glyph: Glyph | Run) -> bool:
    """Tell whether `glyph` goes on where a run with these edges ends."""
    size = max(em, glyph.em)
    gap = glyph.left - right
    back = left - glyph.left  # a narrow sign may be drawn back over the one before it
    return (
        abs(glyph.base - base) <= _SAME_LINE * size
        and gap < GUTTER * size
        and gap > -0.6 * size
        and back <= 0.2 * size
    )


def _joined(text: str, gap: float, em: float, more: str) -> str:
    spaced = gap > _WORD_GAP * em and _LATIN.match(text[-1:]) and _LATIN.match(more[:1])
    return f"{text} {more}" if spaced else text + more


def _without_doubles(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Leave out what is drawn twice on one spot, as bold type and shadows are."""
    seen: set[tuple[str, float, int, int]] = set()
    kept = []
    for glyph in glyphs:
        x, y = (round(at / max(_SHADOW * glyph.em, 0.01)) for at in (glyph.left, glyph.base))
        near = [(glyph.char, glyph.em, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        if glyph.char.isspace() or seen.isdisjoint(near):
            kept.append(glyph)
        seen.add((glyph.char, glyph.em, x, y))
    return kept


def _as_drawn(glyphs: Iterable[Glyph]) -> list[Run]:
    """Join glyphs that were drawn one after the other; white at the ends is no part of a run."""
    runs: list[Run] = []
    text, left, ink, right, base, em = "", 0.0, 0.0, 0.0, 0.0, 0.0
    for glyph in glyphs:
        is_white = glyph.char.isspace()
        if text and _beside(base, left, right, em, glyph):
            text = _joined(text, glyph.left - right, em, glyph.char)
            right, em = max(right, glyph.right), max(em, glyph.em)
            ink = ink if is_white else right
            continue
        if text:
            runs.append(Run(text.rstrip(), left, ink, base, em))
        text, left, right, base, em = glyph
        text, ink = "" if is_white else text, right
    if text:
        runs.append(Run(text.rstrip(), left, ink, base, em))
    return runs


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Return runs that share a base line together, from the top, each row from the left."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.base, run.left, run.right, run.text)):
        last = rows[-1][0] if rows else None
        if last and abs(run.base - last.base) <= _SAME_LINE * max(run.em, last.em):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: (run.left, run.right, run.text)) for row in rows]


def _mended(row: Sequence[Run]) -> list[Run]:
    """Join neighbours that were not drawn one after the other."""
    mended = list(row[:1])
    for run in row[1:]:
        last = mended[-1]
        if _beside(last.base, last.left, last.right, last.em, run):
            text = _joined(last.text, run.left - last.right, last.em, run.text)
            right, em = max(last.right, run.right), max(last.em, run.em)
            mended[-1] = Run(text, last.left, right, last.base, em)
        else:
            mended.append(run)
    return mended


def runs_of(glyphs: Iterable[Glyph]) -> list[Run]:
    """Return the runs of one page, line by line from the top."""
    rows = rows_of(_as_drawn(_without_doubles(_upright(list(glyphs)))))
    return [run for row in rows for run in _mended(row)]
