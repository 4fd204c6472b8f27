"""Keeping: which step of a visitor's conversation is stored, and what is told when that fails.

Without a store nothing is kept and everything else works. Knows neither HTML nor gradio.
"""

from collections.abc import Callable
from contextlib import suppress

from qa import QAError
from qa.conversations.export import as_json, as_markdown
from qa.conversations.store import Conversations
from qa.conversations.turn import Entry, Feedback
from window.conversation import Conversation
from window.problems import in_words


class Keeping:
    """What is kept for all visitors; each of them reaches only what is their own."""

    def __init__(self, store: Conversations | None = None) -> None:
        self._store = store

    def begun(self, now: Conversation) -> None:
        """Keep the last turn of a conversation, which was asked just now. Raises QAError."""
        if self._store is None:
            return
        keep = self._store.begin if len(now.turns) == 1 else self._store.add
        keep(now.owner, now.key, now.turns[-1])

    def ended(self, now: Conversation) -> Conversation:
        """Keep what came of the last turn; a notice says where that fails."""
        if self._store is None:
            return now
        try:
            self._store.replace(now.owner, now.key, now.turns[-1])
        except QAError as error:
            return now.noticed(not_kept(error))
        return now

    def taken_back(self, now: Conversation) -> None:
        """Forget the last turn, which could not be answered; where that fails, it was stopped."""
        if self._store is not None:
            with suppress(QAError):
                self._store.take_back(now.owner, now.key, len(now.turns))

    def judged(self, now: Conversation, number: int, feedback: Feedback, reason: str) -> None:
        """Keep what the reader thinks of an answer. Raises QAError."""
        if self._store is not None:
            self._store.judge(now.owner, now.key, number, feedback, reason)

    def entries(self, owner: str, words: str = "") -> list[Entry]:
        """Return an owner's conversations, newest first, of those with all of `words` in them."""
        return self._store.listed(owner, words) if self._store else []

    def opened(self, owner: str, key: str) -> Conversation:
        """Return a conversation as it was kept. Raises QAError, also for another owner's.

        A turn that was being answered when the program or the visitor left was stopped.
        """
        if self._store is None:
            return Conversation(owner=owner)
        turns = self._store.load(owner, key).turns
        now = Conversation(turns, owner=owner, key=key)
        return now.stopped() if now.asking() else now

    def renamed(self, owner: str, key: str, title: str) -> None:
        """Give a conversation another name. Raises QAError."""
        if self._store is not None:
            self._store.rename(owner, key, title)

    def deleted(self, owner: str, key: str) -> None:
        """Delete a conversation for good. Raises QAError."""
        if self._store is not None:
            self._store.delete(owner, key)

    def exported(self, owner: str, key: str, kind: str) -> tuple[str, str]:
        """Return title and text of a conversation, as JSON or else Markdown. Raises QAError."""
        if self._store is None:
            return "", ""
        kept = self._store.load(owner, key)
        write: Callable[..., str] = as_json if kind == "json" else as_markdown
        return kept.title, write(kept)


def not_kept(error: QAError) -> str:
    """Return the line that tells why something was not kept."""
    return in_words(error, "没有存下来：", "Not kept: ")
