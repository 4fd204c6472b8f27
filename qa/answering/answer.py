"""Answers: what is shown for a question, whoever answered it; and what is shown if nobody can.

Every answerer makes `Answer`s of what was found. Knows the types and the refusal, not how an
answer is worded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

from qa.answering.candidates import Candidate
from qa.answering.finding import Finding
from qa.answering.question import Language
from qa.answering.reader import Reading
from qa.answering.retrieve import Hit
from qa.spans import Span

Support = Literal["quoted", "supported", "unverified"]

_REFUSAL: dict[Language, str] = {
    "zh": "在已收录的报纸中没有找到足以回答这个问题的内容。最接近的段落列出供参考，它们并未给出答案。",
    "en": "The archive does not hold enough to answer this. The nearest passages are listed for "
    "reference; they do not give the answer.",
}
_REFUSAL_IN_SCOPE: dict[Language, str] = {
    "zh": "只查了选定范围内的报道，其中没有找到足以回答这个问题的内容。最接近的段落列出供参考，它们并未给出答案。",
    "en": "Only the chosen articles were searched, and they do not hold enough to answer this. "
    "The nearest passages are listed for reference; they do not give the answer.",
}
_EMPTY: dict[Language, str] = {
    "zh": "在已收录的报纸中没有找到与这个问题有关的内容。",
    "en": "The archive holds nothing about this.",
}
_EMPTY_IN_SCOPE: dict[Language, str] = {
    "zh": "只查了选定范围内的报道，其中没有与这个问题有关的内容。",
    "en": "Only the chosen articles were searched, and they hold nothing about this.",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a page that the answer rests on: `page_text[start:end] == quote`, always.

    `marker` is the n of `[n]` in the answer. `support` is "quoted" where the answer repeats the
    sentence itself, "supported" where what it says in other words was found in the sentence,
    "unverified" where it was not. `answer_spans` are the answering words, in the page's text,
    inside `[start, end)`.
    """

    marker: int
    source: str
    article_id: str
    title: str
    date_text: str | None
    start: int
    end: int
    quote: str
    support: Support
    answer_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, `answer.text[start:end]` with its markers, and its check.

    `support` is None where nothing is claimed. `reason` says in the question's language why a
    sentence is "unverified", and is "" otherwise.
    """

    start: int
    end: int
    markers: tuple[int, ...]
    support: Support | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for one question.

    `text` is plain text with `[n]` markers, its sentences are `statements`. `confidence` (0–1)
    is how likely the best sentence answers; `answered` tells whether that was enough. `passages`
    are the nearest ones, cited or not. `models` names what was in use; `timings_ms` says how
    long the steps took. `notice` is one line on why another than the wanted model answered.
    `best` is the likeliest sentence, even where it was not enough.
    """

    question: str
    standalone_question: str
    text: str
    answered: bool
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    models: dict[str, str]
    timings_ms: dict[str, float]
    statements: tuple[Statement, ...] = ()
    notice: str = ""
    best: Reading | None = field(default=None, repr=False, compare=False)


def sought(question: str, standalone_question: str) -> Answer:
    """Return what is known of an answer before anything was found: no text yet."""
    return Answer(question, standalone_question, "", False, 0.0, (), (), {}, {})


def answer_of(
    finding: Finding,
    answerer: str,
    text: str,
    citations: Sequence[Citation],
    statements: Sequence[Statement] = (),
) -> Answer:
    """Return the answer `text` to what was asked; without a text, the refusal."""
    ended = perf_counter()
    refusal = _refusal(finding)[finding.asked.language]
    return Answer(
        question=finding.inquiry.question,
        standalone_question=finding.inquiry.alone.text,
        text=text or refusal,
        answered=bool(text),
        confidence=finding.confidence,
        citations=tuple(citations),
        passages=finding.hits,
        models={
            "encoder": finding.encoder,
            "reranker": finding.reranker,
            "answerer": answerer,
        },
        timings_ms={
            "retrieve": _ms(finding.inquiry.began, finding.retrieved),
            "answer": _ms(finding.retrieved, ended),
            "total": _ms(finding.inquiry.began, ended),
        },
        statements=tuple(statements),
        best=finding.readings[0] if finding.readings else None,
    )


def citation_of(
    candidate: Candidate, marker: int, support: Support, answer_spans: tuple[Span, ...] = ()
) -> Citation:
    """Return the citation of a sentence that was found."""
    (start, end), article = candidate.sentence.span, candidate.hit.article
    passage = candidate.hit.passage
    return Citation(
        marker=marker,
        source=article.source,
        article_id=article.id,
        title=article.title,
        date_text=article.date_text,
        start=start,
        end=end,
        quote=passage.text[start - passage.start : end - passage.start],
        support=support,
        answer_spans=answer_spans,
    )


def _ms(began: float, ended: float) -> float:
    return round((ended - began) * 1000, 2)


def _refusal(finding: Finding) -> dict[Language, str]:
    if finding.scope:
        return _REFUSAL_IN_SCOPE if finding.hits else _EMPTY_IN_SCOPE
    return _REFUSAL if finding.hits else _EMPTY
