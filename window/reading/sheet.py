"""Articles on sheets of paper: in reading order, or on their page as it was extracted.

One sheet an article, with all excerpts of it marked; the browser shows one sheet at a time. An
article that has left the library keeps what was quoted from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from qa import Article, Library
from qa.errors import NotFoundError
from qa.spans import Span
from window.markup import both, escape, said
from window.reading.excerpts import Excerpt
from window.reading.highlights import Highlighter

View = Literal["article", "original"]

# Characters of text that the sheets of one answer hold together; the sheet that is looked at is
# always whole, and those that do not fit come when they are chosen.
MOST_AT_ONCE = 300_000


def render_sheets(
    library: Library, excerpts: Sequence[Excerpt], chosen: Excerpt, view: View
) -> str:
    """Return a sheet for each article of `excerpts`, of which only the chosen one is not hidden."""
    room = MOST_AT_ONCE
    html = ""
    by_article = sorted(excerpts, key=lambda e: (e.article_id != chosen.article_id, e.article_id))
    for article_id, group in groupby(by_article, key=lambda each: each.article_id):
        here = list(group)
        found = _found(library, article_id)
        room -= _size(found, view) if found else 0
        if room >= 0 or article_id == chosen.article_id:
            html += _sheet(found, here, chosen, view)
    return html


def joined(*parts: str | None) -> str:
    """Return what is known of an article's origin as one line of HTML."""
    return '<span class="dot">·</span>'.join(escape(part) for part in parts if part)


def _found(library: Library, article_id: str) -> tuple[Article, str] | None:
    """Return an article with its page's text; None where it has left the library."""
    try:
        article = library.article(article_id)
        return article, library.page_text(article.page_id)
    except NotFoundError:
        return None


def _size(found: tuple[Article, str], view: View) -> int:
    article, page_text = found
    return len(page_text) if view == "original" else len(article.text)


def _sheet(
    found: tuple[Article, str] | None, here: Sequence[Excerpt], chosen: Excerpt, view: View
) -> str:
    if found is None:
        content = _gone(here, chosen)
    elif view == "original":
        content = _original(*found, here, chosen)
    else:
        content = _reading(*found, here, chosen)
    hidden = "" if here[0].article_id == chosen.article_id else " hidden"
    name = said("原版面", "Original page") if view == "original" else said("报道全文", "Article")
    return (
        f'<div class="sheet {view}" tabindex="0" role="region" aria-label="{name}"{hidden}>'
        f"<article>{content}</article></div>"
    )


def _head(date_text: str | None, source: str, title: str, byline: str | None) -> str:
    written = f'<p class="byline">{escape(byline)}</p>' if byline else ""
    return (
        f'<p class="folio">{joined(date_text, source)}</p>'
        f"<h3>{escape(title or source)}</h3>{written}"
    )


def _reading(article: Article, page_text: str, here: Sequence[Excerpt], chosen: Excerpt) -> str:
    """Return the whole article in reading order."""
    setting = Highlighter(page_text, here, chosen.place)
    pieces = [setting.flowing(span) for span in article.paragraphs]
    body = "".join(f"<p>{piece}</p>" for piece in pieces if piece)
    return _head(article.date_text, article.source, article.title, article.byline) + body


def _original(article: Article, page_text: str, here: Sequence[Excerpt], chosen: Excerpt) -> str:
    """Return the whole page as extracted, in which this article's parts stand out."""
    setting = Highlighter(page_text, here, chosen.place)
    parts = [
        f'<span class="{part}">{setting.exact(span)}</span>'
        for part, span in _parts(article, len(page_text))
    ]
    legend = both(
        "版面的原文，换行照旧；深色的是本篇，浅色的是同版其他内容。",
        "The page's text as extracted, line breaks kept; this article in dark, the rest in light.",
    )
    return (
        f'<p class="folio">{escape(article.source)}</p><p class="legend">{legend}</p>'
        f'<div class="raw">{"".join(parts)}</div>'
    )


def _parts(article: Article, length: int) -> Iterator[tuple[str, Span]]:
    """Yield the page from start to end, cut into this article's parts and what is not of it."""
    own = (
        *((span, "part headline") for span in article.headline),
        *((span, "part body") for span in article.spans),
    )
    at = 0
    for span, part in sorted(own):
        if at < span.start:
            yield "elsewhere", Span(at, span.start)
        if at < span.end:
            yield part, Span(max(at, span.start), span.end)
            at = span.end
    if at < length:
        yield "elsewhere", Span(at, length)


def _gone(here: Sequence[Excerpt], chosen: Excerpt) -> str:
    """Return what is left of an article that was removed: the words that were quoted."""
    missing = both(
        "这篇报道已不在库中，全文看不到了；下面是当时引用的原句。重新加入该版面即可再读全文。",
        "This article has left the library; below is what was quoted from it. Add its page again "
        "to read it whole.",
    )
    quotes = "".join(
        f"<p>{Highlighter(each.quote, [_alone(each)], chosen.place).flowing(_all(each))}</p>"
        for each in here
    )
    first = here[0]
    head = _head(first.date_text, first.source, first.title, None)
    return f'{head}<p class="notice">{missing}</p>{quotes}'


def _alone(excerpt: Excerpt) -> Excerpt:
    """Return the excerpt as if its quote were the whole page."""
    start = excerpt.span.start
    strong = tuple(Span(a - start, b - start) for a, b in excerpt.strong)
    return replace(excerpt, span=_all(excerpt), strong=strong)


def _all(excerpt: Excerpt) -> Span:
    return Span(0, len(excerpt.quote))
