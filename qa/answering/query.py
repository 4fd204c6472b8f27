"""Query: a question → the terms to look for in one library.

In the library's own language these are the question's words; a question in another language is
translated by dictionary, names by their sound. Where all text is in one Chinese script, a
question in the other is turned into it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from embeddings.dictionary import Dictionary
from embeddings.names import NameReader
from embeddings.scripts import in_both_scripts, simplified
from embeddings.tokens import tokens
from embeddings.words import Term, WordIndex, plain_terms
from qa.answering.question import Question, language_of, understand

# Where less than this share of the text is in one language, it is taken for names and quotations.
_MIXED = 0.1
_SIMPLIFIED, _TRADITIONAL = "这来对时个们会国", "這來對時個們會國"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH_DATE = re.compile(
    r"\b(?:(?P<before>\d{1,2})(?:st|nd|rd|th)?(?: of)? )?(?P<month>January|February|March|April|May"
    r"|June|July|August|September|October|November|December)\b(?: (?P<after>\d{1,2})\b)?"
)


@dataclass(frozen=True, slots=True)
class Road:
    """One way to look for what a question asks: its terms, and whether they are translations."""

    terms: Sequence[Term]
    translated: bool


def roads_of(words: WordIndex, question: Question) -> list[Road]:
    """Return the ways to look for what `question` asks: one for each language of the index.

    The first is in the language of most of the text.
    """
    foreign = (question.language == "zh") != (words.chinese_share > 0.5)
    roads = [_road(words, question, foreign)]
    if _MIXED < words.chinese_share < 1 - _MIXED:
        roads.append(_road(words, question, not foreign))
    return roads


def in_script(words: WordIndex, question: Question) -> Question:
    """Return `question` in simplified characters where the index holds no traditional ones."""
    plain = simplified(question.text) if _is_simplified(words) else question.text
    return question if plain == question.text else understand(plain)


def road_to(text: str, roads: Sequence[Road], question: Question) -> Road:
    """Return the one of `roads` that is in the language of `text`, or else the first."""
    foreign = language_of(text) != question.language
    return next((road for road in roads if road.translated == foreign), roads[0])


def _road(words: WordIndex, question: Question, translated: bool) -> Road:
    return Road((_translated if translated else _own)(words, question), translated)


def _translated(words: WordIndex, question: Question) -> list[Term]:
    text = question.content or question.text
    if question.language == "zh":
        return _dictionary().english_terms(text)
    dates = " ".join(_chinese_date(found) for found in _ENGLISH_DATE.finditer(text))
    rest = _ENGLISH_DATE.sub(" ", text)
    if rest.split()[:1] != question.text.split()[:1]:
        rest = f"the {rest}"  # the asking words are gone, so the first word's capital tells a name
    return [*_dictionary().chinese_terms(rest, _names(words)), *plain_terms(tokens(dates))]


def _own(words: WordIndex, question: Question) -> list[Term]:
    text = question.content or question.text
    if _is_traditional(words):
        return in_both_scripts(plain_terms(tokens(text)), trust=1.0)
    return plain_terms(tokens(in_script(words, question).content or text))


def _is_traditional(words: WordIndex) -> bool:
    """Return whether the commonest characters that differ occur in their traditional form only."""
    return not any(map(words.holds, _SIMPLIFIED)) and any(map(words.holds, _TRADITIONAL))


def _is_simplified(words: WordIndex) -> bool:
    return not any(map(words.holds, _TRADITIONAL))


def _chinese_date(found: re.Match[str]) -> str:
    day = found["before"] or found["after"]
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    return f"{month}月{day}日" if day else f"{month}月"


@cache
def _dictionary() -> Dictionary:
    return Dictionary()


@lru_cache(maxsize=2)
def _names(words: WordIndex) -> NameReader:
    return NameReader(words.pairs(), words.holds)
