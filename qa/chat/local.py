"""Local chat models: any causal model on this machine, answering one chat after the other.

Knows neither torch (network.py) nor templates (chat_tokens.py), nor how a model got here.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path

from qa.chat.chat_tokens import ChatTokens, Prompt
from qa.chat.model import CUT_OFF, Message
from qa.chat.network import Network, Precision, load_network, load_tokenizer
from qa.chat.pump import pump
from qa.chat.turns import Turns
from qa.errors import ModelError
from qa.progress import Progress, silent

# Tokens of prompt and answer together: a longer memory takes gigabytes, and minutes to read.
_LONGEST = 8192


def load_chat_model(
    name: str, folder: Path, progress: Progress = silent, precision: Precision | None = None
) -> "LocalModel":
    """Return the chat model in a folder, ready to answer. `name` is what people know it by.

    `precision` is as for `load_network`. The network is not looked at, nor is code run that
    comes with the model. Raises ModelError when the folder holds no whole chat model.
    """
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} holds no chat model: config.json is missing")
    tokens = ChatTokens(name, load_tokenizer(folder))
    model = LocalModel(name, tokens, load_network(folder, precision, progress))
    for _ in model.stream([Message("user", name)], 1):
        pass  # what fails at all fails now, and the first question need not wait
    return model


class LocalModel:
    """A chat model in this process: questions of all chats take turns, first come first served."""

    def __init__(self, name: str, tokens: ChatTokens, network: Network) -> None:
        self.name = name
        self.context = min(network.context, _LONGEST)
        self._tokens = tokens
        self._network = network
        self._ends = network.ends | ({tokens.end} if tokens.end is not None else set())
        self._turns = Turns()

    @property
    def waiting(self) -> int:
        """How many questions are being answered or wait: a new one comes after them all."""
        return len(self._turns)

    def count(self, text: str) -> int:
        """Return how many tokens `text` takes."""
        return len(self._tokens.plain(text))

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str, None, None]:
        """Yield the next message as it is written, as ChatModel has it.

        Raises ModelError when the messages leave no room for an answer in the model's context.
        """
        prompt = self._tokens.prompt(messages)
        room = self.context - len(prompt.tokens)
        if room < 1:
            raise ModelError(
                f"{self.name} takes {self.context} tokens, and the question with what was found "
                f"has {len(prompt.tokens)}: ask for less at a time"
            )
        yield from pump(lambda stopped: self._written(prompt, min(limit, room), stopped))

    def _written(
        self, prompt: Prompt, limit: int, stopped: Callable[[], bool]
    ) -> Generator[str, None, None]:
        written: list[int] = []
        with self._turns.turn(stopped) as mine:
            if mine:
                tokens = self._network.answer(
                    prompt.tokens, prompt.fixed, limit, self._ends, stopped
                )
                yield from self._tokens.texts(_noted(tokens, written))
        if len(written) >= limit:
            yield CUT_OFF


def _noted(tokens: Iterable[int], into: list[int]) -> Iterator[int]:
    for token in tokens:
        into.append(token)
        yield token
