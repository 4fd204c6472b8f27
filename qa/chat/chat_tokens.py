"""Chat tokens: messages → the tokens of a prompt by the model's own template, and tokens → text.

What messages say is turned into tokens apart from the template, so no text in them can begin or
end a message: a control token is the template's alone. Knows transformers' tokenizers, but not
where they come from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from jinja2 import TemplateError

from qa.chat.model import Message
from qa.errors import ModelError

# How the texts of messages are marked while the template is filled in, by private-use characters.
_SLOT = re.compile("\ue000([0-9]+)\ue001")
_CONTROL = re.compile(r"[<\[［＜].*[>\]］＞]", re.DOTALL)
_BROKEN = "\ufffd"  # stands for bytes that are no character (yet)
# What switches thinking off, under the names that templates know it by; others do not look at it.
_SWITCHES = {"enable_thinking": False, "thinking": False}
# How a template ends that has the model think whatever it is told; the thought is ended at once.
_OPENED = re.compile(r"<think(ing)?>\s*$")
# What templates, which are programs, fail by.
_UNFIT = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens that a model goes on from; the first `fixed` are the system message's."""

    tokens: list[int]
    fixed: int


class ChatTokens:
    """The tokens of one model. Safe to use by several threads."""

    def __init__(self, name: str, tokenizer: Any) -> None:
        """Raises ModelError when the model `name` has no vocabulary or no chat template."""
        self._name = name
        self._tokenizer = tokenizer
        self._lock = Lock()  # a fast tokenizer refuses to be used by two threads at once
        added = tokenizer.get_added_vocab()
        self._controls = {token for text, token in added.items() if _CONTROL.fullmatch(text)}
        self._controls.update(tokenizer.all_special_ids)
        if not self._encode("a"):
            raise ModelError(f"{name} has no vocabulary: tokenizer.json is missing")
        if not tokenizer.chat_template:
            raise ModelError(
                f"{name} has no chat template: choose a model that was made for chat ('Instruct')"
            )

    @property
    def end(self) -> int | None:
        """The token that ends a message, where the tokenizer knows it."""
        end = self._tokenizer.eos_token_id
        return None if end is None else int(end)

    def plain(self, text: str) -> list[int]:
        """Return the tokens of a text, among which no control token is.

        Where the text spells one, it is cut in two there: the same characters in other tokens.
        """
        tokens = self._encode(text)
        if self._controls.isdisjoint(tokens):
            return tokens
        half = len(text) // 2
        return self.plain(text[:half]) + self.plain(text[half:]) if half else []

    def prompt(self, messages: Sequence[Message]) -> Prompt:
        """Return the tokens of messages, up to where the model is to answer, without thinking.

        Raises ModelError when the model's template does not take such messages.
        """
        tokens: list[int] = []
        fixed = 0
        parts = _SLOT.split(self._rendered([message.role for message in messages]))
        if set(map(int, parts[1::2])) != set(range(len(messages))):
            raise ModelError(f"{self._name} has a chat template that leaves messages out")
        for template, slot in zip(parts[::2], [*parts[1::2], None], strict=True):
            tokens += self._encode(template)
            if slot is not None:
                message = messages[int(slot)]
                if message.role != "system":
                    fixed = fixed or len(tokens)
                tokens += self.plain(message.text)
        return Prompt(tokens, fixed)

    def _rendered(self, roles: Sequence[str]) -> str:
        """Return the template filled in with slots for the texts.

        A template that knows no system messages gets it at the head of the first question.
        """
        turns = [
            {"role": role, "content": f"\ue000{place}\ue001"} for place, role in enumerate(roles)
        ]
        try:
            return self._fill(turns)
        except _UNFIT as error:
            if len(turns) < 2 or roles[0] != "system":
                raise self._refused(error) from error
        system, first, *rest = turns
        first["content"] = f"{system['content']}\n\n{first['content']}"
        try:
            return self._fill([first, *rest])
        except _UNFIT as error:
            raise self._refused(error) from error

    def _fill(self, turns: Sequence[dict[str, str]]) -> str:
        options = {"tokenize": False, "add_generation_prompt": True}
        filled = str(self._tokenizer.apply_chat_template(list(turns), **options, **_SWITCHES))
        opened = _OPENED.search(filled)
        return f"{filled.rstrip()}\n\n</think{opened[1] or ''}>\n\n" if opened else filled

    def _refused(self, error: Exception) -> ModelError:
        return ModelError(f"the chat template of {self._name} cannot be used: {error}")

    def texts(self, tokens: Iterable[int]) -> Iterator[str]:
        """Yield the text of tokens as soon as it is certain; control tokens have none.

        A character of several tokens is held back until it is whole, and left out where it
        never gets whole. The tokens before it are decoded with it, since some tokenizers write a
        space only between two tokens.
        """
        before: list[int] = []
        new: list[int] = []
        shown = 0  # characters of `before`
        for token in tokens:
            new.append(token)
            text = self._decode(before + new)
            if len(text) > shown and not text.endswith(_BROKEN):
                yield text[shown:]
                before, new = new, []
                shown = len(self._decode(before))
        if rest := self._decode(before + new)[shown:].rstrip(_BROKEN):
            yield rest

    def _encode(self, text: str) -> list[int]:
        sound = text.encode(errors="replace").decode()  # half a surrogate pair has no tokens
        with self._lock:
            found = self._tokenizer(sound, add_special_tokens=False, verbose=False)
        return list(found["input_ids"])

    def _decode(self, tokens: Sequence[int]) -> str:
        with self._lock:
            return str(self._tokenizer.decode(tokens, skip_special_tokens=True))
