"""The doctor: proves that a library is whole, or says what is not.

Compares what is stored with what it was made from: texts with their hashes, offsets with texts,
vectors with the encoder, indexes with the store. Repairs nothing.
"""

import filecmp
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.errors import NotFoundError, QAError
from qa.library.database import FILE_NAME
from qa.library.encoders import Encoders
from qa.library.indexes import load_indexes, make_indexes, old_indexes, passage_text
from qa.library.library import Library
from qa.library.records import seal_of
from qa.library.snapshot import Snapshot
from qa.library.store import Store
from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.pages import page_from_text
from qa.splitting.passages import Passage

_SHOWN = 3  # problems that are named; the rest are counted
_SAMPLE = 200  # passages whose vectors are made again

_TOLERANCE = 1e-3
# Squared distance of two vectors of one text: an encoder's sums depend on the batch and the
# machine, most so in half precision (8 bits are 0.4 % of a value). Another text's is further off.
_ENCODED_ALIKE = 1e-3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `detail` is what was found, for people."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one library, in the order in which they were made."""

    checks: list[Check]

    @property
    def ok(self) -> bool:
        """Whether every check is."""
        return all(check.ok for check in self.checks)


def must_exist(folder: Path) -> None:
    """Raise NotFoundError where no library is in `folder`: opening one there would make it."""
    if not (folder / FILE_NAME).exists():
        raise NotFoundError(f"{folder}: no library is there; `qa add` makes one")


def diagnose(library: Library) -> Report:
    """Check a library as it would be asked now.

    A snapshot is taken first, as every question does, so that indexes which a killed process
    left half written have been made anew; the check "opening" tells. Whatever cannot be read is a
    failed check, no error.
    """
    first = [
        _check("database", lambda: _database(library.folder), "SQLite finds no fault in it"),
        _opening(library),
    ]
    if not all(check.ok for check in first):
        return Report(first)
    snapshot = library.snapshot()
    store, state, counts = snapshot.store, snapshot.state, snapshot.store.counts()
    passages = f"{counts['passages']} passages"
    return Report(
        [
            *first,
            _check("texts", lambda: _texts(store), f"{counts['pages']} pages, as they were added"),
            _check(
                "offsets",
                lambda: _offsets(store),
                f"{counts['articles']} articles and {passages} stand where they say",
            ),
            _check("vectors", lambda: _vectors(snapshot), f"one for each of {passages}"),
            _check("encoder", lambda: _encoder(snapshot), f"{state.encoder} {state.fingerprint}"),
            _check("vector index", lambda: _vector_index(snapshot), f"holds {passages}"),
            _check("word postings", lambda: _postings(snapshot), f"hold {passages}"),
            _check("leftovers", lambda: _leftovers(library), "nothing of earlier states"),
        ]
    )


def _check(name: str, problems: Callable[[], Iterable[str]], fine: str) -> Check:
    try:
        found = list(problems())
    except QAError as error:
        found = [str(error)]
    if not found:
        return Check(name, True, fine)
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return Check(name, False, "; ".join(found[:_SHOWN]) + more)


def _database(folder: Path) -> Iterator[str]:
    with closing(Store.open(folder)) as store:
        for (message,) in store.database.rows("PRAGMA integrity_check"):
            if message != "ok":
                yield f"SQLite: {message}"
        for table, row, other, _ in store.database.rows("PRAGMA foreign_key_check"):
            yield f"{table}, row {row}: what it belongs to in {other} is gone"


def _opening(library: Library) -> Check:
    try:
        healed = _lacks_indexes(library.folder)
        library.snapshot()
    except QAError as error:
        return Check("opening", False, str(error))
    told = "; its indexes were missing or not whole, and have been made anew" if healed else ""
    return Check("opening", True, f"it can be asked{told}")


def _lacks_indexes(folder: Path) -> bool:
    """Return whether there are passages, but no saved indexes of them that can be used."""
    with closing(Store.open(folder)) as store:
        return store.counts()["passages"] > 0 and load_indexes(folder, store.state()) is None


def _texts(store: Store) -> Iterator[str]:
    """Compare pages and what they were split into with the digests that were taken then."""
    articles, passages = defaultdict(list), defaultdict(list)
    for article in store.articles():
        articles[article.page_id].append(article)
    owners = {article.id: id_ for id_, own in articles.items() for article in own}
    for _, passage in store.titled(store.passage_ids()):
        passages[owners[passage.article_id]].append(passage)
    seals = dict(store.database.rows("SELECT id, seal FROM pages"))
    for page in store.pages():
        if page_from_text(page.source, page.text).id != page.id:
            yield f"{page.source}: the text is not the one that was added"
        elif seal_of(articles[page.id], passages[page.id]) != seals[page.id]:
            yield f"{page.source}: its articles or passages are not as they were split"


def _offsets(store: Store) -> Iterator[str]:
    articles = {article.id: article for article in store.articles()}
    for article in articles.values():
        text = store.page_text(article.page_id)
        places = (*article.headline, *article.paragraphs, *article.spans)
        if not all(0 <= start < end <= len(text) for start, end in places):
            yield f"{article.id}: stands outside its page"
        if not all(_inside(paragraph, article.spans) for paragraph in article.paragraphs):
            yield f"{article.id}: a paragraph is outside the article's spans"
    for _, passage in store.titled(store.passage_ids()):
        article = articles[passage.article_id]
        if passage.text != store.page_text(article.page_id)[passage.start : passage.end]:
            yield f"passage {passage.id}: its text is not what stands at its place"
        yield from _passage_offsets(passage, article)


def _passage_offsets(passage: Passage, article: Article) -> Iterator[str]:
    own = Span(passage.start, passage.end)
    if not _inside(own, article.spans):
        yield f"passage {passage.id}: stands outside its article"
    if not all(_inside(sentence, (own,)) for sentence in passage.sentences):
        yield f"passage {passage.id}: a sentence stands outside it"
    ends = [0, *(sentence.end for sentence in passage.sentences)]
    if any(s.start < end for s, end in zip(passage.sentences, ends, strict=False)):
        yield f"passage {passage.id}: its sentences overlap or are out of order"


def _inside(span: Span, spans: Iterable[Span]) -> bool:
    return span.start < span.end and any(s.start <= span.start and span.end <= s.end for s in spans)


def _vectors(snapshot: Snapshot) -> Iterator[str]:
    store = snapshot.store
    yield from _differences("vectors", store.vector_ids(), store.passage_ids())
    ids, vectors = store.vectors()
    if snapshot.encoder is not None and vectors.shape[1] != snapshot.encoder.width:
        yield f"vectors are {vectors.shape[1]} wide, the encoder's {snapshot.encoder.width}"
    lengths = np.linalg.norm(vectors, axis=1)
    odd = ~((lengths == 0) | (np.abs(lengths - 1) < _TOLERANCE))  # also what is not a number
    yield from (f"the vector of passage {id_} is neither of length 1 nor zero" for id_ in ids[odd])


def _encoder(snapshot: Snapshot) -> Iterator[str]:
    """Make some of the vectors again, evenly spread, and compare."""
    encoder, ids = snapshot.encoder, snapshot.store.passage_ids()
    if encoder is None:
        if ids:
            yield "there are passages, but no encoder"
        return
    sample = ids[:: -(-len(ids) // _SAMPLE)]
    texts = [passage_text(title, passage) for title, passage in snapshot.store.titled(sample)]
    made = encoder.encode_documents(texts)
    found, stored = snapshot.store.vectors(sample)
    if len(found) < len(sample) or stored.shape != made.shape:
        yield "vectors of the encoder are missing, or of another width"
        return
    for id_ in found[~(np.square(stored - made).sum(axis=1) < _ENCODED_ALIKE)]:
        yield f"the vector of passage {id_} is not the encoder's"


def _vector_index(snapshot: Snapshot) -> Iterator[str]:
    ids, vectors = snapshot.store.vectors()
    index = snapshot.vectors
    yield from _differences("the vector index", index.ids.tolist(), ids.tolist())
    if index.width != vectors.shape[1]:
        yield f"the vector index is {index.width} wide, the vectors {vectors.shape[1]}"
    if index.width != vectors.shape[1] or set(index.ids.tolist()) != set(ids.tolist()):
        return
    # Inner products with a few random directions differ as soon as any value does.
    probes = np.random.default_rng(0).standard_normal((3, index.width)).astype(np.float32)
    with np.errstate(invalid="ignore"):  # infinite values, which another check names
        gaps = [np.abs(index.scores_of(probe, ids) - vectors @ probe) for probe in probes]
        for id_ in ids[~(np.max(gaps, axis=0) < _TOLERANCE)]:
            yield f"the vector index has another vector for passage {id_}"


def _postings(snapshot: Snapshot) -> Iterator[str]:
    store = snapshot.store
    yield from _differences("the word postings", snapshot.words.ids.tolist(), store.passage_ids())
    with tempfile.TemporaryDirectory(prefix="gaoxin-qa-") as scratch:
        kept, fresh = Path(scratch, "kept"), Path(scratch, "fresh")
        snapshot.words.save(kept)
        make_indexes(store, snapshot.state).words.save(fresh)
        _, other, unread = filecmp.cmpfiles(
            kept, fresh, [path.name for path in fresh.iterdir()], shallow=False
        )
    if other or unread:
        yield f"the word postings differ from the passages' words ({', '.join(other + unread)})"


def _differences(what: str, found: list[int], passages: list[int]) -> Iterator[str]:
    if missing := set(passages) - set(found):
        yield f"{what} lack {len(missing)} passages, such as {min(missing)}"
    if left := set(found) - set(passages):
        yield f"{what} hold {len(left)} passages that are not there, such as {min(left)}"
    if len(set(found)) < len(found):
        yield f"{what} hold a passage twice"


def _leftovers(library: Library) -> Iterator[str]:
    with closing(Store.open(library.folder)) as store:
        others = Encoders(library.folder).others(store.state())
        for folder in (*others, *old_indexes(library.folder, store)):
            yield f"{folder.parent.name}/{folder.name} is of an earlier state"
