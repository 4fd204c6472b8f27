"""Mending: a damaged file of conversations is kept aside, and what can be read of it goes on.

Knows the tables of conversations; knows nothing of how a file is read around damage.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from qa.conversations.database import FILE_NAME, explained, open_database
from qa.conversations.records import record_to_turn
from qa.conversations.store import Conversations
from qa.errors import DamagedError, LibraryError
from qa.library.aside import alone_with, set_aside
from qa.library.database import Database
from qa.library.records import blob_to_text
from qa.library.repair import workshop
from qa.library.wreck import Row, Wreck

_CONVERSATION = "id, owner, title, words, created, changed, touched"
_TURN = "conversation, number, record, words, feedback, reason"


class _Saved(NamedTuple):
    """Rows of conversations that have turns, those turns, and how much else there was.

    `nameless` are conversations too, of which only the owner and the place in the list are known.
    """

    conversations: list[Row]
    turns: list[Row]
    nameless: list[Row]
    lost_conversations: int
    lost_turns: int


def faults(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the conversations kept in `folder`, a line each.

    Raises LibraryError when the file cannot be read at all.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return
    with closing(open_database(folder, 10.0)) as database, explained(path):
        for (message,) in database.rows("PRAGMA integrity_check"):
            if message != "ok":
                yield f"{FILE_NAME}: {message}"
        sql = f"SELECT {_TURN} FROM turns"
        bad = sum(not _is_turn(row) for row in database.rows(sql))
        if bad:
            yield f"{FILE_NAME}: {bad} turns are damaged"


def mend(folder: Path) -> list[str]:
    """Mend the conversations kept in `folder`; return what was done, none if they were whole.

    Raises LibraryError when nothing can be done, as `qa.library.repair.repair` does.
    """
    try:
        if not any(faults(folder)):
            return []
    except DamagedError:
        pass  # this is what it is for
    path = folder / FILE_NAME
    try:
        with workshop(folder) as bench, alone_with(path, bench / "wreck.sqlite3"):
            database = open_database(bench, 10.0)
            with closing(database):
                database.tidy()
                saved = _saved(Wreck(bench / "wreck.sqlite3", bench / FILE_NAME))
                _store(database, saved)
            with Conversations.open(bench) as kept_ones:
                for id_, owner, *_ in saved.nameless:
                    kept_ones.rename(blob_to_text(owner), id_, "")  # by its first question
            kept = set_aside(path, bench / FILE_NAME)
    except OSError as error:
        raise LibraryError(
            f"{path}: cannot be mended ({error.strerror}), nothing was changed: make room and "
            "try again"
        ) from error
    lost = f"{saved.lost_conversations} conversations and {saved.lost_turns} turns"
    return [
        f"the file of conversations was damaged: it is kept as {kept.name}, and a new one was made",
        f"{len(saved.conversations) + len(saved.nameless)} conversations were saved; {lost} could not be read",
    ]


def _saved(wreck: Wreck) -> _Saved:
    every = [row for row in wreck.rows("turns", _TURN).values() if isinstance(row[1], int)]
    good = defaultdict(list)
    for row in sorted(filter(_is_turn, every), key=lambda row: row[1]):
        good[row[0]].append(row)
    heads = {row[0]: row for row in wreck.rows("conversations", _CONVERSATION).values()}
    kept = [row for id_, row in heads.items() if _is_head(row) and id_ in good]
    named = {row[0] for row in kept}
    nameless = [row for row in _heads_by_indexes(wreck) if row[0] in good.keys() - named]
    # What follows a lost turn moves up, so that the next one can be kept after it.
    turns = [
        (id_, number, *row[2:])
        for id_, *_ in [*kept, *nameless]
        for number, row in enumerate(good[id_], start=1)
    ]
    asked = sum(max(row[1] for row in rows) for rows in good.values())
    lost = len((heads.keys() | good.keys()) - named - {row[0] for row in nameless})
    return _Saved(kept, turns, nameless, lost, max(asked, len(every)) - len(turns))


def _heads_by_indexes(wreck: Wreck) -> Iterator[Row]:
    """Yield conversations by what the indexes still hold of them: whose they are, in what order."""
    owners = {number: (owner, touched) for owner, touched, number in wreck.keys(bytes, int)}
    ids = {id_: number for id_, number in wreck.keys(str) if number in owners}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for id_, number in ids.items():
        owner, touched = owners[number]
        head = (id_, owner, b"", b"", now, now, touched)
        if _is_head(head):
            yield head


def _store(database: Database, saved: _Saved) -> None:
    with database.transaction():
        sql = f"INSERT INTO conversations ({_CONVERSATION}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        database.run_many(sql, [*saved.conversations, *saved.nameless])
        database.run_many(f"INSERT INTO turns ({_TURN}) VALUES (?, ?, ?, ?, ?, ?)", saved.turns)


def _is_head(row: Row) -> bool:
    id_, owner, title, words, created, changed, touched = row
    try:
        texts = [blob_to_text(owner), blob_to_text(title)]
    except LibraryError:
        return False
    return (
        bool(texts)
        and isinstance(words, bytes)
        and isinstance(touched, int)
        and all(isinstance(text, str) for text in (id_, created, changed))
    )


def _is_turn(row: Row) -> bool:
    id_, number, record, words, feedback, reason = row
    try:
        record_to_turn(number, record)
        blob_to_text(reason)
    except LibraryError:
        return False
    return isinstance(id_, str) and isinstance(words, bytes) and isinstance(feedback, str)
