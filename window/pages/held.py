"""The pages that the library holds → HTML: a list that is searched by name and shown in parts.

Knows what a library tells of its pages; knows neither gradio nor what a click does.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa import Library
from window.markup import both, escape, said
from window.pages.lists import count_articles

PART = 100  # pages that are shown at first, and how many more by each wish


@dataclass
class Shelf:
    """How one visitor looks at the list: pages with `words` in their names, `most` of them."""

    words: str = ""
    most: int = PART

    def find(self, words: str) -> None:
        """Look for other names, from the first."""
        self.words, self.most = words, PART


@dataclass(frozen=True, slots=True)
class Holding:
    """A page of the library: its id, its name, its articles and characters."""

    id: str
    source: str
    articles: int
    characters: int


def holdings(library: Library) -> list[Holding]:
    """Return what the library holds now, by name."""
    articles = Counter(article.page_id for article in library.articles())
    return [Holding(p.id, p.source, articles[p.id], len(p.text)) for p in library.pages()]


def render_held(
    held: Sequence[Holding], shelf: Shelf, notice: str = "", *, read_only: bool = False
) -> str:
    """Return the list as a visitor looks at it and, where allowed, a way to remove each page."""
    wanted = shelf.words.strip().casefold()
    found = [each for each in held if wanted in each.source.casefold()]
    count = f"{len(found)} / {len(held)}" if wanted else str(len(held))
    label = said("按文件名筛选", "Filter by file name")
    head = (
        f'<header><h2>{both("库里的版面", "Pages in the library")} <b class="count">{count}</b>'
        f'</h2><input type="search" class="filter" data-key="filter"'
        f' aria-label="{label}" placeholder="{label}"></header>'
    )
    if found:
        rows = "".join(_rows(found[: shelf.most], read_only))
        listed = f"<ul>{rows}</ul>{_more(len(found) - shelf.most)}"
    elif held:
        listed = f'<p class="none">{both("没有这样的文件名", "No file is called so")}</p>'
    else:
        listed = f'<p class="empty">{both("还没有版面", "There are no pages yet")}</p>'
    return f'<section class="held">{head}<div role="status">{notice}</div>{listed}</section>'


def _more(rest: int) -> str:
    if rest <= 0:
        return ""
    label = both(f"再列一些（还有 {rest} 版）", f"Show more ({rest} left)")
    return f'<p><button type="button" class="further" data-key="further">{label}</button></p>'


def _rows(held: Sequence[Holding], read_only: bool) -> Iterator[str]:
    for at, page in enumerate(held):
        name = escape(page.source)
        button = (
            f'<button type="button" class="remove" id="remove-{at}" data-page="{escape(page.id)}"'
            f' data-articles="{page.articles}" aria-labelledby="remove-{at} held-{at}">'
            f"{both('移除', 'Remove')}</button>"
        )
        letters = both(f"{page.characters:,} 字", f"{page.characters:,} characters")
        yield (
            f'<li><span class="named" id="held-{at}">{name}</span>'
            f'<span class="articles">{count_articles(page.articles)}</span>'
            f'<span class="letters">{letters}</span>{"" if read_only else button}</li>'
        )
