"""How a page was split → HTML: its raw text with each article's parts marked, and the articles.

The raw text is shown character for character; only what cannot be seen gets a sign.
"""

from collections.abc import Iterator

from qa import Article, Page
from qa.library.parts import Part, loose_characters, printed
from qa.library.previewing import Preview
from qa.spans import reflow
from window.markup import both, escape, said
from window.pages.doubts import render_doubts
from window.pages.problems import render_problem

_TINTS = 4  # neighbours differ; the number tells which article it is
_SHOWN = 60_000  # characters of raw text, three large pages; more makes a browser slow
_STORIES = 200
_EXCERPT = 60  # characters from an article's beginning and end
_KINDS = {
    "headline": ("标题", "headline"),
    "body": ("正文", "text"),
    "byline": ("署名", "by-line"),
    "loose": ("不属于任何报道", "in no article"),
}
_UNSEEN: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\u2426"),
}


def render_split(seen: Preview) -> str:
    """Return the review of a file that could be read; nothing for another."""
    page = seen.page
    if page is None:
        return ""
    of_page = [doubt for doubt in seen.doubts if not doubt.article]
    return (
        '<section class="split" tabindex="-1" aria-labelledby="split-head"><header>'
        f'<h2 id="split-head">{both("切分", "How it is split")}<span class="dot">·</span>'
        f'{escape(seen.source)}</h2><p class="folio">{_facts(seen, page)}</p>'
        f"{_remarks(page)}{render_doubts(of_page)}{_legend()}</header>"
        '<div class="sides"><div class="raw" tabindex="0" role="region"'
        f' aria-label="{said("原文", "The raw text")}">{_raw(page.text, seen.parts)}</div>'
        f'<ol class="stories">{"".join(_stories(seen))}</ol></div></section>'
    )


def _facts(seen: Preview, page: Page) -> str:
    whole, loose = printed(page.text), loose_characters(page.text, seen.parts)
    many = len(seen.articles)
    chinese, english = _origin(page)
    return both(
        f"{chinese} · {whole:,} 字 · {many} 篇报道 · 不属于任何报道 {loose:,} 字",
        f"{english} · {whole:,} characters, spaces aside · {many} article{'' if many == 1 else 's'} · "
        f"{loose:,} characters in no article",
    )


def _origin(page: Page) -> tuple[str, str]:
    """Return what the text was read from, in both languages."""
    of = page.format.upper()
    if not page.printed:
        same = of if page.format == "docx" else f"{of} · {page.encoding.upper()}"
        return same, same
    first, last = page.printed[0].label, page.printed[-1].label
    number = len(page.printed)
    named = first if number == 1 else f"{first}–{last}"
    return (
        f"{of} · {number} 页（{named}）",
        f"{of} · {number} printed page{'s' * (number > 1)} ({named})",
    )


def _remarks(page: Page) -> str:
    listed = "".join(f"<li>{render_problem(remark)}</li>" for remark in page.remarks)
    return f'<ul class="doubts remarks">{listed}</ul>' if listed else ""


def _legend() -> str:
    kinds = " ".join(
        f'<span class="part {kind}">{both(*words)}</span>' for kind, words in _KINDS.items()
    )
    return f'<p class="legend">{kinds}</p>'


def _raw(text: str, parts: tuple[Part, ...]) -> str:
    cut = ""
    if len(text) > _SHOWN:
        told = both("原文很长，这里只显示开头。", "A long text: only its beginning is shown.")
        cut = f'<p class="cut">{told}</p>'
    return f"<pre>{''.join(_pieces(text[:_SHOWN], parts))}</pre>{cut}"


def _pieces(text: str, parts: tuple[Part, ...]) -> Iterator[str]:
    """Yield the text with its parts marked; a part beyond its end is left out."""
    at, last, begun = 0, -1, set[int]()
    for part in parts:
        if part.span.start >= len(text):
            break
        yield _seen(text[at : part.span.start])
        yield _mark(part, _seen(part.span.of(text)), part.article != last, begun)
        at, last = part.span.end, part.article
    yield _seen(text[at:])


def _mark(part: Part, inside: str, is_first: bool, begun: set[int]) -> str:
    number = part.article
    anchor = f' id="part-{number}" tabindex="-1"' if number and number not in begun else ""
    begun.add(number)
    label = f' data-label="{number or "—"}"' if is_first else ""
    tint = f" tint-{number % _TINTS}" if number else ""
    css = f"part {part.kind}{tint}"
    return f'<mark class="{css}" data-article="{number}"{anchor}{label}>{inside}</mark>'


def _seen(text: str) -> str:
    return escape(text.translate(_UNSEEN))


def _stories(seen: Preview) -> Iterator[str]:
    rows = zip(seen.articles, seen.passages, strict=True)
    for number, (article, passages) in enumerate(rows, 1):
        if number > _STORIES:
            more = len(seen.articles) - _STORIES
            yield f"<li>{both(f'还有 {more} 篇', f'and {more} more')}</li>"
            return
        doubts = [doubt for doubt in seen.doubts if doubt.article == number]
        yield (
            f'<li class="story tint-{number % _TINTS}" value="{number}"><h3>'
            f'<a href="#part-{number}" data-article="{number}"><b>{number}</b> {_title(article)}'
            f'</a></h3><p class="folio">{_folio(article, passages, seen.page)}</p>'
            f"{_excerpt(article)}"
            f"{render_doubts(doubts)}</li>"
        )


def _title(article: Article) -> str:
    return _seen(article.title) if article.title else both("（无标题）", "(no headline)")


def _folio(article: Article, passages: int, page: Page | None) -> str:
    letters, pieces = printed(article.text), len(article.spans)
    counted = both(
        f"{letters:,} 字，{passages} 段" + (f"，由 {pieces} 处拼成" if pieces > 1 else ""),
        f"{letters:,} characters, {passages} passage{'' if passages == 1 else 's'}"
        + (f", put together from {pieces} places" if pieces > 1 else ""),
    )
    printed_so = [_seen(part) for part in (article.date_text, article.byline) if part]
    on = page.printed_at(article.spans[0]) if page and article.spans else None
    place = [both(f"第 {on.label} 页", f"p. {on.label}")] if on else []
    return " · ".join([*place, *printed_so, counted])


def _excerpt(article: Article) -> str:
    shown = reflow(article.text)
    if len(shown) <= 2 * _EXCERPT + 10:
        return f"<p>{_seen(shown)}</p>"
    return (
        f"<details><summary>{_seen(shown[:_EXCERPT])}…… {_seen(shown[-_EXCERPT:])}</summary>"
        f"<p>{_seen(shown)}</p></details>"
    )
