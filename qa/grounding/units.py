"""Units: what stands around a number → its unit, and whether it is a limit or a rough figure.

Knows the common units of newspapers in both languages. Words that only count (张, 家, "beds")
are no units: a paraphrase is free to change them.
"""

import re
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple

Bound = Literal["exact", "about", "above", "below"]


class Unit(NamedTuple):
    """What is measured, how much of the dimension's base unit one is, and where it ends."""

    dimension: str
    size: Fraction
    end: int


# Longer ones before those that they begin with.
_UNITS: tuple[tuple[str, str, str], ...] = (
    (r"个?百分点|percentage points?", "point", "1"),
    (r"%|percent|per cent", "share", "1"),
    (r"成(?![立为功员本绩果熟都长交就分])", "share", "10"),
    (r"美元|(?:US )?dollars?\b", "dollar", "1"),
    (r"欧元|euros?\b", "euro", "1"),
    (r"港元|港币", "hkd", "1"),
    (r"元|块钱|块(?=[一二三四五六七八九半])|yuan\b|RMB\b|CNY\b", "yuan", "1"),
    (r"平方公里|square kilomet(?:er|re)s?|sq km\b", "area", "1000000"),
    (r"平方米|平米|square met(?:er|re)s?|sq m\b", "area", "1"),
    (r"公顷|hectares?\b", "area", "10000"),
    (r"亩|mu\b", "area", "2000/3"),
    (r"立方米|cubic met(?:er|re)s?", "volume", "1"),
    (r"公里|千米|-?kilomet(?:er|re)s?\b|-?km\b", "length", "1000"),
    (r"厘米|centimet(?:er|re)s?\b|cm\b", "length", "1/100"),
    (r"毫米|millimet(?:er|re)s?\b|mm\b", "length", "1/1000"),
    (r"米(?![饭粉面])|-?met(?:er|re)s?\b", "length", "1"),
    (r"公斤|千克|kilograms?\b|kg\b|kilos?\b", "mass", "1"),
    (r"万吨", "mass", "10000000"),
    (r"吨|tonnes?\b|tons?\b", "mass", "1000"),
    (r"斤|jin\b", "mass", "1/2"),
    (r"周?岁|-years?-old|years? old|years of age", "age", "1"),
    (r"年(?![级代轻青])|-?years?\b", "months", "12"),
    (r"个?月(?!\d)|-?months?\b", "months", "1"),
    (r"周(?![年岁一二三四五六日天])|个?星期(?![一二三四五六日天])|-?weeks?\b", "days", "7"),
    (r"[天日](?![前窗])|-?days?\b", "days", "1"),
    (r"个?(?:小时|钟头)|-?hours?\b", "minutes", "60"),
    (r"分钟|-?minutes?\b", "minutes", "1"),
    (r"秒|-?seconds?\b", "seconds", "1"),
    (r"摄氏度|度(?![假])|degrees?\b", "degrees", "1"),
    (r"人次|[人名位口](?!民|岸)|people\b|persons?\b", "people", "1"),
    (r"户|households?\b", "households", "1"),
)
# Words that only count: no unit, but part of the number where it stands.
_COUNTING = re.compile(
    "[个家所张套间座栋条项层块只头台辆艘架本册页篇件份批支根棵颗双对把面道枚杯瓶箱袋次种起]"
)
_GAP = re.compile(r"[多余来几]?\s?")
_SIGNS = {"$": "dollar", "¥": "yuan", "￥": "yuan", "€": "euro", "£": "pound"}
_BEFORE: tuple[tuple[Bound, str], ...] = (
    (
        "below",
        r"不(?:得|能|可)?(?:超过|高于|多于|大于|超)|至多|最[多高大长][^，。；\d]{0,8}|no(?:t)? more than|at most|up to|no longer than|not? exceed(?:ing)?",
    ),
    (
        "above",
        r"不(?:得|能|可)?(?:低于|少于|小于)|[至最]少|最低[^，。；\d]{0,8}|at least|no(?:t)? (?:less|fewer) than",
    ),
    (
        "below",
        r"不[足到]|低于|少于|未满|(?<!附)近|接近|\b(?:(?:less|fewer) than|under|below|nearly|almost|close to)",
    ),
    (
        "above",
        r"超过?|多达|突破|逾|多于|大于|高于|\b(?:more than|over|above|exceed(?:s|ed|ing)?)",
    ),
    ("about", r"大?约|大概|\b(?:around|about|approximately|roughly|some|an estimated)"),
)
_AFTER: tuple[tuple[Bound, str], ...] = (
    ("above", r"[多余](?![年少])|以上|出头|or more|and (?:over|above)|or (?:older|above)"),
    ("below", r"以[下内]|or (?:less|fewer|under)"),
    ("about", r"来(?=[米个人天年岁斤])|左右|上下|or so"),
)
_REACH = 18  # characters before a number in which its bound is looked for


@cache
def _unit() -> re.Pattern[str]:
    return re.compile("|".join(f"({unit[0]})" for unit in _UNITS), re.I)


@cache
def _before() -> list[tuple[Bound, re.Pattern[str]]]:
    return [(b, re.compile(rf"(?:{p})\s?(?:达|有|到)?\s?[$¥]?$", re.I)) for b, p in _BEFORE]


@cache
def _after() -> list[tuple[Bound, re.Pattern[str]]]:
    return [(b, re.compile(rf"\s?(?:{p})", re.I)) for b, p in _AFTER]


def unit_at(text: str, start: int, end: int) -> Unit:
    """Return the unit of the number `text[start:end]`; dimension "" where there is none."""
    if dimension := _SIGNS.get(text[start - 1 : start] if start else ""):
        return Unit(dimension, Fraction(1), end)
    gap = _GAP.match(text, end)
    at = gap.end() if gap else end
    if (found := _unit().match(text, at)) and found.lastindex:
        _, dimension, size = _UNITS[found.lastindex - 1]
        return Unit(dimension, Fraction(size), found.end())
    counted = _COUNTING.match(text, at)
    return Unit("", Fraction(1), counted.end() if counted else end)


def bound_at(text: str, start: int, end: int, unit_end: int) -> Bound:
    """Return what limits the number `text[start:end]`, whose unit ends at `unit_end`."""
    before = text[max(0, start - _REACH) : start]
    for bound, pattern in _before():
        if pattern.search(before):
            return bound
    for bound, pattern in _after():
        if pattern.match(text, end) or pattern.match(text, unit_end):
            return bound
    return "exact"
