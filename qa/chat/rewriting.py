"""Rewriting: what a chat model made of a follow-up → the question, or nothing.

A rewritten question may only name what the conversation names: one with another name or number
would be searched for, and its answer shown, as if the reader had asked it.
"""

import re
from collections.abc import Sequence

from embeddings.segmentation import tagged_words
from qa.answering.followup import Turn
from qa.answering.question import clean
from qa.errors import QuestionError
from qa.grounding.agreement import unheld_quantity
from qa.grounding.dating import unheld_moment
from qa.grounding.facts import facts

_LONGEST = 200  # characters; more is an answer or a ramble
_LABEL = re.compile(r"^(?:改写为|改写后|问题|Rewritten|Question|Q|问)\s*[:：]\s*", re.I)
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_CAPITALISED = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+")  # not the first word of all
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.S)


def acceptable(written: str, question: str, history: Sequence[Turn]) -> str:
    """Return the rewritten question if it is one line that invents nothing, else ""."""
    lines = [line for line in _THOUGHT.sub("", written).splitlines() if line.strip()]
    if len(lines) != 1:
        return ""
    try:
        asked = clean(_LABEL.sub("", lines[0].strip()).strip('"“”「」'))
    except QuestionError:
        return ""
    said = " ".join([question, *(part for turn in history for part in turn)])
    return asked if len(asked) <= _LONGEST and not _invented(asked, said) else ""


def _invented(asked: str, said: str) -> bool:
    """Tell whether `asked` has a number, a date or a name that was not said."""
    stated, held, none = facts(asked), facts(said), facts("")
    if unheld_quantity(stated, held, none) or unheld_moment(stated, held, none):
        return True
    known = said.casefold()
    names = [word for word, tag in tagged_words(asked) if tag.startswith(_NAME_TAGS)]
    return any(name.casefold() not in known for name in [*names, *_CAPITALISED.findall(asked)])
