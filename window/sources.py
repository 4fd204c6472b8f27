"""One turn's citations → the right column: cards, and the article with the words highlighted.

Passages that are merely near are shown apart from citations and never look like them.
"""

from qa import Answer, Article, Citation, Hit, Library
from qa.spans import Span, reflow
from window.conversation import Choice, Conversation, Turn
from window.markup import Mark, both, escape, marked
from window.transcript import link_to

# A quotation needs no word about itself; anything else says how far it is backed.
_SUPPORT = {
    "quoted": "",
    "supported": both("据原文改写", "reworded"),
    "unverified": both("未经核实", "unverified"),
}


def render_sources(library: Library, conversation: Conversation, choice: Choice) -> str:
    """Return the panel for the chosen citation or nearest passage of a turn.

    A choice that leads nowhere (a turn that was cleared, a marker never given) shows the hint.
    """
    turn = conversation.turn(choice.turn)
    if turn is None or turn.answer is None:
        return _panel(_hint(), choice)
    answer = turn.answer
    if answer.citations:
        inside = _cited(library, turn, answer, choice)
    elif answer.passages:
        near = [hit for hit in answer.passages if (choice.kind, choice.place) == ("near", hit.rank)]
        shown = _opened(library, turn, answer, near[0]) if near else _nearby(turn, answer)
        inside = _head(turn, "参见", "See also") + _caution() + shown
    else:
        inside = _hint()
    return _panel(inside, choice)


def _panel(inside: str, choice: Choice) -> str:
    clicked = str(choice.clicked).lower()
    return (
        f'<div class="panel" data-clicked="{clicked}">'
        f'<a class="back" href="#turn-{choice.turn}">{both("↑ 回到回答", "Back to the answer")}</a>'
        f"{inside}</div>"
    )


def _hint() -> str:
    return (
        f'<header class="panel-head"><h2>{both("出处", "Sources")}</h2></header>'
        '<div class="hint"><p>点击回答里的 <span class="cite sample">[1]</span>，'
        "报道全文会在这里展开，并标出所引的句子。</p>"
        '<p class="lead-en" lang="en">Click a marker in an answer to read the cited sentence '
        "in its article.</p></div>"
    )


def _head(turn: Turn, chinese: str, english: str) -> str:
    question = turn.question if len(turn.question) <= 60 else turn.question[:60] + "……"
    return (
        f'<header class="panel-head"><h2>{both(chinese, english)}</h2>'
        f'<p class="of">{escape(question)}</p></header>'
    )


def _cited(library: Library, turn: Turn, answer: Answer, choice: Choice) -> str:
    chosen = next((c for c in answer.citations if c.marker == choice.place), answer.citations[0])
    cards = "".join(_card(turn, each, each.marker == chosen.marker) for each in answer.citations)
    article = library.article(chosen.article_id)
    same = [each for each in answer.citations if each.article_id == chosen.article_id]
    same.sort(key=lambda each: each.marker != chosen.marker)
    marks = [_citation_mark(turn, each, each.marker == chosen.marker) for each in same]
    return (
        _head(turn, "出处", "Sources")
        + f'<nav class="cards" aria-label="本次回答的引用 Citations of this answer">{cards}</nav>'
        + _sheet(library, article, marks)
    )


def _card(turn: Turn, citation: Citation, current: bool) -> str:
    target = link_to(Choice(turn.number, "source", citation.marker))
    state = ' aria-current="true"' if current else ""
    support = _SUPPORT[citation.support]
    headline = escape(citation.title or citation.source)
    return (
        f'<a class="card {citation.support}" href="#{target}"{state}>'
        f'<span class="card-head"><b>[{citation.marker}]</b> {headline}</span>'
        f'<span class="card-quote">{escape(reflow(citation.quote))}</span>'
        f'<span class="card-foot">{_joined(citation.date_text, citation.source)}'
        f'<span class="support">{support}</span></span></a>'
    )


def _citation_mark(turn: Turn, citation: Citation, current: bool) -> Mark:
    return Mark(
        span=Span(citation.start, citation.end),
        css=f"cited {citation.support}" + (" current" if current else ""),
        label=f"[{citation.marker}]",
        strong=citation.answer_spans,
        anchor=link_to(Choice(turn.number, "source", citation.marker)),
    )


def _sheet(library: Library, article: Article, marks: list[Mark]) -> str:
    """Return the whole article in reading order, as on a sheet of paper."""
    pieces = marked(library.page_text(article.page_id), article.paragraphs, marks)
    body = "".join(f"<p>{piece}</p>" for piece in pieces if piece)
    byline = f'<p class="byline">{escape(article.byline)}</p>' if article.byline else ""
    return (
        '<div class="sheet" tabindex="0" role="region" aria-label="报道全文 The whole article">'
        f'<article><p class="folio">{_joined(article.date_text, article.source)}</p>'
        f"<h3>{escape(article.title or article.source)}</h3>{byline}{body}</article></div>"
    )


def _nearby(turn: Turn, answer: Answer) -> str:
    listed = "".join(_passage(turn, hit) for hit in answer.passages)
    return f'<ol class="nearest">{listed}</ol>'


def _opened(library: Library, turn: Turn, answer: Answer, chosen: Hit) -> str:
    cards = "".join(_near_card(turn, hit, hit is chosen) for hit in answer.passages)
    span = Span(chosen.passage.start, chosen.passage.end)
    mark = Mark(span, "nearby current", anchor=link_to(Choice(turn.number, "near", chosen.rank)))
    return f'<nav class="cards" aria-label="最接近的段落 Nearest passages">{cards}</nav>' + _sheet(
        library, chosen.article, [mark]
    )


def _caution() -> str:
    return (
        '<p class="caution">没有找到足够的依据。以下只是最接近的段落，不是引用。'
        '<span class="en" lang="en">Not enough evidence was found. These are only the nearest '
        "passages, not citations.</span></p>"
    )


def _near_card(turn: Turn, hit: Hit, current: bool) -> str:
    target = link_to(Choice(turn.number, "near", hit.rank))
    state = ' aria-current="true"' if current else ""
    return (
        f'<a class="card near" href="#{target}"{state}>'
        f'<span class="card-head">{escape(hit.article.title or hit.article.source)}</span>'
        f'<span class="card-quote">{escape(reflow(hit.passage.text))}</span></a>'
    )


def _passage(turn: Turn, hit: Hit) -> str:
    target = link_to(Choice(turn.number, "near", hit.rank))
    return (
        f'<li><a class="see" href="#{target}">{escape(hit.article.title or hit.article.source)}</a>'
        f'<p class="folio">{_joined(hit.article.date_text, hit.article.source)}</p>'
        f"<p>{escape(reflow(hit.passage.text))}</p></li>"
    )


def _joined(*parts: str | None) -> str:
    return '<span class="dot">·</span>'.join(escape(part) for part in parts if part)
