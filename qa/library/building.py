"""Building: how a library is filled, emptied, and given another encoder.

Every step leaves the store in a state that can be asked: all passages have vectors of the one
encoder that is recorded beside them. Knows nothing of files to be read and of indexes on disk.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from qa.errors import LibraryError
from qa.library.encoders import BUILT_IN, Encoders, Ready, whole_name
from qa.library.indexes import passage_text
from qa.library.intake import Arrival
from qa.library.records import Draft, Known, State, Vector
from qa.library.store import Store, connect
from qa.library.writer import Outcome, Writer, changing
from qa.progress import Progress
from qa.splitting.articles import split_articles
from qa.splitting.passages import split_passages

_BATCH = 256  # texts that are embedded between two reports of progress

# Characters of page text that are stored in one transaction, so that they stay stored when a long
# run is interrupted: a few minutes' work. The built-in encoder is fast, and better fitted to many
# passages at once than twice.
_GROUP_BUILT_IN, _GROUP_NAMED = 10_000_000, 400_000


class _OvertakenError(Exception):
    """Another process changed what this change was prepared for: prepare it again."""


class Builder:
    """Changes one library; every method may run in any thread.

    `wanted` is the encoder that the user asked for, None for the one that the library has.
    `wait` is for how many seconds to wait for another process that writes.
    """

    def __init__(self, folder: Path, wait: float, encoders: Encoders, wanted: str | None = None):
        self._folder = folder
        self._wait = wait
        self._encoders = encoders
        self._wanted = whole_name(wanted) if wanted else None

    def group_size(self) -> int:
        """Return how many characters of page text to store in one transaction."""
        with closing(connect(self._folder, self._wait)) as store:
            name = self._wanted or store.state().encoder or BUILT_IN
        return _GROUP_BUILT_IN if name == BUILT_IN else _GROUP_NAMED

    def put(self, arrivals: Sequence[Arrival], progress: Progress) -> list[Outcome]:
        """Store pages in one transaction: all of them, or, when it fails, none."""
        while True:
            self.settle(progress)
            try:
                with closing(connect(self._folder, self._wait)) as store, _scratch() as scratch:
                    return self._put(store, arrivals, scratch, progress)
            except _OvertakenError:
                continue

    def _put(
        self, store: Store, arrivals: Sequence[Arrival], scratch: Path, progress: Progress
    ) -> list[Outcome]:
        before, known = store.state(), _known(store, arrivals)
        drafts = _drafts(arrivals, known)
        texts = [text for draft in drafts for text in _texts(draft)]
        ready = self._ready(before, texts, scratch, progress) if texts else None
        vectors = iter(_embedded(ready, texts, progress))
        with changing(store) as writer:
            if store.state().fingerprint != before.fingerprint or known - _known(store, arrivals):
                raise _OvertakenError
            outcomes = [writer.put(d, [next(vectors) for _ in d.passages]) for d in drafts]
            if before.fingerprint is None and ready is not None:
                self._use(writer, ready)
        return outcomes

    def _ready(
        self, state: State, texts: Sequence[str], scratch: Path, progress: Progress
    ) -> Ready:
        """Return the encoder for new passages, fitted to `texts` if they are the first."""
        if state.fingerprint is None:
            return self._make(self._wanted or state.encoder or BUILT_IN, texts, scratch, progress)
        ready = self._encoders.of(state)
        if ready is None:
            raise _OvertakenError
        return ready

    def _make(self, name: str, texts: Sequence[str], scratch: Path, progress: Progress) -> Ready:
        if name != BUILT_IN:
            return self._encoders.named(name)
        progress(0, 1, "fitting the encoder")
        ready = self._encoders.fit(texts, scratch)
        progress(1, 1, "fitting the encoder")
        return ready

    def _use(self, writer: Writer, ready: Ready) -> None:
        self._encoders.keep(ready)
        writer.use_encoder(ready.name, ready.encoder.fingerprint)

    def remove(self, pages: Sequence[Known]) -> None:
        """Remove pages in one transaction; one that is gone already is no error."""
        with closing(connect(self._folder, self._wait)) as store, changing(store) as writer:
            for page in pages:
                writer.delete(page)

    def settle(self, progress: Progress) -> bool:
        """Embed the whole library anew if its vectors are not of the encoder that is asked for.

        That is the wanted one, the first time; later, and when none is wanted, the one that the
        library records, whoever changed it. Returns whether anything had to be done. Raises
        ModelError when the encoder cannot be loaded.
        """
        changed = False
        with closing(connect(self._folder, self._wait)) as store:
            while (state := store.state()).fingerprint is not None:
                name = self._wanted or state.encoder or BUILT_IN
                if self._suits(name, state):
                    self._wanted = None
                    break
                self._embed_anew(store, name, progress)
                changed = True
        return changed

    def _suits(self, name: str, state: State) -> bool:
        if name == BUILT_IN:
            return state.encoder == BUILT_IN and self._encoders.of(state) is not None
        return self._encoders.named(name).encoder.fingerprint == state.fingerprint

    def refit(self, progress: Progress) -> None:
        """Fit the built-in encoder anew if as many passages came or went as it was fitted on.

        A full disk or a busy library is no error here: the old encoder still suits, and it is
        tried again after the next change.
        """
        with suppress(LibraryError), closing(connect(self._folder, self._wait)) as store:
            state = store.state()
            if state.encoder == BUILT_IN and 0 < state.fitted_on <= state.churn:
                self._embed_anew(store, BUILT_IN, progress)

    def _embed_anew(self, store: Store, name: str, progress: Progress) -> None:
        """Give all passages vectors of another encoder, all at once, unless overtaken in that."""
        with closing(store.frozen()) as view, _scratch() as scratch:
            before, ids = view.state(), view.passage_ids()
            texts = [passage_text(title, passage) for title, passage in view.titled(ids)]
            ready = self._make(name, texts, scratch, progress)
            made = dict(zip(ids, _embedded(ready, texts, progress), strict=True))
            with changing(store) as writer:
                if store.state().fingerprint != before.fingerprint:
                    return
                now = store.passage_ids()
                late = [id_ for id_ in now if id_ not in made]
                texts = [passage_text(title, passage) for title, passage in store.titled(late)]
                made.update(zip(late, _embedded(ready, texts, progress), strict=True))
                writer.replace_vectors(now, [made[id_] for id_ in now])
                self._use(writer, ready)

    def clean_up(self, wait: float | None = None) -> None:
        """Delete what earlier states left behind: other encoders, and text in SQLite's log."""
        with closing(connect(self._folder, self._wait if wait is None else wait)) as store:
            with store.database.transaction():
                self._encoders.discard_others(store.state())
            store.database.tidy()


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gaoxin-qa-") as folder:
        yield Path(folder, "encoder")


def _known(store: Store, arrivals: Sequence[Arrival]) -> set[str]:
    ids = {arrival.page.id for arrival in arrivals}
    return {id_ for id_ in ids if store.known("id", id_) is not None}


def _drafts(arrivals: Sequence[Arrival], known: set[str]) -> list[Draft]:
    """Split the pages that are new; of a page that is known, or comes twice, nothing is needed."""
    seen, drafts = set(known), list[Draft]()
    for arrival in arrivals:
        page, articles = arrival.page, arrival.articles
        if page.id in seen:
            drafts.append(Draft(page, arrival.origin, (), ()))
            continue
        seen.add(page.id)
        articles = split_articles(page) if articles is None else articles
        passages = [p for article in articles for p in split_passages(page.text, article)]
        drafts.append(Draft(page, arrival.origin, articles, passages))
    return drafts


def _texts(draft: Draft) -> list[str]:
    titles = {article.id: article.title for article in draft.articles}
    return [passage_text(titles[passage.article_id], passage) for passage in draft.passages]


def _embedded(ready: Ready | None, texts: Sequence[str], progress: Progress) -> list[Vector]:
    """Return one vector (width,) for each text."""
    vectors: list[Vector] = []
    if ready is None:
        return vectors
    for at in range(0, len(texts), _BATCH):
        vectors.extend(ready.encoder.encode_documents(texts[at : at + _BATCH]))
        progress(len(vectors), len(texts), "embedding")
    return vectors
