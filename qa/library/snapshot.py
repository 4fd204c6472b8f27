"""A snapshot: all that is needed to answer questions, as the library is at one moment.

What others change meanwhile is not seen. Knows the store and the indexes; changes nothing.
"""

from collections.abc import Sequence
from functools import cache, lru_cache, partial

import numpy as np

from embeddings.encoder import Encoder
from embeddings.narrowed import NarrowedWords
from embeddings.vectors import VectorIndex
from embeddings.words import WordIndex
from qa.library.indexes import Indexes
from qa.library.listing import chosen
from qa.library.records import Entry, State
from qa.library.scope import Scope
from qa.library.store import Store
from qa.splitting.articles import Article
from qa.splitting.pages import Page
from qa.splitting.passages import Passage

_KEPT_ARTICLES = 512  # more than one question looks at
_KEPT_SCOPES = 16  # a byte for each passage of the library, each


class Snapshot:
    """One state of a library, usable from many threads at once.

    `words` and `vectors` are indexes over the ids of its passages. `encoder` made the vectors;
    it is None while the library has no passages, and while the encoder cannot be used but another
    is coming: then only words find. The state stays readable for as long as the snapshot is
    referred to.
    """

    def __init__(self, store: Store, state: State, indexes: Indexes, encoder: Encoder | None):
        self.state = state
        self.words: WordIndex = indexes.words
        self.vectors: VectorIndex = indexes.vectors
        self.encoder = encoder
        self.store = store
        self._article = lru_cache(_KEPT_ARTICLES)(store.article)
        self._entries = cache(store.entries)
        # Nothing here refers back to the snapshot, so that its file is let go of with it.
        self._within = lru_cache(_KEPT_SCOPES)(partial(_narrowed, store, state, indexes, encoder))

    @property
    def generation(self) -> int:
        """How many changes the library has seen."""
        return self.state.generation

    @property
    def encoder_name(self) -> str | None:
        """How the encoder was asked for ("built-in", a name or a folder), for people."""
        without = self.encoder is None and self.state.fingerprint is not None
        return "none, words only" if without else self.state.encoder

    def __repr__(self) -> str:
        return f"Snapshot(generation={self.generation}, passages={len(self.words)})"

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """Return passages in the order of `ids`. Raises NotFoundError when one is not there."""
        return self.store.passages(ids)

    def article(self, article_id: str) -> Article:
        """Return one article. Raises NotFoundError."""
        return self._article(article_id)

    def page(self, page_id: str) -> Page:
        """Return one page. Raises NotFoundError."""
        return self.store.page(page_id)

    def page_text(self, page_id: str) -> str:
        """Return the text of one page. Raises NotFoundError."""
        return self.store.page_text(page_id)

    def pages(self) -> list[Page]:
        """Return all pages, by source."""
        return self.store.pages()

    def articles(self) -> list[Article]:
        """Return all articles, by source, then in the order of their page."""
        return self.store.articles()

    def entries(self) -> list[Entry]:
        """Return all articles without their text, in the same order; read once."""
        return self._entries()

    def within(self, scope: Scope) -> "Snapshot":
        """Return the snapshot in whose indexes only the articles of `scope` are found.

        Itself for an empty scope. What is asked for by its id is not narrowed. Raises
        NotFoundError for a scope that names what is not there, or holds no article.
        """
        return self._within(scope) if scope else self


def _narrowed(
    store: Store, state: State, indexes: Indexes, encoder: Encoder | None, scope: Scope
) -> Snapshot:
    articles = chosen(store.entries(), store.all_known(), scope)
    ids = np.array(store.passages_of(articles), np.int64)
    words, vectors = NarrowedWords(indexes.words, ids), indexes.vectors.narrowed(ids)
    return Snapshot(store, state, Indexes(indexes.token, words, vectors), encoder)
