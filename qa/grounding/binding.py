"""Binding: what a statement says of a number, date or name ↔ of which one the citation says it.

Both may be there and yet each be said of the other: 治疗师27人、护士31人 bears out no 护士27人.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from qa.grounding.agreement import same_quantity
from qa.grounding.comparison import Comparison, Side
from qa.grounding.dating import held_moment
from qa.grounding.facts import Facts
from qa.grounding.numbers import Quantity
from qa.grounding.people import named, people
from qa.spans import Span

# How much better than the stated one another must fit. Two that are both stated are compared as
# a pair, which is surer; across languages likeness is less sure.
_SWAPPED, _SWAPPED_ACROSS = 0.2, 0.65
_WORTH = 1.0  # and how well the two must fit at all
_RATIO, _REPLACED, _REPLACED_ACROSS = 1.2, 0.25, 0.5
_DATED = ("day", "date", "month", "year", "weekday", "time")
_INTO = re.compile(
    r"[升降增减涨跌提高长短低变扩缩改调压延快慢前后迟早晚]\S?[到至为成]\s?(?:了|约|近)?$|\bto\s[$¥]?$"
)
_OUT_OF = re.compile(r"[从由]\S{0,6}$|\bfrom\s[$¥]?$")
_REACH = 9  # characters before a number in which that is looked for
_BYLINE = re.compile(r"(?:记者|通讯员)$")
_IS = re.compile(r"[是为系]|\s(?:is|was)\b")
_LISTED = re.compile("[，、,和与及]|等")
_TITLE, _TITLE_ENDS = 30, frozenset("长任记员席师授士者裁表监导家友手兵生民户工医警娘")


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A number, date or name of the statement; where the cited ones like and unlike it stand.

    `sides` are what is looked at: of a name first its title, then what its bearer does, for which
    those in one list with him, `fellows`, are no rivals.
    """

    text: str
    span: Span
    own: list[Span]
    rivals: list[Span]
    sides: tuple[Side, ...] = ("both",)
    fellows: tuple[Span, ...] = ()


def misplaced(compared: Comparison) -> str:
    """Return the first number, date or name that is cited, but of something else, or ""."""
    stated, held = compared.stated, compared.held
    facts = (*_quantities(stated, held), *_moments(stated, held))
    anchors = [*facts, *_people(stated, held)]
    if turned := _turned(facts, compared) or _under_another(stated, held):
        return turned
    swapped = (one.text for one, other in combinations(anchors, 2) if _swap(compared, one, other))
    taken = {span for anchor in anchors for span in anchor.own}
    replaced = (anchor.text for anchor in anchors if _replaced(compared, anchor, taken))
    return next(swapped, "") or next(replaced, "")


def _swap(compared: Comparison, one: _Anchor, other: _Anchor) -> bool:
    """Tell whether two that are each a rival of the other are the other way round."""
    here, there = _among(one.own, other.rivals), _among(other.own, one.rivals)
    if not here or not there or _in_their_roles(compared, one, other):
        return False
    margin, worth = (_SWAPPED_ACROSS, 0.0) if compared.across else (_SWAPPED, _WORTH)

    def fits(ones: Sequence[Span], others: Sequence[Span], side: Side) -> float:
        return compared.fit(one.span, ones, side) + compared.fit(other.span, others, side)

    return any(
        fits(there, here, side) > max(worth, fits(here, there, side) + margin) for side in one.sides
    )


def _in_their_roles(compared: Comparison, one: _Anchor, other: _Anchor) -> bool:
    """Tell whether one of two is what something changes to or from, both here and as cited."""
    roles = {
        (_role(compared.stated, anchor.span), _role(compared.held, span))
        for anchor in (one, other)
        for span in anchor.own
    }
    return bool(roles & {("to", "to"), ("from", "from")})


def _replaced(compared: Comparison, anchor: _Anchor, taken: set[Span]) -> bool:
    """Tell whether what is said of a number or name is cited of one that is not stated."""
    margin = _REPLACED_ACROSS if compared.across else _REPLACED
    for side in anchor.sides:
        known = taken.union(anchor.fellows) if side == "after" else taken
        rivals = [span for span in anchor.rivals if not _among([span], known)]
        own = compared.fit(anchor.span, anchor.own, side)
        if compared.fit(anchor.span, rivals, side) > own * _RATIO + margin:
            return True
    return False


def _among(some: Iterable[Span], others: Collection[Span]) -> list[Span]:
    """Return those of `some` that overlap one of `others`."""
    return [s for s in some if any(s.start < o.end and o.start < s.end for o in others)]


def _turned(anchors: Iterable[_Anchor], compared: Comparison) -> str:
    """Return what something changes from where it is cited as what it changes to, or ""."""
    for anchor in anchors:
        role = _role(compared.stated, anchor.span)
        cited = {_role(compared.held, span) for span in anchor.own}
        if role and cited == {"from" if role == "to" else "to"}:
            return anchor.text
    return ""


def _under_another(stated: Facts, held: Facts) -> str:
    """Return a number stated under one heading (第二产业 …) and cited under another, or ""."""
    for quantity in stated.quantities:
        heading = _heading(stated, quantity.span)
        same = (o for o in held.quantities if same_quantity(stated, quantity, held, o))
        cited = {_heading(held, other.span) for other in same if not other.ordinal}
        headings = {heading for _, heading in _headings(held)}
        if heading in headings and cited and None not in cited and heading not in cited:
            return quantity.text
    return ""


def _headings(facts: Facts) -> list[tuple[Span, str]]:
    places = [q for q in facts.quantities if q.ordinal]
    return [(q.span, facts.text[q.span.start : q.span.end + 2]) for q in places]


def _heading(facts: Facts, at: Span) -> str | None:
    """Return the last ordinal before a place, with what follows it."""
    before = [heading for span, heading in _headings(facts) if span.start < at.start]
    return before[-1] if before else None


def _role(facts: Facts, at: Span) -> str:
    before = facts.text[max(0, at.start - _REACH) : at.start]
    return "to" if _INTO.search(before) else "from" if _OUT_OF.search(before) else ""


def _quantities(stated: Facts, held: Facts) -> Iterator[_Anchor]:
    for quantity in stated.quantities:
        same = [same_quantity(stated, quantity, held, other) for other in held.quantities]
        own = [other for other, is_same in zip(held.quantities, same, strict=True) if is_same]
        others = [
            other for other, is_same in zip(held.quantities, same, strict=True) if not is_same
        ]
        if own:
            counts = stated.chinese and held.chinese  # elsewhere 一家 may be "a company"
            rivals = [o.span for o in others if _could_be(quantity, own, o, counts)]
            yield _Anchor(quantity.text, quantity.span, [other.span for other in own], rivals)


def _could_be(one: Quantity, own: Sequence[Quantity], other: Quantity, counts: bool) -> bool:
    """Tell whether what is said of `one` could have been meant of `other`."""
    kinds = {o.dimension for o in own} | {one.dimension}
    article = other.weak and not (counts and len(other.text) > 1)
    return other.dimension in kinds and one.ordinal == other.ordinal and not article


def _moments(stated: Facts, held: Facts) -> Iterator[_Anchor]:
    for moment in stated.moments:
        own = [o.span for o in held.moments if held_moment(moment, o)]
        if own and moment.kind in _DATED:
            same = (o.span for o in held.moments if o.kind == moment.kind)
            yield _Anchor(moment.text, moment.span, own, [o for o in same if o not in own])


def _people(stated: Facts, held: Facts) -> Iterator[_Anchor]:
    every = [span for span in people(held) if not _BYLINE.search(held.text[: span.start])]
    for span, own in named(stated, held):
        rivals = [other for other in every if not _among([other], own)]
        fellows = [o for o in rivals if any(_together(held, every, o, name) for name in own)]
        sides: tuple[Side, ...] = ("before", "after") if stated.chinese else ("after",)
        if _IS.match(stated.text, span.end):
            rivals = []  # what somebody is, roles.py looks at
        yield _Anchor(span.of(stated.text), span, own, rivals, sides, tuple(fellows))


def _together(held: Facts, every: Iterable[Span], one: Span, other: Span) -> bool:
    """Tell whether two names stand in one list, with no more than titles and names between them."""
    first, last = sorted((one, other))
    between = held.text[first.end : last.start]
    for name in every:
        between = between.replace(name.of(held.text), "")
    parts = _LISTED.split(between)
    titles = all(not part or (len(part) <= _TITLE and part[-1] in _TITLE_ENDS) for part in parts)
    return first.end > last.start or (titles and not parts[0])
