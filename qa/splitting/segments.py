"""Segments: blocks → runs of paragraphs that certainly belong together, and the headings around.

A segment begins at a lead, behind a heading or a by-line, or at the top of the page. Whether it
is an article, a part of one, or a displaced tail is for later stages to say.
"""

from dataclasses import dataclass, field

from qa.spans import Span
from qa.splitting.blocks import Block
from qa.splitting.dates import printed_date
from qa.splitting.lines import ends_sentence

MOST_HEADINGS = 5  # kicker, headline, deck, and the headline of another article
MOST_OF_ONE = 3  # headings in a stack of headlines that are one article's


@dataclass(slots=True, eq=False)
class Segment:
    """Paragraphs that follow one another, in page order.

    `heading_above` are the headings directly above, whether or not they speak of it. `opened`
    holds by-lines that stand above the text, `closed` those that end it. `index` counts the
    segments of the page.
    """

    index: int
    heading_above: list[Block]
    texts: list[Block] = field(default_factory=list)
    opened: list[Span] = field(default_factory=list)
    closed: list[Span] = field(default_factory=list)

    @property
    def after_heading(self) -> bool:
        """Tell whether a heading stands directly above."""
        return bool(self.heading_above)

    @property
    def spans(self) -> list[Span]:
        """Return the spans of its paragraphs."""
        return [block.span for block in self.texts]

    @property
    def column(self) -> int:
        """Return the width of its widest column in half-widths, 0 if it was never wrapped."""
        return max((block.column for block in self.texts), default=0)

    @property
    def begins_inside(self) -> bool:
        """Tell whether the segment begins in mid-paragraph, by the shape of its first line."""
        return self.texts[0].begins_inside

    @property
    def has_lead(self) -> bool:
        """Tell whether it opens with a lead."""
        return bool(self.texts) and self.texts[0].lead is not None

    @property
    def ended(self) -> bool:
        """Tell whether a by-line or a signature ends it."""
        return bool(self.closed) or self.texts[-1].signs

    def opens_with_date(self, text: str) -> bool:
        """Tell whether the segment begins with a date, as an article without a lead may."""
        start = self.texts[0].span.start
        return printed_date(text[start : start + 14]) is not None


@dataclass(slots=True, eq=False)
class HeadingRun:
    """Heading blocks that follow one another.

    `over` is the segment that they stand directly above, `after` the one that they follow; None
    at the page's edges.
    """

    blocks: list[Block]
    after: Segment | None
    over: Segment | None = None


@dataclass(slots=True)
class Outline:
    """A page taken apart: segments and heading runs in page order, and the stray blocks."""

    segments: list[Segment]
    headings: list[HeadingRun]
    captions: list[Block]
    furniture: list[Block]


def _opening(blocks: list[Block]) -> list[bool]:
    """Tell of each block whether, as a by-line, it stands above its article, not below it."""
    behind = "heading"
    found: list[bool] = []
    for i in range(len(blocks) - 1, -1, -1):
        headed = i == 0 or blocks[i - 1].kind == "heading"
        found.append(headed and behind in ("text", "caption"))
        if blocks[i].kind != "byline":
            behind = blocks[i].kind
    return found[::-1]


def _tail_at(text: str, segment: Segment) -> int:
    """Return which paragraph begins inside a sentence that is not of this segment, 0 if none."""
    widths = sorted(line.width for block in segment.texts for line in block.lines)
    column = widths[len(widths) * 2 // 3]
    wrapped = [block for block in segment.texts if block.column]
    inside = [
        block for block in wrapped if block.begins_inside and block.lines[0].width >= column - 2
    ]
    at = segment.texts.index(inside[-1]) if inside else 0
    if not at or (len(inside) > 1 and 2 * len(inside) > len(wrapped)):
        return 0
    return at if ends_sentence(segment.texts[at - 1].span.of(text)) else 0


def _with(others: dict[Segment | None, Segment], segments: list[Segment]) -> list[Segment]:
    """Return `segments` with each of `others` behind the one that it is named for, None first."""
    joined = [others[None]] if None in others else []
    for segment in segments:
        joined.append(segment)
        if segment in others:
            joined.append(others[segment])
    return joined


def cut_tails(text: str, page: Outline) -> None:
    """Make a tail that stands behind another article a segment of its own.

    Only where it begins in mid-sentence and another segment of the page ends so.
    """
    wrapped = [b for s in page.segments for b in s.texts if b.column and not b.lead]
    if 2 * sum(block.begins_inside for block in wrapped) > len(wrapped):
        broken = []  # no paragraph of this page shows where it begins
    else:
        broken = [s for s in page.segments if not ends_sentence(s.texts[-1].span.of(text))]
    tails: dict[Segment | None, Segment] = {}
    for segment in page.segments:
        at = _tail_at(text, segment)
        if at and any(other is not segment for other in broken):
            tails[segment] = Segment(0, [], segment.texts[at:], [], segment.closed)
            segment.texts, segment.closed = segment.texts[:at], []
    for run in page.headings:
        run.after = tails.get(run.after, run.after)
    page.segments = _with(tails, page.segments)
    for index, segment in enumerate(page.segments):
        segment.index = index


def _keep_lists(page: Outline) -> None:
    """Make text of the headings that are too many to be headlines: they are a list.

    A stack of headlines may be as long as there are openings on the page without any.
    """
    bare = sum((s.has_lead or bool(s.opened)) and not s.heading_above for s in page.segments)
    begun: dict[Segment | None, Segment] = {}
    for run in page.headings:
        excess = len(run.blocks) - MOST_HEADINGS - MOST_OF_ONE * bare
        if excess <= 0:
            continue
        if run.after is None or run.after.ended:
            begun[run.after] = Segment(0, [])
            run.after = begun[run.after]
        run.after.texts += run.blocks[:excess]
        del run.blocks[:excess]
    page.segments = _with(begun, page.segments)


class _Outliner:
    """Takes blocks one by one, in page order."""

    def __init__(self) -> None:
        self.page = Outline([], [], [], [])
        self._current: Segment | None = None
        self._run: HeadingRun | None = None
        self._opened: list[Span] = []

    def _begin(self) -> Segment:
        above = self._run.blocks if self._run else []
        segment = Segment(len(self.page.segments), above, opened=self._opened)
        self.page.segments.append(segment)
        self._current, self._opened = segment, []
        return segment

    def heading(self, block: Block) -> None:
        """Add a heading to the run that stands here."""
        if self._run is None:
            self._run = HeadingRun([], self._current)
            self.page.headings.append(self._run)
        self._run.blocks.append(block)

    def byline(self, block: Block, opens: bool) -> None:
        """Add a by-line to the segment above it, or keep it for the one below."""
        if self._current is None or self._opened or opens:
            self._opened.append(block.span)
        else:
            self._current.closed.append(block.span)

    def text(self, block: Block) -> None:
        """Add a paragraph to the segment that runs here, or begin one with it."""
        segment = self._current
        if segment is None or self._run or self._opened or block.lead or segment.ended:
            segment = self._begin()
            if self._run:
                self._run.over = segment
            self._run = None
        segment.texts.append(block)
        if block.byline:
            segment.closed.append(block.byline)

    def end(self) -> None:
        """Give by-lines that nothing followed to the last segment."""
        if self._current:
            self._current.closed.extend(self._opened)


def outline(text: str, blocks: list[Block]) -> Outline:
    """Take the blocks of the page `text` apart."""
    outliner = _Outliner()
    page = outliner.page
    page.captions = [block for block in blocks if block.kind == "caption"]
    page.furniture = [block for block in blocks if block.kind == "furniture"]
    flow = [block for block in blocks if block.kind not in ("caption", "furniture")]
    for block, opens in zip(flow, _opening(flow), strict=True):
        if block.kind == "heading":
            outliner.heading(block)
        elif block.kind == "byline":
            outliner.byline(block, opens)
        else:
            outliner.text(block)
    outliner.end()
    _keep_lists(page)
    cut_tails(text, page)
    return page
