"""Catalogue: the models that are recommended to be fetched, and what is known of each beforehand.

Knows nothing of what is on disk or of the machine. Licence, context and download size are what
the makers publish on the model's page and in its list of files; nothing here was measured by us
but what `measured` says.
"""

from dataclasses import dataclass
from typing import Literal

Part = Literal["encoder", "reranker", "answerer"]

_GB = 10**9
# A Python process with torch and transformers before any weights are loaded, in bytes: what was
# left of 1.8 GB when the weights of a Qwen3-0.6B in bf16 (1.2 GB) were taken off.
_PROGRAM = 6 * 10**8


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of the hub, `name` as OWNER/NAME, for one `part` of the road to an answer.

    `parameters` are those that run: an output layer that repeats the embeddings counts once.
    `download` and `measured` are in bytes, `context` in tokens. `measured` is what the process
    holds while the model runs in `dtype`, 0 where nobody measured. `suits` says which machines.
    """

    name: str
    part: Part
    parameters: float
    download: int
    licence: str
    context: int
    dtype: str
    suits: str
    measured: int = 0

    @property
    def memory(self) -> int:
        """The bytes that it takes to run: as measured, or weights and program."""
        width = 4 if self.dtype == "fp32" else 2
        return self.measured or _PROGRAM + int(self.parameters * width)


def _gb(size: float) -> int:
    return int(size * _GB)


CATALOGUE = (
    Entry(
        "Qwen/Qwen3-0.6B",
        "answerer",
        0.6e9,
        _gb(1.52),
        "Apache-2.0",
        32_768,
        "int8",
        "any machine",
        measured=_gb(2.1),  # random weights of its shape; 1.8 GB in bf16, at half the speed
    ),
    Entry(
        "Qwen/Qwen3-1.7B",
        "answerer",
        1.72e9,
        _gb(4.08),
        "Apache-2.0",
        32_768,
        "bf16",
        "4 cores, or a GPU",
    ),
    Entry(
        "Qwen/Qwen3-4B-Instruct-2507",
        "answerer",
        4.02e9,
        _gb(8.06),
        "Apache-2.0",
        262_144,
        "bf16",
        "a GPU from 10 GB",
    ),
    Entry(
        "intfloat/multilingual-e5-small",
        "encoder",
        0.118e9,
        _gb(0.49),
        "MIT",
        512,
        "fp32",
        "any machine",
    ),
    Entry(
        "BAAI/bge-m3",
        "encoder",
        0.568e9,
        _gb(2.29),
        "MIT",
        8_192,
        "fp32",
        "a GPU",
    ),
    Entry(
        "Qwen/Qwen3-Embedding-0.6B",
        "encoder",
        0.596e9,
        _gb(1.21),
        "Apache-2.0",
        32_768,
        "fp32",
        "a GPU",
    ),
    Entry(
        "BAAI/bge-reranker-v2-m3",
        "reranker",
        0.568e9,
        _gb(2.29),
        "Apache-2.0",
        8_192,
        "fp32",
        "a GPU",
    ),
    Entry(
        "BAAI/bge-reranker-base",
        "reranker",
        0.278e9,
        _gb(1.13),
        "MIT",
        512,
        "fp32",
        "a GPU; zh and en",
    ),
)


def entries(part: Part) -> list[Entry]:
    """Return the models for one part, the smallest first."""
    return sorted((one for one in CATALOGUE if one.part == part), key=lambda one: one.memory)


def entry(name: str) -> Entry | None:
    """Return the model that `name` means: OWNER/NAME or NAME, in capitals or not."""
    wanted = name.casefold()
    for one in CATALOGUE:
        if wanted in (one.name.casefold(), one.name.partition("/")[2].casefold()):
            return one
    return None
