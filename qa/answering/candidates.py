"""Candidates: retrieved passages → the sentences that could answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from embeddings.tokens import tokens
from qa.answering.retrieve import Hit
from qa.spans import Line, Span, line
from qa.splitting.passages import Passage


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage: its place in the page's text, as one clean line, its tokens."""

    span: Span
    line: Line
    tokens: tuple[str, ...]
    held: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage. `nth` counts the sentences of the passage from 0."""

    hit: Hit
    sentence: Sentence
    nth: int

    @property
    def text(self) -> str:
        """The sentence as one clean line."""
        return self.sentence.line.text

    @property
    def opens(self) -> bool:
        """Whether the sentence is the first of its article's body."""
        return self.sentence.span.start == self.hit.article.paragraphs[0].start


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """Return every sentence of the passages, in the order of the hits and of the text."""
    return [
        Candidate(hit, sentence, nth)
        for hit in hits
        for nth, sentence in enumerate(_sentences(hit.passage))
    ]


@lru_cache(maxsize=4096)
def _sentences(passage: Passage) -> tuple[Sentence, ...]:
    return tuple(_sentence(passage, span) for span in passage.sentences)


def _sentence(passage: Passage, span: Span) -> Sentence:
    clean = line(passage.text[span.start - passage.start : span.end - passage.start])
    found = tuple(tokens(clean.text))
    return Sentence(span, clean, found, frozenset(found))
