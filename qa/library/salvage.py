"""Salvage: the pages in a damaged library whose text is, by its hash, the one that was added.

Knows the library's tables; knows nothing of where the file is and what becomes of it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.errors import DamagedError
from qa.library.records import record_to_article, record_to_sentences, row_to_page, seal_of
from qa.library.wreck import Row, Wreck
from qa.splitting.articles import Article, split_articles
from qa.splitting.pages import Page, page_from_text
from qa.splitting.passages import Passage

_PAGE = "id, source, text, encoding, format, printed, remarks"
_OLD_PAGE = "id, source, text, encoding, 'txt', '[]', '[]'"  # before there were other formats


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a wreck gives: pages as `Library.add_pages` takes them, and the names of those lost.

    `encoder` is how the library's encoder was asked for, None where that is not known.
    """

    pages: list[tuple[Page, Sequence[Article], str]]
    lost: list[str]
    encoder: str | None


def salvaged(wreck: Wreck) -> Salvaged:
    """Return what can be read of a library and proves to be what was added."""
    rows = wreck.rows("pages", f"{_PAGE}, origin, seal") or wreck.rows(
        "pages", f"{_OLD_PAGE}, origin, seal"
    )
    found = {number: page for number, row in rows.items() if (page := _page(row[:-2]))}
    splits = _splits(wreck, list(found.values()))
    pages: list[tuple[Page, Sequence[Article], str]] = []
    for number, page in found.items():
        origin, seal = rows[number][-2:]
        articles, passages = splits[page.id]
        if seal_of(page, articles, passages) != seal:
            articles = split_articles(page)
        pages.append((page, articles, origin if isinstance(origin, str) else page.source))
    names = wreck.rows("pages", "source") | {number: (row[1],) for number, row in rows.items()}
    lost = [str(name) for number, (name,) in names.items() if number not in found and name]
    return Salvaged(pages, lost, _encoder(wreck))


def _page(row: Row) -> Page | None:
    """Return the page of a row, None unless its text has the hash that it is known by."""
    id_, source, text, *_ = row
    if not (isinstance(source, str) and source and isinstance(text, bytes)):
        return None
    try:
        page = row_to_page(row)
    except DamagedError:
        try:
            page = row_to_page((id_, source, text, "utf-8", "txt", "[]", "[]"))
        except DamagedError:
            return None
    if page_from_text(source, page.text).id != id_:
        return None
    fits = all(0 <= p.span.start <= p.span.end <= len(page.text) for p in page.printed)
    return page if fits else replace(page, printed=())


def _splits(wreck: Wreck, pages: Sequence[Page]) -> dict[str, tuple[list[Article], list[Passage]]]:
    """Return the articles and passages that are stored of each page, as far as they are whole."""
    by_id = {page.id: page for page in pages}
    splits: dict[str, tuple[list[Article], list[Passage]]] = defaultdict(lambda: ([], []))
    owners: dict[str, Page] = {}
    rows = wreck.rows("articles", "id, page_id, record, position").values()
    for id_, page_id, record, _ in sorted(rows, key=_position):
        if (page := by_id.get(page_id)) is None:
            continue
        try:
            article = record_to_article(id_, page_id, page.source, record, page.text)
        except DamagedError:
            continue
        splits[page_id][0].append(article)
        owners[id_] = page
    for article_id, start, end, sentences in wreck.rows(
        "passages", "article_id, start, end, sentences"
    ).values():
        if (page := owners.get(article_id)) is None:
            continue
        try:
            places = record_to_sentences(sentences)
        except DamagedError:
            continue
        splits[page.id][1].append(Passage(0, article_id, start, end, "", places))
    return splits


def _position(row: Row) -> int:
    return row[-1] if isinstance(row[-1], int) else 0


def _encoder(wreck: Wreck) -> str | None:
    for (name,) in wreck.rows("library", "encoder").values():
        return name if isinstance(name, str) and name else None
    return None
