"""Limits: how large and how slow a file may be. The one place where they are stated.

How a user changes them is told in qa/settings.py.
"""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused beyond, each in one line that names the limit.

    Of one file: `file_bytes`, `characters` of extracted text, `pages` of a PDF, and for what is
    read by a foreign library `seconds` and `memory_bytes` (kept on Linux only) of its process.
    Of one archive, a .docx included: `members`, `unpacked_bytes` of all together, and `ratio`
    of unpacked to packed bytes, which real documents stay far below. Of the files in an archive,
    those that are not begun within `archive_seconds` are left out.
    """

    file_bytes: int = 100 * MIB
    characters: int = 10_000_000
    pages: int = 500
    seconds: float = 120
    memory_bytes: int = 2048 * MIB
    members: int = 2_000
    unpacked_bytes: int = 500 * MIB
    ratio: int = 200
    archive_seconds: float = 3_600


DEFAULT = Limits()


def mebibytes(size: int) -> str:
    """Return a number of bytes as people are told it."""
    if size < MIB:
        return f"{size} bytes"
    return f"{size / MIB:.3g} MiB" if size < 1000 * MIB else f"{size // MIB} MiB"
