"""Rewriting: what a chat model made of a follow-up → the question, or nothing.

A rewritten question must still ask what was asked, in the words of the conversation: another would
be searched for, and its answer shown, as if the reader had asked it.
"""

import re
from collections.abc import Sequence

from embeddings.segmentation import tagged_words
from embeddings.tokens import tokens
from qa.answering.followup import Turn
from qa.answering.question import clean, understand
from qa.errors import QuestionError
from qa.grounding.agreement import unheld_quantity
from qa.grounding.dating import unheld_moment
from qa.grounding.facts import facts

# How much of what was asked a rewriting must keep, and how much of it must have been said before:
# of Chinese characters and English words that mean something.
_KEPT, _SAID = 0.5, 0.85
_LONGEST = 200  # characters; more is an answer or a ramble
_LABEL = re.compile(r"^(?:改写为|改写后|问题|Rewritten|Question|Q|问)\s*[:：]\s*", re.I)
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_CAPITALISED = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+")  # not the first word of all
_HAN = re.compile("[㐀-鿿]")
_THOUGHT = re.compile(r"^.*</think(?:ing)?>|<think(?:ing)?>.*$", re.S | re.I)


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
    faithful = len(asked) <= _LONGEST and _same(asked, question, said)
    return asked if faithful and not _invented(asked, said) else ""


def _same(asked: str, question: str, said: str) -> bool:
    """Tell whether `asked` asks for what `question` does, in words that were said."""
    before, after = understand(question), understand(asked)
    kinds = {before.asked, after.asked} - {"thing"}  # what a short question leaves open
    if len(kinds) > 1 or before.language != after.language:
        return False
    wanted, stated = _parts(before.content), _parts(after.content)
    kept, known = wanted & stated, stated & _parts(said)
    return len(kept) >= _KEPT * len(wanted) and len(known) >= _SAID * len(stated)


def _parts(text: str) -> set[str]:
    """Return the Chinese characters and English stems of `text`."""
    return {part for token in tokens(text) for part in (token if _HAN.match(token) else (token,))}


def _invented(asked: str, said: str) -> bool:
    """Tell whether `asked` has a number, a date or a name that was not said."""
    stated, held, none = facts(asked), facts(said), facts("")
    if unheld_quantity(stated, held, none) or unheld_moment(stated, held, none):
        return True
    known = said.casefold()
    names = [word for word, tag in tagged_words(asked) if tag.startswith(_NAME_TAGS)]
    return any(name.casefold() not in known for name in [*names, *_CAPITALISED.findall(asked)])
