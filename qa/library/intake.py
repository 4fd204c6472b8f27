"""Intake: the paths or bytes that a user gives → pages on their way into a library.

Knows files and their faults; knows nothing of what the library holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import PageError
from qa.formats.limits import DEFAULT, Limits
from qa.library.sources import Source, find_sources, origin_inside, printable
from qa.library.writer import Outcome
from qa.progress import Progress
from qa.settings import reading_limits
from qa.splitting.articles import Article
from qa.splitting.pages import Page, Refusal, pages_of, read_pages

UPLOADED = "upload:"  # begins the origin of a page that came as bytes, from no file of ours
_LONGEST_NAME = 200  # characters: it is stored and shown, never opened


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page that is to be stored, split already or (None) to be split if it is new."""

    page: Page
    origin: str
    articles: Sequence[Article] | None = None


def usual_limits() -> Limits:
    """Return how large and how slow a file may be, as the user has set it.

    Raises QAError when a setting makes no sense.
    """
    return replace(DEFAULT, **reading_limits())


def read_arrivals(
    paths: Iterable[Path], progress: Progress, limits: Limits | None = None
) -> Iterator[Arrival | Outcome]:
    """Yield each page that can be read, and a failure for each that cannot.

    `limits` are by default the usual ones.
    """
    limits = limits or usual_limits()
    sources = find_sources(paths)
    for done, source in enumerate(sources):
        progress(done, len(sources), f"reading {source.name}")
        if source.problem is not None:
            yield Outcome(source.name, "failed", 0, source.problem)
            continue
        yield from _arrivals_of(source, limits)
    progress(len(sources), len(sources), "reading")


def _arrivals_of(source: Source, limits: Limits) -> Iterator[Arrival | Outcome]:
    """Yield the page of a file, or those of the files in an archive."""
    try:
        for page in read_pages(source.path, source.name, limits):
            yield _arrival(page, source.name, source.origin)
    except PageError as error:
        yield Outcome(source.name, "failed", 0, str(error))


def _arrival(page: Page | Refusal, name: str, origin: str) -> Arrival | Outcome:
    """Return what came of the file called `name` that lies at `origin`, or of a file in it."""
    if isinstance(page, Refusal):
        return Outcome(page.source, "failed", 0, page.problem)
    if page.source == name:
        return Arrival(page, origin)
    return Arrival(page, origin_inside(origin, page.source.removeprefix(f"{name}/")))


def read_upload(name: str, data: bytes, limits: Limits = DEFAULT) -> Iterator[Arrival | Outcome]:
    """Yield the page of a file's bytes, or those in an archive; a failure for what is no page.

    The file lies elsewhere and is called `name` there, which may have folders before it: a label
    and never a path of this machine. A page's origin is that label alone: bytes that come under
    the same label later are the page's new self, and equally named files are told apart only by
    the folders given with them.
    """
    label = upload_label(name)
    try:
        for page in pages_of(data, label, label, limits):
            yield _arrival(page, label, UPLOADED + label)
    except PageError as error:
        yield Outcome(label, "failed", 0, f"{label}: {error}")


def upload_label(name: str) -> str:
    """Return `name` as it is shown: one line, no `.` or `..`, of a long one only the end."""
    parts = [part.strip() for part in name.split("/")]
    label = "/".join(part for part in parts if part not in {"", ".", ".."})
    return printable(label[-_LONGEST_NAME:].lstrip("/")) or "unnamed"


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
