"""Numbers: a plain sentence → the quantities it states, with values that can be compared.

一千五百 = 1500 = 1,500 = "fifteen hundred"; 1.5万 = 15000; 三成 = 30% = "30 percent"; 24亿 =
"2.4 billion". Where a unit is known the value is in its base unit, so that 半小时 is 30 minutes
and 8.6吨 is not 8.6公斤. Knows neither dates nor what is counted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from qa.grounding.numerals import (
    DIGITS,
    NUMERALS,
    counts_nothing,
    is_place,
    is_share,
    numeral,
    value,
)
from qa.grounding.plain import HAN
from qa.grounding.units import Bound, Unit, bound_at, unit_at
from qa.spans import Span

_RANGE = re.compile(r"\s?(?:至|到|-|~|to|and)\s?")
_MORE = re.compile(r"([一二三四五六七八九])(?![个名位])|半")
_BELOW_ZERO = re.compile(r"零下$|\bminus\s$", re.I)
_MINUS = re.compile(r"(?:^|[^\dA-Za-z])-$")
_LASTING = ("months", "days", "minutes", "seconds")  # "over two years" is mostly in their course
_OVER = re.compile("[余多几]|过半")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as stated: `value` in the base unit of `dimension`, "" where no unit is known.

    `number` is the value before its unit. `ordinal` tells that it counts a place (第三, "third"),
    `several` that only its power of ten is stated (数百). `weak` is a one that may be no more than
    an article (一家). `text` is the number as written, `span` where it and its unit stand.
    """

    number: Fraction
    value: Fraction
    dimension: str
    bound: Bound
    ordinal: bool
    several: bool
    weak: bool
    text: str
    span: Span

    @property
    def counted(self) -> bool:
        """Whether a word behind it tells that it counts things (41个), so that it measures none."""
        return (
            not self.dimension
            and HAN.match(self.text[-1]) is not None
            and self.text[-1] not in NUMERALS
        )


def quantities(text: str, taken: Sequence[Span] = ()) -> tuple[Quantity, ...]:
    """Return the quantities in plain `text`, in order, outside of the places `taken`."""
    for span in taken:
        text = text[: span.start] + "\n" * (span.end - span.start) + text[span.end :]
    found: list[Quantity] = []
    at = 0
    while match := numeral().search(text, at):
        quantity = _quantity(text, match)
        at = quantity.span.end if quantity else match.end()
        if quantity and found and _RANGE.fullmatch(text, found[-1].span.end, quantity.span.start):
            found[-1] = _in_range(found[-1], quantity)
        found += [quantity] if quantity else []
    return tuple(found)


def _in_range(low: Quantity, high: Quantity) -> Quantity:
    """Return the first number of 二到三成 or "20 to 30 percent", in the unit of the second."""
    if low.dimension or not high.dimension or low.ordinal:
        return low
    size = high.value / high.number if high.number else Fraction(1)
    return replace(low, value=low.number * size, dimension=high.dimension)


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    number, (start, end) = value(match), match.span()
    if text[end : end + 2] == "个半" and unit_at(text, end + 2, end + 2).dimension:
        number, end = number + Fraction(1, 2), end + 2  # 一个半小时
    unit = _unit(text, match, end)
    if unit.dimension in ("", "people") and counts_nothing(text, match):
        return None
    minus = unit.dimension == "degrees" and _MINUS.search(text, max(0, start - 2), start)
    if minus or _BELOW_ZERO.search(text, max(0, start - 6), start):
        number = -number
    if unit.dimension == "share" and match["half"]:
        number *= 100
    whole, tail = _with_rest(text, unit, number)
    ordinal = is_place(match)
    return Quantity(
        number=number,
        value=whole,
        dimension=unit.dimension,
        bound="exact" if ordinal else _bound(text, match, unit),
        ordinal=ordinal,
        several=bool(match["several"] or match["plural"]),
        weak=match[0].lower() in ("一", "one") and unit.dimension in ("", "people", "households"),
        text=text[start:tail],
        span=Span(start, tail),
    )


def _unit(text: str, match: re.Match[str], end: int) -> Unit:
    """Return the unit of a number that ends at `end`; a share is one by itself."""
    unit = unit_at(text, match.start(), end)
    counted = unit.dimension or text[end : end + 1] == "个"
    if is_share(match) or (match["half"] and not counted):
        return Unit("share", Fraction(1), end)
    return unit


def _bound(text: str, match: re.Match[str], unit: Unit) -> Bound:
    if unit.dimension in _LASTING and text[: match.start()].lower().endswith(" over "):
        return "exact"
    return "above" if _OVER.search(match[0]) else bound_at(text, *match.span(), unit.end)


def _with_rest(text: str, unit: Unit, number: Fraction) -> tuple[Fraction, int]:
    """Return the value in base units, with what stands behind its unit: 两成八, 四块五, 两年半."""
    more = _MORE.match(text, unit.end)
    if more and more[1] and text[unit.end - 1] in "成块":
        return (number + Fraction(DIGITS[more[1]], 10)) * unit.size, more.end()
    if more and not more[1] and unit.dimension:
        return (number + Fraction(1, 2)) * unit.size, more.end()
    return number * unit.size, unit.end
