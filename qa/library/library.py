"""The library: everything indexed, in one folder. The door to it for the rest of the program.

Adds, replaces and removes pages, and gives consistent snapshots to ask. Several processes may have
one library open, and several threads may share a `Library`: readers see it before or after a
change, never between, and do not wait for a writer.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self

from qa.errors import LibraryError
from qa.library.building import Builder
from qa.library.encoders import Encoders
from qa.library.indexes import (
    Indexes,
    delete_old_indexes,
    load_indexes,
    make_indexes,
    save_indexes,
)
from qa.library.intake import Arrival, groups, read_arrivals
from qa.library.snapshot import Snapshot
from qa.library.sources import find_page
from qa.library.store import Store
from qa.library.writer import Outcome
from qa.progress import Progress, silent
from qa.splitting.articles import Article
from qa.splitting.pages import Page

_TRIES = 20  # to take a snapshot while other processes keep changing the encoder


class Library:
    """A folder of indexed pages: made by `Library.open`, closed by `with` or `close`."""

    def __init__(self, store: Store, builder: Builder, encoders: Encoders, progress: Progress):
        self.folder = store.folder
        self._store = store
        self._builder = builder
        self._encoders = encoders
        self._progress = progress
        self._lock = threading.RLock()  # guards the three below
        self._view: tuple[str, Store] | None = None
        self._snapshot: Snapshot | None = None
        self._indexes: Indexes | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: str | None = None,
        progress: Progress = silent,
        wait: float = 30.0,
    ) -> Self:
        """Open the library in `folder`, made when it is not there.

        `encoder` is "built-in", or the name or folder of a SentenceTransformer; None is the one
        that the library was made with, for a new one the built-in. When it is another than the
        library's, all passages are embedded anew at the first use, and `progress` is told so.
        `wait` is for how many seconds to wait for another process that writes.

        Raises LibraryError when the folder is a file, cannot be written, or holds a damaged or
        foreign database, which is kept as it is.
        """
        store = Store.open(folder, wait)
        encoders = Encoders(folder)
        return cls(store, Builder(folder, wait, encoders, encoder), encoders, progress)

    def close(self) -> None:
        """Let go of the files. Snapshots that are still referred to stay readable."""
        with self._lock:
            self._view = self._snapshot = self._indexes = None
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Library({str(self.folder)!r})"

    # Changing

    def add(self, paths: Iterable[Path], progress: Progress | None = None) -> list[Outcome]:
        """Add pages: files, or folders with all pages in and below them.

        The same text is in the library once; a file that was changed replaces its old self when
        the new one is in. What cannot be read is an Outcome of state "failed"; the rest go in.
        `progress` is told `(done, total, what)` of each stage. Raises LibraryError when the
        library cannot be written, ModelError when its encoder cannot be loaded.
        """
        report = progress or self._progress
        return self._put(read_arrivals(paths, report), report)

    def add_page(self, page: Page, articles: Sequence[Article], origin: str) -> Outcome:
        """Add a page that is read and split already; `origin` says where it is from."""
        return self.add_pages([(page, articles, origin)])[0]

    def add_pages(
        self,
        pages: Iterable[tuple[Page, Sequence[Article], str]],
        progress: Progress | None = None,
    ) -> list[Outcome]:
        """Add many pages as `add_page` does; the indexes are made once."""
        arrivals = (Arrival(page, origin, articles) for page, articles, origin in pages)
        return self._put(arrivals, progress or self._progress)

    def _put(self, items: Iterable[Arrival | Outcome], progress: Progress) -> list[Outcome]:
        outcomes: list[Outcome] = []
        with self._publishing(progress):
            for group in groups(items, self._builder.group_size()):
                arrivals = [item for item in group if isinstance(item, Arrival)]
                stored = iter(self._builder.put(arrivals, progress) if arrivals else ())
                outcomes += [i if isinstance(i, Outcome) else next(stored) for i in group]
            self._builder.refit(progress)
        return outcomes

    def remove(self, source: str) -> list[str]:
        """Remove a page by its name, its id or the beginning of its id; return its name.

        Nothing of it is left. Raises NotFoundError, which tells what there is, and LibraryError
        when the library cannot be written.
        """
        page = find_page(source, self._reading().all_known())
        with self._publishing(self._progress):
            self._builder.remove([page])
            self._builder.refit(self._progress)
        return [page.source]

    @contextmanager
    def _publishing(self, progress: Progress) -> Iterator[None]:
        """Make the indexes once after what is changed in this context, and tidy up."""
        before = self._store.token()
        if self._indexes is None:
            self._indexes = load_indexes(self.folder, self._store.state())
        yield
        if self._store.token() == before:
            return
        progress(0, 1, "indexing")
        with closing(self._store.frozen()) as view:
            self._indexes = self._made(view, save=True)
        with self._lock:
            # Our own readers let go of the old state first, so that its text can be wiped.
            self._view = self._snapshot = None
            with suppress(LibraryError):  # the change itself is done; the next one tidies up
                self._builder.clean_up()
            delete_old_indexes(self.folder, self._store)
        progress(1, 1, "indexing")

    # Reading

    def pages(self) -> list[Page]:
        """Return all pages, by source."""
        return self._reading().pages()

    def articles(self) -> list[Article]:
        """Return all articles, by source, then in the order of their page."""
        return self._reading().articles()

    def article(self, article_id: str) -> Article:
        """Return one article. Raises NotFoundError."""
        return self._reading().article(article_id)

    def page_text(self, page_id: str) -> str:
        """Return the text of one page. Raises NotFoundError."""
        return self._reading().page_text(page_id)

    def counts(self) -> dict[str, int]:
        """Return how many "pages", "articles", "passages" and "vectors" there are."""
        return self._reading().counts()

    def is_empty(self) -> bool:
        """Return whether there is no page."""
        return self.counts()["pages"] == 0

    def _reading(self) -> Store:
        """Return the store as it is now; cheaper than a snapshot, as it has no indexes."""
        with self._lock:
            token = self._store.token()
            if self._view is None or self._view[0] != token:
                view = self._store.frozen()
                self._view = view.token(), view
            return self._view[1]

    def snapshot(self) -> Snapshot:
        """Return all that is needed to ask the library as it is now.

        The same object until the library changes, so it can be asked for before every question.
        Raises LibraryError, and ModelError when the library's encoder cannot be loaded.
        """
        with self._lock:
            if self._snapshot is None or self._snapshot.state.token != self._store.token():
                self._snapshot = self._taken()
            return self._snapshot

    def _taken(self) -> Snapshot:
        for _ in range(_TRIES):
            changed = self._builder.settle(self._progress)
            view = self._store.frozen()
            state = view.state()
            ready = self._encoders.of(state)
            if ready is not None or state.fingerprint is None:
                self._indexes = self._made(view, save=changed)
                self._sweep()
                return Snapshot(view, state, self._indexes, ready.encoder if ready else None)
        raise LibraryError(f"{self.folder}: the encoder keeps changing; try again in a moment")

    def _sweep(self) -> None:
        """Delete what earlier states or a killed process left, unless somebody is writing now."""
        if self._encoders.others(self._store.state()):
            with suppress(LibraryError):  # who is writing will do it
                self._builder.clean_up(wait=0)
        delete_old_indexes(self.folder, self._store)

    def _made(self, view: Store, *, save: bool) -> Indexes:
        """Return the indexes of what `view` holds; those that had to be made may be saved."""
        state, previous = view.state(), self._indexes
        if previous is not None and previous.token == state.token:
            return previous
        indexes = load_indexes(self.folder, state)
        if indexes is None:
            indexes = make_indexes(view, state, previous)
            if save or previous is None:
                save_indexes(self.folder, state, indexes)
        return indexes
