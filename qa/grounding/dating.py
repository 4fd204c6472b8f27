"""Dating: the moments of a statement ↔ those of the sentences that it cites, and of their articles.

Every one that is stated must be held. The article's own date counts where the sentences give no
other of its kind. Knows nothing of what is dated: see binding.py.
"""

import re
from collections.abc import Iterator

from qa.grounding.facts import Facts
from qa.grounding.moments import Moment

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
_REPORTED = re.compile(r"\W{0,2}(?:的|a )?(?:报道|讯|消息|刊|新闻|report|article)")
_OF_CONTEXT = ("day", "date", "month", "year")


def unheld_moment(stated: Facts, held: Facts, context: Facts) -> Moment | None:
    """Return the first moment of `stated` that neither `held` nor the context has, or None."""
    for moment in stated.moments:
        own = any(held_moment(moment, other) for other in held.moments)
        if not own and not (
            _in_context(moment, stated, held, context)
            or _resolved(moment, held, context)
            or _as_quantity(moment, held)
            or _in_other_words(moment, held)
            or _without_month(moment, held, context)
        ):
            return moment
    return _named_twice(stated, held)


def _in_context(moment: Moment, stated: Facts, held: Facts, context: Facts) -> bool:
    """Tell whether a moment is the article's, and the sentences name no other of its kind.

    If they do, it may still be that of the report: 3月4日报道.
    """
    if moment.kind not in _OF_CONTEXT or not any(held_moment(moment, m) for m in context.moments):
        return False
    reported = _REPORTED.match(stated.text, moment.span.end)
    return bool(reported) or not any(_names(other, moment.kind) for other in held.moments)


def _names(moment: Moment, kind: str) -> bool:
    return moment.kind == kind or (moment.kind == "day" and kind in ("date", "month"))


def _without_month(moment: Moment, held: Facts, context: Facts) -> bool:
    """Tell whether a day is held without its month (20日), which is told elsewhere."""
    every = [m for m in (*held.moments, *context.moments) if m.kind in ("day", "month")]
    return moment.kind == "day" and (
        any(m.kind == "date" and m.value == moment.value[1:] for m in held.moments)
        and any(m.value[0] == moment.value[0] for m in every)
    )


def _named_twice(stated: Facts, held: Facts) -> Moment | None:
    """Return what is stated more often than it is held (1月至1月 for 1月至4月), or None."""
    for moment in stated.moments:
        often = sum((m.kind, m.value) == (moment.kind, moment.value) for m in stated.moments)
        there = sum(held_moment(moment, m) for m in held.moments)
        if moment.kind in _OF_CONTEXT and often > 1 and often > there > 0:
            return moment
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
    return False


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
