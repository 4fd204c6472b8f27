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
from qa.answering.contrast import contrast, weighed_apart
from qa.answering.paraphrase import asked_words, kinds, said, spoken, told
from qa.answering.question import Asked, Question
from qa.answering.renderings import chinese_unit
from qa.answering.sought import share
from qa.answering.wanted import Floats, Wanted, nearness, places
from qa.spans import Span

NAMES = (
    "pairs", "characters", "with_context", "in_passage", "rarest", "in_title", "in_previous",
    "in_next", "beside_asking", "density", "novelty", "passage_score", "passage_gap",
    "passage_rank", "common_run", "has_form", "has_new_form", "form_near_terms",
    "form_near_asking", "length", "opens_article", "listing", "quotes", "chinese", "translated",
    "said", "said_otherwise", "said_with_context", "said_surely", "said_apart", "kind_in_new",
    "kind", "new_words", "apart", "apart_in_passage", "apart_reachable",
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
    own = want.sought.met([candidate.sentence.held for candidate in found])
    ranks = np.array([candidate.hit.rank for candidate in found])
    texts = np.array([_text_features(want, candidate) for candidate in found], np.float32)
    columns = [
        *_coverage(want, found, own), *_passages(found), *texts[:, : -len(_KINDS)].T,
        *_paraphrases(want, found), *contrast(own, want.pairs, ranks),
        *texts[:, -len(_KINDS) :].T,
    ]  # fmt: skip
    return np.column_stack(columns).astype(np.float32)


def _paraphrases(want: Wanted, found: Sequence[Candidate]) -> list[Floats]:
    """Return how far each sentence says the question's words, be it in other words."""
    asked = asked_words(want.question, want.translated)
    texts = [said(candidate.text) for candidate in found]
    titles = [said(candidate.hit.article.title) for candidate in found]
    likeness, exact = told(asked, texts), spoken(asked, texts)
    first = np.array([candidate.nth == 0 for candidate in found])[:, None]
    context = np.maximum(likeness, np.where(first, 0, np.roll(likeness, 1, axis=0)))
    of_kind, of_new_kind = kinds(asked, texts)
    named = frozenset(asked.words)
    new = [len(text.words - named - title.words) for text, title in zip(texts, titles, strict=True)]
    return [
        share(likeness, asked.weights),
        share(likeness - exact, asked.weights),
        share(context, asked.weights),
        share(np.square(likeness), asked.weights),
        weighed_apart(likeness, asked.weights),
        of_new_kind,
        of_kind,
        (np.log1p(np.array(new)) / 4).astype(np.float32),
    ]


def _coverage(want: Wanted, found: Sequence[Candidate], own: Floats) -> list[Floats]:
    """Return which share of the question stands in each sentence and around it."""
    first = np.array([candidate.nth == 0 for candidate in found])[:, None]
    last = np.roll(first, -1)
    before = np.where(first, 0, np.roll(own, 1, axis=0))
    after = np.where(last, 0, np.roll(own, -1, axis=0))
    nth_passage = np.cumsum(first) - 1
    titles = [c.hit.article.title for c in found if c.nth == 0]
    title = want.sought.met([frozenset(tokens(text)) for text in titles])[nth_passage]
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
    start = length = 0
    for at in range(len(asked)):
        while at + length < len(asked) and asked[at : at + length + 1] in said:
            start, length = at, length + 1
    return Span(start, start + length)


def _common_run(content: str, text: str) -> float:
    """Return the longest run of characters that both hold, as a share of `content`."""
    asked, said = content.replace(" ", "").lower(), text.replace(" ", "").lower()
    start, end = longest_run(asked, said)
    return (end - start) / max(len(asked), 1)


def new_forms(text: str, question: Question) -> list[Span]:
    """Return the places in `text` of the form asked for that the question does not itself name."""
    return _unnamed(answer_spans(text, question.asked, _unit(text, question)), text, question)


def _unnamed(forms: Sequence[Span], text: str, question: Question) -> list[Span]:
    """Return those of `forms` in `text` that the question does not itself name."""
    asked = question.content.replace(" ", "").lower()
    return [form for form in forms if form.of(text).replace(" ", "").lower() not in asked]


def _unit(text: str, question: Question) -> str:
    """Return the unit that is asked for, in the language of `text`; "" where it is not known."""
    if (question.language == "zh") == bool(_HAN.search(text)):
        return question.unit
    return chinese_unit(question) if question.language == "en" else ""


def _forms(want: Wanted, text: str) -> list[float]:
    if want.question.asked not in FORMED:
        return [1.0, 0.5, 0.0, 0.0]
    forms = answer_spans(text, want.question.asked, _unit(text, want.question))
    new = _unnamed(forms, text, want.question)
    if not new:
        return [float(bool(forms)), 0.0, 0.0, 0.0]
    at = places(want, want.pairs, text)
    close = places(want, want.beside, text)
    near = max(sum(nearness(form, at, NEAR_TERMS)) for form in new)
    beside = max(max(nearness(form, close, _NEAR_ASKING), default=0.0) for form in new)
    total, top = sum(weight for _, weight in at), float(want.pairs.max())
    return [1.0, 1.0, near / max(total, 1e-6), beside / max(top, 1e-6)]
