"""An answer → a picture of what retrieval did: scores, confidence, times, models. Closed at first.

Every bar stands beside its number, so that the picture is a table to whoever cannot see it.
From the answer alone: nothing is looked up.
"""

from qa import Answer, Hit
from qa.answering.evidence import ENOUGH
from window.conversation import Choice
from window.markup import both, escape
from window.naming import PARTS, model_name
from window.reading.sheet import joined
from window.talk.transcript import link_to

_STEPS = {
    "retrieve": both("检索", "retrieval"),
    "answer": both("作答", "answering"),
    "total": both("合计", "in all"),
}


def render_evidence(turn: int, answer: Answer) -> str:
    """Return the closed picture of how the answer came about."""
    title = both("检索做了什么", "What retrieval did")
    return (
        f'<details class="evidence"><summary>{title}</summary><div class="evidence-body">'
        f"{_asked(answer)}{_confidence(answer)}{_passages(turn, answer)}{_times(answer)}"
        f"{_models(answer)}</div></details>"
    )


def _asked(answer: Answer) -> str:
    asked = escape(answer.standalone_question)
    return f'<p class="asked-for"><b>{both("检索用语", "Searched for")}</b> {asked}</p>'


def _confidence(answer: Answer) -> str:
    """Return how likely the best sentence answers, against what an answer needs."""
    if answer.answered:
        verdict = both("足以作答", "enough to answer")
    elif answer.confidence >= ENOUGH:
        verdict = both(
            "依据够了，但没有一句经得起核对", "enough, but no sentence held when checked"
        )
    else:
        verdict = both("不足以作答", "not enough to answer")
    return (
        f"<p><b>{both('把握', 'Confidence')}</b> {answer.confidence:.2f}"
        f'<span class="dot">·</span>{both(f"需要 {ENOUGH:.2f}", f"{ENOUGH:.2f} needed")}'
        f'<span class="dot">·</span>{verdict}</p>{_bar(answer.confidence, limit=ENOUGH)}'
    )


def _passages(turn: int, answer: Answer) -> str:
    if not answer.passages:
        return f"<p>{both('没有找到任何段落。', 'No passage was found.')}</p>"
    headings = "".join(
        f'<th scope="col">{both(*names)}</th>'
        for names in (("段落", "Passage"), ("得分", "Score"), ("引用", "Cited"))
    )
    rows = "".join(_row(turn, answer, hit) for hit in answer.passages)
    caption = both("找到的段落，最接近的在前", "The passages found, nearest first")
    return (
        f"<table><caption>{caption}</caption><thead><tr>{headings}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(turn: int, answer: Answer, hit: Hit) -> str:
    article, target = hit.article, link_to(Choice(turn, "near", hit.rank))
    markers = "".join(f"[{marker}]" for marker in _markers(answer, hit))
    return (
        f'<tr><th scope="row"><a href="#{target}">{escape(article.title or article.source)}</a>'
        f"<small>{joined(article.date_text, article.source)}</small></th>"
        f'<td><span class="score">{hit.score:.2f}</span>{_bar(hit.score, counted=bool(markers))}</td>'
        f"<td>{markers or '—'}</td></tr>"
    )


def _markers(answer: Answer, hit: Hit) -> list[int]:
    """Return the markers of the citations that stand in the passage."""
    passage = hit.passage
    return [
        each.marker
        for each in answer.citations
        if each.article_id == passage.article_id and passage.start <= each.start < passage.end
    ]


def _times(answer: Answer) -> str:
    steps = [
        f"{_STEPS.get(step, escape(step))} {ms:,.0f} ms" for step, ms in answer.timings_ms.items()
    ]
    return _fact(both("用时", "Time"), steps)


def _models(answer: Answer) -> str:
    used = [
        f"{PARTS.get(part, escape(part))} {model_name(name)}"
        for part, name in answer.models.items()
    ]
    return _fact(both("模型", "Models"), used)


def _fact(name: str, values: list[str]) -> str:
    shown = '<span class="dot">·</span>'.join(values)
    return f"<p><b>{name}</b> {shown}</p>" if values else ""


def _bar(share: float, *, counted: bool = True, limit: float | None = None) -> str:
    """Return a share of 0 to 1 as a bar, with a line at the limit; the number stands beside it."""
    width = round(100 * min(max(share, 0.0), 1.0), 1)
    line = ""
    if limit is not None:
        at = round(100 * limit, 1)
        line = f'<line x1="{at}" x2="{at}" y1="0" y2="8" vector-effect="non-scaling-stroke"/>'
    css = "bar counted" if counted else "bar"
    return (
        f'<svg class="{css}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="whole" width="100" height="8"/><rect class="share" width="{width}" '
        f'height="8"/>{line}</svg>'
    )
