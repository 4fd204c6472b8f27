"""Short forms: a Chinese question with 郑大 or 人社局 → with the full names that passages print.

A short form keeps, in order, characters that begin or end the words of a name (郑州大学 → 郑大,
人力资源和社会保障局 → 人社局). It is only spelled out by a name that is printed. Knows simplified
characters, and plain text only: no index, no scores.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from embeddings.segmentation import frequency, word_spans, words
from qa.answering.question import Question, understand

_LONGEST = 6  # characters of a short form
_STRETCH = 5  # characters of a name for each of its short form
_GAP = 5  # characters left out in a row
# How the names of bodies and places end.
_ENDS = frozenset("学院校所局厅委会部司团心行厂站区园馆社队场")
_HEADS = frozenset(("大学", "中学", "小学", "大会", "委员会"))  # their first character may stay
_SHORT = re.compile(f".+[{''.join(sorted(_ENDS))}大中小]")
_COMMON = 1000  # a word that occurs as often among 60 million is no short form (公园, 医院)
# Chinese without the words that join names to others.
_NAME = re.compile("(?:(?![的了着过在于从对给为向把被到去来是将由])[\u4e00-\u9fff])+")


def spelled_out(question: Question, texts: Sequence[str]) -> Question:
    """Return `question` with each short form replaced by the name that most of `texts` print.

    The question itself where there is none, or where it is not in Chinese. A form that some text
    prints without the name is known by itself and stays.
    """
    if question.language != "zh":
        return question
    text = question.text
    for short in _short_forms(question.content):
        if short in text:
            names = Counter(name for each in texts for name in _names(short, each))
            known = any(short in each and not _names(short, each) for each in texts)
            if names and not known:
                text = text.replace(short, max(names, key=lambda n: (names[n], -len(n))))
    return question if text == question.text else understand(text)


def _short_forms(content: str) -> list[str]:
    """Return what could be a short form: one or more words of `content`, long ones first."""
    ends = list(accumulate(map(len, words(content))))
    found = {content[a:b]: a for a in (0, *ends) for b in ends if 1 < b - a <= _LONGEST}
    shaped = (form for form in found if _SHORT.fullmatch(form) and _NAME.fullmatch(form))
    return sorted(shaped, key=lambda form: (-len(form), found[form]))


def _names(short: str, text: str) -> set[str]:
    """Return the names in `text` that `short` is a short form of."""
    if not re.search(f"[^。]{{,{_GAP}}}".join(short), text.replace(short, "。")):
        return set()
    places, ends = _borders(text)
    if not places.keys() >= set(short):
        return set()
    found = set[str]()
    for first in places[short[0]]:
        reached = [first]
        for char in short[1:]:
            reached = [
                at for at in places[char] if any(0 < at - before <= _GAP + 1 for before in reached)
            ]
        names = (text[first:end] for last in reached for end in ends.get(last, ()))
        found.update(name for name in names if _shortens(short, name))
    return found


def _shortens(short: str, name: str) -> bool:
    """Return whether `short` is shorter than `name` by more than left out words (大公司)."""
    if not len(short) < len(name) <= _STRETCH * len(short) or not _NAME.fullmatch(name):
        return False
    plain = [w for w in words(short) if len(w) > 1 and (w in name or frequency(w) >= _COMMON)]
    left = re.split("|".join(plain), short) if plain else [short]
    return any(len(part) > 1 and part not in name for part in left)


@lru_cache(maxsize=1024)
def _borders(text: str) -> tuple[dict[str, list[int]], dict[int, set[int]]]:
    """Return where each character of `text` begins or ends a word, and where a name can end whose
    short form ends there."""
    places, ends = dict[str, set[int]](), dict[int, set[int]]()
    for start, end in word_spans(text):
        for at in (start, end - 1):
            places.setdefault(text[at], set()).add(at)
        if text[start:end] in _HEADS:
            ends.setdefault(start, set()).add(end)
        if text[end - 1] in _ENDS:
            ends.setdefault(end - 1, set()).add(end)
    return {char: sorted(found) for char, found in places.items()}, ends
