"""The chat model as an answerer: what was found → its own words, with checked citations.

Where no model can answer now, because it is still loading, its server is away or it fails in the
middle, the built-in reader answers and the answer says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Protocol

from qa.answering.answer import Answer, answer_of
from qa.answering.finding import Finding
from qa.answering.followup import Turn
from qa.answering.question import clean, language_of
from qa.answering.quoting import Reader
from qa.chat.draft import Draft
from qa.chat.model import CUT_OFF, ChatModel
from qa.chat.prompt import (
    ANSWER_TOKENS,
    SHEET_TOKENS,
    answer_messages,
    chosen_sentences,
    rewriting_messages,
    room_for_sentences,
)
from qa.chat.rewriting import acceptable
from qa.errors import ModelError
from qa.grounding.reasons import INSTEAD

_REWRITTEN_TOKENS = 60
_HISTORY_TOKENS = 400
# Seconds that a follow-up waits for the model's version of it: a server that is silent then keeps
# the answer waiting only once for as long as it may.
_REWRITING = 15.0
_BETWEEN = 0.08  # seconds; more often than that nobody sees, and every window must be drawn
_READER = Reader()


class Source(Protocol):
    """Where a chat model comes from. `status` is one line on how it is, "" when it is ready."""

    @property
    def name(self) -> str: ...
    @property
    def status(self) -> str: ...

    def model(self) -> ChatModel:
        """Return the model. Raises ModelError, at once, when there is none (yet)."""
        ...


class ChatAnswerer:
    """Answers by a chat model, whenever there is one; else by the built-in reader."""

    def __init__(
        self, source: Source, sheet: int = SHEET_TOKENS, patience: float = _REWRITING
    ) -> None:
        """`sheet` is for how many tokens of sentences the model is given to read, `patience` for
        how many seconds a follow-up waits until it is searched for as the rules have it."""
        self._source = source
        self._sheet = sheet
        self._patience = patience

    @property
    def name(self) -> str:
        """What answers now, for people."""
        return self._source.name

    @property
    def status(self) -> str:
        """One line on why the model cannot answer now; "" when it can."""
        return self._source.status

    def rewriting(self, question: str, history: Sequence[Turn], by_rules: str) -> Iterator[str]:
        """Yield `by_rules` while the model is at work, then its version if that is faithful.

        A question that the rules left as it was names its own topic, and costs no model's time.
        """
        if by_rules == clean(question):
            return
        try:
            model = self._source.model()
            written = ""
            messages = rewriting_messages(
                question, history, language_of(question), model.count, _HISTORY_TOKENS
            )
            began = perf_counter()
            for piece in model.stream(messages, _REWRITTEN_TOKENS):
                if perf_counter() - began > self._patience:
                    return
                written += piece
                yield by_rules
        except ModelError:
            return  # the answer will say what is wrong with the model
        if asked := acceptable(written, question, history):
            yield asked

    def answers(self, finding: Finding) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is complete."""
        if not finding.enough:
            yield answer_of(finding, self.name, "", ())
            return
        try:
            yield from self._written(finding, self._source.model())
        except ModelError as error:
            for answer in _READER.answers(finding):
                yield replace(answer, notice=INSTEAD.of(str(error)).words(finding.asked.language))

    def _written(self, finding: Finding, model: ChatModel) -> Iterator[Answer]:
        room = room_for_sentences(finding, model.count, model.context, self._sheet)
        sentences = chosen_sentences(finding, model.count, room)
        if not sentences:
            least = "choose a model that takes in more"
            raise ModelError(f"{model.name} takes in only {model.context} tokens: {least}")
        draft = Draft(finding, sentences, model.name)
        shown, cut = 0.0, False
        for piece in model.stream(answer_messages(finding, sentences), ANSWER_TOKENS):
            draft.feed(piece)
            cut = piece is CUT_OFF or draft.full
            if not piece or perf_counter() - shown > _BETWEEN:
                yield draft.answer()
                shown = perf_counter()
            if draft.full:
                break
        answer = draft.finished(cut)
        if draft.empty:
            raise ModelError(f"{model.name} wrote nothing but thoughts: switch its thinking off")
        yield answer
