"""Speed: how fast a local chat model reads and writes here, and what memory it takes.

    python -m qa.chat.speed [FOLDER] [--precision int8 bf16 fp32] [--prompt 500] [--new 32]

Without a folder it is a Qwen3-0.6B of random weights, made for the occasion: as fast as the real
one, and nothing is downloaded. Each precision has a process of its own, in which this project and
`transformers.generate` take turns with the same model, the same prompts and the same threads.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from qa import settings
from qa.chat.network import Network, Precision, load_network, write_untrained
from qa.models.machine import memory_in_use

if sys.platform != "win32":
    import resource

# The config.json of Qwen/Qwen3-0.6B, as far as it differs from the defaults of its kind.
_QWEN3 = {
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "num_hidden_layers": 28,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151936,
    "max_position_embeddings": 40960,
    "rope_theta": 1000000,
    "tie_word_embeddings": True,
}
_BEGINNING = 250  # tokens of a system message, whose memory is kept
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, of what the system tells


@dataclass(slots=True)
class Timed:
    """Seconds to the first token and tokens per second after it, round by round."""

    first: list[float] = field(default_factory=list)
    speed: list[float] = field(default_factory=list)

    def add(self, times: Sequence[float]) -> None:
        """Add a round: when it began, and when each token came."""
        self.first.append(times[1] - times[0])
        self.speed.append((len(times) - 2) / (times[-1] - times[1]))


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one precision; bytes and seconds."""

    precision: Precision
    load: float
    peak: int  # while loading
    resident: int  # afterwards
    ours: Timed
    plain: Timed
    kept: list[float]  # to the first token, when the beginning was read before


class _Times(list[float]):
    """Stands in for a streamer of transformers, and notes when the prompt and tokens come."""

    def put(self, _: Any) -> None:
        self.append(perf_counter())

    def end(self) -> None:
        """Nothing is left to be shown."""


def measure(folder: Path, precision: Precision, prompt: int, new: int, rounds: int) -> Figures:
    """Load the model in `folder` and time it. In a process of its own, for the memory's sake."""
    began = perf_counter()
    network = load_network(folder, precision)
    loaded = perf_counter() - began
    peak = _peak()
    resident = memory_in_use()
    network.model.generation_config.eos_token_id = None
    ours, plain, kept = Timed(), Timed(), []
    for number in range(rounds + 1):
        draw = random.Random(number)
        tokens = [draw.randrange(1000, 100_000) for _ in range(prompt)]
        runs: list[tuple[Timed, Callable[..., list[float]]]] = [(ours, _ours), (plain, _plain)]
        timed = [(into, run(network, tokens, new)) for into, run in runs[:: 1 - number % 2 * 2]]
        beginning = list(range(_BEGINNING))
        times = _ours(network, beginning + tokens, 1, len(beginning))
        if number:  # the first round warms up
            for into, each in timed:
                into.add(each)
            kept.append(times[1] - times[0])
    return Figures(precision, loaded, peak, resident, ours, plain, kept)


def _peak() -> int:
    """Return the most bytes of memory that this process ever took; now, where that is not told."""
    if sys.platform == "win32":
        return memory_in_use()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT


def _ours(network: Network, tokens: list[int], new: int, fixed: int = 0) -> list[float]:
    times = [perf_counter()]
    for _ in network.answer(tokens, fixed, new, frozenset(), lambda: False):
        times.append(perf_counter())
    return times


def _plain(network: Network, tokens: list[int], new: int) -> list[float]:
    times = _Times()
    prompt = network.batch(tokens)
    network.model.generate(
        prompt,
        attention_mask=prompt.new_ones(prompt.shape),
        max_new_tokens=new,
        do_sample=False,
        streamer=times,
    )
    return times


def lines(every: Sequence[Figures], prompt: int) -> Iterator[str]:
    """Yield a table: medians, best in brackets, and ours as a share of plain generate.

    The share is the median of the rounds' own, since both of a round have the same neighbours.
    """
    yield (
        f"{'':6}{'prompt tok/s':>16}{'of plain':>10}{'new tok/s':>16}{'of plain':>10}"
        f"{'first token':>13}{'load':>8}{'memory':>9}{'peak':>9}"
    )
    for one in every:
        reading = [[prompt / each for each in timed.first] for timed in (one.ours, one.plain)]
        writing = [one.ours.speed, one.plain.speed]
        shown = "".join(
            f"{median(ours):8.1f} ({max(ours):5.1f}){_share(ours, plain):10.2f}"
            for ours, plain in (reading, writing)
        )
        yield (
            f"{one.precision:6}{shown}{median(one.kept):11.2f} s{one.load:6.1f} s"
            f"{one.resident / 1e9:6.2f} GB{one.peak / 1e9:6.2f} GB"
        )


def _share(ours: Sequence[float], plain: Sequence[float]) -> float:
    return median(one / other for one, other in zip(ours, plain, strict=True))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m qa.chat.speed")
    parser.add_argument("folder", type=Path, nargs="?", help="of a model; else random weights")
    parser.add_argument("--precision", nargs="+", default=["int8", "bf16", "fp32"])
    parser.add_argument("--prompt", type=int, default=500, help="tokens")
    parser.add_argument("--new", type=int, default=32, help="tokens")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(arguments)
    settings.offline()
    with TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        if options.folder is None:
            write_untrained(folder, "qwen3", _QWEN3)
        every = []
        for precision in options.precision:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                asked = (folder, precision, options.prompt, options.new, options.rounds)
                every.append(process.submit(measure, *asked).result())
    print("\n".join(lines(every, options.prompt)))


if __name__ == "__main__":
    main()
