"""The store of conversations: whose they are, what they are called, what was said in them.

Each change is one transaction. Nobody reaches a conversation of another owner: to them it is not
there. Knows tables; how a turn becomes bytes is the affair of records.py.
"""

import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from qa.conversations.database import explained, open_database
from qa.conversations.records import record_to_turn, turn_to_record
from qa.conversations.turn import Entry, Feedback, Kept, Turn
from qa.errors import LibraryError, NotFoundError
from qa.library.database import Database
from qa.library.records import blob_to_text, text_to_blob

_LONGEST_TITLE = 120
_FROM_QUESTION = 40
_LONGEST_REASON = 2_000
_LONGEST_SEARCH = 1_000  # characters; of more than a thousand words SQLite makes no query
_ENTRIES = (
    "SELECT id, title, changed, (SELECT count(*) FROM turns t WHERE t.conversation = c.id)"
    " FROM conversations c WHERE owner = ?"
)
_SAYS = (
    " AND (instr(c.words, ?) OR EXISTS"
    " (SELECT 1 FROM turns t WHERE t.conversation = c.id AND instr(t.words, ?)))"
)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Conversations:
    """All conversations of a library's folder; safe to share between threads.

    An owner is a person's name, "" where people need not say who they are. Every method raises
    LibraryError where the file cannot be read or written, and NotFoundError for a conversation
    that is not there or is another owner's.
    """

    def __init__(self, database: Database, now: Callable[[], str]) -> None:
        self._database = database
        self._now = now
        self._lock = threading.RLock()  # one connection holds one transaction at a time

    @classmethod
    def open(cls, folder: Path, wait: float = 10.0, now: Callable[[], str] = _now) -> Self:
        """Open what is kept in `folder`, a library's; `wait` seconds for another process."""
        return cls(open_database(folder, wait), now)

    @property
    def folder(self) -> Path:
        """The folder that the file lies in."""
        return self._database.path.parent

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        with self._lock:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Changing

    def begin(self, owner: str, id_: str, turn: Turn) -> None:
        """Keep a new conversation, named by the question of its first turn.

        Raises LibraryError when there is one of that id already.
        """
        with self._changing():
            if self._database.rows("SELECT 1 FROM conversations WHERE id = ?", id_):
                raise _elsewhere()
            name, now = _shortened(turn.question), self._now()
            self._database.run(
                "INSERT INTO conversations SELECT ?, ?, ?, ?, ?, ?, coalesce(max(touched), 0) + 1"
                " FROM conversations",
                *(id_, text_to_blob(owner), text_to_blob(name), _searchable(name), now, now),
            )
            self._insert(id_, turn)

    def add(self, owner: str, id_: str, turn: Turn) -> None:
        """Keep one more turn. Raises LibraryError when it is not the next one of what is kept."""
        with self._changing():
            self._touch(owner, id_)
            if turn.number != self._turns(id_) + 1:
                raise _elsewhere()
            self._insert(id_, turn)

    def replace(self, owner: str, id_: str, turn: Turn) -> None:
        """Keep this turn in the place of the one of its number; NotFoundError without that one."""
        with self._changing():
            self._touch(owner, id_)
            self._found_turn(id_, turn.number)
            self._database.run(
                "DELETE FROM turns WHERE conversation = ? AND number = ?", id_, turn.number
            )
            self._insert(id_, turn)

    def take_back(self, owner: str, id_: str, number: int) -> None:
        """Forget the last turn if that is its number; with its only turn, the conversation."""
        with self._changing():
            self._found(owner, id_)
            if number != self._turns(id_):
                return
            self._database.run(
                "DELETE FROM turns WHERE conversation = ? AND number = ?", id_, number
            )
            if number == 1:
                self._database.run("DELETE FROM conversations WHERE id = ?", id_)

    def judge(self, owner: str, id_: str, number: int, feedback: Feedback, reason: str) -> None:
        """Keep what the reader thinks of an answer, and why. NotFoundError without that turn."""
        with self._changing():
            self._found(owner, id_)
            self._found_turn(id_, number)
            self._database.run(
                "UPDATE turns SET feedback = ?, reason = ? WHERE conversation = ? AND number = ?",
                *(feedback, text_to_blob(reason[:_LONGEST_REASON]), id_, number),
            )

    def rename(self, owner: str, id_: str, title: str) -> None:
        """Give a conversation another name; an empty one names it by its first question again."""
        with self._changing():
            self._found(owner, id_)
            name = " ".join(title.split())[:_LONGEST_TITLE]
            if not name:
                name = _shortened(next(self._kept_turns(id_)).question)
            self._database.run(
                "UPDATE conversations SET title = ?, words = ? WHERE id = ?",
                *(text_to_blob(name), _searchable(name), id_),
            )

    def delete(self, owner: str, id_: str) -> None:
        """Delete a conversation; its text is overwritten in the file."""
        with self._changing():
            self._found(owner, id_)
            self._database.run("DELETE FROM conversations WHERE id = ?", id_)
        with self._using():
            self._database.tidy()  # the log held a copy

    # Reading

    def listed(self, owner: str, words: str = "") -> list[Entry]:
        """Return an owner's conversations, the last one asked in first.

        With `words`, only those in whose name, questions or answers each of them stands; no more
        than their first thousand characters are looked for.
        """
        wanted = [text_to_blob(word) for word in _folded(words)[:_LONGEST_SEARCH].split()]
        with self._using():
            rows = self._database.rows(
                f"{_ENTRIES}{_SAYS * len(wanted)} ORDER BY touched DESC",
                text_to_blob(owner),
                *(word for word in wanted for _ in range(2)),
            )
        return [Entry(id_, blob_to_text(title), *rest) for id_, title, *rest in rows]

    def load(self, owner: str, id_: str) -> Kept:
        """Return a conversation with all its turns."""
        with self._using():
            title, created, changed = self._found(owner, id_)
            return Kept(id_, title, created, changed, tuple(self._kept_turns(id_)))

    def _kept_turns(self, id_: str) -> Iterator[Turn]:
        sql = (
            "SELECT number, record, feedback, reason FROM turns WHERE conversation = ?"
            " ORDER BY number"
        )
        for number, record, feedback, reason in self._database.rows(sql, id_):
            turn = record_to_turn(number, record)
            yield replace(turn, feedback=feedback, reason=blob_to_text(reason))

    # Inside a transaction

    def _touch(self, owner: str, id_: str) -> None:
        self._found(owner, id_)
        self._database.run(
            "UPDATE conversations SET changed = ?,"
            " touched = (SELECT max(touched) + 1 FROM conversations) WHERE id = ?",
            self._now(),
            id_,
        )

    def _found(self, owner: str, id_: str) -> tuple[str, str, str]:
        """Return title and times."""
        sql = "SELECT title, created, changed FROM conversations WHERE id = ? AND owner = ?"
        for title, created, changed in self._database.rows(sql, id_, text_to_blob(owner)):
            return blob_to_text(title), created, changed
        raise NotFoundError("this conversation is no longer there: begin a new one")

    def _found_turn(self, id_: str, number: int) -> None:
        sql = "SELECT 1 FROM turns WHERE conversation = ? AND number = ?"
        if not self._database.rows(sql, id_, number):
            raise NotFoundError("this question is no longer there: open the conversation again")

    def _turns(self, id_: str) -> int:
        sql = "SELECT count(*) FROM turns WHERE conversation = ?"
        return int(self._database.rows(sql, id_)[0][0])

    def _insert(self, id_: str, turn: Turn) -> None:
        said = f"{turn.question}\n{turn.answer.text if turn.answer else ''}"
        self._database.run(
            "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?)",
            id_,
            turn.number,
            turn_to_record(turn),
            _searchable(said),
            turn.feedback,
            text_to_blob(turn.reason),
        )

    # Every access goes through one of these

    @contextmanager
    def _using(self) -> Iterator[None]:
        with self._lock, explained(self._database.path):
            yield

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._using(), self._database.transaction():
            yield


def _shortened(question: str) -> str:
    name = " ".join(question.split())
    return name if len(name) <= _FROM_QUESTION else name[:_FROM_QUESTION] + "…"


def _folded(text: str) -> str:
    """Return `text` as it is searched: wide and narrow forms, capitals and small letters alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def _searchable(text: str) -> bytes:
    return text_to_blob(_folded(text))


def _elsewhere() -> LibraryError:
    return LibraryError("this conversation went on in another window: open it again")
