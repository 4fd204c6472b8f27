"""Checks: what is stored in a library, compared with what it was made from.

Texts with their hashes, offsets with texts, vectors with the encoder, indexes with the store. Each
check yields what is wrong, a line each, and raises a QAError for what cannot be read.
"""

import filecmp
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from qa.library.claims import scratch
from qa.library.indexes import make_indexes, passage_text
from qa.library.records import seal_of
from qa.library.snapshot import Snapshot
from qa.library.store import Store
from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.pages import page_from_text
from qa.splitting.passages import Passage

_SAMPLE = 200  # passages whose vectors are made again

_TOLERANCE = 1e-3
# Squared distance of two vectors of one text: an encoder's sums depend on the batch and the
# machine, most so in half precision (8 bits are 0.4 % of a value). Another text's is further off.
_ENCODED_ALIKE = 1e-3


def database(folder: Path) -> Iterator[str]:
    """Ask SQLite itself."""
    with closing(Store.open(folder)) as store:
        for (message,) in store.database.rows("PRAGMA integrity_check"):
            if message != "ok":
                yield f"SQLite: {message}"
        for table, row, other, _ in store.database.rows("PRAGMA foreign_key_check"):
            yield f"{table}, row {row}: what it belongs to in {other} is gone"


def texts(store: Store) -> Iterator[str]:
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
        elif seal_of(page, articles[page.id], passages[page.id]) != seals[page.id]:
            yield f"{page.source}: its articles or passages are not as they were split"


def offsets(store: Store) -> Iterator[str]:
    """Look whether everything stands within what it is a part of."""
    for page in store.pages():
        if not all(0 <= one.span.start <= one.span.end <= len(page.text) for one in page.printed):
            yield f"{page.source}: a printed page stands outside its text"
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


def vectors(snapshot: Snapshot) -> Iterator[str]:
    """Look whether each passage has a vector that can be one of the encoder's."""
    store = snapshot.store
    yield from _differences("vectors", store.vector_ids(), store.passage_ids())
    ids, vectors = store.vectors()
    if snapshot.encoder is not None and vectors.shape[1] != snapshot.encoder.width:
        yield f"vectors are {vectors.shape[1]} wide, the encoder's {snapshot.encoder.width}"
    lengths = np.linalg.norm(vectors, axis=1)
    odd = ~((lengths == 0) | (np.abs(lengths - 1) < _TOLERANCE))  # also what is not a number
    yield from (f"the vector of passage {id_} is neither of length 1 nor zero" for id_ in ids[odd])


def encoder(snapshot: Snapshot) -> Iterator[str]:
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


def vector_index(snapshot: Snapshot) -> Iterator[str]:
    """Compare the index with the stored vectors."""
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


def postings(snapshot: Snapshot) -> Iterator[str]:
    """Make the word postings again, and compare."""
    store = snapshot.store
    yield from _differences("the word postings", snapshot.words.ids.tolist(), store.passage_ids())
    with scratch() as folder:
        kept, fresh = folder / "kept", folder / "fresh"
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
