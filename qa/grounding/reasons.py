"""Reasons: why a statement is unverified, or an answer is not just what its model wrote.

Each is one line in either language; an answer holds it in the question's, by which it is found
again in both.
"""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reason:
    """One line fit for a tooltip, in Chinese and in English; `{}` stands for what it is about."""

    zh: str
    en: str

    def words(self, language: Literal["zh", "en"]) -> str:
        """Return the line in one language."""
        return self.zh if language == "zh" else self.en

    def of(self, text: str) -> "Reason":
        """Return the line about `text`."""
        return Reason(self.zh.replace("{}", text), self.en.replace("{}", text))


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
_UNHELD = Reason("引用的句子里没有“{}”", "“{}” is not in the cited sentences")
_UNSAID = Reason("引用的句子没有说到“{}”", "the cited sentences do not say “{}”")
_OPPOSITE = Reason("引用的句子说的与“{}”相反", "the cited sentences say the opposite of “{}”")
_MISPLACED = Reason(
    "“{}”在引用的句子里说的是别的", "the cited sentences say “{}” of something else"
)

WITHHELD = Reason(
    "模型写的话没有一句能由它所引的句子证实，因此没有显示。",
    "Nothing that the model wrote is borne out by what it cites, so it is not shown.",
)
REFUSED = Reason(
    "模型读了找到的句子，说其中没有答案。",
    "The model read the sentences that were found and says that they hold no answer.",
)
CUT = Reason(
    "模型的回答达到长度上限，后面的内容被截断。",
    "The model's answer reached its length limit; the rest of it is cut off.",
)
INSTEAD = Reason("由内置阅读器作答：{}", "Answered by the built-in reader: {}")

_DOUBTS = (UNCITED, TOO_MANY, TOO_MUCH, NEGATION, PLANNED, _UNHELD, _UNSAID, _OPPOSITE, _MISPLACED)
_NOTICES = (WITHHELD, REFUSED, CUT, INSTEAD)
_LONGEST = 40  # characters of the statement that are shown


def known(line: str) -> Reason | None:
    """Return the reason that `line` gives in one language; None where it is none of these."""
    for reason in (*_DOUBTS, *_NOTICES):
        for words in (reason.zh, reason.en):
            pattern = "(.*)".join(map(re.escape, words.split("{}")))
            if found := re.fullmatch(pattern, line, re.DOTALL):
                return reason.of(*found.groups("")) if found.groups() else reason
    return None


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def unheld(text: str) -> Reason:
    """Return the reason for a number, date, name or title that is not in the cited sentences."""
    return _UNHELD.of(_shown(text))


def unsaid(text: str) -> Reason:
    """Return the reason for a part of a statement that the cited sentences do not say."""
    return _UNSAID.of(_shown(text))


def opposite(text: str) -> Reason:
    """Return the reason for a word of which the cited sentences say the opposite."""
    return _OPPOSITE.of(_shown(text))


def misplaced(text: str) -> Reason:
    """Return the reason for something that the cited sentences say of another thing."""
    return _MISPLACED.of(_shown(text))
