"""Roles: the offices that a Chinese statement gives to people ↔ those of its citation.

市长 is neither 副市长 nor 书记, and 院长连鸿凯 does not make anybody else 院长. English titles say
too little for that: a director is 主任, 局长, 馆长 and more.
"""

import re
from bisect import bisect_left

from qa.grounding.facts import Facts
from qa.grounding.people import people, places
from qa.grounding.plain import HAN
from qa.spans import Span

_ROLE = re.compile(
    r"副?(?:秘书长|理事长|董事长|[市省区县镇乡局院校厅部处科所站队馆园会行厂社村组州]长(?!期|江|度|途)|书记|主任|主席"
    r"|总经理|总裁|总监|主编|教授|院士|总工程师|法定代表人|发言人)"
)
_HOLDS = re.compile(r"(?:是|为|系|(?:担|出)?任)\S*$")
_CHAIN = 30  # characters between an office and who holds it


def unheld_role(stated: Facts, held: Facts, context: Facts) -> str:
    """Return an office that neither `held` nor the context has, or whose bearer is another, or ""."""
    text = f"{held.text}\n{context.text}"
    if not (stated.chinese and HAN.search(text)):
        return ""
    offices = {match[0] for match in _ROLE.finditer(text)}
    there = people(held)
    here = people(stated) + places(stated.text, {name.of(held.text) for name in there})
    known = _bearers(held, there)
    for role, own in _bearers(stated, here).items():
        if role not in offices:
            return role
        others = known.get(role, set())
        if own and others and not any(a in b or b in a for a in own for b in others):
            return role + min(own)
    return ""


def _bearers(facts: Facts, named: list[Span]) -> dict[str, set[str]]:
    """Return each office in a text and who seems to hold it.

    That is who is named behind it, or before it and said to be it.
    """
    found: dict[str, set[str]] = {}
    for role in _ROLE.finditer(facts.text):
        near = (n for n in named if -_CHAIN <= n.start - role.end() <= _CHAIN)
        holders = {name.of(facts.text) for name in near if _holds(facts, name, role)}
        found[role[0]] = found.get(role[0], set()) | holders
    return found


def _holds(facts: Facts, name: Span, role: re.Match[str]) -> bool:
    if name.start >= role.end():
        between = facts.text[role.end() : name.start]
        return not between or (between[0] in "、兼" and bool(_ROLE.search(between[-4:])))
    clauses = {bisect_left(facts.breaks, at) for at in (name.end, role.start())}
    return len(clauses) == 1 and bool(_HOLDS.match(facts.text, name.end, role.start()))
