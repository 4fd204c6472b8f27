"""Intake: the paths that a user gives → pages on their way into a library.

Knows files and their faults; knows nothing of what the library holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import PageError
from qa.library.sources import find_sources
from qa.library.writer import Outcome
from qa.progress import Progress
from qa.splitting.articles import Article
from qa.splitting.pages import Page, read_page


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page that is to be stored, split already or (None) to be split if it is new."""

    page: Page
    origin: str
    articles: Sequence[Article] | None = None


def read_arrivals(paths: Iterable[Path], progress: Progress) -> Iterator[Arrival | Outcome]:
    """Yield each page that can be read, and a failure for each that cannot."""
    sources = find_sources(paths)
    for done, source in enumerate(sources):
        progress(done, len(sources), f"reading {source.name}")
        if source.problem is not None:
            yield Outcome(source.name, "failed", 0, source.problem)
            continue
        try:
            yield Arrival(read_page(source.path, source.name), source.origin)
        except PageError as error:
            yield Outcome(source.name, "failed", 0, str(error))
    progress(len(sources), len(sources), "reading")


def groups(items: Iterable[Arrival | Outcome], most: int) -> Iterator[list[Arrival | Outcome]]:
    """Yield `items` in order, in groups of pages that have about `most` characters together."""
    group: list[Arrival | Outcome] = []
    size = 0
    for item in items:
        group.append(item)
        size += len(item.page.text) if isinstance(item, Arrival) else 0
        if size >= most:
            yield group
            group, size = [], 0
    if group:
        yield group
