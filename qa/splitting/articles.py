"""Articles: one page → its news stories, in reading order.

Runs the stages of the splitting and writes their result down as spans. Knows how an article's
title, date and by-line read; the stages before know where its parts are.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from qa.spans import Span
from qa.splitting.blocks import Block, read_blocks
from qa.splitting.bylines import tidy
from qa.splitting.dates import (
    PrintedDate,
    event_years,
    header_date,
    header_years,
    printed_date,
    year_of,
)
from qa.splitting.headlines import MOST_CHARACTERS, PageWords, assign, return_to_body
from qa.splitting.openings import Conventions
from qa.splitting.pages import Page
from qa.splitting.paragraphs import mend_paragraphs
from qa.splitting.reading_order import Story, stories
from qa.splitting.segments import outline
from qa.splitting.terms import Rarity, Vocabulary


@dataclass(frozen=True, slots=True)
class Article:
    """One news story of a page.

    All spans are in the page's text. `headline` holds the pieces (kicker, headline, deck) that
    `title` joins by a space. `paragraphs` is the body in reading order, one contiguous span a
    paragraph (a paragraph may run over line breaks and blank lines). `spans` is the same body as
    maximal contiguous ranges: more than one where the article's parts lie apart. `text` is the
    exact text of `spans`, joined by a line feed. `date_text` is the date as printed without
    inner spaces, `date` its ISO form where the year is known. `byline` is as printed, pieces
    joined by a space, else None.
    """

    id: str
    page_id: str
    source: str
    title: str
    date_text: str | None
    date: str | None
    byline: str | None
    text: str
    headline: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    spans: tuple[Span, ...]


_SPACE = re.compile(r"\s+")
# Signs and words between which a headline is never broken on purpose.
_RUNS_ON = re.compile(r"^[的和与與及、“‘《（(「『]|(?<=^.)(?:[、”’》）)」』]|的(?![哥士]))")


def _contiguous(text: str, paragraphs: list[Span]) -> tuple[Span, ...]:
    """Join paragraphs that follow one another with nothing but white space between."""
    spans: list[Span] = []
    for paragraph in paragraphs:
        last = spans[-1] if spans else None
        if last and last.end <= paragraph.start and not text[last.end : paragraph.start].strip():
            spans[-1] = Span(last.start, paragraph.end)
        else:
            spans.append(paragraph)
    return tuple(spans)


def _title(text: str, flat: str, headline: list[Block]) -> str:
    """Join the printed lines of a headline.

    A line break inside a phrase leaves no space: seen by the two characters before and after it
    standing together in the page's body (`flat`, without white space), or by a word that never
    ends or begins a phrase.
    """
    title = ""
    for block in headline:
        pieces = [_SPACE.sub(" ", line.span.of(text)) for line in block.lines]
        joined = pieces[0]
        for piece in pieces[1:]:
            seam = joined[-2:] + piece[:2]
            inside = len(seam) == 4 and seam in flat and not seam.isascii()
            joined += piece if inside or _RUNS_ON.search(joined[-1] + piece[:2]) else f" {piece}"
        title = f"{title} {joined}" if title else joined
    return title


def _byline(text: str, story: Story) -> str | None:
    """Return the by-lines of a story in reading order, each once."""
    lead = story.segments[0].texts[0].lead
    spans = [span for s in story.segments for span in (*s.opened, *s.closed)]
    printed = [lead.byline] if lead and lead.byline else []
    pieces = [*printed, *(tidy(span.of(text)) for span in spans)]
    return " ".join(dict.fromkeys(pieces)) or None


def _printed(text: str, story: Story) -> PrintedDate | None:
    """Return the day that stands in the by-line above a story, else where its body opens."""
    for byline in (span.of(text) for span in story.segments[0].opened):
        if date := printed_date(byline, len(byline)):
            return date
    first = story.segments[0].texts[0]
    start, end = first.span
    skip = first.lead.span.end - start if first.lead else 0
    return printed_date(text[start : min(end, start + skip + 80)], skip)


def _with_captions(page: PageWords, found: list[Story], captions: list[Block]) -> None:
    """Put each caption into the story that it shares most words with, else the one before it."""
    if not captions:
        return
    begins = sorted((s.texts[0].span, n) for n, story in enumerate(found) for s in story.segments)
    nearest = [begins[max(0, bisect_left(begins, (b.span, 0)) - 1)][1] for b in captions]
    if page.printed:
        words = [page.vocabulary.of(p for s in story.segments for p in s.spans) for story in found]
        rarity = Rarity(words)
        nearest = [
            _speaks_of(page.of([block]), words, rarity, n)
            for block, n in zip(captions, nearest, strict=True)
        ]
    for block, n in zip(captions, nearest, strict=True):
        _insert(block, found[n])


def _speaks_of(
    caption: frozenset[str], texts: list[frozenset[str]], rarity: Rarity, nearest: int
) -> int:
    """Return which of `texts` shares most with a caption, the `nearest` one where none does."""
    worth = [rarity.coverage(caption, text) for text in texts]
    worth[nearest] += 0.1
    return worth.index(max(worth))


def _insert(caption: Block, story: Story) -> None:
    """Put a caption between the paragraphs of a story that it stands between, else at its end."""
    for segment in story.segments:
        if segment.texts[0].span < caption.span < segment.texts[-1].span:
            segment.texts.insert(bisect_left(segment.texts, caption.span, key=_place), caption)
            return
    story.last.texts.append(caption)


def _place(block: Block) -> Span:
    return block.span


def _article(page: Page, nth: int, story: Story, flat: str, dates: "_Dates") -> Article:
    text = page.text
    paragraphs = [block.span for segment in story.segments for block in segment.texts]
    spans = _contiguous(text, paragraphs)
    title = _title(text, flat, story.heading)
    body = "\n".join(span.of(text) for span in spans)
    date = _printed(text, story)
    year = dates.year(date, f"{title}。{body}") if date else None
    return Article(
        id=f"{page.id}-{nth}",
        page_id=page.id,
        source=page.source,
        title=title,
        date_text=date.text if date else None,
        date=date.iso(year) if date else None,
        byline=_byline(text, story),
        text=body,
        headline=tuple(line.span for block in story.heading for line in block.lines),
        paragraphs=tuple(paragraphs),
        spans=spans,
    )


class _Dates:
    """What a page as a whole tells of the year."""

    def __init__(
        self, page: Page, furniture: list[Block], printed: list[PrintedDate | None]
    ) -> None:
        lines = [block.span.of(page.text) for block in furniture]
        self._header = next((d for d in map(header_date, lines) if d is not None), None)
        self._years = event_years(page.text) | {d.year for d in printed if d and d.year}
        self._years.update(*map(header_years, lines))

    def year(self, date: PrintedDate, article: str) -> int | None:
        """Return the year of a date that stands in the text `article`, if it is known."""
        return year_of(date, self._header, event_years(article), self._years)


def whole_article(page: Page, title: str) -> Article:
    """Return all of the page's text as the body of one article with the given title."""
    text = page.text
    blocks = mend_paragraphs(text, read_blocks(text))
    paragraphs = [Span(b.lines[0].span.start, b.lines[-1].span.end) for b in blocks]
    spans = _contiguous(text, paragraphs)
    body = "\n".join(span.of(text) for span in spans)
    return Article(
        id=f"{page.id}-1",
        page_id=page.id,
        source=page.source,
        title=title,
        date_text=None,
        date=None,
        byline=None,
        text=body,
        headline=(),
        paragraphs=tuple(paragraphs),
        spans=spans,
    )


def split_articles(page: Page) -> list[Article]:
    """Return the articles of `page`, in the order in which their bodies begin on it.

    Every character that could be body text is in exactly one article (in its headline, body or
    by-line); only short lines that fit no article are left out as page furniture. A page of
    nothing but headings is one article without a title; a blank page has none.
    """
    text = page.text
    parts = outline(text, mend_paragraphs(text, read_blocks(text)))
    words = PageWords(Vocabulary(text), parts.segments)
    conventions = Conventions(text, parts.segments)
    return_to_body(words, conventions, parts)
    found = stories(words, conventions, assign(words, conventions, parts))
    if not found:
        return [whole_article(page, "")] if text.strip() else []
    _with_captions(words, found, parts.captions)
    found.sort(key=lambda story: story.segments[0].texts[0].span)
    dates = _Dates(page, parts.furniture, [_printed(text, story) for story in found])
    bodies = (b.span.of(text) for story in found for s in story.segments for b in s.texts)
    flat = _SPACE.sub("", "".join(bodies)[:MOST_CHARACTERS])
    return [_article(page, nth, story, flat, dates) for nth, story in enumerate(found, 1)]
