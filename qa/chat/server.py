"""OpenAI-compatible servers (vLLM, llama.cpp, Ollama, transformers serve, …) as chat models.

Knows what they are asked for and what their answers are worth, but nothing of connections
(endpoint.py), of prompts or citations, nor of where address and key were set.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import Any

from qa.chat.address import addresses, checked_key
from qa.chat.endpoint import PAGE, Endpoint, RefusedError, SlowError
from qa.chat.events import Delta, encodable, is_page
from qa.chat.listing import UNTOLD, context_of, entries_of, may_chat
from qa.chat.model import CUT_OFF, Message
from qa.errors import ModelError

_LISTING = 10.0  # seconds that the list of models may take
_NAMED = 5  # models that an error names
_WIDEST = 16  # characters of the widest tokens, on average, that an answer could be made of

_SILENCE, _WHOLE = 60.0, 300.0  # seconds that end an answer: without a sign of life, and at all

# Why an answer ends, beside that it is whole: "length" and what else means that it was cut off.
_CUT = frozenset(("length", "max_tokens", "model_length"))
_TROUBLES = {
    "content_filter": "withheld the rest of the answer: its content filter took offence",
    "error": "failed in the middle of the answer",
}

# What is asked for beside the answer, and the words by which a server refuses it. The last two
# switch thinking off: of vLLM, llama.cpp and transformers serve, and of Ollama.
_REFUSALS = {
    "temperature": ("temperature",),
    "max_tokens": ("max_tokens",),
    "chat_template_kwargs": ("chat_template", "thinking"),
    "reasoning_effort": ("reasoning", "thinking"),
}


def open_server(
    url: str,
    model: str | None = None,
    key: str | None = None,
    patience: float = _SILENCE,
    longest: float = _WHOLE,
) -> "ServerModel":
    """Return the chat model `model`, or the first one listed, of the server at `url`.

    `url` is its address with or without the /v1. `key` is sent to that server alone, and shown
    nowhere. `patience` is how many seconds of silence end an answer, and `longest` how many it
    may take at all. A model that is named is asked even where no list of models comes. Raises
    ModelError when the address or the key cannot be one, nothing is reached within seconds, the
    key is refused, or no model is named or listed.
    """
    endpoints = [Endpoint(address, checked_key(key)) for address in addresses(url)]
    tried = []
    for endpoint in endpoints:
        try:
            return _chosen(endpoint, model, _listed(endpoint, patience), patience, longest)
        except SlowError as error:
            if model is None:
                raise ModelError(f"{error} Name the model to ask it without its list") from None
            return ServerModel(endpoint, model, patience=patience, longest=longest)
        except RefusedError as error:
            final = error.status in (401, 403) or 300 <= error.status < 400
            if final or (model is None and error.status in (429, 503)):
                raise
            tried.append(error)
    if model is None:
        raise _no_list(endpoints, tried)
    return ServerModel(endpoints[0], model, patience=patience, longest=longest)


def _no_list(endpoints: Sequence[Endpoint], tried: Sequence[RefusedError]) -> ModelError:
    if all(PAGE in str(error) for error in tried):
        return ModelError(f"{endpoints[-1].address} {PAGE}")
    places = [
        f"{at.address}/models ({error.status})" for at, error in zip(endpoints, tried, strict=True)
    ]
    return ModelError(
        f"no list of models at {' or '.join(places)}: check the address, which often ends in"
        " /v1, or name the model"
    )


def _listed(endpoint: Endpoint, patience: float) -> list[dict[str, Any]]:
    """Return the entries of the server's list of models that have a name."""
    text = "".join(endpoint.read(endpoint.models, min(patience, _LISTING), _LISTING))
    try:
        return entries_of(text)
    except ValueError as error:
        told = PAGE if is_page(text) else "gives no list of models"
        raise RefusedError(told, 200, "") from error


def _chosen(
    endpoint: Endpoint,
    model: str | None,
    entries: Sequence[Mapping[str, Any]],
    patience: float,
    longest: float,
) -> "ServerModel":
    names = tuple(entry["id"] for entry in entries)
    able = [entry["id"] for entry in entries if may_chat(entry)]
    if model is None and not able:
        listed = f" ({', '.join(names[:_NAMED])} cannot chat)" if names else ""
        raise ModelError(
            f"{endpoint.address} lists no model for chats{listed}: name the one to use"
        )
    name = model or able[0]
    meant = [entry for entry in entries if entry["id"] == name or len(entries) == 1]
    context = context_of(meant[0]) if meant else UNTOLD
    return ServerModel(endpoint, name, context, names, patience, longest)


@dataclass(slots=True)
class ServerModel:
    """A ChatModel behind an address: all that `open_server` learned of it."""

    endpoint: Endpoint
    name: str
    context: int = UNTOLD
    listed: Sequence[str] = ()
    patience: float = _SILENCE
    longest: float = _WHOLE
    _refused: frozenset[str] = field(default=frozenset(), init=False, repr=False)

    def count(self, text: str) -> int:
        """Return how many tokens `text` takes, estimated from above.

        Measured on 14,000 Chinese and English sentences, questions, printed lines and passages:
        never too low for the tokenizers of Qwen, DeepSeek-V3, GPT-4o, Mistral Nemo and Claude; for
        those of GPT-4 and Mistral 7B in 24 sentences and questions, by up to 14 %. Chinese is
        taken for 1.3 to 3 times what it is (Qwen: 2.5), English for 1.8 times.
        """
        letters = len(re.findall("[A-Za-z]", text))
        spaces = text.count(" ")  # part of the word behind them
        beyond = len(re.findall(r"[^\x00-\x7f]", text))
        rare = len(re.findall(r"[^\x00-\uffff]", text))  # spelled in four bytes
        others = len(text) - letters - spaces - beyond
        return 1 + ceil(0.4 * letters + others + 2 * beyond + 2 * rare)

    def stream(self, messages: Sequence[Message], limit: int) -> Iterator[str]:
        """Yield the answer piece by piece, as ChatModel says."""
        answer = partial(self._answer, messages, limit)
        return self.endpoint.read(answer, self.patience, self.longest)

    async def _answer(
        self, messages: Sequence[Message], limit: int, emit: Callable[[str], None]
    ) -> None:
        """Ask, and ask again without the wishes that are refused."""
        question = {
            "model": self.name,
            "messages": [{"role": it.role, "content": encodable(it.text)} for it in messages],
        }
        reading = _Reading(limit, emit)
        while True:
            wishes = self._wishes(limit)
            try:
                await self.endpoint.chat(question | wishes, reading.enough)
                break
            except RefusedError as error:
                named = _named(error, wishes)
                if not named:
                    raise self._explained(error) from None
                self._refused |= named
        if trouble := reading.trouble():
            raise ModelError(f"{self.endpoint.address} {trouble}")
        if reading.end in _CUT:
            emit(CUT_OFF)

    def _wishes(self, limit: int) -> dict[str, Any]:
        wishes = {
            "temperature": 0,
            "max_tokens": limit,
            "chat_template_kwargs": {"enable_thinking": False},
            "reasoning_effort": "none",
        }
        if "max_tokens" in self._refused:  # as newer models of OpenAI do, which call it so:
            wishes["max_completion_tokens"] = limit
        return {name: wish for name, wish in wishes.items() if name not in self._refused}

    def _explained(self, error: RefusedError) -> ModelError:
        if error.status not in (400, 404) or not self.listed or self.name in self.listed:
            return error
        return ModelError(f"{error}; it lists {', '.join(self.listed[:_NAMED])}")


@dataclass(slots=True)
class _Reading:
    """An answer on its way to `emit`, up to its end or until it has taken `room` tokens."""

    room: float
    emit: Callable[[str], None]
    answered: bool = False
    thought: bool = False
    end: str = ""

    def enough(self, delta: Delta) -> bool:
        """Hand on an addition; and "" for a thought, which is a sign of life and no more."""
        if delta.text or delta.thought:
            self.emit(delta.text[: ceil(self.room * _WIDEST)])
        self.answered = self.answered or delta.text != ""
        self.thought = self.thought or delta.thought != ""
        self.room -= _fewest(delta.text + delta.thought)
        self.end = delta.end or ("length" if self.room <= 0 else "")  # a server may know no limit
        return self.end != ""

    def trouble(self) -> str:
        """Return what is wrong with the answer, after all of it came; "" for nothing."""
        if not self.end:
            return "stopped before the answer was whole"
        if self.end in _TROUBLES:
            return _TROUBLES[self.end]
        if self.thought and not self.answered:
            return "wrote thoughts and no answer: switch its thinking off"
        return "" if self.answered else "wrote no answer"


def _named(error: RefusedError, wishes: Mapping[str, Any]) -> set[str]:
    """Return the wishes that a server names as what it does not do."""
    if error.status not in (400, 422):
        return set()
    said = error.said.lower().replace(" ", "_")
    return {
        wish
        for wish, words in _REFUSALS.items()
        if wish in wishes and any(it in said for it in words)
    }


def _fewest(text: str) -> float:
    """Return how many tokens a text takes at the very least."""
    plain = sum(map(str.isascii, text))
    return plain / _WIDEST + (len(text) - plain) / 4
