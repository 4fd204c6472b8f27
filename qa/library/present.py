"""The present: what a library holds now, read without its indexes, which take longer to open.

Knows the store alone; what changes it and what is asked of it is library.py's.
"""

import threading

from qa.library.records import Known
from qa.library.store import Store
from qa.splitting.articles import Article
from qa.splitting.pages import Page


class Present:
    """The pages and articles of a store as they are at each call; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._view: tuple[str, Store] | None = None

    def pages(self) -> list[Page]:
        """Return all pages, by source."""
        return self._reading().pages()

    def known(self) -> list[Known]:
        """Return what each page is called and where it was read from, by source."""
        return self._reading().all_known()

    def articles(self) -> list[Article]:
        """Return all articles, by source, then in the order of their page."""
        return self._reading().articles()

    def article(self, article_id: str) -> Article:
        """Return one article. Raises NotFoundError."""
        return self._reading().article(article_id)

    def page(self, page_id: str) -> Page:
        """Return one page. Raises NotFoundError."""
        return self._reading().page(page_id)

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

    def _forget(self) -> None:
        """Let go of the state that was read last."""
        self._view = None
