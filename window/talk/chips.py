"""What the next questions are asked of → chips above the text box, each with its own way out."""

from collections.abc import Iterator
from dataclasses import replace

from qa import Library, QAError, Scope
from window.markup import both, escape, said

_FEW = 3  # articles that are named; of more only their number is told
_LONGEST = 24  # characters of a name; the whole stands in its tooltip


def render_chips(library: Library, scope: Scope) -> str:
    """Return the chips of `scope` and the way to the archive; of everything only that way."""
    chips = "".join(_chip(*chip) for chip in _chips(library, scope))
    more = both("改范围…", "Change…") if scope else both("限定范围…", "Narrow down…")
    narrow = f'<button type="button" class="narrow" data-event="narrow">{more}</button>'
    if not scope:
        return f'<div class="chips">{narrow}</div>'
    return (
        f'<div class="chips" role="group" aria-label="{said("只问这些报道", "Asked only of these")}">'
        f'<span class="chips-head">{both("只问", "Only")}</span>{chips}{narrow}</div>'
    )


def scope_in_words(scope: Scope) -> str:
    """Return a scope as one line of HTML: how many articles, which files, which days."""
    many = len(scope.articles)
    parts = [both(f"{many:,} 篇报道", f"{many:,} article{'s' * (many != 1)}")] if many else []
    parts += [escape(_short(name)) for name in scope.sources]
    if scope.has_range:
        parts.append(_days(scope))
    return '<span class="dot">·</span>'.join(parts)


def without(scope: Scope, chip: str) -> Scope:
    """Return `scope` without what one of its chips stands for; an unknown chip changes nothing."""
    kind, _, name = chip.partition(":")
    if kind == "article":
        return replace(scope, articles=tuple(id_ for id_ in scope.articles if id_ != name))
    if kind == "source":
        return replace(scope, sources=tuple(each for each in scope.sources if each != name))
    if kind == "articles":
        return replace(scope, articles=())
    if kind == "dates":
        return replace(scope, since=None, until=None)
    return scope


def _chips(library: Library, scope: Scope) -> Iterator[tuple[str, str, str]]:
    """Yield the key of each chip, its text as HTML, and the whole of it where that is cut off."""
    if len(scope.articles) > _FEW:
        many = len(scope.articles)
        chinese, english = f"{many:,} 篇报道", f"{many:,} articles"
        yield "articles", both(chinese, english), ""
    else:
        for id_ in scope.articles:
            yield f"article:{id_}", *_article(library, id_)
    for name in scope.sources:
        yield f"source:{name}", escape(_short(name)), escape(name)
    if scope.since or scope.until:
        yield "dates", _days(scope), _days(scope)


def _days(scope: Scope) -> str:
    return escape(f"{scope.since or ''} – {scope.until or ''}".strip())


def _article(library: Library, article_id: str) -> tuple[str, str]:
    try:
        article = library.article(article_id)
    except QAError:
        return both("已移除的报道", "an article that was removed"), ""
    title = article.title or article.source
    return f"《{escape(_short(title))}》", escape(title)


def _chip(key: str, shown: str, whole: str) -> str:
    return (
        f'<span class="chip" title="{whole}">{shown}'
        f'<button type="button" data-event="without" data-value="{escape(key)}">'
        f'<span class="unseen">{both("移除", "Remove")} {shown}</span>'
        '<span aria-hidden="true">×</span></button></span>'
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
