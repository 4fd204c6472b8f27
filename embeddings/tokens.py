"""Tokens: one text → the units that words are searched by.

Chinese (and kana, hangul) is cut into characters and pairs of neighbouring characters, which
needs no dictionary and finds names that no dictionary holds; other scripts into stemmed words.
Knows nothing of ids, weights or indexes, and does not keep the places of tokens in the text.
"""

import re
import unicodedata
from functools import cache, lru_cache
from operator import add
from typing import Any

CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)

# A comma belongs to a number only between full groups of three digits, and a point only between
# digits; a run of CJK goes on over white space, since column text is broken anywhere.
_UNITS = re.compile(
    rf"[{CJK}]+(?:\s+[{CJK}]+)*"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)+"
    r"|(?:[a-z]\.){2,}"
    rf"|[^\W_{CJK}](?:[^\W_{CJK}]|[\u0300-\u036f])*"
)
# Compatibility normalisation is slow in CPython, so it is only given what it may change: all but
# ASCII, Chinese characters and their punctuation. A full-width comma stays a separator ("８，15")
# unless full-width digits stand on both sides ("１，５００").
_FOLDABLE = re.compile(
    "[^\x00-\x7f\u2010-\u2027\u3001-\u301f\u4e00-\u9fff，：；！？（）]+(?:，[０-９]+)*"
)

# Function words of English, with the pieces that an apostrophe leaves behind.
_STOP_WORDS = """
a about above after again against all also am an and any are aren as at be because been before
being below between both but by can cannot could couldn d did didn do does doesn doing don down
during each few for from further had hadn has hasn have haven having he her here hers herself
him himself his how i if in into is isn it its itself just ll m me more most mustn my myself no
nor not now of off on once only or other our ours ourselves out over own re s same she should
shouldn so some such t than that the their theirs them themselves then there these they this
those through to too under until up ve very was wasn we were weren what when where which while
who whom whose why will with won would wouldn you your yours yourself yourselves
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def normalised(text: str) -> str:
    """Return `text` in lower case with all letters, digits and spaces in their NFKC form.

    Full-width Chinese punctuation stays as it is.
    """
    return _FOLDABLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).lower()


def tokens(text: str) -> list[str]:
    """Return the search tokens of `text`, repeated as often as they occur, in no strict order.

    A run of CJK characters gives its characters, then its pairs; white space inside a run is
    ignored, punctuation ends it. Latin words are stemmed (Porter 2) and left out when they are
    English stop words; numbers stay whole, without thousands commas.
    """
    found: list[str] = []
    for unit in _UNITS.findall(normalised(text)):
        if unit[0] >= "\u3005":
            run = "".join(unit.split())
            found += run
            found += map(add, run, run[1:])
        elif word := _word(unit):
            found.append(word)
    return found


@lru_cache(maxsize=1 << 17)
def _word(unit: str) -> str:
    """Return the token of one unit that is not CJK, or "" for a stop word."""
    if unit in STOP_WORDS:
        return ""
    if unit[0].isdigit():
        return unit.replace(",", "")
    if not unit.isascii():
        unit = "".join(
            c for c in unicodedata.normalize("NFKD", unit) if not unicodedata.combining(c)
        )
    stem: str = _stemmer().stemWord(unit.replace(".", ""))
    return stem


@cache
def _stemmer() -> Any:
    import snowballstemmer  # brings the stemmers of thirty languages

    return snowballstemmer.stemmer("english")
