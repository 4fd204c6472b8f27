"""Limits: how large and how slow a file may be. The one place where they are stated."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused beyond, each in one line that names the limit.

    Of one file: `file_bytes`, `characters` of extracted text, `pages` of a PDF, and for what is
    read by a foreign library `seconds` and `memory_bytes` (kept on Linux only) of its process.
    Of one archive, a .docx included: `members`, `unpacked_bytes` of all together, and `ratio`
    of unpacked to packed bytes, which real documents stay far below.
    """

    file_bytes: int = 100 * _MIB
    characters: int = 10_000_000
    pages: int = 500
    seconds: float = 120.0
    memory_bytes: int = 2048 * _MIB
    members: int = 2_000
    unpacked_bytes: int = 500 * _MIB
    ratio: int = 200


DEFAULT = Limits()
