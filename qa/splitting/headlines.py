"""Headlines: which heading speaks of which segment.

An assignment over word overlap for the whole page at once, with a bonus for standing directly
above: on a page where all headings are in place nothing moves, and a displaced one finds its
text. Knows nothing of which segments are parts of one article.
"""

import math
from functools import cached_property

from qa.splitting.blocks import Block
from qa.splitting.openings import Conventions
from qa.splitting.segments import HeadingRun, Outline, Segment
from qa.splitting.terms import Rarity, Vocabulary

_IN_PLACE = 0.35  # worth of standing directly above, in shares of the heading's words
_SPEAKS_OF = 0.45  # share of a heading's weighted words that stand in the text it belongs to
_HINTS_AT = 0.2  # such a share is enough where no other text has half as much of it
# Parting two headings costs this share of the smaller one's words for each of the two segments,
# and less for an opening that lacks its headline.
_CHANGE, _CHANGE_BARE = 0.2, 0.05
_BACK = 0.3  # evidence at which a heading-like line is running text
# A text of more is no printed page (a broadsheet's has 20,000 characters): nothing is displaced.
MOST_SEGMENTS = 120
MOST_CHARACTERS = 100_000


class PageWords:
    """The words of a page's segments and headings, and how rare each is on the page.

    `printed` tells whether the text is of a size that a printed page can have; of a longer one
    no words are asked for, and none are looked for.
    """

    def __init__(self, vocabulary: Vocabulary, segments: list[Segment]) -> None:
        self.vocabulary = vocabulary
        self.segments = segments
        self.printed = len(segments) <= MOST_SEGMENTS and len(vocabulary.text) <= MOST_CHARACTERS

    @cached_property
    def of_segment(self) -> list[frozenset[str]]:
        """The distinct terms of each segment, as its body is when they are first asked for."""
        return [self.vocabulary.of(segment.spans) for segment in self.segments]

    @cached_property
    def rarity(self) -> Rarity:
        """How rare each term is among the segments."""
        return Rarity(self.of_segment)

    def of(self, blocks: list[Block]) -> frozenset[str]:
        """Return the distinct terms of some blocks."""
        return self.vocabulary.of(block.span for block in blocks)

    def coverages(self, blocks: list[Block]) -> list[float]:
        """Return the weighted share of the blocks' words in each segment of the page."""
        heading = self.of(blocks)
        return [self.rarity.coverage(heading, words) for words in self.of_segment]


def return_to_body(words: PageWords, page: Conventions, outline: Outline) -> None:
    """Move heading-like lines that end or continue an unfinished segment back into its body."""
    if not words.printed:
        return
    tails = [segment for segment in page.segments if not page.opens(segment)]
    for run in outline.headings:
        after, over, first = run.after, run.over, run.blocks[0]
        if after is None or after.ended or (len(run.blocks) == 1 and over):
            continue
        if not over and not page.unfinished(after):
            continue
        covered = words.coverages([first])
        mine = {after.index, *(segment.index for segment in tails)}
        own = max(covered[n] for n in mine)
        other = max((share for n, share in enumerate(covered) if n not in mine), default=0.0)
        column = after.column
        in_column = column > 0 and column - 6 <= first.lines[0].width <= column + 2
        comma = any(sign in first.span.of(words.vocabulary.text) for sign in "，,")
        if over and not (in_column or comma):
            continue
        if own > other and own - other + 0.15 * in_column + 0.1 * comma >= _BACK:
            after.texts.append(first)
            del run.blocks[0]
    outline.headings = [run for run in outline.headings if run.blocks]


def _best_reading(gains: list[list[float]], costs: list[list[float]]) -> list[int]:
    """Return for each block the place it is read with: the path of the largest sum.

    `gains[block][place]` is what a block is worth there; `costs[block][place]` is what a change
    from or to the place costs before that block.
    """
    worth = gains[0]
    steps: list[list[int]] = []
    for gain, cost in zip(gains[1:], costs[1:], strict=True):
        left = [w - c for w, c in zip(worth, cost, strict=True)]
        best = max(range(len(left)), key=left.__getitem__)
        moved = [left[best] - c for c in cost]
        steps.append([best if moved[n] > w else n for n, w in enumerate(worth)])
        worth = [max(w, m) + g for w, m, g in zip(worth, moved, gain, strict=True)]
    path = [max(range(len(worth)), key=worth.__getitem__)]
    for step in reversed(steps):
        path.append(step[path[-1]])
    return path[::-1]


def _bare(words: PageWords, page: Conventions) -> set[int]:
    """Return the indexes of openings without a headline, or below one that speaks of another."""
    found: set[int] = set()
    openings = [s for s in page.segments if page.opens(s)]
    for segment in openings:
        row = words.coverages(segment.heading_above) if segment.heading_above else []
        others = max((row[s.index] for s in openings if row and s is not segment), default=0.0)
        if not row or (others >= _HINTS_AT and others >= 2 * row[segment.index]):
            found.add(segment.index)
    return found


def _cut(
    words: PageWords, page: Conventions, run: HeadingRun, lacking: set[int]
) -> list[HeadingRun]:
    """Cut a run of headings where they speak of different segments.

    A block is worth the weight of its words that stand in its segment, and a change of segments
    costs a share of the smaller of the two blocks that it parts: less where openings lack
    their headline (`lacking`).
    """
    if len(run.blocks) < 2 or len(page.segments) < 2:
        return [run]
    free = [s for s in page.segments if s is run.over or page.opens(s) or not page.leads]
    bare = any(s.index in lacking for s in free)
    changes = [_CHANGE_BARE if s.index in lacking else _CHANGE for s in free]
    # Where every opening has a heading, none is likely to stand above another article.
    last = len(run.blocks) - 1 if bare else 0
    gains, costs = [], []
    before = math.inf
    for nth, block in enumerate(run.blocks):
        covered = words.coverages([block])
        weight = words.rarity.total(words.of([block]))
        placed = [_IN_PLACE * (s is run.over and nth >= last) for s in free]
        gains.append([weight * (covered[s.index] + p) for s, p in zip(free, placed, strict=True)])
        costs.append([min(before, weight) * change for change in changes])
        before = weight
    path = _best_reading(gains, costs)
    cut = [HeadingRun([run.blocks[0]], run.after)]
    for block, place, previous in zip(run.blocks[1:], path[1:], path[:-1], strict=True):
        if place != previous:
            cut.append(HeadingRun([], run.after))
        cut[-1].blocks.append(block)
    cut[-1].over = run.over
    return cut


def _in_place(outline: Outline) -> dict[int, list[Block]]:
    found = {run.over.index: run.blocks for run in outline.headings if run.over}
    outline.furniture.extend(b for run in outline.headings if not run.over for b in run.blocks)
    return found


def best_pairs(worth: list[list[float]]) -> list[int]:
    """Return for each row its column so that the sum of `worth` is largest, -1 for none.

    No column is given twice; rows in excess of the columns get none.
    """
    from scipy.optimize import linear_sum_assignment

    found = [-1] * len(worth)
    for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        found[row] = int(column)
    return found


def _pairs(page: Conventions, runs: list[HeadingRun], covered: list[list[float]]) -> list[int]:
    """Return for each run the index of its segment, -1 for none: the best for the whole page.

    A text that opens no article has no headline but one directly above it, on a page whose
    articles are known by their leads.
    """
    may = [page.opens(segment) or not page.leads for segment in page.segments]
    worth = []
    for run, row in zip(runs, covered, strict=True):
        above = [run.over is segment for segment in page.segments]
        worth.append(
            [
                share * (free or here) + _IN_PLACE * here
                for share, free, here in zip(row, may, above, strict=True)
            ]
        )
    served = {run.over.index for run in runs if run.over}
    found = best_pairs(worth)
    for nth, index in enumerate(found):
        if index < 0:
            continue
        share, over = covered[nth][index], runs[nth].over
        others = (c for n, c in enumerate(covered[nth]) if n != index and n not in served)
        second = max(others, default=0.0)
        alone = share >= _HINTS_AT and share >= 2 * second
        if share < _SPEAKS_OF and not alone and over is not page.segments[index]:
            found[nth] = -1
    return _with_last(page, runs, covered, found)


def _with_last(
    page: Conventions, runs: list[HeadingRun], covered: list[list[float]], found: list[int]
) -> list[int]:
    """Give the one headline that is left to the one opening without any, if a word is shared."""
    bare = [s.index for s in page.segments if page.opens(s) and s.index not in found]
    free = [nth for nth, index in enumerate(found) if index < 0 and runs[nth].over is None]
    if len(bare) == len(free) == 1 and 0 < covered[free[0]][bare[0]] >= max(
        covered[free[0]][s.index] for s in page.segments if page.opens(s)
    ):
        found[free[0]] = bare[0]
    return found


def assign(words: PageWords, page: Conventions, outline: Outline) -> dict[int, list[Block]]:
    """Return the heading blocks of each segment, by its index; what fits none becomes furniture.

    One run a segment; a second one joins it only where it stands directly above and speaks of
    that segment, or where nothing wants the piece that was cut from it.
    """
    if not page.segments or not words.printed or not outline.headings:
        return _in_place(outline)
    lacking = _bare(words, page)
    cut = [(part, run) for run in outline.headings for part in _cut(words, page, run, lacking)]
    runs = [part for part, _ in cut]
    covered = [words.coverages(run.blocks) for run in runs]
    found: dict[int, list[Block]] = {}
    pairs = _pairs(page, runs, covered)
    for run, index in zip(runs, pairs, strict=True):
        if index >= 0:
            found[index] = run.blocks
    for (run, whole), index, row in zip(cut, pairs, covered, strict=True):
        if index >= 0:
            continue
        over = whole.over.index if whole.over else -1
        kept = over in found and found[over][-1] is whole.blocks[-1]
        if over >= 0 and (kept or (run.over and row[over] >= _SPEAKS_OF)):
            found[over] = sorted([*found.get(over, []), *run.blocks], key=lambda b: b.span)
        else:
            outline.furniture.extend(run.blocks)
    return found
