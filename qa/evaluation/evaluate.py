"""Evaluation: passages and questions with known answers → how well the library does on them.

Each passage is one article of a temporary library; each question is asked as a user would.
Knows files; what the figures mean is in `qa.evaluation.figures`. Prints nothing.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from qa.answering.answer import Answer
from qa.answering.asking import ask
from qa.answering.followup import turns
from qa.answering.retrieve import Hit, retrieve
from qa.errors import QuestionError
from qa.evaluation.calibration import Bin
from qa.evaluation.figures import (
    Figures,
    Outcome,
    answer_figures,
    calibration_figures,
    retrieval_figures,
    without_gold_figures,
)
from qa.evaluation.sets import check, holds, records
from qa.evaluation.without_gold import ask_without_gold
from qa.library.library import Library
from qa.progress import Progress, silent
from qa.splitting.articles import whole_article
from qa.splitting.pages import page_from_text

RANKED = 10
# Several passages may come from one article, so more are looked at than articles are wanted; no
# more than retrieval weighs for a user's question, as then others could come first.
_LOOKED_AT = 25


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was found for one question; the fields of a line of `qa eval --out`."""

    id: Any
    ranked: list[str]
    sentence: str
    answer: str
    answered: bool
    confidence: float
    cited: list[str]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Predictions in the order of the questions, and the figures over them (name → value).

    `reliability` are the bins of the confidences; none where nothing was answered.
    """

    predictions: list[Prediction]
    figures: Figures
    reliability: list[Bin]


@dataclass(frozen=True, slots=True)
class _Found:
    """What one question brought: `places` are the ids of the passage of its best sentence.

    `milliseconds` is how long a user waits for it, None where the question was refused as such.
    """

    prediction: Prediction
    places: list[str]
    milliseconds: float | None


def evaluate(
    passages: Path,
    questions: Path,
    progress: Progress = silent,
    *,
    retrieval_only: bool = False,
    without_gold: bool = False,
) -> Evaluation:
    """Index `passages`, ask all `questions`, and return predictions and figures.

    `retrieval_only` looks for passages and answers nothing. `without_gold` asks each question
    that has a gold passage once more, of a library that lacks this passage, and so measures
    refusals on sets in which everything can be answered. (Where a second passage answers too,
    a right answer then counts as a false one.)

    Raises QAError when a file cannot be read, a line lacks a field, or the two do not fit.
    """
    texts = records(passages, ("id", "title", "text"))
    asked = records(questions, ("id", "question", "gold"))
    check(texts, passages, asked, questions)
    with indexed(texts, progress) as (library, names, seconds):
        found = []
        for number, record in enumerate(asked, start=1):
            found.append(_ask(library, names, record, retrieval_only))
            progress(number, len(asked), "questions")
        again = ask_without_gold(library, names, asked, progress) if without_gold else []
    outcomes = [_outcome(record, one) for record, one in zip(asked, found, strict=True)]
    figures, bins = retrieval_figures(outcomes), list[Bin]()
    if not retrieval_only:
        calibrated, bins = calibration_figures(outcomes, again)
        figures |= answer_figures(outcomes)
        figures |= without_gold_figures(outcomes, again) if without_gold else {}
        figures |= calibrated
    figures["passages_per_second"] = len(texts) / max(seconds, 1e-9)
    return Evaluation([one.prediction for one in found], figures | _waits(found), bins)


def _waits(found: Sequence[_Found]) -> Figures:
    waits = [one.milliseconds for one in found if one.milliseconds is not None]
    return {
        f"query_p{share}_ms": float(np.percentile(waits, share)) if waits else None
        for share in (50, 95)
    }


@contextmanager
def indexed(
    texts: Sequence[dict[str, Any]], progress: Progress = silent
) -> Iterator[tuple[Library, dict[str, list[str]], float]]:
    """Give a temporary library of `texts`, each one article.

    With it come the passages' ids by the library's source name (several where the same text has
    several ids: a library holds a text once, under the first headline that came with it) and
    the seconds that indexing took.
    """
    ids, titles = defaultdict(list), dict[str, str]()
    for record in texts:
        ids[str(record["text"])].append(str(record["id"]))
        titles.setdefault(str(record["text"]), str(record["title"]))
    pages = [(page_from_text(own[0], text), titles[text]) for text, own in ids.items()]
    names = {own[0]: own for own in ids.values()}
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library") as library:
        began = perf_counter()
        library.add_pages(
            [(page, [whole_article(page, title)], page.source) for page, title in pages], progress
        )
        yield library, names, perf_counter() - began


def _ask(
    library: Library, names: dict[str, list[str]], record: dict[str, Any], retrieval_only: bool
) -> _Found:
    try:
        if retrieval_only:
            began = perf_counter()
            ranked = _ranked(
                retrieve(library.snapshot(), str(record["question"]), _LOOKED_AT), names
            )
            waited = (perf_counter() - began) * 1000
            return _Found(Prediction(record["id"], ranked, "", "", False, 0.0, []), [], waited)
        history = turns(record.get("history"))
        answer = ask(library, str(record["question"]), history, passages=_LOOKED_AT)
    except QuestionError as error:
        return _Found(Prediction(record["id"], [], "", str(error), False, 0.0, []), [], None)
    cited = dict.fromkeys(i for c in answer.citations for i in names[c.source])
    prediction = Prediction(
        id=record["id"],
        ranked=_ranked(answer.passages, names),
        sentence=_best_sentence(answer),
        answer=answer.text,
        answered=answer.answered,
        confidence=round(answer.confidence, 4),
        cited=list(cited),
    )
    places = names[answer.best.candidate.hit.article.source] if answer.best else []
    return _Found(prediction, places, answer.timings_ms["total"])


def _ranked(hits: Sequence[Hit], names: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(i for hit in hits for i in names[hit.article.source]))[:RANKED]


def _best_sentence(answer: Answer) -> str:
    if answer.best is None:
        return ""
    hit, span = answer.best.candidate.hit, answer.best.candidate.sentence.span
    return hit.passage.text[span.start - hit.passage.start : span.end - hit.passage.start]


def _outcome(record: dict[str, Any], found: _Found) -> Outcome:
    own, gold = found.prediction, record.get("gold")
    if gold is None:
        return Outcome(False, answered=own.answered, confidence=own.confidence)
    name, sentence = str(gold), holds(own.sentence, record)
    return Outcome(
        answerable=True,
        rank=own.ranked.index(name) + 1 if name in own.ranked else 0,
        answered=own.answered,
        confidence=own.confidence,
        sentence=sentence,
        right=sentence and name in found.places if record.get("answers") else None,
        evidence=holds(own.answer, record),
        cited=tuple(name == other for other in own.cited),
    )
