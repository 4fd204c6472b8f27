"""The writer: one transaction in which pages come, go or are replaced.

Decides what a page's arrival means (new, changed, known already) and writes it down. Knows
vectors as rows of numbers; knows nothing of files, encoders and indexes.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from qa.library.records import (
    Draft,
    Known,
    Vector,
    article_to_record,
    page_to_records,
    seal_of,
    sentences_to_record,
    text_to_blob,
    vector_to_blob,
)
from qa.library.sources import distinct_name, is_there, printable
from qa.library.store import Store
from qa.progress import WAITING, Progress, silent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page: `articles` are how many it has, `message` is for people."""

    source: str
    state: Literal["added", "replaced", "unchanged", "failed"]
    articles: int
    message: str


class Writer:
    """The changes of one transaction; made by `changing`."""

    def __init__(self, store: Store):
        self.store = store
        self._run = store.database.run
        self._run_many = store.database.run_many
        self._changed = False
        self._churn = 0

    def put(self, draft: Draft, vectors: Sequence[Vector]) -> Outcome:
        """Store a page, with one vector (width,) for each of its passages.

        The same text is stored once, whatever its file's name. A page with the same origin is
        the old self of this one and goes; one that only has the same name stays, and the new one
        gets a longer name.
        """
        old = self.store.known("origin", draft.origin)
        same = self.store.known("id", draft.page.id)
        if same is not None:
            return self._put_again(draft, same, old)
        if old is not None:
            self.delete(old)
        name = printable(draft.page.source)
        source = old.source if old else self._free_name(draft)
        self._insert(draft, source, vectors)
        articles = len(draft.articles)
        message = f"{articles} article{'' if articles == 1 else 's'}"
        if old is None and source != name:
            message += f"; another page is called {name}"
        message = "; ".join([message, *draft.page.remarks])
        return Outcome(source, "replaced" if old else "added", articles, message)

    def _put_again(self, draft: Draft, same: Known, old: Known | None) -> Outcome:
        [(articles,)] = self.store.database.rows(
            "SELECT count(*) FROM articles WHERE page_id = ?", same.id
        )
        name = printable(draft.page.source)
        message = "already in the library"
        if name != same.source:
            message = f"{name} is {message} as {same.source}"
        if old is not None and old.id != same.id:
            self.delete(old)
            return Outcome(same.source, "replaced", articles, message)
        if old is None and not is_there(same.origin):
            # The file was moved: when it changes where it is now, this page is its old self.
            self._run("UPDATE pages SET origin = ? WHERE id = ?", draft.origin, same.id)
        return Outcome(same.source, "unchanged", articles, message)

    def _free_name(self, draft: Draft) -> str:
        def is_taken(name: str) -> bool:
            return self.store.known("source", name) is not None

        return distinct_name(printable(draft.page.source), draft.origin, is_taken)

    def _insert(self, draft: Draft, source: str, vectors: Sequence[Vector]) -> None:
        page, articles, passages = draft.page, draft.articles, draft.passages
        self._run(
            "INSERT INTO pages"
            " (id, source, origin, encoding, text, seal, format, printed, remarks)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(page.id, source, draft.origin, page.encoding),
            *(text_to_blob(page.text), seal_of(page, articles, passages)),
            *(page.format, *page_to_records(page)),
        )
        self._run_many(
            "INSERT INTO articles (id, page_id, position, record) VALUES (?, ?, ?, ?)",
            ((a.id, page.id, at, article_to_record(a)) for at, a in enumerate(articles)),
        )
        ids = [
            self._run(
                "INSERT INTO passages (article_id, start, end, sentences) VALUES (?, ?, ?, ?)",
                *(p.article_id, p.start, p.end, sentences_to_record(p)),
            )
            for p in passages
        ]
        self._insert_vectors(ids, vectors)
        self._note(len(passages))

    def delete(self, page: Known) -> None:
        """Delete a page with all that was made from it."""
        [(passages,)] = self.store.database.rows(
            "SELECT count(*) FROM passages p JOIN articles a ON a.id = p.article_id"
            " WHERE a.page_id = ?",
            page.id,
        )
        self._run("DELETE FROM pages WHERE id = ?", page.id)
        self._note(passages)

    def replace_vectors(self, ids: Sequence[int], vectors: Sequence[Vector]) -> None:
        """Put the vectors (width,) of another encoder in the place of all that there are."""
        self._run("DELETE FROM vectors")
        self._insert_vectors(ids, vectors)
        self._changed = True

    def use_encoder(self, encoder: str, fingerprint: str) -> None:
        """Record the encoder that made all vectors; it suits the passages that are there now."""
        self._churn = 0
        self._run(
            "UPDATE library SET encoder = ?, fingerprint = ?, churn = 0,"
            " fitted_on = (SELECT count(*) FROM passages)",
            *(encoder, fingerprint),
        )

    def _insert_vectors(self, ids: Sequence[int], vectors: Sequence[Vector]) -> None:
        rows = ((id_, vector_to_blob(v)) for id_, v in zip(ids, vectors, strict=True))
        self._run_many("INSERT INTO vectors (passage_id, vector) VALUES (?, ?)", rows)

    def _note(self, passages: int) -> None:
        self._changed = True
        self._churn += passages

    def finish(self) -> None:
        """Begin the library's next generation, if anything was changed."""
        if not self._changed:
            return
        self._run(
            "UPDATE library SET generation = generation + 1, token = ?, churn = churn + ?",
            *(secrets.token_hex(8), self._churn),
        )
        # An emptied library keeps nothing that was learnt from what it held.
        self._run(
            "UPDATE library SET fingerprint = NULL, fitted_on = 0, churn = 0"
            " WHERE NOT EXISTS (SELECT 1 FROM passages)"
        )


@contextmanager
def changing(store: Store, progress: Progress = silent) -> Iterator[Writer]:
    """Change the library as its only writer, wholly or not at all: one new generation.

    `progress` is told when another process has to be waited for. Raises LibraryError when that
    one goes on writing for longer than the store waits.
    """
    with store.database.transaction(partial(progress, 0, 1, WAITING)):
        writer = Writer(store)
        yield writer
        writer.finish()
