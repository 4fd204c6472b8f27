"""Reasons: why a statement is unverified, as one line in either language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One line fit for a tooltip, in Chinese and in English."""

    zh: str
    en: str


UNCITED = Reason("没有引用任何句子", "cites no sentence")
TOO_MANY = Reason("引用的内容太多，无法核实", "cites too much to be checked")
TOO_MUCH = Reason("一句话里说得太多，无法核实", "says too much in one sentence to be checked")
NEGATION = Reason(
    "与引用的句子一个肯定、一个否定",
    "affirms what the cited sentences deny, or denies what they affirm",
)
PLANNED = Reason(
    "引用的句子说的是打算，不是已经发生的事",
    "the cited sentences tell of a plan, not of what was done",
)
_LONGEST = 40  # characters of the statement that are shown


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def unheld(text: str) -> Reason:
    """Return the reason for a number, date, name or title that is not in the cited sentences."""
    return Reason(
        f"引用的句子里没有“{_shown(text)}”", f"“{_shown(text)}” is not in the cited sentences"
    )


def unsaid(text: str) -> Reason:
    """Return the reason for a part of a statement that the cited sentences do not say."""
    return Reason(
        f"引用的句子没有说到“{_shown(text)}”", f"the cited sentences do not say “{_shown(text)}”"
    )


def opposite(text: str) -> Reason:
    """Return the reason for a word of which the cited sentences say the opposite."""
    return Reason(
        f"引用的句子说的与“{_shown(text)}”相反",
        f"the cited sentences say the opposite of “{_shown(text)}”",
    )


def misplaced(text: str) -> Reason:
    """Return the reason for something that the cited sentences say of another thing."""
    return Reason(
        f"“{_shown(text)}”在引用的句子里说的是别的",
        f"the cited sentences say “{_shown(text)}” of something else",
    )
