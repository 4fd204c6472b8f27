"""Excerpts → cards: headline, file, date, by-line and the words, each a link to its place.

The card of a citation carries what is copied for it. A near passage never looks like a citation.
"""

from collections.abc import Sequence

from qa import Answer
from window.conversation import Choice
from window.markup import both, escape, said
from window.reading.excerpts import Excerpt, shortened
from window.reading.sheet import joined
from window.talk.transcript import link_to

# A quotation needs no word about itself; anything else says how far it is backed.
_SUPPORT = {
    "quoted": "",
    "supported": both("据原文改写", "reworded"),
    "unverified": both("未经核实", "unverified"),
    "near": "",
}


def render_cards(turn: int, answer: Answer, excerpts: Sequence[Excerpt], chosen: Excerpt) -> str:
    """Return the row of cards, the chosen one marked as current."""
    near = chosen.support == "near"
    bylines = {hit.article.id: hit.article.byline for hit in answer.passages}
    cards = "".join(
        _card(turn, each, bylines.get(each.article_id), each is chosen) for each in excerpts
    )
    name = said("最接近的段落", "Nearest passages") if near else said("本次回答的引用", "Citations")
    return f'<nav class="cards" aria-label="{name}">{cards}</nav>'


def render_nearest(turn: int, excerpts: Sequence[Excerpt]) -> str:
    """Return the nearest passages as a list, before one of them is chosen."""
    return f'<ol class="nearest">{"".join(_listed(turn, each) for each in excerpts)}</ol>'


def _card(turn: int, excerpt: Excerpt, byline: str | None, current: bool) -> str:
    state = ' aria-current="true"' if current else ""
    copied = "" if excerpt.support == "near" else f' data-copy="{escape(excerpt.reference())}"'
    marker = f"<b>{excerpt.label}</b> " if excerpt.label else ""
    return (
        f'<a class="card {excerpt.support}" href="#{_target(turn, excerpt)}"'
        f' data-place="{excerpt.place}"{copied}{state}>'
        f'<span class="card-head">{marker}{escape(excerpt.headline)}</span>'
        f'<span class="card-quote">{escape(shortened(excerpt.quote))}</span>'
        f'<span class="card-foot"><span>{joined(excerpt.date_text, byline, excerpt.source)}'
        f"{_page(excerpt)}</span>"
        f'<span class="support">{_SUPPORT[excerpt.support]}</span></span></a>'
    )


def _listed(turn: int, excerpt: Excerpt) -> str:
    return (
        f'<li><a class="see" href="#{_target(turn, excerpt)}">{escape(excerpt.headline)}</a>'
        f'<p class="folio">{joined(excerpt.date_text, excerpt.source)}{_page(excerpt)}</p>'
        f"<p>{escape(shortened(excerpt.quote))}</p></li>"
    )


def _page(excerpt: Excerpt) -> str:
    if not excerpt.page:
        return ""
    named = both(f"第 {excerpt.page} 页", f"p. {excerpt.page}")
    return f'<span class="dot">·</span>{named}'


def _target(turn: int, excerpt: Excerpt) -> str:
    return link_to(Choice(turn, excerpt.kind, excerpt.place))
