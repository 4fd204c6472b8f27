"""Columns: the runs of a printed page → their order for a reader.

The page is cut, again and again, into parts that are read one after the other: at wide white
bands and at headlines from the top down, at gutters from the left to the right. Lines of
neighbouring columns often stand level, so the white between two lines says nothing by itself;
what counts is whether a gutter goes on below it. (The recursive cut is G. Nagy's X-Y cut, 1984.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qa.formats.glyphs import GUTTER, Run, rows_of

HEADLINE = 1.25  # in sizes of the running text
_LEVEL = 6  # in sizes of the running text, about four lines
_DEEPEST = 60  # cuts inside cuts; no page is printed like that

_Part = list[Run]
_Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Setting:
    """How a page is set: the size of its running text, and the white that parts its blocks."""

    em: float
    band: float


def setting_of(runs: Sequence[Run]) -> Setting:
    """Return the setting of a page that holds at least one run."""
    sizes = sorted((run.em, len(run.text)) for run in runs)
    half, em = sum(count for _, count in sizes) / 2, sizes[-1][0]
    for size, count in sizes:
        half -= count
        if half <= 0:
            em = size
            break
    leadings = [
        below[0].top - above[0].bottom
        for above, below in pairwise(rows_of(run for run in runs if run.em < HEADLINE * em))
    ]
    usual = median([gap for gap in leadings if 0 < gap < 3 * em] or [0.0])
    return Setting(em, max(em, 1.8 * usual))


def _components(intervals: Sequence[_Interval], apart: float) -> list[_Interval]:
    """Join intervals that stand less than `apart` from one another."""
    joined: list[_Interval] = []
    for start, end in sorted(intervals):
        if joined and start - joined[-1][1] < apart:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _strips(runs: Sequence[Run], apart: float = 0.0) -> list[_Part]:
    """Cut runs where a white band of height `apart` goes across all of them, from the top."""
    strips: list[_Part] = []
    lowest = float("-inf")
    for run in sorted(runs, key=lambda run: (run.top, run.left)):
        if not strips or run.top - lowest >= apart:
            strips.append([])
        strips[-1].append(run)
        lowest = max(lowest, run.bottom)
    return strips


def _gutters(runs: Sequence[Run], em: float) -> list[_Interval]:
    """Return the white intervals of x that go from the top of all runs to their bottom."""
    covered = _components([(run.left, run.right) for run in runs], GUTTER * em)
    return [(left[1], right[0]) for left, right in pairwise(covered)]


def _common(some: list[_Interval], others: list[_Interval], em: float) -> list[_Interval]:
    both = ((max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others)
    return [(start, end) for start, end in both if end - start >= GUTTER * em]


def _is_headline(strip: Sequence[Run], setting: Setting) -> bool:
    return all(run.em >= HEADLINE * setting.em for run in strip)


def _heads_columns(strip: _Part, below: _Part, setting: Setting) -> bool:
    """Tell whether `strip` is headlines that stand level, each over columns of its own below."""
    gutters = _common(_gutters(strip, setting.em), _gutters(below, setting.em), setting.em)
    return bool(gutters) and _is_headline(strip, setting)


def _at_bands(runs: _Part, height: float, setting: Setting) -> list[_Part]:
    """Cut at white bands of `height`, lower ones above headlines, but not below level ones."""
    parts: list[_Part] = []
    for part in _strips(runs, setting.band):
        first = _strips(part)[0]
        if parts:
            last = _strips(parts[-1])[-1]
            band = min(run.top for run in part) - max(run.bottom for run in last)
            is_new = band >= height or _is_headline(first, setting)
            if not is_new or _heads_columns(last, first, setting):
                parts[-1].extend(part)
                continue
        parts.append(part)
    return parts


def _at_headlines(strips: Sequence[_Part], setting: Setting) -> list[_Part]:
    """Cut above each headline, and below one that stands over all that follows it."""
    parts = [list(strips[0])]
    for above, strip in pairwise(strips):
        was, is_headline = _is_headline(above, setting), _is_headline(strip, setting)
        ends = was and not is_headline and not _heads_columns(above, strip, setting)
        if ends or (is_headline and not was):
            parts.append([])
        parts[-1].extend(strip)
    return parts


def _at_changes(strips: Sequence[_Part], setting: Setting) -> list[_Part]:
    """Join strips as long as a gutter goes through all of them, or none has any."""
    parts: list[_Part] = []
    open_gutters: list[_Interval] = []
    for strip in strips:
        if parts:
            together = _gutters([*parts[-1], *strip], setting.em)
            if together or not (open_gutters or _gutters(strip, setting.em)):
                parts[-1].extend(strip)
                open_gutters = together
                continue
        parts.append(list(strip))
        open_gutters = _gutters(strip, setting.em)
    return parts


def _stands_alone(upper: _Part, lower: _Part, gutters: Sequence[_Interval], em: float) -> bool:
    """Tell whether `lower` is the end of a left column, whose text goes on in the next.

    So it is when nothing stands beside it and the next column ends well above it. The parts of a
    page that are read one below the other are rectangles, whose columns end about level.
    """
    edge = max(run.right for run in lower)
    top = min(run.top for run in lower)
    for start, _ in gutters:
        beside = [run.bottom for run in upper if run.left > start]
        if edge <= start and beside and top - max(beside) >= _LEVEL * em:
            return True
    return False


def _without_ends(
    parts: Sequence[_Part], gutters: Sequence[_Interval], setting: Setting
) -> list[_Part]:
    """Join parts again where the cut would take a left column apart from its end."""
    joined = [list(parts[0])]
    for at in range(1, len(parts)):
        upper = [run for part in parts[:at] for run in part]
        lower = [run for part in parts[at:] for run in part]
        if _stands_alone(upper, lower, gutters, setting.em):
            joined[-1].extend(parts[at])
        else:
            joined.append(list(parts[at]))
    return joined


def _best_gutter(gutters: Sequence[_Interval], top: _Part, setting: Setting) -> _Interval:
    """Return the widest gutter, of those left of a headline where headlines stand level on top.

    So columns stay with the headline to their left.
    """
    heads = [run.left for run in top if _is_headline(top, setting)]
    before = [
        max(ends)
        for head in heads
        if (ends := [gutter for gutter in gutters if gutter[1] <= head + 0.5 * setting.em])
    ]
    return max(before or gutters, key=lambda gutter: (gutter[1] - gutter[0], -gutter[0]))


def _cut(runs: _Part, setting: Setting) -> list[_Part]:
    """Return the parts of `runs` in reading order, only one where they cannot be parted."""
    gutters = _gutters(runs, setting.em)
    strips = _strips(runs)
    widest = max((end - start for start, end in gutters), default=0.0)
    # Paragraphs of two columns may end level by chance, so there a band must be wider.
    height = max(setting.band, 1.2 * widest)
    for cut in (_at_bands(runs, height, setting), _at_headlines(strips, setting)):
        parts = _without_ends(cut, gutters, setting)
        if len(parts) > 1:
            return parts
    if gutters:
        edge, _ = _best_gutter(gutters, strips[0], setting)
        left = [run for run in runs if run.right <= edge]
        return [left, [run for run in runs if run.right > edge]]
    return _at_changes(strips, setting)


def reading_order(runs: Sequence[Run], setting: Setting, depth: int = 0) -> Iterator[list[Run]]:
    """Yield the blocks of a page as a reader goes through them; a block is one column's lines.

    Every run is in exactly one block.
    """
    block = list(runs)
    if len(rows_of(block)) > 1 and depth < _DEEPEST:
        parts = _cut(block, setting)
        if len(parts) > 1:
            for part in parts:
                yield from reading_order(part, setting, depth + 1)
            return
    yield block
