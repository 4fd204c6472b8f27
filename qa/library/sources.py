"""Sources: the paths that a user gives → the files to read, and the names people are shown.

Knows folders, links and names; never opens a file.
"""

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from qa.errors import NotFoundError
from qa.library.records import Known

SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".zip")
_INSIDE = "!/"  # parts an archive from the file in it; hardly any path holds it
_SHORTEST_PREFIX = 6  # of a page's id, to be taken as one


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read: its path, the name shown to people, and where it really lies.

    `problem` tells, in one line, why it cannot be read; then `path` is only what was named.
    """

    path: Path
    name: str
    origin: str = ""
    problem: str | None = None


def find_sources(paths: Iterable[Path]) -> list[Source]:
    """Return the files that `paths` stand for, each real file once, in the order given.

    A folder stands for all files with one of `SUFFIXES` in it and below, by name; hidden files and
    folders are passed over, and links that lead out of the folder are not followed. Such a link,
    a path that is not there, and a folder without pages are one source with a `problem` each.
    """
    found: dict[str, Source] = {}
    for path in paths:
        for source in _sources(path):
            found.setdefault(source.origin or source.name, source)
    return list(found.values())


def _sources(path: Path) -> list[Source]:
    try:
        if path.is_dir():
            return _of_folder(path)
        if path.is_file():
            return [Source(path, printable(path.name), _origin(path))]
        problem = "is neither a file nor a folder" if path.exists() else "no such file or folder"
    except OSError as error:
        problem = f"cannot be reached ({error.strerror})"
    return [_refused(path, f"{problem}: check the name")]


def _of_folder(folder: Path) -> list[Source]:
    barred = list[OSError]()
    root = folder.resolve()
    sources = [_of_walk(path, folder, root) for path in _walk(folder, root, barred)]
    for error in barred:
        problem = f"cannot be read ({error.strerror}): check its permissions"
        sources.append(_refused(Path(error.filename), problem))
    return sources or [_refused(folder, f"holds no pages: put {', '.join(SUFFIXES)} files in it")]


def _walk(folder: Path, root: Path, barred: list[OSError]) -> Iterator[Path]:
    """Yield the pages in and below a folder, and links that cannot be followed.

    Folders that cannot be read are put into `barred`; `root` is where `folder` really lies.
    """
    for name, folders, files in os.walk(folder, onerror=barred.append):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for below in folders:
            path = Path(name, below)
            if path.is_symlink() and not _really(path).is_relative_to(root):
                yield path
        for file in sorted(files):
            path = Path(name, file)
            is_page = not file.startswith(".") and file.lower().endswith(SUFFIXES)
            if is_page and (path.is_file() or _leads_nowhere(path)):
                yield path


def _of_walk(path: Path, folder: Path, root: Path) -> Source:
    if not _really(path).is_relative_to(root):
        return _refused(path, "is a link that leads out of the folder: name its target to add it")
    if _leads_nowhere(path):
        return _refused(path, "is a link that leads nowhere: remove it, or mend what it names")
    return Source(path, printable(path.relative_to(folder).as_posix()), _origin(path))


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _really(path: Path) -> Path:
    """Return where a path leads; one that leads in circles leads to itself."""
    try:
        return path.resolve()
    except RuntimeError:
        return path.absolute()


def _refused(path: Path, problem: str) -> Source:
    name = printable(str(path))
    return Source(path, name, problem=f"{name}: {problem}")


def _origin(path: Path) -> str:
    # A file name may hold bytes that are not UTF-8; as escapes they stay distinct and storable.
    return os.fsencode(path.resolve()).decode("utf-8", "backslashreplace")


def origin_inside(origin: str, name: str) -> str:
    """Return where a file of an archive lies: in the file at `origin`, under `name`."""
    return f"{origin}{_INSIDE}{name}"


def is_there(origin: str) -> bool:
    """Return whether the file that a page was read from still exists, or may exist.

    A file of an archive counts as there as long as the archive is.
    """
    try:
        return Path(origin).exists() or Path(origin.partition(_INSIDE)[0]).exists()
    except OSError:
        return True  # unreachable now is not gone


def printable(name: str) -> str:
    """Return a name that fits on one line: what cannot be printed becomes U+FFFD."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def distinct_name(name: str, origin: str, is_taken: Callable[[str], bool]) -> str:
    """Return `name`, or, when it is taken, with as many parent folders of `origin` as it takes.

    When the folders do not tell the files apart, a number does.
    """
    parents: Sequence[str] = PurePosixPath(printable(origin)).parts[:-1]
    longer = ("/".join((*parents[at:], name)) for at in reversed(range(1, len(parents))))
    numbered = (f"{name} ({number})" for number in range(2, 1_000_000))
    for candidate in (name, *longer):
        if not is_taken(candidate):
            return candidate
    return next(candidate for candidate in numbered if not is_taken(candidate))


def find_page(name: str, pages: Sequence[Known]) -> Known:
    """Return the page that `name` means: its name, its id or the beginning of its id.

    Raises NotFoundError, which tells what there is instead.
    """
    for page in pages:
        if name in {page.source, page.id}:
            return page
    begun = [p for p in pages if len(name) >= _SHORTEST_PREFIX and p.id.startswith(name)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise NotFoundError(f"{name} begins several ids: {', '.join(page.id for page in begun)}")
    raise NotFoundError(_hint(printable(name), [page.source for page in pages]))


def _hint(name: str, sources: list[str]) -> str:
    if not sources:
        return f"no page is called {name}: the library is empty"
    if near := difflib.get_close_matches(name, sources, n=3, cutoff=0.5):
        return f"no page is called {name}: did you mean {' or '.join(near)}?"
    more = ", …" if len(sources) > 5 else ""
    return f"no page is called {name}: there are {', '.join(sources[:5])}{more}"
