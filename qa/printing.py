"""Printing: what was found → lines for a person at a terminal, or one line of JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from qa.answering.answer import Answer
from qa.answering.retrieve import Hit
from qa.library.doctor import Report
from qa.models import Model
from qa.spans import reflow
from qa.splitting.articles import Article

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def json_line(value: Any) -> str:
    """Return `value` as JSON that can be printed in UTF-8."""
    text = json.dumps(value, ensure_ascii=False)
    # Half of a surrogate pair, which JSON may hold and UTF-8 may not, is printed as its escape.
    broken = any("\ud800" <= character <= "\udfff" for character in text)
    return json.dumps(value) if broken else text


def article_lines(article: Article) -> Iterator[str]:
    """Yield an article as split: its heading, then its text as one paragraph."""
    facts = [article.date or article.date_text, article.byline, article.source, article.id]
    yield article.title or "(no headline)"
    yield "  " + " · ".join(fact for fact in facts if fact)
    yield "  " + reflow(article.text)
    yield ""


def hit_lines(hit: Hit) -> Iterator[str]:
    """Yield a passage with its rank, score and place."""
    place = f"{hit.article.source} [{hit.passage.start}:{hit.passage.end}]"
    yield f"{hit.rank}. {hit.article.title or '(no headline)'}  {hit.score:.3f}  {place}"
    yield "   " + reflow(hit.passage.text)


def settled(answer: Answer) -> str:
    """Return as much of a growing answer as will not change any more."""
    return answer.text[: answer.statements[-1].end] if answer.statements else ""


def proof_lines(answer: Answer, colour: bool = False) -> Iterator[str]:
    """Yield what an answer rests on or, after a refusal, the nearest passages.

    `colour` sets the answering words in bold.
    """
    for statement in answer.statements:
        if statement.support == "unverified":
            said = answer.text[statement.start : statement.end]
            yield f"? {said} — {statement.reason}"
    for cited in answer.citations:
        facts = [cited.title or "(no headline)", cited.date_text, cited.source]
        place = f"[{cited.start}:{cited.end}]"
        doubt = "  (unverified)" if cited.support == "unverified" else ""
        yield f"[{cited.marker}] " + " · ".join(fact for fact in facts if fact) + f" {place}{doubt}"
        yield "    " + _marked(cited.quote, cited.start, cited.answer_spans, colour)
    if not answer.answered:
        for hit in answer.passages[:3]:
            yield from hit_lines(hit)
    yield ""
    total = answer.timings_ms["total"]
    yield f"confidence {answer.confidence:.2f} · {answer.models['answerer']} · {total:.0f} ms"


def _marked(quote: str, start: int, spans: Sequence[tuple[int, int]], colour: bool) -> str:
    for begin, end in sorted(spans, reverse=True) if colour else ():
        before, after = quote[: begin - start], quote[end - start :]
        quote = f"{before}{_BOLD}{quote[begin - start : end - start]}{_PLAIN}{after}"
    return reflow(quote)


def report_lines(report: Report) -> Iterator[str]:
    """Yield what the doctor found, one check a line."""
    for check in report.checks:
        yield f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}"


def model_lines(models: Sequence[Model]) -> Iterator[str]:
    """Yield what is in use as a table, and where to read more."""
    width = max(len(model.name) for model in models)
    for model in models:
        yield f"{model.part:<12}{model.name:<{width}}{_size(model.size):>9}  {model.note}"
        licence = f"licence: {model.licence}" if model.licence else ""
        if facts := [fact for fact in (licence, model.where) if fact]:
            yield f"{'':<12}{' · '.join(facts)}"
    yield ""
    yield "What they were trained on, how good they are and where they fail: qa models card"


def _size(size: int | None) -> str:
    if size is None:
        return ""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
