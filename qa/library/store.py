"""The store: what a library holds, read back from its tables.

The one truth about a library. Knows tables and records; knows nothing of encoders and indexes,
and changes nothing (that is writer.py). Methods raise the LibraryErrors of database.py.
"""

import json
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from qa.errors import NotFoundError
from qa.library.database import FILE_NAME, Database
from qa.library.records import (
    Entry,
    Ids,
    Known,
    State,
    Vectors,
    blobs_to_vectors,
    record_to_article,
    record_to_entry,
    record_to_sentences,
    row_to_page,
    title_of,
)
from qa.library.schema import open_database
from qa.splitting.articles import Article
from qa.splitting.pages import Page
from qa.splitting.passages import Passage

TABLES = ("pages", "articles", "passages", "vectors")

# Pages in use at once while one question is answered, with room for the articles shown beside.
_KEPT_TEXTS = 64
_BATCH = 1_000  # passages that are read at once

_PAGE = "SELECT id, source, text, encoding, format, printed, remarks FROM pages"
_ARTICLE = (
    "SELECT a.id, a.page_id, p.source, a.record FROM articles a JOIN pages p ON p.id = a.page_id"
)
_PASSAGE = (
    "SELECT p.id, p.article_id, p.start, p.end, p.sentences, a.page_id, a.record"
    " FROM passages p JOIN articles a ON a.id = p.article_id"
    " WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id"
)


class Store:
    """One connection to a library, for reading; usable from any thread."""

    def __init__(self, database: Database):
        self.database = database
        self._page = lru_cache(_KEPT_TEXTS)(partial(_read_page, database))

    @classmethod
    def open(cls, folder: Path, wait: float = 30.0) -> "Store":
        """Open the store in `folder`, made when it is not there; errors as `open_database`."""
        return cls(open_database(folder, wait))

    @property
    def folder(self) -> Path:
        """The library's folder."""
        return self.database.path.parent

    def frozen(self) -> "Store":
        """Return a second connection to the library as it is now, whatever is changed later.

        It need not be closed: that happens when nothing refers to it any more, since other
        threads may still be reading when the next one is taken.
        """
        database = Database(self.database.path)
        database.freeze()
        store = Store(database)
        weakref.finalize(store, database.close)
        return store

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        self.database.close()

    def token(self) -> str:
        """Return the token of the present state: cheap enough to ask before every question."""
        return str(self.database.rows("SELECT token FROM library")[0][0])

    def state(self) -> State:
        """Return the present state."""
        columns = "generation, token, encoder, fingerprint, fitted_on, churn"
        return State(*self.database.rows(f"SELECT {columns} FROM library")[0])

    def counts(self) -> dict[str, int]:
        """Return how many rows each of `TABLES` has."""
        columns = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
        return dict(zip(TABLES, self.database.rows(f"SELECT {columns}")[0], strict=True))

    def known(self, column: str, value: str) -> Known | None:
        """Return the page whose `column` ("id", "source" or "origin") is `value`."""
        sql = f"SELECT id, source, origin FROM pages WHERE {column} = ?"
        return next((Known(*row) for row in self.database.rows(sql, value)), None)

    def all_known(self) -> list[Known]:
        """Return what all pages are called, by source."""
        rows = self.database.rows("SELECT id, source, origin FROM pages ORDER BY source")
        return [Known(*row) for row in rows]

    def pages(self) -> list[Page]:
        """Return all pages, by source."""
        return [row_to_page(row) for row in self.database.rows(f"{_PAGE} ORDER BY source")]

    def page(self, page_id: str) -> Page:
        """Return one page. Raises NotFoundError."""
        return self._page(page_id)

    def page_text(self, page_id: str) -> str:
        """Return the text of one page. Raises NotFoundError."""
        return self._page(page_id).text

    def articles(self) -> list[Article]:
        """Return all articles, by source, then in the order of their page."""
        rows = self.database.rows(f"{_ARTICLE} ORDER BY p.source, a.position")
        return [self._article(*row) for row in rows]

    def entries(self) -> list[Entry]:
        """Return all articles without their text, by source, then in the order of their page."""
        rows = self.database.rows(f"{_ARTICLE} ORDER BY p.source, a.position")
        return [record_to_entry(*row) for row in rows]

    def article(self, article_id: str) -> Article:
        """Return one article. Raises NotFoundError."""
        for row in self.database.rows(f"{_ARTICLE} WHERE a.id = ?", article_id):
            return self._article(*row)
        raise NotFoundError(f"the library has no article {article_id}: it may have been removed")

    def _article(self, id_: str, page_id: str, source: str, record: str) -> Article:
        return record_to_article(id_, page_id, source, record, self.page_text(page_id))

    def passage_ids(self) -> list[int]:
        """Return the ids of all passages, rising."""
        return [id_ for (id_,) in self.database.rows("SELECT id FROM passages ORDER BY id")]

    def passages_of(self, article_ids: Sequence[str]) -> list[int]:
        """Return the ids of the passages of some articles, rising; others are ignored."""
        some = "article_id IN (SELECT value FROM json_each(?))"
        sql = f"SELECT id FROM passages WHERE {some} ORDER BY id"
        return [id_ for (id_,) in self.database.rows(sql, json.dumps(article_ids))]

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """Return passages in the order of `ids`. Raises NotFoundError when one is not there."""
        found = {passage.id: passage for _, passage in self.titled(sorted(map(int, ids)))}
        for id_ in ids:
            if id_ not in found:
                raise NotFoundError(f"the library has no passage {id_}: it may have been removed")
        return [found[id_] for id_ in ids]

    def titled(self, ids: Sequence[int]) -> Iterator[tuple[str, Passage]]:
        """Yield the passages of `ids` with their articles' headlines, by rising id."""
        for at in range(0, len(ids), _BATCH):
            rows = self.database.rows(_PASSAGE, json.dumps(ids[at : at + _BATCH]))
            for id_, article_id, start, end, sentences, page_id, record in rows:
                text, places = self.page_text(page_id)[start:end], record_to_sentences(sentences)
                passage = Passage(id_, article_id, start, end, text, places)
                yield title_of(record), passage

    def vector_ids(self) -> list[int]:
        """Return the ids of all passages that have a vector, rising."""
        return [id_ for (id_,) in self.database.rows("SELECT passage_id FROM vectors ORDER BY 1")]

    def vectors(self, ids: Iterable[int] | None = None) -> tuple[Ids, Vectors]:
        """Return the vectors (n, width) of `ids`, or of all, with their ids (n,), rising."""
        some = "WHERE passage_id IN (SELECT value FROM json_each(?))"
        rows = self.database.rows(
            f"SELECT passage_id, vector FROM vectors {'' if ids is None else some} ORDER BY 1",
            *(() if ids is None else (json.dumps(list(ids)),)),
        )
        return np.array([id_ for id_, _ in rows], np.int64), blobs_to_vectors([v for _, v in rows])


def connect(folder: Path, wait: float = 30.0) -> Store:
    """Open one more connection to a library that was opened before."""
    return Store(Database(folder / FILE_NAME, wait))


def _read_page(database: Database, page_id: str) -> Page:
    for row in database.rows(f"{_PAGE} WHERE id = ?", page_id):
        return row_to_page(row)
    raise NotFoundError(f"the library has no page {page_id}: it may have been removed")
