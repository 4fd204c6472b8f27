"""One article → a sheet to read, with the words that were looked for highlighted."""

from collections.abc import Iterator

from qa import Article, Library, QAError
from qa.library.lookup import Words
from qa.spans import Span
from window.markup import Mark, both, escape, marked, said


def render_article(library: Library, article_id: str, words: str = "") -> str:
    """Return the whole article in reading order; one line instead where it has left the library."""
    try:
        article = library.article(article_id)
        page_text = library.page_text(article.page_id)
    except QAError:
        gone = both(
            "这篇报道已不在库中：请重新选择。",
            "This article has left the library: choose another.",
        )
        return f'<p class="notice" role="alert">{gone}</p>'
    return (
        '<div class="reading"><div class="bar">'
        f'<button type="button" data-event="close">{both("← 返回列表", "← Back to the list")}</button>'
        f'<button type="button" class="main" data-event="ask" data-value="{escape(article.id)}">'
        f"{both('就这篇报道提问', 'Ask about this article')}</button></div>"
        f'<div class="sheet" tabindex="0" role="region" '
        f'aria-label="{said("报道全文", "The whole article")}">'
        f"{_article(article, page_text, Words.typed(words))}</div></div>"
    )


def _article(article: Article, page_text: str, words: Words) -> str:
    places = [place for p in article.paragraphs for place in words.places(page_text, p)]
    marks = [Mark(place, "sought") for place in places]
    pieces = marked(page_text, article.paragraphs, marks)
    body = "".join(f"<p>{piece}</p>" for piece in pieces if piece)
    facts = [article.date or article.date_text, article.source]
    folio = '<span class="dot">·</span>'.join(escape(fact) for fact in facts if fact)
    byline = f'<p class="byline">{escape(article.byline)}</p>' if article.byline else ""
    headline = "".join(_headline(article.title or article.source, words))
    return (
        f'<article><p class="folio">{folio}</p><h2 tabindex="-1">{headline}</h2>'
        f"{byline}{body}</article>"
    )


def _headline(title: str, words: Words) -> Iterator[str]:
    """Yield the headline's pieces; it is no text of the page, so nothing in it is reflowed."""
    end = 0
    for place in words.places(title, Span(0, len(title))):
        yield escape(title[end : place.start])
        yield f'<mark class="sought">{escape(place.of(title))}</mark>'
        end = place.end
    yield escape(title[end:])
