"""Advice: which models suit this machine, and where the chat model lies that is to be used.

What was measured is one point: two cores write 13 tokens/s with a Qwen3-0.6B in int8. Other sizes
and numbers of cores are reckoned from it, since each token passes by all weights once; beyond
eight cores it is the memory that is waited for. `qa models check` tells how it really is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ModelError
from qa.models.catalogue import Entry, Part, entries, entry
from qa.models.machine import Machine, this_machine
from qa.models.on_disk import find_model, folder_of, is_model_name, is_whole, part_of
from qa.settings import hub_cache

_MEASURED_SPEED, _MEASURED_SIZE, _MEASURED_CORES = 13.0, 0.6e9, 2
_CORES_THAT_HELP = 8
_READABLE = 8.0  # tokens/s: below it an answer of 100 tokens takes over 12 seconds
# What a model may take of a GPU's own memory, the rest being for prompts, and of memory that all
# programs share.
_OF_GPU, _OF_SHARED = 0.85, 0.45
_ALL_THREE = 15e9  # bytes: the largest chat model with a large encoder and reranker


@dataclass(frozen=True, slots=True)
class Advice:
    """What is recommended for one part: `name` is None where the built-in part is best."""

    part: Part
    name: str | None
    why: str


def recommended(machine: Machine) -> list[Advice]:
    """Return what this machine runs best: a chat model, an encoder, a reranker."""
    return [_answerer(machine), _encoder(machine), _reranker(machine)]


def automatic_chat_model(
    cache: Path | None = None, machine: Callable[[], Machine] = this_machine
) -> str | None:
    """Return the best chat model of the catalogue that is on disk and fits in memory now.

    None when there is none. `cache` is the hub's, which the settings tell otherwise. The machine
    is looked at only when there is a model: this is asked for every question.
    """
    cache = cache or hub_cache()
    there = [one for one in entries("answerer") if find_model(cache, one.name)]
    if not there:
        return None
    here = machine()
    room = _room(here) if _gpu(here) else here.available
    fitting = [one for one in there if one.memory <= room]
    quick = [one for one in fitting if _is_quick(one, here)]
    return next((one.name for one in [*reversed(quick), *fitting]), None)


def chat_model_folder(name: str, cache: Path | None = None) -> Path:
    """Return where a chat model lies that is named or is a folder itself.

    Raises ModelError, at once and without a look at the network, when it is not on this machine,
    is not whole, or is something else. `cache` is as in `automatic_chat_model`.
    """
    cache = cache or hub_cache()
    known = entry(name)
    full_name = known.name if known else name
    folder = folder_of(full_name, cache)
    if folder is None:
        pulled = f"qa models pull {full_name} gets it" if is_model_name(full_name) else ""
        raise ModelError(
            f"{name} is not on this machine, or not all of it: {pulled or 'give OWNER/NAME'}, "
            "or name its folder"
        )
    if not is_whole(folder):
        raise ModelError(f"{name} is no whole model: config.json, tokenizer or weights are missing")
    if (part := part_of(folder)) in ("encoder", "reranker"):
        raise ModelError(f"{name} writes nothing: it is of use as {part}")
    return folder


def tokens_per_second(one: Entry, machine: Machine) -> float:
    """Return about how fast the processor alone writes with a chat model."""
    cores = min(machine.cores, _CORES_THAT_HELP) / _MEASURED_CORES
    return _MEASURED_SPEED * cores * _MEASURED_SIZE / one.parameters


def _room(machine: Machine) -> float:
    """Return how many bytes a model may take."""
    return _gpu(machine) * _OF_GPU or machine.memory * _OF_SHARED


def _gpu(machine: Machine) -> int:
    """Return the bytes of memory of a GPU's own, 0 where there is none or nobody knows."""
    found = machine.accelerator
    return found.memory or 0 if found and found.kind == "cuda" else 0


def _is_accelerated(machine: Machine) -> bool:
    return bool(machine.accelerator and machine.accelerator.memory)


def _is_quick(one: Entry, machine: Machine) -> bool:
    return _is_accelerated(machine) or tokens_per_second(one, machine) >= _READABLE


def _answerer(machine: Machine) -> Advice:
    smallest, *_ = every = entries("answerer")
    fitting = [one for one in every if one.memory <= _room(machine)]
    if not fitting:
        needs = f"{smallest.name} needs {smallest.memory / 1e9:.1f} GB of memory for itself"
        return Advice("answerer", None, f"{needs}, the built-in reader next to none")
    best = ([one for one in fitting if _is_quick(one, machine)] or [smallest])[-1]
    if _is_accelerated(machine):
        return Advice("answerer", best.name, f"fits {_held(machine)}")
    speeds = [
        f"{one.name.partition('/')[2]} {tokens_per_second(one, machine):.0f}" for one in every
    ]
    why = f"tokens/s on {machine.cores} cores are about: {', '.join(speeds)}"
    return Advice("answerer", best.name, why)


def _encoder(machine: Machine) -> Advice:
    if _is_accelerated(machine) and _room(machine) >= _ALL_THREE:
        return Advice("encoder", "BAAI/bge-m3", f"fits {_held(machine)} beside a chat model")
    why = "small; for questions in another language than the pages"
    return Advice("encoder", "intfloat/multilingual-e5-small", why)


def _reranker(machine: Machine) -> Advice:
    if _is_accelerated(machine) and _room(machine) >= _ALL_THREE:
        return Advice("reranker", "BAAI/bge-reranker-v2-m3", f"fits {_held(machine)} as well")
    return Advice("reranker", None, "any other takes seconds a question without a GPU")


def _held(machine: Machine) -> str:
    found = machine.accelerator
    return f"the {(found.memory or 0) / 1e9:.0f} GB of {found.name}" if found else "the memory"
