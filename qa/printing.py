"""Printing: articles, passages, answers and figures → lines for a person at a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from qa.answering.answer import Answer
from qa.answering.retrieve import Hit
from qa.spans import reflow
from qa.splitting.articles import Article

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


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


def answer_lines(answer: Answer, colour: bool = False) -> Iterator[str]:
    """Yield the answer, then its citations or, after a refusal, the nearest passages.

    `colour` sets the answering words in bold.
    """
    if answer.standalone_question != answer.question.strip():
        yield f"→ {answer.standalone_question}"
    yield answer.text
    yield ""
    for cited in answer.citations:
        facts = [cited.title or "(no headline)", cited.date_text, cited.source]
        place = f"[{cited.start}:{cited.end}]"
        yield f"[{cited.marker}] " + " · ".join(fact for fact in facts if fact) + f" {place}"
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


def figure_lines(figures: Mapping[str, float | None]) -> Iterator[str]:
    """Yield a table of figures: shares as percentages, the rest as numbers, "–" for none."""
    for name, value in figures.items():
        yield f"{name:<22}{_figure(name, value):>12}"


def _figure(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name == "questions":
        return f"{value:,.0f}"
    if name.endswith("_ms"):
        return f"{value:.1f} ms"
    if name.endswith("per_second"):
        return f"{value:,.0f}"
    return f"{value:.3f}" if name.startswith("mrr") else f"{100 * value:.1f} %"
