"""Overview: what is in use, what suits this machine and what is on disk: `qa models list`.

As objects, and as lines for people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.models.advice import Advice, recommended
from qa.models.catalogue import CATALOGUE, Entry, Part
from qa.models.in_use import Model
from qa.models.machine import Machine, this_machine
from qa.models.on_disk import OnDisk, cached_models

_PURPOSES: dict[Part, str] = {
    "answerer": "writes answers",
    "encoder": "finds passages",
    "reranker": "orders passages",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that could be used; `state` is "whole", "incomplete" or "missing".

    Sizes are in bytes, `context` in tokens; None is not known. `size` is what is on disk,
    `download` the whole of it, `memory` what it takes to run as `dtype`.
    """

    name: str
    part: Part
    in_use: bool
    recommended: bool
    state: str
    folder: str | None
    size: int
    download: int | None
    licence: str
    context: int | None
    memory: int | None = None
    dtype: str = ""
    measured: bool = False
    suits: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that `qa models list` tells."""

    in_use: tuple[Model, ...]
    machine: Machine
    advice: tuple[Advice, ...]
    choices: tuple[Choice, ...]


def overview(in_use: Sequence[Model], cache: Path, machine: Machine | None = None) -> Overview:
    """Return what is in use, what `machine` (None: this one) runs well and what `cache` holds."""
    machine = machine or this_machine()
    advice = recommended(machine)
    named = {one.name for one in advice if one.name}
    used = {one.name for one in in_use}
    there = {one.name: one for one in cached_models(cache)}
    choices = [_listed(one, there.pop(one.name, None), used, named) for one in CATALOGUE]
    choices += [_other(one, one.part, used) for one in there.values() if one.part]
    return Overview(tuple(in_use), machine, tuple(advice), tuple(choices))


def _listed(one: Entry, there: OnDisk | None, used: set[str], named: set[str]) -> Choice:
    return Choice(
        one.name,
        one.part,
        one.name in used,
        one.name in named,
        there.state if there else "missing",
        str(there.folder) if there else None,
        there.size if there else 0,
        one.download,
        there.licence if there and there.licence else one.licence,
        there.context if there and there.context else one.context,
        one.memory,
        one.dtype,
        bool(one.measured),
        one.suits,
    )


def _other(one: OnDisk, part: Part, used: set[str]) -> Choice:
    """Return a model that is in the cache and not in the catalogue."""
    folder = str(one.folder)
    return Choice(
        one.name,
        part,
        one.name in used,
        False,
        one.state,
        folder,
        one.size,
        one.size if one.state == "whole" else None,
        one.licence,
        one.context,
    )


def overview_lines(found: Overview) -> Iterator[str]:
    """Yield the machine, the models that could be used as a table, and what is recommended."""
    yield f"This machine: {_machine(found.machine)}"
    yield ""
    width = max(len(one.name) for one in found.choices)
    yield f"  {'':<{width}}  here        size  licence       context  memory to run"
    for part, purpose in _PURPOSES.items():
        yield f"  {part}: {purpose}"
        yield from (_row(one, width) for one in found.choices if one.part == part)
    yield ""
    yield "* recommended for this machine, > in use"
    for advice in found.advice:
        yield f"  {advice.part:<9} {advice.name or 'built-in'}: {advice.why}"
    yield ""
    yield "Sizes, licences and contexts are their makers'; memory is reckoned unless measured."
    yield "Fetch all that is recommended: qa models pull; one: qa models pull NAME"
    yield "See how one does here: qa models check NAME"


def _row(one: Choice, width: int) -> str:
    mark = ">" if one.in_use else "*" if one.recommended else " "
    here = {"whole": "on disk", "incomplete": f"half, {_gb(one.size)}"}.get(one.state, "no")
    size = _gb(one.size if one.state == "whole" else one.download)
    context = f"{one.context:,}" if one.context else ""
    memory = f"{_gb(one.memory)} {one.dtype}" if one.memory else ""
    memory += ", measured" if one.measured else ""
    return (
        f"{mark} {one.name:<{width}}  {here:<10}{size:>6}  {one.licence:<12}{context:>9}  "
        f"{memory:<24}  {one.suits}"
    ).rstrip()


def _machine(machine: Machine) -> str:
    cores = f"{machine.cores} core{'s' * (machine.cores != 1)}"
    memory = f"{_gb(machine.memory)} of memory, {_gb(machine.available)} of it free"
    found = machine.accelerator
    if found is None:
        return f"{cores}, {memory}, no GPU that torch can use"
    size = f" with {_gb(found.memory)}" if found.memory else " with an unknown amount of memory"
    return f"{cores}, {memory}, {found.name}{size if found.kind == 'cuda' else ''}"


def _gb(size: int | None) -> str:
    if size is None:
        return "?"
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.1f} MB"
