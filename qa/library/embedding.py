"""Embedding: texts of passages → vectors, in steps of about half a second.

So a stop is soon noticed, and little is lost by it. Knows the store; knows nothing of where
encoders come from.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from time import perf_counter
from typing import TypeVar

from embeddings.encoder import Encoder
from qa.library.gathering import Gathered
from qa.library.indexes import passage_text
from qa.library.records import Vector
from qa.library.store import Store
from qa.progress import Progress

_STEP = 0.5  # seconds
_MOST = 1_000

Item = TypeVar("Item")


def steps(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield `items` in order, as many at once as whoever takes them works off in one step."""
    at, size = 0, 1
    while at < len(items):
        began = perf_counter()
        yield items[at : at + size]
        at += size
        pace = size / max(perf_counter() - began, 1e-6)
        size = max(1, min(int(pace * _STEP), _MOST))


def embedded(encoder: Encoder, texts: Sequence[str], progress: Progress) -> list[Vector]:
    """Return one vector (width,) for each text. Raises ModelError when the encoder fails."""
    vectors: list[Vector] = []
    for some in steps(texts):
        vectors.extend(encoder.encode_documents(some))
        progress(len(vectors), len(texts), "embedding")
    return vectors


def all_texts(store: Store) -> Iterator[str]:
    """Yield what is embedded of all passages of the library as it is now."""
    with closing(store.frozen()) as view:
        for title, passage in view.titled(view.passage_ids()):
            yield passage_text(title, passage)


def gather(store: Store, gathered: Gathered, encoder: Encoder, progress: Progress) -> None:
    """Embed the passages that lack a vector, unless another process uses the encoder first.

    Raises ModelError when the encoder fails.
    """
    missing, total = gathered.missing(), store.counts()["passages"]
    done = total - len(missing)
    progress(done, total, "embedding")
    for ids in steps(missing):
        if store.state().fingerprint == encoder.fingerprint:
            return
        with closing(store.frozen()) as view:
            found = list(view.titled(ids))
        vectors = encoder.encode_documents([passage_text(title, p) for title, p in found])
        gathered.add([passage.id for _, passage in found], vectors)
        done += len(ids)
        progress(done, total, "embedding")
