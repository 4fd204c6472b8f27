"""Previewing: what would become of files, and how they would be split, before they go in.

Reads as adding does and changes nothing. What was previewed is what goes in: its page and
articles are handed to `Library.add_pages` as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qa.errors import NotFoundError, PageError
from qa.formats.limits import DEFAULT, Limits
from qa.library.doubts import Doubt, doubts_of, doubts_of_replacing
from qa.library.intake import Arrival, read_arrivals, read_upload
from qa.library.library import Library
from qa.library.parts import Part, parts_of
from qa.library.records import Known
from qa.library.writer import Outcome
from qa.progress import Progress, silent
from qa.splitting.articles import Article, split_articles
from qa.splitting.pages import Page
from qa.splitting.passages import split_passages


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of one file called `source`.

    Of one that cannot be read only `problem` is known, one line. Else `articles` are as split,
    `passages` how many each has, `parts` where each stretch of the text went, and `doubts` what
    a person should look at. `known_as` is the page that has the same text already, `replaces`
    the page that would go: both are names of pages in the library, as it was.
    """

    source: str
    problem: str | None = None
    page: Page | None = None
    origin: str = ""
    articles: tuple[Article, ...] = ()
    passages: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    known_as: str | None = None
    replaces: str | None = None

    @property
    def state(self) -> Literal["unreadable", "known", "changed", "new"]:
        """What the file is to the library."""
        if self.page is None:
            return "unreadable"
        if self.known_as is not None:
            return "known"
        return "new" if self.replaces is None else "changed"

    def ready(self) -> tuple[Page, Sequence[Article], str]:
        """Return what `Library.add_pages` takes. Raises PageError when it cannot be read."""
        if self.page is None:
            raise PageError(self.problem or f"{self.source}: cannot be read")
        return self.page, self.articles, self.origin


def preview(
    library: Library, paths: Iterable[Path], progress: Progress = silent
) -> Iterator[Preview]:
    """Yield what `library.add(paths)` would do with each file, and how it would be split."""
    return _previews(library, read_arrivals(paths, progress))


def preview_upload(
    library: Library, name: str, data: bytes, limits: Limits = DEFAULT
) -> Iterator[Preview]:
    """Yield the same for the bytes of a file that lies elsewhere, as `read_upload` reads it."""
    return _previews(library, read_upload(name, data, limits))


def _previews(library: Library, came: Iterable[Arrival | Outcome]) -> Iterator[Preview]:
    for item in came:
        if isinstance(item, Outcome):
            yield Preview(item.source, item.message)
        else:
            yield _previewed(library, item)


def _previewed(library: Library, arrival: Arrival) -> Preview:
    page = arrival.page
    articles = tuple(split_articles(page))
    parts = parts_of(page.text, articles)
    known = library.known()
    same = _found(known, page.id)
    old = next((each for each in known if each.origin == arrival.origin), None)
    replaced = old if old is not None and old.id != page.id else None
    return Preview(
        source=page.source,
        page=page,
        origin=arrival.origin,
        articles=articles,
        passages=tuple(len(split_passages(page.text, article)) for article in articles),
        parts=parts,
        doubts=(
            *_of_company(library, arrival, known, same, replaced),
            *doubts_of(page, articles, parts),
        ),
        known_as=same.source if same else None,
        replaces=replaced.source if replaced else None,
    )


def _found(known: Sequence[Known], page_id: str) -> Known | None:
    return next((each for each in known if each.id == page_id), None)


def _of_company(
    library: Library,
    arrival: Arrival,
    known: Sequence[Known],
    same: Known | None,
    replaced: Known | None,
) -> Iterator[Doubt]:
    """Yield what is doubtful about the page among those that the library holds."""
    if replaced is not None:
        try:
            yield from doubts_of_replacing(library.page_text(replaced.id), arrival.page.text)
        except NotFoundError:  # somebody has just removed it
            return
    elif same is None and any(each.source == arrival.page.source for each in known):
        yield Doubt("namesake", 1)
