"""Paragraphs: blocks → the same blocks with paragraphs whole that a blank line cuts in two.

Knows a block's nearest neighbours and how columns are set; knows nothing of articles.
"""

import re
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import NamedTuple

from qa.splitting.blocks import Block, block_of
from qa.splitting.bylines import is_names, is_photo_credit
from qa.splitting.dates import header_date
from qa.splitting.lines import Line, ends_sentence

# A paper's name: few words, all of them capitalised, or Chinese that ends as such names do.
_PAPER = re.compile(
    r"(?:The )?[A-Z][\w'’&.-]*(?:,? +(?:of |and |the )?[A-Z0-9][\w'’&.-]*){0,5}$|[㐀-鿿 ]{2,12}[报報刊]$"
)
_MOST_LINES = 300  # a longer paragraph is none: it is not joined any further


# A block and its nearest neighbours.
_Around = tuple[Block | None, Block, Block | None]


class _Shape(NamedTuple):
    """How a page is set: whether paragraphs show their indent, and articles have leads."""

    indents: bool
    leads: bool


def _fits_column(line: Line, column: int) -> bool:
    return column - 8 <= line.width <= column + 2


def _runs_into(heading: Block, body: Block, before: Block | None) -> int:
    """Return how many last lines of a heading-like block are really the start of `body`.

    Seen by the shape alone: the body begins inside a paragraph, and the lines fit its column.
    """
    if body.kind != "text" or not body.begins_inside:
        return 0
    column = max(line.width for line in body.lines[1:4])
    count = 0
    while count < len(heading.lines) and _fits_column(heading.lines[-1 - count], column):
        count += 1
    whole = count == len(heading.lines)
    follows_text = before is not None and before.kind == "text" and before.byline is None
    return count if not whole or follows_text else 0


def _continues(text: str, before: Block, block: Block) -> bool:
    """Tell whether `block` is the second half of the paragraph `before`."""
    if before.kind != "text" or before.byline is not None or block.lead is not None:
        return False
    if (
        len(before.lines) > _MOST_LINES
        or ends_sentence(before.span.of(text))
        or block.lines[0].indented
    ):
        return False
    last, column = before.lines[-1], before.column
    if block.kind == "text":
        return not column or last.width >= column - 8
    return block.kind == "heading" and column > 0 and block.column == 0 and (
        last.width >= column - 3 and _fits_column(block.lines[0], column)
    )  # fmt: skip


def _is_cut(text: str, around: _Around, shape: _Shape) -> bool:
    """Tell whether a heading-like block is the first lines of a paragraph that breaks off.

    Its lines fill the column of the text around it, the first but for its indent. One full line
    alone, or one without a text before it, must have a comma to be told from a headline, unless
    no headline can stand there: the page's articles have leads and the text below has none.
    """
    before, block, after = around
    texts = [b for b in (before, after) if b and b.kind == "text" and b.byline is None and b.column]
    if not texts or after is None or after.lead:
        return False
    column = _usual(texts[0])
    indents, led = shape.indents, shape.leads and after.begins_inside
    first, *others = (line.width for line in block.lines)
    # A headline's line does not end in a comma; one that does may hang over the column.
    hanging = any(line.span.of(text)[-1] in "，,、" for line in block.lines)
    least, most = (column - 6, column - 3) if indents else (column - 3, column + 2)
    if not least <= first <= (column + 2 if hanging else most):
        return False
    if any(not column - 3 <= width <= column + 2 for width in others[:-1]):
        return False
    if others and others[-1] > column + 2:
        return False
    comma = any(sign in block.span.of(text) for sign in "，,")
    return comma or ((bool(others) or led) and texts[0] is before)


def _usual(block: Block) -> int:
    """Return the width that most lines of a wrapped block fill, whatever hangs over."""
    widths = sorted(line.width for line in block.lines)
    return widths[len(widths) * 2 // 3]


def _shows_indents(blocks: list[Block]) -> bool:
    """Tell whether paragraphs of this page begin with a narrower line, their indent lost."""
    # What stands below a heading-like line may be the rest of a paragraph that begins in it.
    below = {b.span for a, b in pairwise(blocks) if a.kind == "heading"}
    texts = [b for b in blocks if b.kind == "text" and len(b.lines) > 2]
    shaped = [block for block in texts if block.lead or block.span not in below]
    inside = sum(block.begins_inside for block in shaped)
    return 2 * inside < len(shaped)


def _borrowed(text: str, mended: list[Block], block: Block) -> Block:
    """Give `block` the lines of the heading-like block before it that are really its own."""
    before = mended[-1]
    count = _runs_into(before, block, mended[-2] if len(mended) > 1 else None)
    if not count:
        return block
    mended.pop()
    if before.lines[:-count]:
        mended.append(block_of(text, "heading", before.lines[:-count]))
    return block_of(text, "text", [*before.lines[-count:], *block.lines])


def _is_dated_name(around: _Around) -> bool:
    """Tell whether a line is the name that signs a notice, the day in the line below it."""
    before, block, after = around
    if block.kind != "heading" or len(block.lines) > 1 or before is None or before.kind != "text":
        return False
    return after is not None and after.kind == "furniture" and not after.lines[0].gap


def _signatures(text: str, around: list[_Around]) -> list[bool]:
    """Tell of each block whether it is a line of names that ends the article above it.

    Two such lines must be seen, one of them where nothing but another article can follow.
    """
    names = [
        block.kind == "heading"
        and len(block.lines) == 1
        and before is not None
        and before.kind == "text"
        and is_names(block.span.of(text))
        and ends_sentence(before.span.of(text))
        for before, block, _ in around
    ]
    last = [
        after is None or after.kind in ("heading", "furniture") or after.lead is not None
        for _, _, after in around
    ]
    sure = any(one and other for one, other in zip(names, last, strict=True))
    return names if sure and sum(names) > 1 else [False] * len(names)


def _is_masthead(text: str, blocks: list[Block]) -> bool:
    """Tell whether a page begins with its paper's name: above the day, and that above a headline."""
    below = list(takewhile(lambda block: block.kind == "furniture", blocks[1:]))
    if not below or blocks[0].kind != "heading" or len(blocks[0].lines) > 1:
        return False
    dated = any(header_date(block.span.of(text)) for block in below)
    headed = blocks[1 + len(below) :][:1]
    named = _PAPER.match(blocks[0].span.of(text)) is not None
    return named and dated and bool(headed) and headed[0].kind == "heading"


def _is_label(text: str, block: Block, after: Block | None) -> bool:
    """Tell whether a heading in brackets above another is the name of a column."""
    words = block.span.of(text)
    framed = len(block.lines) == 1 and words[0] in "《【[〔" and words[-1] in "》】]〕"
    return framed and block.kind == "heading" and after is not None and after.kind == "heading"


def _credited(text: str, blocks: list[Block]) -> list[Block]:
    """Return `blocks` with the kind of those right whose place tells what they are.

    A photographer's credit that stands alone is a caption. Bare names are by-lines where a page
    signs more than one article so. Who signs a notice belongs to its text.
    """
    around = list(zip([None, *blocks], blocks, [*blocks[1:], None], strict=False))
    signed = _signatures(text, around)
    found: list[Block] = []
    named = _is_masthead(text, blocks)
    for three, names in zip(around, signed, strict=True):
        block, kind = three[1], three[1].kind
        if names:
            kind = "byline"
        elif (named and not found) or _is_label(text, block, three[2]):
            kind = "furniture"
        elif _is_dated_name(three):
            block, kind = replace(block, kind="text", signs=True), "text"
        elif kind == "byline" and not (found and found[-1].kind == "byline"):
            kind = "caption" if is_photo_credit(block.span.of(text)) else kind
        found.append(block if kind == block.kind else replace(block, kind=kind))
    return found


def mend_paragraphs(text: str, blocks: list[Block]) -> list[Block]:
    """Return `blocks` with the halves of cut paragraphs joined; no line is lost or moved.

    By-lines that are known by their place alone get their kind.
    """
    shape = _Shape(_shows_indents(blocks), sum(block.lead is not None for block in blocks) > 1)
    mended: list[Block] = []
    for i, block in enumerate(blocks):
        current = block
        if shape.indents and block.kind == "text" and mended and mended[-1].kind == "heading":
            current = _borrowed(text, mended, block)
        before = mended[-1] if mended else None
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        led = following is not None and following.lead is not None
        headed = following is not None and following.kind == "heading"
        heading = current.kind == "heading"
        if heading and _is_cut(text, (before, current, following), shape):
            current = block_of(text, "text", current.lines)
            heading = False
        if before and not (heading and (led or headed)) and _continues(text, before, current):
            mended[-1] = block_of(text, "text", [*before.lines, *current.lines])
        else:
            mended.append(current)
    return _credited(text, mended)
