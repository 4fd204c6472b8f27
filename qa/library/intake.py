"""Intake: the paths or bytes that a user gives → pages on their way into a library.

Knows files and their faults; knows nothing of what the library holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import PageError
from qa.formats.encodings import decode
from qa.library.sources import Source, find_sources, origin_inside, printable
from qa.library.writer import Outcome
from qa.progress import Progress
from qa.splitting.articles import Article
from qa.splitting.pages import Page, Refusal, page_from_text, read_pages

UPLOADED = "upload:"  # begins the origin of a page that came as bytes, from no file of ours
_LONGEST_NAME = 200  # characters: it is stored and shown, never opened


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
        yield from _pages_of(source)
    progress(len(sources), len(sources), "reading")


def _pages_of(source: Source) -> Iterator[Arrival | Outcome]:
    """Yield the page of a file, or those of the files in an archive."""
    try:
        for page in read_pages(source.path, source.name):
            if isinstance(page, Refusal):
                yield Outcome(page.source, "failed", 0, page.problem)
            elif page.source == source.name:
                yield Arrival(page, source.origin)
            else:
                inside = page.source.removeprefix(f"{source.name}/")
                yield Arrival(page, origin_inside(source.origin, inside))
    except PageError as error:
        yield Outcome(source.name, "failed", 0, str(error))


def read_upload(name: str, data: bytes) -> Arrival:
    """Read the bytes of a file that lies elsewhere, called `name` there.

    The name may have folders before it; it is a label and never a path of this machine. The
    page's origin is that label alone: bytes that come under the same label later are the page's
    new self, and equally named files are told apart only by the folders given with them.
    Raises PageError, which begins with the label.
    """
    label = upload_label(name)
    try:
        text, encoding = decode(data)
    except PageError as error:
        raise PageError(f"{label}: {error}") from error
    if not text.strip():
        raise PageError(f"{label}: is empty: add a page that has text")
    return Arrival(page_from_text(label, text, encoding), UPLOADED + label)


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
