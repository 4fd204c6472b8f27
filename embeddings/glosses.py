"""Glosses: the files derived from CC-CEDICT, read as tables of words and what they stand for.

Each line is a key, a tab and `words percent;words percent`. Knows no questions and no vectors.
"""

import gzip
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "cedict"


@cache
def table(name: str) -> dict[str, str]:
    """Return the unparsed lines of `english` (stem → Chinese) or `chinese` (word → English)."""
    lines = gzip.decompress((FOLDER / f"{name}.txt.gz").read_bytes()).decode().split("\n")
    return dict(line.split("\t", 1) for line in lines)


def parsed(alternatives: str) -> list[tuple[str, float]]:
    """Return `(words, trust)` of one line, best first; empty for an empty one."""
    if not alternatives:
        return []
    cut = (item.rsplit(" ", 1) for item in alternatives.split(";"))
    return [(text, int(percent) / 100) for text, percent in cut]
