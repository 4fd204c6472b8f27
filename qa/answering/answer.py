"""Answers: a question over a library → quoted sentences with exact citations, or a refusal.

The road of one question: follow-up → terms → passages → sentences → enough evidence? → answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Literal

from embeddings.words import WordIndex
from qa.answering.candidates import candidates
from qa.answering.evidence import ENOUGH, confidence
from qa.answering.followup import Turn, standalone
from qa.answering.query import Road, in_script, road_to, roads_of
from qa.answering.question import Language, Question, understand
from qa.answering.reader import Reading, read
from qa.answering.retrieve import Hit, retrieve
from qa.answering.selection import answering_words, selection
from qa.answering.wanted import Wanted, wanted
from qa.library.library import Library
from qa.library.snapshot import Snapshot
from qa.spans import Span, reflow

Support = Literal["quoted", "supported", "unverified"]

# Passages that the reader looks at, and that an answer shows.
PASSAGES = 5

_REFUSAL: dict[Language, str] = {
    "zh": "在已收录的报纸中没有找到足以回答这个问题的内容。最接近的段落列出供参考，它们并未给出答案。",
    "en": "The archive does not hold enough to answer this. The nearest passages are listed for "
    "reference; they do not give the answer.",
}
_EMPTY: dict[Language, str] = {
    "zh": "在已收录的报纸中没有找到与这个问题有关的内容。",
    "en": "The archive holds nothing about this.",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a page that the answer rests on: `page_text[start:end] == quote`, always.

    `marker` is the n of `[n]` in the answer. `support` is "quoted" where the answer repeats the
    sentence itself. `answer_spans` are the answering words, in the page's text, inside
    `[start, end)`.
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
class Answer:
    """What is shown for one question.

    `text` is plain text with `[n]` markers. `confidence` (0–1) is how likely the best sentence
    answers; `answered` tells whether that was enough. `passages` are the
    nearest ones, cited or not. `models` names what was in use; `timings_ms` says how long the
    steps took. `best` is the likeliest sentence, even where it was not enough.
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
    best: Reading | None = field(default=None, repr=False, compare=False)


def ask(
    library: Library, question: str, history: Sequence[Turn] = (), passages: int = PASSAGES
) -> Answer:
    """Return the answer to `question` after `history`, a list of [user, assistant] turns.

    `passages` is how many of the nearest are given back; the reader looks at the same few.
    Raises QuestionError for a question that is empty or too long.
    """
    began = perf_counter()
    snapshot = library.snapshot()
    alone = standalone(question, history, partial(_nearest, snapshot))
    asked = in_script(snapshot.words, understand(alone.text))
    roads = roads_of(snapshot.words, asked)
    near = retrieve(
        snapshot, asked.text, max(passages, PASSAGES), roads=roads, context=alone.context
    )
    hits = near[:PASSAGES]
    retrieved = perf_counter()
    want = wanted_from(snapshot.words, asked, roads, hits)
    readings = read(want, candidates(hits))
    sure = confidence(want, readings)
    chosen = selection(asked, readings) if sure >= ENOUGH else []
    citations = _citations(want, chosen)
    ended = perf_counter()
    return Answer(
        question=question,
        standalone_question=alone.text,
        text=_text(asked, chosen, citations, hits),
        answered=bool(chosen),
        confidence=sure,
        citations=tuple(citations),
        passages=tuple(near[:passages]),
        models={
            "encoder": snapshot.encoder_name or "built-in",
            "reranker": "built-in sentence ranker",
            "answerer": "built-in reader",
        },
        timings_ms={
            "retrieve": _ms(began, retrieved),
            "answer": _ms(retrieved, ended),
            "total": _ms(began, ended),
        },
        best=readings[0] if readings else None,
    )


def wanted_from(
    words: WordIndex, asked: Question, roads: Sequence[Road], hits: Sequence[Hit]
) -> Wanted:
    """Return what to look for in `hits`, in the language of the best of them."""
    road = road_to(hits[0].passage.text if hits else "", roads, asked)
    return wanted(asked, road.terms, words.weights(road.terms), road.translated)


def _nearest(snapshot: Snapshot, text: str) -> str:
    """Return the headline and text of the article nearest to `text`, as one line; "" if none."""
    hits = retrieve(snapshot, text, 1)
    return reflow(f"{hits[0].article.title} {hits[0].article.text}") if hits else ""


def stream(library: Library, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
    """Yield the answer as it grows, sentence by sentence; the last one is complete.

    Raises QuestionError as `ask` does, at the first step.
    """
    answer = ask(library, question, history)
    for part in re.finditer(r"\[\d+\]|\n", answer.text):
        shown = answer.text[: part.end()]
        cited = tuple(c for c in answer.citations if f"[{c.marker}]" in shown)
        yield replace(answer, text=shown, citations=cited)
    yield answer


def _citations(want: Wanted, chosen: Sequence[Reading]) -> list[Citation]:
    """Return a citation for each chosen sentence, article by article, in the text's order."""
    articles = list(dict.fromkeys(r.candidate.hit.article.id for r in chosen))
    ordered = sorted(
        chosen,
        key=lambda r: (articles.index(r.candidate.hit.article.id), r.candidate.sentence.span),
    )
    return [_citation(want, marker, reading) for marker, reading in enumerate(ordered, start=1)]


def _citation(want: Wanted, marker: int, reading: Reading) -> Citation:
    hit, (start, end) = reading.candidate.hit, reading.candidate.sentence.span
    passage, article = hit.passage, hit.article
    return Citation(
        marker=marker,
        source=article.source,
        article_id=article.id,
        title=article.title,
        date_text=article.date_text,
        start=start,
        end=end,
        quote=passage.text[start - passage.start : end - passage.start],
        support="quoted",
        answer_spans=answering_words(want, reading),
    )


def _text(
    asked: Question, chosen: Sequence[Reading], citations: Sequence[Citation], hits: Sequence[Hit]
) -> str:
    if not chosen:
        return (_REFUSAL if hits else _EMPTY)[asked.language]
    said = {
        (r.candidate.hit.article.id, r.candidate.sentence.span): r.candidate.text for r in chosen
    }
    lines: list[str] = []
    article = ""
    for cited in citations:
        if cited.article_id != article:
            lines.append(_frame(asked.language, cited))
            article = cited.article_id
        apart = " " if asked.language == "en" and lines[-1].endswith("]") else ""
        quoted = said[article, Span(cited.start, cited.end)]
        lines[-1] += f"{apart}{quoted}[{cited.marker}]"
    return "\n".join(lines)


def _frame(language: Language, cited: Citation) -> str:
    """Return the words that introduce the quotation, in the language of the question."""
    if language == "en":
        dated = f" ({cited.date_text})" if cited.date_text else ""
        return f"According to “{cited.title or cited.source}”{dated}: "
    dated = f"（{cited.date_text}）" if cited.date_text else ""
    return f"据《{cited.title or cited.source}》{dated}："


def _ms(began: float, ended: float) -> float:
    return round((ended - began) * 1000, 2)
