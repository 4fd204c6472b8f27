"""Building: how a library is filled, emptied, and given another encoder.

Every step leaves the store in a state that can be asked: all passages have vectors of the one
encoder that is recorded beside them. Knows nothing of files to be read and of indexes on disk.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from qa.errors import LibraryError, ModelError
from qa.library.claims import scratch
from qa.library.embedding import all_texts, embedded, gather
from qa.library.encoders import BUILT_IN, Encoders, Ready, whole_name
from qa.library.gathering import Gathered, discard_gathered
from qa.library.indexes import passage_text
from qa.library.intake import Arrival
from qa.library.records import Draft, Known, State
from qa.library.store import Store, connect
from qa.library.writer import Outcome, Writer, changing
from qa.progress import Progress
from qa.splitting.articles import split_articles
from qa.splitting.passages import split_passages

# Characters of page text that are stored in one transaction, so that they stay stored when a long
# run is interrupted: a few minutes' work. The built-in encoder is fast, and better fitted to many
# passages at once than twice.
_GROUP_BUILT_IN, _GROUP_NAMED = 10_000_000, 400_000


class _OvertakenError(Exception):
    """Another process changed what this change was prepared for: prepare it again."""


class Builder:
    """Changes one library; every method may run in any thread.

    `wanted` is the encoder that the user asked for, None for the one that the library has.
    `wait` is for how many seconds to wait for another process that writes. `in_background` is set
    while a thread settles the library, for which nothing else then waits.
    """

    def __init__(self, folder: Path, wait: float, encoders: Encoders, wanted: str | None = None):
        self._folder = folder
        self._wait = wait
        self._encoders = encoders
        self._wanted = whole_name(wanted) if wanted else None
        self.in_background = False

    def group_size(self) -> int:
        """Return how many characters of page text to store in one transaction."""
        with closing(connect(self._folder, self._wait)) as store:
            name = self._wanted or store.state().encoder or BUILT_IN
        return _GROUP_BUILT_IN if name == BUILT_IN else _GROUP_NAMED

    def put(self, arrivals: Sequence[Arrival], progress: Progress) -> list[Outcome]:
        """Store pages in one transaction: all of them, or, when it fails, none."""
        while True:
            if not self.in_background:
                self.settle(progress)
            try:
                with closing(connect(self._folder, self._wait)) as store, scratch() as folder:
                    return self._put(store, arrivals, folder / "encoder", progress)
            except _OvertakenError:
                continue

    def _put(
        self, store: Store, arrivals: Sequence[Arrival], files: Path, progress: Progress
    ) -> list[Outcome]:
        before, known = store.state(), _known(store, arrivals)
        drafts = _drafts(arrivals, known, progress)
        texts = [text for draft in drafts for text in _texts(draft)]
        ready = self._ready(before, texts, files, progress) if texts else None
        vectors = iter(embedded(ready.encoder, texts, progress) if ready else ())
        with changing(store, progress) as writer:
            if store.state().fingerprint != before.fingerprint or known - _known(store, arrivals):
                raise _OvertakenError
            outcomes = [writer.put(d, [next(vectors) for _ in d.passages]) for d in drafts]
            if before.fingerprint is None and ready is not None:
                self._use(writer, ready)
        return outcomes

    def _ready(self, state: State, texts: Sequence[str], files: Path, progress: Progress) -> Ready:
        """Return the encoder for new passages, fitted to `texts` if they are the first."""
        if state.fingerprint is None:
            return self._make(self._wanted or state.encoder or BUILT_IN, texts, files, progress)
        ready = self._encoders.of(state)
        if ready is None and self.in_background:
            raise ModelError("the library's encoder is lost and another is coming: try again then")
        if ready is None:
            raise _OvertakenError
        return ready

    def _make(self, name: str, texts: Iterable[str], files: Path, progress: Progress) -> Ready:
        if name != BUILT_IN:
            return self._named(name, progress)
        progress(0, 1, "fitting the encoder")
        ready = self._encoders.fit(list(texts), files)
        progress(1, 1, "fitting the encoder")
        return ready

    def _named(self, name: str, progress: Progress) -> Ready:
        progress(0, 1, "loading the encoder")
        ready = self._encoders.named(name)
        progress(1, 1, "loading the encoder")
        return ready

    def _use(self, writer: Writer, ready: Ready) -> None:
        self._encoders.keep(ready)
        writer.use_encoder(ready.name, ready.encoder.fingerprint)

    def remove(self, pages: Sequence[Known], progress: Progress) -> None:
        """Remove pages in one transaction; one that is gone already is no error."""
        with (
            closing(connect(self._folder, self._wait)) as store,
            changing(store, progress) as writer,
        ):
            for page in pages:
                writer.delete(page)

    def settle(self, progress: Progress) -> bool:
        """Embed the whole library anew if its vectors are not of the encoder that is asked for.

        That is the wanted one, the first time; later, and when none is wanted, the one that the
        library records, whoever changed it. Returns whether anything had to be done. Raises
        ModelError when the encoder cannot be loaded or fails.
        """
        changed = False
        with closing(connect(self._folder, self._wait)) as store:
            while (state := store.state()).fingerprint is not None:
                name = self._wanted or state.encoder or BUILT_IN
                if self._suits(store, name, state, progress):
                    self._wanted = None
                    break
                self._embed_anew(store, name, progress)
                changed = True
        return changed

    def _suits(self, store: Store, name: str, state: State, progress: Progress) -> bool:
        if name == BUILT_IN:
            return state.encoder == BUILT_IN and self._encoders.of(state) is not None
        ready = self._named(name, progress)
        if ready.encoder.fingerprint != state.fingerprint:
            return False
        if name != state.encoder:  # the same one in another place
            with changing(store) as writer:
                if store.state().fingerprint == state.fingerprint:
                    self._use(writer, ready)
        return True

    def give_up(self) -> None:
        """Want no other encoder any more than the one that the library has."""
        self._wanted = None

    def refit(self, progress: Progress) -> None:
        """Fit the built-in encoder anew if as many passages came or went as it was fitted on.

        A full disk or a busy library is no error here: the old encoder still suits, and it is
        tried again after the next change.
        """
        with suppress(LibraryError), closing(connect(self._folder, self._wait)) as store:
            state = store.state()
            due = state.encoder == BUILT_IN and 0 < state.fitted_on <= state.churn
            if due and not self.in_background:
                self._embed_anew(store, BUILT_IN, progress, refitted=state)

    def _embed_anew(
        self, store: Store, name: str, progress: Progress, refitted: State | None = None
    ) -> None:
        """Give all passages vectors of another encoder, step by step, then use it, all at once.

        With `refitted`, only while the library is in this state's encoder.
        """
        with scratch() as folder:
            ready = self._make(name, all_texts(store), folder / "encoder", progress)
            gathered, done = Gathered(store, ready.encoder.fingerprint), False
            while not done:
                gather(store, gathered, ready.encoder, progress)
                with changing(store, progress) as writer:
                    done = self._replace(writer, ready, gathered, refitted)

    def _replace(
        self, writer: Writer, ready: Ready, gathered: Gathered, refitted: State | None
    ) -> bool:
        """Put what was gathered in the place of the vectors; False when some are missing now."""
        now = writer.store.state().fingerprint
        if now is None or (refitted and now != refitted.fingerprint):
            gathered.discard()  # the library was emptied, or is in another encoder by now
            return True
        if now == ready.encoder.fingerprint:  # only the encoder's files were lost
            gathered.discard()
        elif gathered.missing():
            return False
        else:
            gathered.take_over(writer)
        self._use(writer, ready)
        if refitted is None:
            discard_gathered(writer.store)
        return True

    def clean_up(self, wait: float | None = None) -> None:
        """Delete what earlier states left behind: other encoders, and text in SQLite's log."""
        with closing(connect(self._folder, self._wait if wait is None else wait)) as store:
            with store.database.transaction():
                self._encoders.discard_others(store.state())
            store.database.tidy()

    def sweep(self, state: State) -> None:
        """Clean up what is there besides `state`, unless somebody is writing now."""
        if self._encoders.others(state):
            with suppress(LibraryError):  # who is writing will do it
                self.clean_up(wait=0)


def _known(store: Store, arrivals: Sequence[Arrival]) -> set[str]:
    ids = {arrival.page.id for arrival in arrivals}
    return {id_ for id_ in ids if store.known("id", id_) is not None}


def _drafts(arrivals: Sequence[Arrival], known: set[str], progress: Progress) -> list[Draft]:
    """Split the pages that are new; of a page that is known, or comes twice, nothing is needed."""
    seen, drafts = set(known), list[Draft]()
    for done, arrival in enumerate(arrivals):
        page, articles = arrival.page, arrival.articles
        if page.id in seen:
            drafts.append(Draft(page, arrival.origin, (), ()))
            continue
        seen.add(page.id)
        if articles is None:
            progress(done, len(arrivals), f"splitting {page.source}")
            articles = split_articles(page)
        passages = [p for article in articles for p in split_passages(page.text, article)]
        drafts.append(Draft(page, arrival.origin, articles, passages))
    return drafts


def _texts(draft: Draft) -> list[str]:
    titles = {article.id: article.title for article in draft.articles}
    return [passage_text(titles[passage.article_id], passage) for passage in draft.passages]
