"""Numerals: a number in an English question → how Chinese text may write it.

Knows no dictionary; dates are read elsewhere.
"""

import re

_ORDINAL, _DECADE = re.compile(r"(\d+)(?:st|nd|rd|th)"), re.compile(r"(?:1[5-9]|20)?(\d0)s")
# How many 万 and 亿 one of them is.
_MAGNITUDES = {"thousand": (0.1,), "million": (100.0, 0.01), "billion": (10.0,)}
_DIGITS = dict(zip(map(str, range(1, 11)), "一二三四五六七八九十", strict=True))
_AS_CHARACTER = 0.8


def numerals(word: str, after: str) -> list[tuple[str, float]]:
    """Return `(token, trust)` of other ways to write `word`, which stands before `after`.

    15th is 15, the 1970s are the 70 of 70年代, 2.5 million is 250 万, 9 is 九; none for a word
    that is no number.
    """
    if found := _ORDINAL.fullmatch(word):
        return [(found[1], 1.0), *_as_character(found[1])]
    if found := _DECADE.fullmatch(word):
        return [(found[1], 1.0)]
    plain = word.replace(",", "")
    if after in _MAGNITUDES and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", plain):
        return [(f"{float(plain) * times:.10g}", 1.0) for times in _MAGNITUDES[after]]
    return _as_character(plain)


def _as_character(number: str) -> list[tuple[str, float]]:
    return [(_DIGITS[number], _AS_CHARACTER)] if number in _DIGITS else []
