"""The library: everything indexed, in one folder. The door to it for the rest of the program.

Adds, replaces and removes pages, and gives consistent snapshots to ask. Several processes may have
one library open, and several threads may share a `Library`: readers see it before or after a
change, never between, and do not wait for a writer.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Self

from qa.errors import LibraryError, ModelError, QAError
from qa.events import tell
from qa.library.building import Builder
from qa.library.encoders import Encoders
from qa.library.intake import Arrival, groups, read_arrivals
from qa.library.present import Present
from qa.library.reembedding import Change, Reembedding
from qa.library.shelf import Shelf
from qa.library.snapshot import Snapshot
from qa.library.sources import find_page
from qa.library.store import Store
from qa.library.writer import Outcome
from qa.progress import Progress, silent
from qa.splitting.articles import Article
from qa.splitting.pages import Page

_TRIES = 20  # to take a snapshot while other processes keep changing the encoder
# Seconds of a change of pages for which questions are answered from before it: what another
# process removes meanwhile is cited no longer than that.
_KEPT = 60.0


class Library(Present):
    """A folder of indexed pages: made by `Library.open`, closed by `with` or `close`."""

    def __init__(self, store: Store, builder: Builder, encoders: Encoders, progress: Progress):
        super().__init__(store)
        self.folder = store.folder
        self._builder = builder
        self._encoders = encoders
        self._progress = progress
        self._shelf = Shelf(store.folder)
        self._snapshot: Snapshot | None = None
        self._making = threading.Lock()  # guards it; taken before the lock of what is read
        self._changing = 0  # changes of pages under way here; guarded by the lock
        self._since = 0.0  # when the last of them began, or a snapshot was made in one
        self._reembedding: Reembedding | None = None
        self._forgiven: tuple[type[QAError], ...] = ()  # where words may answer alone

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: str | None = None,
        progress: Progress = silent,
        wait: float = 30.0,
        background: bool = False,
    ) -> Self:
        """Open the library in `folder`, made when it is not there.

        `encoder` is "built-in", or the name or folder of a SentenceTransformer; None is the one
        that the library was made with, for a new one the built-in. When it is another than the
        library's, all passages are embedded anew at the first use, and `progress` is told so.
        With `background` that is done by a thread, see `change`, and until it is done questions
        are answered with the old encoder, or by words alone where that is gone. `wait` is for how
        many seconds to wait for another process that writes.

        Raises LibraryError when the folder is a file, cannot be made, or holds a damaged or
        foreign database, which is kept as it is.
        """
        store = Store.open(folder, wait)
        encoders = Encoders(folder)
        library = cls(store, Builder(folder, wait, encoders, encoder), encoders, progress)
        if background:
            library.settle_in_background()
        return library

    def settle_in_background(self) -> None:
        """Do what `open` promises with `background`; called before anything else."""
        self._forgiven = (ModelError,)
        self._builder.in_background = True
        self._reembedding = Reembedding(self._change_encoder)

    def _change_encoder(self, progress: Progress) -> None:
        try:
            self.snapshot()  # first of all, so that no question waits for the new encoder to load
            progress(0, 1, "loading the encoder")
            with self._publishing(progress):
                self._builder.settle(progress)
        except QAError:
            self._builder.give_up()
            raise
        finally:
            self._builder.in_background = False
            with self._making:
                self._snapshot = None  # it may be one without an encoder

    @property
    def change(self) -> Change | None:
        """The change of encoder under way in the background, or one that failed; else None."""
        return self._reembedding.change if self._reembedding else None

    def close(self) -> None:
        """Stop what is done in the background, and let go of the files.

        Snapshots that are still referred to stay readable.
        """
        if self._reembedding:
            self._reembedding.stop()
        with self._making, self._lock:
            self._snapshot = None
            self._forget()
            self._shelf.clear()
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
        with self._keeping(), self._publishing(progress):
            for group in groups(items, self._builder.group_size()):
                arrivals = [item for item in group if isinstance(item, Arrival)]
                stored = iter(self._builder.put(arrivals, progress) if arrivals else ())
                outcomes += [i if isinstance(i, Outcome) else next(stored) for i in group]
            self._builder.refit(progress)
        for each in outcomes:
            _tell(each)
        return outcomes

    def remove(self, source: str, progress: Progress | None = None) -> list[str]:
        """Remove a page by its name, its id or the beginning of its id; return its name.

        Nothing of it is left. Raises NotFoundError, which tells what there is, and LibraryError
        when the library cannot be written.
        """
        report = progress or self._progress
        page = find_page(source, self._reading().all_known())
        with self._keeping(), self._publishing(report):
            self._builder.remove([page], report)
            self._builder.refit(report)
        tell("page removed", source=page.source)
        return [page.source]

    @contextmanager
    def _keeping(self) -> Iterator[None]:
        """Have questions answered from before a change until it and its indexes are done."""
        with self._lock:
            self._changing += 1
            self._since = monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._changing -= 1

    @contextmanager
    def _publishing(self, progress: Progress) -> Iterator[None]:
        """Make the indexes once after what is changed in this context, and tidy up."""
        before = self._store.token()
        self._shelf.prime(self._store.state())
        yield
        if self._store.token() == before:
            return
        progress(0, 1, "indexing")
        with closing(self._store.frozen()) as view:
            self._shelf.indexes(view, save=True)
        with self._making, self._lock:
            # Our own readers let go of the old state first, so that its text can be wiped.
            self._snapshot = None
            self._forget()
            with suppress(LibraryError):  # the change itself is done; the next one tidies up
                self._builder.clean_up()
            self._shelf.sweep(self._store)
        progress(1, 1, "indexing")
        tell("indexed", passages=self.counts()["passages"])

    # Reading

    def snapshot(self) -> Snapshot:
        """Return all that is needed to ask the library as it is now.

        The same object until the library changes, so it can be asked for before every question.
        While pages are added or removed through this object it is that of before, for up to a
        minute; after a change by another process the first who asks makes the next one, and who
        asks meanwhile is given the last. Raises LibraryError, and ModelError when the library's
        encoder cannot be loaded.
        """
        last = self._snapshot
        kept = self._changing and monotonic() - self._since < _KEPT
        if last and (kept or self._making.locked()):
            return last
        with self._making:
            last = self._snapshot
            if last is None or last.state.token != self._store.token():
                last = self._snapshot = self._taken()
                self._since = monotonic()
            return last

    def _taken(self) -> Snapshot:
        for _ in range(_TRIES):
            changed, ready = False, None
            if not self._builder.in_background:
                with suppress(*self._forgiven):
                    changed = self._builder.settle(self._progress)
                self._encoders.forget_unused(self._store.state())
            view = self._store.frozen()
            state = view.state()
            with suppress(*self._forgiven):
                ready = self._encoders.of(state)
            if ready is not None or state.fingerprint is None or self._forgiven:
                indexes = self._shelf.indexes(view, save=changed)
                self._builder.sweep(self._store.state())
                self._shelf.sweep(self._store)
                return Snapshot(view, state, indexes, ready.encoder if ready else None)
        raise LibraryError(f"{self.folder}: the encoder keeps changing; try again in a moment")


def _tell(outcome: Outcome) -> None:
    """Tell what became of a page; of one that failed with the reason why."""
    if outcome.state == "failed":
        tell("page failed", logging.WARNING, source=outcome.source, why=outcome.message)
    else:
        tell(f"page {outcome.state}", source=outcome.source, articles=outcome.articles)
