"""Parts: which article each stretch of a page's text went to, and as what; for people to judge.

Covers the whole page, so that what belongs to no article can be seen too. Knows the result of
the splitting, not how it came about.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.bylines import tidy

Kind = Literal["headline", "body", "byline", "loose"]
_Ends = list[tuple[int, int]]  # where each paragraph ends, and the number of its article
_NEAR = 100  # paragraphs before and after a line in which its article is looked for
_PRINTED = re.compile(r"\S[^\r\n]*")  # the rest of a line, from its first character on


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a page's text; `article` counts from 1, and is 0 for what is "loose"."""

    span: Span
    kind: Kind
    article: int


def parts_of(text: str, articles: Sequence[Article]) -> tuple[Part, ...]:
    """Return the parts of a page in the order of its text, without overlaps.

    Every character but white space is in exactly one.
    """
    ends = sorted((p.end, n) for n, each in enumerate(articles, 1) for p in each.paragraphs)
    claimed = sorted(_claimed(articles), key=lambda part: part.span)
    parts: list[Part] = []
    at = 0
    for part in claimed:
        span = Span(max(part.span.start, at), part.span.end)
        if span.start >= span.end:
            continue
        parts += _unclaimed(text, Span(at, span.start), articles, ends)
        parts.append(Part(span, part.kind, part.article))
        at = span.end
    parts += _unclaimed(text, Span(at, len(text)), articles, ends)
    return tuple(parts)


def loose_characters(text: str, parts: Sequence[Part]) -> int:
    """Return how many characters, white space aside, belong to no article."""
    return sum(printed(part.span.of(text)) for part in parts if part.kind == "loose")


def printed(text: str) -> int:
    """Return how many characters of `text` are not white space."""
    return sum(not letter.isspace() for letter in text)


def _claimed(articles: Sequence[Article]) -> Iterator[Part]:
    for number, article in enumerate(articles, 1):
        yield from (Part(span, "headline", number) for span in article.headline)
        yield from (Part(span, "body", number) for span in article.paragraphs)


def _unclaimed(text: str, gap: Span, articles: Sequence[Article], ends: _Ends) -> Iterator[Part]:
    """Yield the lines between two parts: the by-line of an article, or nobody's."""
    for found in _PRINTED.finditer(text, gap.start, gap.end):
        span = Span(found.start(), found.start() + len(found[0].rstrip()))
        number = _signed(tidy(span.of(text)), span, articles, ends)
        yield Part(span, "byline" if number else "loose", number)


def _signed(line: str, span: Span, articles: Sequence[Article], ends: _Ends) -> int:
    """Return the number of the nearest article whose by-line has this line; or 0."""
    at = bisect_left(ends, (span.start, 0))
    near = sorted(ends[max(0, at - _NEAR) : at + _NEAR], key=lambda e: abs(e[0] - span.start))
    having = (number for _, number in near if line in (articles[number - 1].byline or ""))
    return next(having, 0) if line else 0
