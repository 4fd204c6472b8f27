"""Listing: the articles of a library without their text, found by words, scope and order.

Words are looked for as they are typed, in headline and body; no index, encoder or model is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from qa.errors import NotFoundError
from qa.library.lookup import Words
from qa.library.records import Entry, Known
from qa.library.scope import EVERYTHING, Scope
from qa.library.sources import find_page, printable
from qa.spans import Span

Order = Literal["source", "title", "date", "length"]

_KEYS: dict[Order, Callable[[Entry], str | bytes | int]] = {
    "source": lambda entry: entry.source,
    # In GB 18030 the common characters stand in the order of their pinyin.
    "title": lambda entry: entry.title.lstrip("“《「‘").encode("gb18030", "replace"),
    "date": lambda entry: entry.date or "",
    "length": lambda entry: entry.length,
}


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries found, in order; `undated` were left out for want of a year alone."""

    entries: tuple[Entry, ...]
    undated: int = 0


class Listed(Protocol):
    """What is asked of a library's snapshot."""

    def entries(self) -> Sequence[Entry]: ...
    def page_text(self, page_id: str) -> str: ...


def list_articles(
    snapshot: Listed,
    words: str = "",
    scope: Scope = EVERYTHING,
    order: Order = "source",
    *,
    descending: bool = False,
) -> Listing:
    """Return the articles in `scope` whose headline or text holds each of `words`.

    They are ordered by one field, else as they stand: by source, then in the order of their page.
    Articles without a date come last by date, either way. A scope that names what is not there
    leads to nothing.
    """
    places = [entry for entry in snapshot.entries() if _is_named(entry, scope)]
    found = _with_words(snapshot, places, Words.typed(words))
    inside = [entry for entry in found if scope.covers(entry.date)]
    inside.sort(key=_KEYS[order], reverse=descending)
    if order == "date":
        inside.sort(key=lambda entry: entry.date is None)
    undated = sum(entry.date is None for entry in found) if scope.has_range else 0
    return Listing(tuple(inside), undated)


def chosen(entries: Sequence[Entry], pages: Sequence[Known], scope: Scope) -> list[str]:
    """Return the ids of the articles in `scope`, files named as `find_page` takes them.

    Raises NotFoundError where a file or an article is not there, and where none is left.
    """
    sources = {find_page(name, pages).source for name in scope.sources}
    articles = set(scope.articles)
    for gone in articles.difference(entry.id for entry in entries):
        raise NotFoundError(
            f"the library has no article {printable(gone)}: it may have been removed; "
            "ask without it"
        )
    named = [e for e in entries if e.id in articles or e.source in sources]
    places = named if articles or sources else entries
    inside = [entry.id for entry in places if scope.covers(entry.date)]
    if not inside:
        raise NotFoundError(_none_between(scope, places))
    return inside


def _is_named(entry: Entry, scope: Scope) -> bool:
    named = entry.id in scope.articles or entry.source in scope.sources
    return named or not (scope.articles or scope.sources)


def _with_words(snapshot: Listed, entries: Sequence[Entry], words: Words) -> list[Entry]:
    if not words:
        return list(entries)
    found, page, text = [], "", ""
    for entry in entries:
        if entry.page_id != page:
            page, text = entry.page_id, snapshot.page_text(entry.page_id)
        if words.are_in([entry.title, *(Span(*span).of(text) for span in entry.spans)]):
            found.append(entry)
    return found


def _none_between(scope: Scope, places: Sequence[Entry]) -> str:
    days = sorted(entry.date for entry in places if entry.date)
    asked = " ".join(
        f"{word} {day}" for word, day in (("since", scope.since), ("until", scope.until)) if day
    )
    if not days:
        return f"no article is dated {asked}: the year of none is known; leave the dates out"
    undated = len(places) - len(days)
    beside = f", and of {undated} the year is not known" if undated else ""
    return f"no article is dated {asked}: they are of {days[0]} to {days[-1]}{beside}"
