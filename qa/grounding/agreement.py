"""Agreement: the numbers of a statement ↔ those of the sentences that it cites.

Every one that is stated must be held, in whatever way it is written. Knows nothing of what is
counted: see binding.py.
"""

import re
from fractions import Fraction

from qa.grounding.facts import Facts
from qa.grounding.numbers import Quantity

_LABELLED = frozenset("号届级期版线路年季")  # behind a number that names rather than counts
_EACH = re.compile(r"每|\b(?:per|each|every|a|an)\b", re.I)
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s?(?:[万亿]|million|billion)", re.I)
_CAPITAL = re.compile(r"(?:\b[A-Z][a-z]+|\b[Nn]o\.|#)\s?$")
_THINGS = {"people", "households"}  # what may be counted by other words too
_OF_ANYTHING = frozenset("个家批起对双次")  # of Chinese measures those that may count people too
_ROUGHLY = Fraction(1, 20)  # how far a rough figure may be from the exact one
# What may stand behind "the 15th" where it is a day.
_ALONE = re.compile(r"\s?(?:$|[,.;:!?)]|(?:of|at|in|and|to|when)\b)")
_YEARS = range(1500, 2100)


def unheld_quantity(stated: Facts, held: Facts, context: Facts) -> Quantity | None:
    """Return the first quantity of `stated` that `held` has not, or None.

    The context may hold what only names (第十二次会议), no other number.
    """
    named = [q for q in context.quantities if _names(context, q)]
    for quantity in stated.quantities:
        if _is_article(quantity, held) or _as_moment(stated, quantity, held):
            continue
        if any(same_quantity(stated, quantity, held, other) for other in held.quantities):
            continue
        names = _names(stated, quantity)
        if not any(names and same_quantity(stated, quantity, context, o) for o in named):
            return quantity
    return _stated_twice(stated, held)


def _names(facts: Facts, quantity: Quantity) -> bool:
    """Tell whether a number names a thing: 第十二次, 3号线, "Line 3"."""
    before = _CAPITAL.search(facts.text, 0, quantity.span.start)
    return quantity.ordinal or bool(before or _label(facts.text, quantity))


def _stated_twice(stated: Facts, held: Facts) -> Quantity | None:
    """Return a quantity that is stated more often than it is held (5比5 for 5比4), or None."""
    counted = [q for q in stated.quantities if not q.weak and not q.ordinal]
    for quantity in counted:
        often = sum(q.value == quantity.value for q in counted)
        if often > 1 and often > sum(q.number == quantity.number for q in held.quantities) > 0:
            return quantity
    return None


def _is_article(quantity: Quantity, held: Facts) -> bool:
    """Tell whether a one may be no number at all: 一家, 一亩 for 每亩, "first" among no others."""
    if quantity.ordinal:
        return quantity.number == 1 and not any(q.ordinal for q in held.quantities)
    each = quantity.number == 1 and quantity.text[0] in "一oO" and _EACH.search(held.text)
    return quantity.weak or bool(each)


def same_quantity(stated: Facts, one: Quantity, held: Facts, other: Quantity) -> bool:
    """Tell whether `held` says with `other` what `stated` says with `one`."""
    if one.dimension != other.dimension and (
        (one.dimension and other.dimension)
        or "share" in (one.dimension, other.dimension)
        or ((one.counted or other.counted) and not {one.dimension, other.dimension} & _THINGS)
        or ("people" in (one.dimension, other.dimension) and (_of_things(one) or _of_things(other)))
    ):
        return False
    if not _counts_alike(stated, one, held, other) or _is_mere_article(one, other):
        return False
    if one.several or other.several:
        return _several(one, other)
    equal = one.number == other.number and not (one.dimension and other.dimension)
    if equal or one.value == other.value:
        return _bounds_agree(one, other)
    return _rounded(one, other)


def _of_things(quantity: Quantity) -> bool:
    """Tell whether a number's measure (1500张) never counts people."""
    return quantity.counted and quantity.text[-1] not in _OF_ANYTHING


def _counts_alike(stated: Facts, one: Quantity, held: Facts, other: Quantity) -> bool:
    """Tell whether both name a place or thing (第三, 3号) or both count, as far as can be told."""
    if stated.chinese != held.chinese:
        return one.ordinal == other.ordinal or not (other if one.ordinal else one).dimension
    label, there = _label(stated.text, one), _label(held.text, other)
    if one.ordinal != other.ordinal and not (there if one.ordinal else label):
        return False
    if label and there:
        return label == there
    return one.ordinal if there else not label or other.text[0] == "第"


def _is_mere_article(one: Quantity, other: Quantity) -> bool:
    """Tell whether a one in digits could only be borne out by a 一 that counts something else."""
    return other.weak and not one.weak and one.text[0] == "1" and one.text[-1] != other.text[-1]


def _label(text: str, quantity: Quantity) -> str:
    """Return the character behind a number that tells that it names rather than counts, or ""."""
    behind = text[quantity.span.end : quantity.span.end + 1]
    return behind if behind in _LABELLED and not (quantity.dimension or quantity.counted) else ""


def _bounds_agree(one: Quantity, other: Quantity) -> bool:
    if {one.bound, other.bound} == {"above", "below"}:
        return False
    return one.bound in ("exact", "about") or other.bound != "exact"


def _several(one: Quantity, other: Quantity) -> bool:
    if one.several and other.several:
        return one.number == other.number
    scale, value = (one, other) if one.several else (other, one)
    return one.several and 2 * scale.number <= value.number < 10 * scale.number


def _rounded(one: Quantity, other: Quantity) -> bool:
    """Tell whether `one` is a fair rounding of `other`, on the side that it says it is on.

    Without a word for it only where it is written with a scale and three digits (21.28万).
    """
    if other.bound != "exact" or one.value <= 0 or _digits(one.number) >= _digits(other.number):
        return False
    above = other.value - one.value
    if one.bound == "exact":
        return 2 * abs(above) <= _last_place(one)
    if (one.bound == "above" and above < 0) or (one.bound == "below" and above > 0):
        return False
    return abs(above) <= other.value * _ROUGHLY


def _last_place(quantity: Quantity) -> Fraction:
    """Return what one more in the last of three or more digits before a scale is worth, else 0."""
    figures = _SCALED.match(quantity.text)
    if figures is None or _digits(quantity.number) < 3:
        return Fraction(0)
    whole, _, decimals = figures[1].partition(".")
    return quantity.value / int(whole + decimals) if int(whole + decimals) else Fraction(0)


def _digits(number: Fraction) -> int:
    """Return how many digits a number has without the zeros at its two ends, down to 10⁻¹⁰."""
    return len(str(round(abs(number) * 10**10)).strip("0"))


def _as_moment(stated: Facts, quantity: Quantity, held: Facts) -> bool:
    """Tell whether a number is held as a moment: 15天 or "the 15th" as 15日, 2022 as 2022年."""
    if quantity.ordinal:
        days = [m.value[-1] for m in held.moments if m.kind in ("date", "day")]
        return quantity.number in days and bool(_ALONE.match(stated.text, quantity.span.end))
    if quantity.dimension == "days":
        return any(m.kind == "date" and m.value[0] == quantity.number for m in held.moments)
    year = not quantity.dimension and quantity.number in _YEARS
    return year and any(m.kind == "year" and m.value[0] == quantity.number for m in held.moments)
