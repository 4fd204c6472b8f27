"""Renderings: a name or phrase of one language → the same in the other, where an answer has it.

Names go by their pinyin, all else by the dictionary; so does what an English question counts, to
its Chinese unit. Knows two texts; no turns and no articles.
"""

import re
from itertools import pairwise

import numpy as np

from embeddings.english_words import stems
from embeddings.glosses import parsed, table
from embeddings.names import NameReader, readings
from embeddings.tokens import tokens
from qa.answering.phrases import phrases
from qa.answering.query import dictionary
from qa.answering.question import Language, Question
from qa.answering.sought import Sought, share

# The share of a topic's words that a phrase of the answer must translate to stand for it.
_TRANSLATED = 0.5
_LONGEST = 8  # words
_HOW_MANY = re.compile(r"\bhow many\b", re.I)
_COUNTED = re.compile(
    r"\bhow many (?:\w+ ){0,3}?((?!does\b)\w+[^\Wasu]s|people|children|men|women)\b", re.I
)
_SENSES = 5  # translations of a word that are likely meant
_PERSONS = "人员者师民客童生手士孩"
_DIGIT = "[0-9０-９〇零一二三四五六七八九十百千万亿萬億两]"
_MEASURE = re.compile("[年月日天周分秒岁元块%％米]|星期|小时|分钟|公里")
_HAN = re.compile("[㐀-鿿]")
_CAPITALS = re.compile(r"(?:\bthe )?[A-Z][\w'’-]*(?: [A-Z0-9][\w'’-]*)*")
_DEFINITE = re.compile(r"(?=\b(the [\w'’-]+)((?: [\w'’-]+)?)((?: [\w'’-]+)?))")


def same_name(name: str, language: Language, others: list[str]) -> str:
    """Return that of `others` which is the same name in `language`; else the name as it is.

    Chinese and Latin names are the same if one is the pinyin of the other.
    """
    if (language == "zh") == bool(_HAN.match(name)):
        return name
    return next((other for other in others if _sound_alike(name, other)), name)


def _sound_alike(name: str, other: str) -> bool:
    """Return whether one of two names is the pinyin of the other, in either order."""
    latin, chinese = sorted((name, other))
    parts = re.findall("[a-z]+", latin.lower())
    spelt = {"".join(parts), "".join([*parts[1:], *parts[:1]]), "".join([*parts[-1:], *parts[:-1]])}
    return not spelt.isdisjoint(readings(chinese))


def chinese_unit(question: Question) -> str:
    """Return a pattern of what follows, in Chinese, the number that an English question asks for.

    Persons are counted by 人, 名 and 位, spans of time and sums by their own words, and nothing
    else by those of time and money. "" where any number may do.
    """
    if not _HOW_MANY.search(question.text):
        return question.unit if question.asked == "number" else ""
    found = _COUNTED.search(question.text)
    stem = " ".join(stems(found[1])) if found else ""
    known = parsed(table("english").get(stem, ""))
    if measures := [text for text, _ in known if _MEASURE.fullmatch(text)]:
        return f"(?:平方|立方)?(?:{'|'.join(measures)})"
    likely = known[:_SENSES]
    persons = sum(trust for text, trust in likely if text[-1] in _PERSONS)
    if persons > sum(trust for _, trust in likely) / 2:
        return f"个?(?:人|名|位|{'|'.join(text for text, _ in likely)})"
    return rf"(?!{_DIGIT}|[.．,，余餘多 ]|[号时点]|{_MEASURE.pattern})" if known else ""


def same_thing(topic: str, language: Language, answer: str) -> str:
    """Return the shortest words of `answer` that say most of `topic` in `language`; "" if none."""
    if language == "zh":
        said = _chinese_runs(answer)
        pairs = {a + b for run in said for a, b in pairwise(run)}
        names = NameReader(pairs, lambda spelled: spelled)
        terms = dictionary().chinese_terms(f"the {topic.removeprefix('the ')}", names)
    else:
        said = _english_runs(answer)
        terms = dictionary().english_terms(topic)
    if not said or not terms:
        return ""
    weights = np.array([term.weight for term in terms], np.float32)
    met = share(Sought(terms).met([frozenset(tokens(run)) for run in said]), weights)
    most = float(met.max())
    best = [run for run, how_far in zip(said, met.tolist(), strict=True) if how_far >= most]
    return min(best, key=len) if most >= _TRANSLATED else ""


def _chinese_runs(text: str) -> list[str]:
    """Return the runs of a few whole words that end with a noun, inside one phrase each."""
    return [
        text[first.span.start : last.span.end]
        for phrase in phrases(text)
        for nth, first in enumerate(phrase.words)
        for last in phrase.words[nth : nth + _LONGEST]
        if last.is_noun and first.text not in "的与和及、"
    ]


def _english_runs(text: str) -> list[str]:
    """Return the names of `text`, and one to three words behind each "the"."""
    definite = (
        "".join(found.groups()[:many]) for found in _DEFINITE.finditer(text) for many in (1, 2, 3)
    )
    return [*_CAPITALS.findall(text), *definite]
