"""Agreement: the numbers and moments of a statement ↔ those of the sentences that it cites.

Every one that is stated must be held, in whatever way it is written. Knows nothing of what is
counted or dated: see binding.py.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from qa.chat.facts import Facts
from qa.chat.moments import Moment
from qa.chat.numbers import Quantity

_LABELLED = frozenset("号届级期版线路年季")  # behind a number that names rather than counts
_EACH = re.compile(r"每|\b(?:per|each|every|a|an)\b", re.I)
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s?(?:[万亿]|million|billion)", re.I)
_ROUGHLY = Fraction(1, 20)  # how far a rough figure may be from the exact one
_DAYPARTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"凌晨|dawn|early",
        r"[早晨]|上午|morning",
        r"午|noon",
        r"午|傍|afternoon|evening",
        r"[晚夜]|night|evening",
    )
)
_YEARS = range(1500, 2100)


def unheld_quantity(stated: Facts, held: Facts, context: Facts) -> Quantity | None:
    """Return the first quantity of `stated` that `held` has not, or None.

    The context may hold what only names (第十二次会议), no other number.
    """
    named = [q for q in context.quantities if q.ordinal or _label(context.text, q)]
    for quantity in stated.quantities:
        if _is_article(quantity, held) or _as_moment(quantity, held):
            continue
        if any(same_quantity(stated, quantity, held, other) for other in held.quantities):
            continue
        names = not quantity.dimension
        if not any(names and same_quantity(stated, quantity, context, o) for o in named):
            return quantity
    return _stated_twice(stated, held)


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
        (one.dimension and other.dimension) or "share" in (one.dimension, other.dimension)
    ):
        return False
    if stated.chinese == held.chinese:
        labels = _label(stated.text, one), _label(held.text, other)
        if one.ordinal != other.ordinal and not labels[one.ordinal]:
            return False
        if labels[0] and labels[0] != labels[1] and (labels[1] or other.text[0] != "第"):
            return False
    if one.several or other.several:
        return _several(one, other)
    equal = one.number == other.number and not (one.dimension and other.dimension)
    if equal or one.value == other.value:
        return _bounds_agree(one, other)
    return _rounded(one, other)


def _label(text: str, quantity: Quantity) -> str:
    """Return the character behind a number that tells that it names rather than counts, or ""."""
    if quantity.dimension:
        return ""
    behind = text[quantity.span.end - 1 : quantity.span.end + 1]
    return next((character for character in behind if character in _LABELLED), "")


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


def _as_moment(quantity: Quantity, held: Facts) -> bool:
    """Tell whether a number is held as a moment: 15天 or "the 15th" as 15日, 2022 as 2022年."""
    if quantity.ordinal:
        days = [m.value[-1] for m in held.moments if m.kind in ("date", "day")]
        return quantity.number in days and quantity.text[0] != "第"
    if quantity.dimension == "days":
        return any(m.kind == "date" and m.value[0] == quantity.number for m in held.moments)
    year = not quantity.dimension and quantity.number in _YEARS
    return year and any(m.kind == "year" and m.value[0] == quantity.number for m in held.moments)


def unheld_moment(stated: Facts, held: Facts, context: Facts) -> Moment | None:
    """Return the first moment of `stated` that neither `held` nor the context has, or None."""
    days = [m for m in stated.moments if m.kind == "day"]
    own = {m.value for m in held.moments if m.kind == "day"}
    # The day of the article is no day of the event where the sentence itself tells that.
    of_context = () if own and not any(m.value in own for m in days) else context.moments
    every = (*held.moments, *of_context)
    for moment in stated.moments:
        others = every if moment.kind in ("day", "date", "month", "year") else held.moments
        if not any(held_moment(moment, other) for other in others) and not (
            _resolved(moment, held, context)
            or _as_quantity(moment, held)
            or _in_other_words(moment, held)
        ):
            return moment
    return _named_twice(stated, held)


def _named_twice(stated: Facts, held: Facts) -> Moment | None:
    """Return a month that is stated more often than it is held (1月至1月 for 1月至4月), or None."""
    months = [m for m in stated.moments if m.kind == "month"]
    for month in months:
        often = sum(m.value == month.value for m in months)
        if often > 1 and often > sum(held_moment(month, m) for m in held.moments) > 0:
            return month
    return None


def _in_other_words(moment: Moment, held: Facts) -> bool:
    """Tell whether a part of the day stands inside a word (夜市, "weekend nights")."""
    return moment.kind == "daypart" and bool(_DAYPARTS[moment.value[0]].search(held.text))


def held_moment(one: Moment, other: Moment) -> bool:
    """Tell whether `other` says all that `one` says: a day says its month too."""
    if one.kind == other.kind == "time":
        return one.value[0] == other.value[0] and (
            one.value[1] == other.value[1] or -1 in (one.value[1], other.value[1])
        )
    if one.kind == other.kind == "third":
        return one.value[0] == other.value[0] and (one.value[1] in (0, other.value[1]))
    if one.kind == other.kind:
        return one.value == other.value
    if other.kind == "day":
        return (one.kind, one.value) in (("month", other.value[:1]), ("date", other.value[1:]))
    if one.kind == "daypart" and other.kind == "time":
        return one.value[0] in _dayparts(other)
    return one.kind == "day" and other.kind == "date" and one.value[1:] == other.value


def _dayparts(time: Moment) -> Iterator[int]:
    hour = time.value[0] // 60
    if time.value[1] != 0:
        yield from (2, 3) if hour < 2 else (3, 4) if hour in (5, 6) else (3,) if hour < 5 else (4,)
    if time.value[1] != 1:
        yield from (0, 4) if hour < 5 else (0, 1) if hour < 7 else (1, 2) if hour == 11 else (1,)


def _resolved(moment: Moment, held: Facts, context: Facts) -> bool:
    """Tell whether a year is what 去年 and the like mean in the context, or the other way round."""
    now = [m.value[0] for m in context.moments if m.kind == "year"]
    if moment.kind == "year":
        ago = [m.value[1] for m in held.moments if m.kind == "ago" and m.value[0] == 0]
        return any(moment.value[0] == year + years for year in now for years in ago)
    if moment.kind == "ago" and moment.value[0] == 0:
        years = [m.value[0] for m in held.moments if m.kind == "year"]
        other = any(m.kind == "ago" and m.value[0] == 0 for m in held.moments)
        if moment.value == (0, 0) and not years and not other:
            return True  # a paper tells of this year where it says no other
        return any(year == this + moment.value[1] for year in years for this in now)
    return False


def _as_quantity(moment: Moment, held: Facts) -> bool:
    """Tell whether a day or year is held as a bare number: 15日 as 15天, 2022年 as "2022"."""
    wanted = {"date": "days", "year": ""}.get(moment.kind)
    return any(q.dimension == wanted and q.number == moment.value[0] for q in held.quantities)
