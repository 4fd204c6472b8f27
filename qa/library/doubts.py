"""Doubts: what a person should look at before a page goes in, each counted on the page itself.

A doubt is no error, and a page without one may be split wrongly all the same. The bounds are
those of print in general (a story of two sentences, a whole page of small type), not of any one
paper.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.library.parts import Part, loose_characters, printed
from qa.splitting.articles import Article
from qa.splitting.pages import Page

Reason = Literal[
    "loose",  # % of the text belongs to no article
    "untitled",  # an article has no headline
    "bodiless",  # an article has a headline and no text
    "short",  # characters in an article's body, hardly a story
    "long",  # characters in an article's body, more than a page of print holds
    "controls",  # control and direction characters, which are not seen
    "lost",  # characters that stand for others that were lost
    "mixed",  # lines whose bytes are text in another encoding
    "little_kept",  # % of the page that would be replaced is in the new one
    "namesake",  # another page has this name, and stays
]

_LOOSE = 10  # per cent; furniture of a page is less
_SHORT, _LONG = 40, 8_000  # characters; a sentence or two, and a broadsheet without pictures
_LITTLE = 50  # per cent
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
# U+FFFD, and private use: characters of a font that only the sender has.
_LOST = re.compile(r"[\ufffd\ue000-\uf8ff]")
_FOREIGN = re.compile(r"[^\x00-\x7f]{4,}")
_WIDE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")  # three bytes each
_MISREAD = ("gb18030", "latin-1", "cp1252")
_NEARLY_ALL = 0.8
_PIECE, _PIECES = 12, 2_000  # characters of a piece of text, and how many are looked for


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to look, how much of it there is, and the number of the article (0: the page)."""

    reason: Reason
    amount: int
    article: int = 0


def doubts_of(page: Page, articles: Sequence[Article], parts: Sequence[Part]) -> Iterator[Doubt]:
    """Yield what may be wrong with a page as it was split, the page's own doubts first."""
    yield from _of_text(page)
    whole = printed(page.text)
    share = 100 * loose_characters(page.text, parts) // whole if whole else 0
    if share >= _LOOSE:
        yield Doubt("loose", share)
    for number, article in enumerate(articles, 1):
        yield from _of_article(article, number)


def doubts_of_replacing(old: str, new: str) -> Iterator[Doubt]:
    """Yield a doubt when the text that would be replaced is hardly the same page's."""
    before, after = "".join(old.split()), "".join(new.split())
    step = max(_PIECE, len(before) // _PIECES)
    pieces = [before[at : at + _PIECE] for at in range(0, len(before), step)]
    kept = 100 * sum(piece in after for piece in pieces) // len(pieces) if pieces else 100
    if kept < _LITTLE:
        yield Doubt("little_kept", kept)


def _of_text(page: Page) -> Iterator[Doubt]:
    if controls := len(_CONTROLS.findall(page.text)):
        yield Doubt("controls", controls)
    if lost := len(_LOST.findall(page.text)):
        yield Doubt("lost", lost)
    if mixed := sum(_is_mixed(line) for line in page.text.splitlines()):
        yield Doubt("mixed", mixed)


def _is_mixed(line: str) -> bool:
    """Tell whether a line was UTF-8 that was read as GB18030 or Latin letters."""
    return any(_was_utf8(run, codec) for run in _FOREIGN.findall(line) for codec in _MISREAD)


def _was_utf8(run: str, codec: str) -> bool:
    """Tell whether nearly all bytes of `run` are Chinese in UTF-8 too: by accident few are."""
    data = run.encode(codec, "ignore")
    again = _WIDE.findall(data.decode("utf-8", "ignore"))
    return len(again) >= 3 and 3 * len(again) >= _NEARLY_ALL * len(data)


def _of_article(article: Article, number: int) -> Iterator[Doubt]:
    body = printed(article.text)
    if not article.title:
        yield Doubt("untitled", 1, number)
    if not body:
        yield Doubt("bodiless", 1, number)
    elif body < _SHORT:
        yield Doubt("short", body, number)
    elif body > _LONG:
        yield Doubt("long", body, number)
