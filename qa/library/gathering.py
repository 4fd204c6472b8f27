"""Gathering: the vectors of another encoder, stored beside the present ones until all are there.

With a large encoder that takes hours, so what was made outlasts a stop of the program and is gone
on with. Each encoder has a table of its own; a passage that is removed takes its vector with it.
Knows tables and vectors; knows nothing of encoders.
"""

from collections.abc import Sequence

from qa.library.records import Vectors, vector_to_blob
from qa.library.store import Store
from qa.library.writer import Writer

_PREFIX = "next_"


class Gathered:
    """The vectors that an encoder, known by its fingerprint, has made so far.

    Another process may take them into use or delete them at any time: then all are missing.
    """

    def __init__(self, store: Store, fingerprint: str):
        self._database = store.database
        self._table = _PREFIX + fingerprint.encode().hex()  # whatever it is, no SQL

    def _make_table(self) -> None:
        self._database.run(
            f"CREATE TABLE IF NOT EXISTS {self._table} (passage_id INTEGER PRIMARY KEY"
            " REFERENCES passages (id) ON DELETE CASCADE, vector BLOB NOT NULL)"
        )

    def missing(self) -> list[int]:
        """Return the ids of the passages that have no vector yet, rising."""
        self._make_table()
        sql = f"SELECT id FROM passages WHERE id NOT IN (SELECT passage_id FROM {self._table})"
        return [id_ for (id_,) in self._database.rows(f"{sql} ORDER BY id")]

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Store vectors (n, width), but for those of passages that were removed meanwhile."""
        sql = (
            f"INSERT OR IGNORE INTO {self._table}"
            " SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM passages WHERE id = ?1)"
        )
        with self._database.transaction():
            self._make_table()
            self._database.run_many(sql, zip(ids, map(vector_to_blob, vectors), strict=True))

    def take_over(self, writer: Writer) -> None:
        """Put these vectors in the place of the present ones; nothing may be missing."""
        writer.replace_vectors((), ())  # so that the library begins its next generation
        self._database.run("DROP TABLE vectors")
        self._database.run(f"ALTER TABLE {self._table} RENAME TO vectors")

    def discard(self) -> None:
        """Delete these vectors."""
        self._database.run(f"DROP TABLE IF EXISTS {self._table}")


def discard_gathered(store: Store) -> None:
    """Delete what was gathered of any encoder."""
    sql = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '{_PREFIX}*'"
    for (table,) in store.database.rows(sql):
        store.database.run(f"DROP TABLE {table}")
