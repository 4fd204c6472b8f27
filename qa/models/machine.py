"""The machine: how much memory it has, how many cores, and what speeds up a model.

Knows nothing of models. torch is not imported, which would take seconds.
"""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

# Where Linux tells how much memory a container may use, of both versions of its control groups.
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_NVIDIA = ("--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
_PATIENCE = 3  # seconds for the driver to answer
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Accelerator:
    """What torch can use besides the CPU; `memory` in bytes is None where nobody tells."""

    kind: Literal["cuda", "mps"]
    name: str
    memory: int | None


@dataclass(frozen=True, slots=True)
class Machine:
    """What a model has to run on; `memory` and what is `available` of it now are in bytes.

    `cores` are those that this process may use. `accelerator` is None where none was found,
    which is also said of kinds other than NVIDIA's and Apple's.
    """

    memory: int
    available: int
    cores: int
    accelerator: Accelerator | None = None


def this_machine() -> Machine:
    """Return what this process has to run on, in a few milliseconds without an NVIDIA driver."""
    import psutil

    found = psutil.virtual_memory()
    memory = min(int(found.total), _container() or found.total)
    return Machine(memory, min(int(found.available), memory), _cores(), _accelerator(memory))


def memory_in_use() -> int:
    """Return how many bytes of memory this process holds now."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def _container() -> int | None:
    for limit in _LIMITS:
        try:
            return int(limit.read_text())
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _accelerator(memory: int) -> Accelerator | None:
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return Accelerator("mps", "Apple GPU", memory)  # shares the memory of the machine
    program = shutil.which("nvidia-smi")
    return gpu_named_by(program) if program and _torch_runs_on_cuda() else None


def gpu_named_by(program: str) -> Accelerator | None:
    """Return the first GPU that `nvidia-smi` names, which is the one that torch takes."""
    try:
        ran = subprocess.run(
            [program, *_NVIDIA], capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    name, _, size = ran.stdout.partition("\n")[0].rpartition(", ")
    if not name:
        return None
    return Accelerator("cuda", name, int(size) * _MIB if size.isdecimal() else None)


def _torch_runs_on_cuda() -> bool:
    """Tell from its files whether the installed torch was built for NVIDIA."""
    spec = find_spec("torch")
    places = (spec.submodule_search_locations or ()) if spec else ()
    return any(any(Path(place, "lib").glob("*torch_cuda*")) for place in places)
