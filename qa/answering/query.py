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

# Tokens of passages in a language from which on they are searched in it, however many others there
# are: those of a long sentence. Names and quotations in other passages do not count.
_ENOUGH = 10
_SIMPLIFIED, _TRADITIONAL = "这来对时个们会国", "這來對時個們會國"
_HAN = re.compile("[㐀-鿿豈-﫿·]+")
# Words, not the letters of a model or an abbreviation.
_LATIN = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{4,}|[A-Za-z]{2,}(?= [A-Za-z]))(?:['’ -][A-Za-z]+)*(?![0-9A-Za-z])"
)
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
    chinese, latin = words.amounts
    foreign = (question.language == "zh") != (chinese >= latin)
    roads = [_road(words, question, foreign)]
    if min(chinese, latin) >= _ENOUGH:
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
        return dictionary().english_terms(text)
    kept = " ".join([*map(_chinese_date, _ENGLISH_DATE.finditer(text)), *_HAN.findall(text)])
    rest = _HAN.sub(" ", _ENGLISH_DATE.sub(" ", text))
    if rest.split()[:1] != question.text.split()[:1]:
        rest = f"the {rest}"  # the asking words are gone, so the first word's capital tells a name
    return [*dictionary().chinese_terms(rest, _names(words)), *_plain(words, kept)]


def _own(words: WordIndex, question: Question) -> list[Term]:
    """Return the question's own words; those in the other language that no text holds, translated.

    A name keeps its language when a conversation changes its own (他是谁 after "Who is …?").
    """
    text = in_script(words, question).content or question.text
    runs = (_LATIN if question.language == "zh" else _HAN).findall(text)
    strange = [run for run in runs if not any(map(words.holds, tokens(run)))]
    for run in strange:
        text = text.replace(run, " ")
    terms = [term for run in strange for term in _of_other_language(words, run)]
    return [*_plain(words, text), *terms]


def _of_other_language(words: WordIndex, run: str) -> list[Term]:
    if run.isascii():
        return dictionary().chinese_terms(f"the {run}", _names(words))
    return dictionary().english_terms(run)


def _plain(words: WordIndex, text: str) -> list[Term]:
    terms = plain_terms(tokens(text))
    return in_both_scripts(terms, trust=1.0) if _is_traditional(words) else terms


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
def dictionary() -> Dictionary:
    """Return the one dictionary, which remembers what it has read."""
    return Dictionary()


@lru_cache(maxsize=2)
def _names(words: WordIndex) -> NameReader:
    return NameReader(words.pairs(), words.held)
