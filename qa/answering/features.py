"""Features: what a question wants, and candidate sentences → how well each could answer.

Every feature is between about -1 and 2 and means the same in any library: shares of the
question's weight, not raw scores. What the numbers are worth is learned (`qa.evaluation.training`).
"""

import re
from collections.abc import Sequence
from math import log1p

import numpy as np

from embeddings.tokens import tokens
from qa.answering.answer_spans import answer_spans
from qa.answering.candidates import Candidate
from qa.answering.question import Asked, Question
from qa.answering.wanted import Floats, Wanted, met, nearness, places, share
from qa.spans import Span

NAMES = (
    "pairs", "characters", "with_context", "in_passage", "rarest", "in_title", "in_previous",
    "in_next", "beside_asking", "density", "novelty", "passage_score", "passage_gap",
    "passage_rank", "common_run", "has_form", "has_new_form", "form_near_terms",
    "form_near_asking", "length", "opens_article", "listing", "quotes", "chinese", "translated",
    "asks_person", "asks_time", "asks_number", "asks_place", "asks_organisation", "asks_reason",
    "asks_manner", "asks_polar",
)  # fmt: skip
_KINDS: tuple[Asked, ...] = (
    "person", "time", "number", "place", "organisation", "reason", "manner", "polar",
)  # fmt: skip
FORMED = frozenset((*_KINDS[:6], "identity"))
_QUOTES = re.compile('[“”「」『』《》"]')
_HAN = re.compile("[㐀-鿿]")
# Scale in characters over which an answer's nearness to the question's words fades.
NEAR_TERMS, _NEAR_ASKING = 12.0, 6.0


def features(want: Wanted, found: Sequence[Candidate]) -> Floats:
    """Return the features (len(found), len(NAMES)) of all candidates of one question."""
    if not found or not want.terms:
        return np.zeros((len(found), len(NAMES)), np.float32)
    own = np.stack([met(want.terms, candidate.sentence.held) for candidate in found])
    texts = [_text_features(want, candidate) for candidate in found]
    return np.column_stack(
        [*_coverage(want, found, own), *_passages(found), np.array(texts, np.float32)]
    ).astype(np.float32)


def _coverage(want: Wanted, found: Sequence[Candidate], own: Floats) -> list[Floats]:
    """Return which share of the question stands in each sentence and around it."""
    first = np.array([candidate.nth == 0 for candidate in found])[:, None]
    last = np.roll(first, -1)
    before = np.where(first, 0, np.roll(own, 1, axis=0))
    after = np.where(last, 0, np.roll(own, -1, axis=0))
    nth_passage = np.cumsum(first) - 1
    titles = [c.hit.article.title for c in found if c.nth == 0]
    title = np.stack([met(want.terms, frozenset(tokens(text))) for text in titles])[nth_passage]
    passage = np.maximum.reduceat(own, np.flatnonzero(first), axis=0)[nth_passage]
    lengths = np.array([max(len(candidate.sentence.tokens), 1) for candidate in found])
    matched = (own > 0).sum(axis=1)
    singles = want.weights - want.pairs
    return [
        share(own, want.pairs),
        share(own, singles if singles.any() else want.pairs),
        share(np.maximum.reduce([own, before, after, title]), want.weights),
        share(np.maximum(passage, title), want.weights),
        (own * want.weights).max(axis=1) / max(float(want.weights.max()), 1e-6),
        share(title, want.weights),
        share(before, want.weights),
        share(after, want.weights),
        share(own, want.beside),
        matched / lengths,
        np.log1p(np.maximum(lengths - matched, 0)) / 5,
    ]


def _passages(found: Sequence[Candidate]) -> list[Floats]:
    scores = np.array([candidate.hit.score for candidate in found], np.float32)
    ranks = np.array([candidate.hit.rank for candidate in found], np.float32)
    return [scores, scores / max(float(scores.max()), 1e-6) - 1, 1 / ranks]


def _text_features(want: Wanted, candidate: Candidate) -> list[float]:
    question, text = want.question, candidate.text
    listed = text.count("、") + text.count(",") + text.count("，")
    return [
        _common_run(question.content, text),
        *_forms(want, text),
        log1p(len(text)) / 6,
        float(candidate.opens),
        listed / 10 * question.listing,
        float(bool(_QUOTES.search(text))),
        float(question.language == "zh"),
        float(want.translated),
        *(float(question.asked == kind) for kind in _KINDS),
    ]


def longest_run(asked: str, said: str) -> Span:
    """Return the first longest run of characters of `asked` that also stands in `said`."""
    best = Span(0, 0)
    for start in range(len(asked)):
        while (
            start + (best.end - best.start) < len(asked)
            and asked[start : start + (best.end - best.start) + 1] in said
        ):
            best = Span(start, start + (best.end - best.start) + 1)
    return best


def _common_run(content: str, text: str) -> float:
    """Return the longest run of characters that both hold, as a share of `content`."""
    asked, said = content.replace(" ", "").lower(), text.replace(" ", "").lower()
    start, end = longest_run(asked, said)
    return (end - start) / max(len(asked), 1)


def new_forms(text: str, question: Question) -> list[Span]:
    """Return the places in `text` of the form asked for that the question does not itself name."""
    asked = question.content.replace(" ", "").lower()
    forms = answer_spans(text, question.asked, _unit(text, question))
    return [form for form in forms if form.of(text).replace(" ", "").lower() not in asked]


def _unit(text: str, question: Question) -> str:
    """Return the unit that is asked for, if `text` is in the language that names it."""
    return question.unit if (question.language == "zh") == bool(_HAN.search(text)) else ""


def _forms(want: Wanted, text: str) -> list[float]:
    if want.question.asked not in FORMED:
        return [1.0, 0.5, 0.0, 0.0]
    new = new_forms(text, want.question)
    if not new:
        return [
            float(bool(answer_spans(text, want.question.asked, _unit(text, want.question)))),
            0.0,
            0.0,
            0.0,
        ]
    at = places(want.terms, want.pairs, text)
    close = places(want.terms, want.beside, text)
    near = max(sum(nearness(form, at, NEAR_TERMS)) for form in new)
    beside = max(max(nearness(form, close, _NEAR_ASKING), default=0.0) for form in new)
    total, top = sum(weight for _, weight in at), float(want.pairs.max())
    return [1.0, 1.0, near / max(total, 1e-6), beside / max(top, 1e-6)]
