"""Printing: what was found → lines for a person at a terminal, or one line of JSON."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qa.answering.answer import Answer
from qa.answering.retrieve import Hit
from qa.library.doctor import Report
from qa.models import Model
from qa.spans import reflow
from qa.splitting.articles import Article

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
# What a terminal acts on instead of showing it, or cannot be sent to it.
_UNSHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def shown(text: str) -> str:
    """Return `text` as a terminal may have it: each sign that would steer it is � instead."""
    return _UNSHOWN.sub("\ufffd", text)


def json_line(value: Any) -> str:
    """Return `value` as JSON that can be printed in UTF-8."""
    text = json.dumps(value, ensure_ascii=False)
    # Half of a surrogate pair, which JSON may hold and UTF-8 may not, is printed as its escape.
    broken = any("\ud800" <= character <= "\udfff" for character in text)
    return json.dumps(value) if broken else text


def article_lines(article: Article) -> Iterator[str]:
    """Yield an article as split: its heading, then its text as one paragraph."""
    facts = [article.date or article.date_text, article.byline, article.source, article.id]
    yield shown(article.title) or "(no headline)"
    yield "  " + shown(" · ".join(fact for fact in facts if fact))
    yield "  " + shown(reflow(article.text))
    yield ""


def hit_lines(hit: Hit) -> Iterator[str]:
    """Yield a passage with its rank, score and place."""
    place = f"{hit.article.source} [{hit.passage.start}:{hit.passage.end}]"
    yield shown(f"{hit.rank}. {hit.article.title or '(no headline)'}  {hit.score:.3f}  {place}")
    yield "   " + shown(reflow(hit.passage.text))


def settled(answer: Answer) -> str:
    """Return as much of a growing answer as will not change any more."""
    return answer.text[: answer.statements[-1].end] if answer.statements else ""


def proof_lines(
    answer: Answer, colour: bool = False, printed: Mapping[int, str] | None = None
) -> Iterator[str]:
    """Yield what an answer rests on or, after a refusal, the nearest passages; then what was
    searched for, where that is not what was typed.

    `colour` sets the answering words in bold. `printed` are the printed pages of the citations
    that have one, by their markers.
    """
    for statement in answer.statements:
        if statement.support == "unverified":
            said = answer.text[statement.start : statement.end]
            yield shown(f"? {said} — {statement.reason}")
    for cited in answer.citations:
        page = f"p. {printed[cited.marker]}" if printed and cited.marker in printed else None
        facts = [cited.title or "(no headline)", cited.date_text, cited.source, page]
        place = f"[{cited.start}:{cited.end}]"
        doubt = "  (unverified)" if cited.support == "unverified" else ""
        told = shown(" · ".join(fact for fact in facts if fact))
        yield f"[{cited.marker}] {told} {place}{doubt}"
        yield "    " + _marked(shown(cited.quote), cited.start, cited.answer_spans, colour)
    if not answer.answered:
        for hit in answer.passages[:3]:
            yield from hit_lines(hit)
    yield ""
    if answer.standalone_question != " ".join(answer.question.split()):
        yield f"searched for: {shown(answer.standalone_question)}"
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
