"""Facts: one sentence → what in it can be checked, and where each thing stands.

Puts together numbers, moments, negations, words that have an opposite and the other words with
their meanings. Knows one sentence at a time: comparing two is done elsewhere.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

import numpy as np

from embeddings import segmentation
from embeddings.english_words import IRREGULAR
from embeddings.glosses import table
from embeddings.meanings import WIDTH, Floats, meaning, words_of
from embeddings.tokens import tokens
from qa.grounding.moments import Moment, moments
from qa.grounding.numbers import Quantity, quantities
from qa.grounding.plain import HAN, is_chinese, plain
from qa.grounding.polarity import Signed, negations, signed
from qa.spans import Span

_CLAUSE = re.compile(
    r"[，。；：！？、（）\n]|[,;:!?()](?!\d)|\.(?=\s|$)|\s(?:and|but|while|which)\s"
)


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What one plain `text` says. Spans are in that text.

    `words` name something and are neither numbers nor moments; `meanings` (len(words), WIDTH) are
    zero for a word without one. `unknown` are Chinese words that the dictionary lacks, which
    `words` holds in pieces. `breaks` are the places where a clause ends, in order.
    """

    text: str
    chinese: bool
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    meanings: Floats
    unknown: tuple[str, ...]
    negations: tuple[Span, ...]
    signed: tuple[Signed, ...]
    breaks: tuple[int, ...]

    @property
    def figures(self) -> tuple[Quantity | Moment, ...]:
        """All numbers and moments."""
        every: list[Quantity | Moment] = [*self.quantities, *self.moments]
        return tuple(every)


@lru_cache(maxsize=1024)
def facts(text: str) -> Facts:
    """Return the facts of `text`, made plain first."""
    text = plain(text)
    found = moments(text)
    numbers = quantities(text, [moment.span for moment in found])
    denials = negations(text)
    # A negation must not be read into the next word: 不外包 is no 不外.
    taken = {*denials, *(moment.span for moment in found), *(number.span for number in numbers)}
    pieces = segmentation.words(_without(text, sorted(taken)))
    found_words = list(_words(pieces))
    spans = [Span(at, _end(text, word, at)) for word, at in found_words]
    words = [_base(word, s.of(text)) for (word, _), s in zip(found_words, spans, strict=True)]
    known = [meaning(word) for word in words]
    vectors = [np.zeros(WIDTH, np.float32) if one is None else one for one in known]
    return Facts(
        text=text,
        chinese=is_chinese(text),
        quantities=numbers,
        moments=found,
        words=tuple(words),
        spans=tuple(spans),
        meanings=np.stack(vectors) if vectors else np.zeros((0, WIDTH), np.float32),
        unknown=tuple(piece for piece in pieces if _is_unknown(piece)),
        negations=tuple(denials),
        signed=tuple(signed(text)),
        breaks=tuple(match.start() for match in _CLAUSE.finditer(text)),
    )


def _words(pieces: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield the words that name something and where each begins.

    Where a word ends is told by the text around it; what is no word of the dictionary then falls
    into such as are.
    """
    at = 0
    for piece in pieces:
        found = ((word, at + start) for word, start in words_of(piece))
        yield from ((word, start) for word, start in found if not word.isdecimal())
        at += len(piece)


def _is_unknown(piece: str) -> bool:
    return len(piece) > 1 and HAN.match(piece) is not None and piece not in table("chinese")


def _without(text: str, taken: list[Span]) -> str:
    parts, at = [], 0
    for span in taken:
        parts += [text[at : span.start], " " * (span.end - max(at, span.start))]
        at = max(at, span.end)
    return "".join([*parts, text[at:]])


def _base(word: str, written: str) -> str:
    """Return the stem that glosses have for a written word: "build" for "built"."""
    base = IRREGULAR.get(written.lower())
    return tokens(base)[0] if base else word


def _end(text: str, word: str, at: int) -> int:
    """Return where the word at `at` ends: a stem may be shorter than what is written."""
    end = at + len(word)
    if word.isascii():
        while end < len(text) and text[end].isascii() and text[end].isalpha():
            end += 1
    return end


def word_at(facts: Facts, place: Span) -> int | None:
    """Return which word of `facts` stands around `place` (以南 for 南); None if no one word does."""
    nth = bisect_right(facts.spans, place.start, key=attrgetter("start")) - 1
    return nth if nth >= 0 and place.end <= facts.spans[nth].end else None
