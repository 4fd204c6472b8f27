"""Evaluation: passages and questions with known answers → how well the library does on them.

Each passage is one article of a temporary library; each question is asked as a user would.
Knows files and figures; prints nothing.
"""

import json
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from qa.answering.answer import Answer, ask
from qa.answering.followup import turns
from qa.answering.retrieve import retrieve
from qa.errors import NotFoundError, QAError, QuestionError
from qa.library.library import Library
from qa.splitting.articles import whole_article
from qa.splitting.pages import page_from_text

Progress = Callable[[int, int, str], None]

RANKED = 10
# Several passages may come from one article, so more are looked at than articles are wanted.
_LOOKED_AT = 40


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
    """Predictions in the order of the questions, and the figures over them (name → value)."""

    predictions: list[Prediction]
    figures: dict[str, float | None]


def records(path: Path, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file, each of which must hold `fields`.

    Raises NotFoundError when the file cannot be read, QAError when a line is malformed.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError(f"{path}: cannot be read; give a JSON Lines file in UTF-8") from error
    found = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            record = json.loads(text)
        except json.JSONDecodeError as error:
            raise QAError(f"{path}, line {number}: not JSON ({error.msg})") from error
        if not isinstance(record, dict) or any(field not in record for field in fields):
            raise QAError(f"{path}, line {number}: needs the fields {', '.join(fields)}")
        if not isinstance(record.get("answers", []), list):
            raise QAError(f'{path}, line {number}: "answers" must be a list of texts')
        found.append(record)
    return found


def evaluate(
    passages: Path, questions: Path, progress: Progress | None = None, retrieval_only: bool = False
) -> Evaluation:
    """Index `passages`, ask all `questions`, and return predictions and figures.

    Raises QAError when a file cannot be read or a line lacks a field.
    """
    texts = records(passages, ("id", "title", "text"))
    asked = records(questions, ("id", "question"))
    with indexed(texts, progress) as (library, names, seconds):
        predictions, milliseconds = [], []
        for number, record in enumerate(asked, start=1):
            began = perf_counter()
            found = _predict(library, names, record, retrieval_only)
            milliseconds.append((perf_counter() - began) * 1000)
            predictions.append(found)
            if progress:
                progress(number, len(asked), "questions")
    speed = {
        "passages_per_second": len(texts) / max(seconds, 1e-9),
        "query_p50_ms": float(np.percentile(milliseconds, 50)) if milliseconds else None,
        "query_p95_ms": float(np.percentile(milliseconds, 95)) if milliseconds else None,
    }
    return Evaluation(predictions, _figures(asked, predictions, retrieval_only) | speed)


@contextmanager
def indexed(
    texts: Sequence[dict[str, Any]], progress: Progress | None = None
) -> Iterator[tuple[Library, dict[str, list[str]], float]]:
    """Give a temporary library of `texts`, each one article.

    With it come the passages' ids by the library's source name (several where the same text has
    several ids) and the seconds that indexing took.
    """
    ids = defaultdict(list)
    for record in texts:
        ids[(str(record["title"]), str(record["text"]))].append(str(record["id"]))
    pages = [(page_from_text(own[0], text), title) for (title, text), own in ids.items()]
    names = {own[0]: own for own in ids.values()}
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library") as library:
        began = perf_counter()
        library.add_pages(
            [(page, [whole_article(page, title)], page.source) for page, title in pages], progress
        )
        yield library, names, perf_counter() - began


def _predict(
    library: Library, names: dict[str, list[str]], record: dict[str, Any], retrieval_only: bool
) -> Prediction:
    question = str(record["question"])
    try:
        answer = None if retrieval_only else ask(library, question, turns(record.get("history")))
        ranked = _ranked(library, names, answer.standalone_question if answer else question)
    except QuestionError as error:
        return Prediction(record["id"], [], "", str(error), False, 0.0, [])
    if answer is None:
        return Prediction(record["id"], ranked, "", "", False, 0.0, [])
    cited = dict.fromkeys(i for c in answer.citations for i in names[c.source])
    return Prediction(
        id=record["id"],
        ranked=ranked,
        sentence=_best_sentence(answer),
        answer=answer.text,
        answered=answer.answered,
        confidence=round(answer.confidence, 4),
        cited=list(cited),
    )


def _ranked(library: Library, names: dict[str, list[str]], question: str) -> list[str]:
    hits = retrieve(library.snapshot(), question, _LOOKED_AT)
    return list(dict.fromkeys(i for hit in hits for i in names[hit.article.source]))[:RANKED]


def _best_sentence(answer: Answer) -> str:
    if answer.best is None:
        return ""
    hit, span = answer.best.candidate.hit, answer.best.candidate.sentence.span
    return hit.passage.text[span.start - hit.passage.start : span.end - hit.passage.start]


def _figures(
    asked: Sequence[dict[str, Any]], predictions: Sequence[Prediction], retrieval_only: bool
) -> dict[str, float | None]:
    pairs = list(zip(asked, predictions, strict=True))
    good = [(r, p) for r, p in pairs if r.get("gold") is not None]
    bad = [p for r, p in pairs if r.get("gold") is None]
    ranks = [p.ranked.index(str(r["gold"])) + 1 if str(r["gold"]) in p.ranked else 0
             for r, p in good]  # fmt: skip
    figures: dict[str, float | None] = {
        "questions": len(pairs),
        "recall@1": _mean([rank == 1 for rank in ranks]),
        "recall@5": _mean([0 < rank <= 5 for rank in ranks]),
        "recall@10": _mean([0 < rank <= 10 for rank in ranks]),
        "mrr@10": _mean([1 / rank if rank else 0.0 for rank in ranks]),
    }
    if retrieval_only:
        return figures
    answered = [(r, p) for r, p in good if p.answered]
    return figures | {
        "sentence": _mean([holds(p.sentence, r) for r, p in good]),
        "evidence": _mean([holds(p.answer, r) for r, p in answered]),
        "citation_precision": _mean([str(r["gold"]) == i for r, p in answered for i in p.cited]),
        "false_answers": _mean([p.answered for p in bad]),
        "false_refusals": _mean([not p.answered for _, p in good]),
    }


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def holds(text: str, record: dict[str, Any]) -> bool:
    """Return whether `text` holds one of the record's gold answers, spaces and case aside."""
    said = _folded(text)
    return any(_folded(str(gold)) in said for gold in record.get("answers") or ())


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
