"""Topics: the turn before a question → the person and the thing that it was about.

Names are taken as the turn has them, in the language of the next question where it has them in
both. Knows one turn; nothing of articles.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from qa.answering.english_phrases import EnglishPhrase, asked_noun, english_phrases, last_word
from qa.answering.people import is_common, named_people, people
from qa.answering.phrases import Phrase, phrases, words_of
from qa.answering.question import Language, language_of, understand
from qa.answering.renderings import same_name, same_thing
from qa.answering.units import designations
from qa.answering.wanted import nearness
from qa.spans import Span

# Scale in characters over which a name's nearness to the question's words fades.
_NEAR = 12.0
_LONGEST = 80  # characters of a topic: more is no name
_ASIDE = ("in", "at", "on", "near", "from", "by", "during", "after", "before")
_OPEN = re.compile(r"(?:his|her|its|their|our|my|your|this|that|these|those)\b", re.I)
VALUE_ASKED = re.compile(r"(?:who|what|how much|how many)\W+(?:is|are|was|were)\b", re.I)
# The part of a phrase that is several (the strike of the rail drivers).
_SEVERAL = re.compile(
    r"\b(?:the )?(?:(?!of\b|in\b|for\b|near\b)[\w'’-]+ )*(?:\w+(?<![s'’])s|people|\w+men|children)$"
)
_PARTS = re.compile(r" (?:of|in|near|at|for|on|from) ")
_HAN = re.compile("[㐀-鿿]")
_PLACES = frozenset(("村", "镇", "乡", "街", "路", "大道", "大街", "街道", "社区", "办事处"))
_PLACE = re.compile(f".{{2,}}(?:{'|'.join(_PLACES)})")
_NAME_TAGS = ("n", "nr", "ns", "nt", "nz", "nrt", "nrfg")  # of what a name is taken for


@dataclass(frozen=True, slots=True)
class Before:
    """The turn before: what it asked, as it stands on its own, and what was answered.

    `topic` is the thing that the talk is about since an earlier turn, "" if none.
    """

    question: str
    answer: str
    topic: str = ""

    @property
    def text(self) -> str:
        """Both, as one text."""
        return f"{self.question}\n{self.answer}"


def is_named(text: str) -> bool:
    """Return whether `text` names a person, a place or a thing."""
    if language_of(text) == "en":
        names = any(phrase.named(text) for phrase in english_phrases(text))
    else:
        places = [w.text for w in words_of(text) if w.tag.startswith(("ns", "nt", "nz"))]
        latin = any(word.tag == "eng" and word.text.istitle() for word in words_of(text))
        names = latin or not all(map(is_common, places)) or _names_a_place(text)
    return names or bool(named_people(text) or designations(text))


def _names_a_place(text: str) -> bool:
    """Tell whether Chinese `text` has a name that no dictionary knows before a word for a place.

    五龙口村, 翠竹街; not 这个村, 附近社区 or 道路.
    """
    words = words_of(text)
    whole = any(w.tag in _NAME_TAGS and _PLACE.fullmatch(w.text) for w in words)
    return whole or any(
        place.text in _PLACES and name.tag in _NAME_TAGS and _HAN.match(name.text)
        for name, place in pairwise(words)
    )


def person(before: Before, language: Language) -> str:
    """Return the person that `before` was about, for a question in `language`; "" if none.

    Where it asked who, the one that the answer names nearest to the question's words; if none,
    the title that it asked for.
    """
    asked = [span.of(before.question) for span in named_people(before.question, before.answer)]
    told = [name for name in _nearest_first(before) if name not in asked]
    who = understand(before.question).asked == "person"
    names = [*told, *asked] if who else [*asked, *told]
    if not names:
        return _title(before.question) if who else ""
    return same_name(names[0], language, told)


def thing(before: Before, language: Language, or_person: bool = False, plural: bool = False) -> str:
    """Return what `before` was about, for a question in `language`; "" if it is not clear.

    With `or_person` it may be a person; with `plural` one of several is preferred in English.
    """
    found = _own_thing(before, or_person)
    if len(found) > _LONGEST:
        return ""
    if plural and language_of(before.question) == "en":
        found = _several(before.question, found)
    if not found or (language == "zh") == bool(_HAN.search(found)):
        return found
    alike = same_name(found, language, [s.of(before.answer) for s in named_people(before.answer)])
    if alike == found:
        alike = same_thing(found, language, before.answer) or found
    if language == "zh" and not _HAN.search(alike):
        return alike.removeprefix("the ") if re.search("[A-Z]", alike) else ""
    return alike


def _own_thing(before: Before, or_person: bool) -> str:
    asked = before.question
    if before.topic and before.topic.removeprefix("the ").lower() in asked.lower():
        return before.topic
    if language_of(asked) == "en":
        return english_topic(asked, or_person) or before.topic
    return chinese_topic(asked, before.answer, or_person) or before.topic


def _several(question: str, topic: str) -> str:
    """Return the several that "they" may be: those asked for, a part of the topic, a group."""
    many = asked_noun(question)
    if _SEVERAL.fullmatch(many):
        return f"the {many} of {topic}" if topic else f"the {many}"
    part = _SEVERAL.search(topic)
    return part[0] if part else topic if re.search("[A-Z]", topic) else ""


def called(noun: str, before: Before) -> str:
    """Return the phrase of `before` whose last word is a Chinese `noun` with more before it, or ""."""
    for text in (before.question, before.answer):
        for phrase in phrases(text):
            start = phrase.words[0].span.start
            for word in phrase.words:
                said = text[start : word.span.end]
                if word.is_noun and said.endswith(noun) and len(said) > len(noun):
                    return said
    return ""


def part_called(noun: str, topic: str) -> str:
    """Return the part of an English `topic` that has the same last word as `noun`, or ""."""
    parts = _PARTS.split(topic)
    head = last_word(noun)
    found = next((nth for nth, part in enumerate(parts) if head in part.lower().split()), None)
    return "" if found is None else topic if found == 0 else parts[found]


def chinese_topic(question: str, elsewhere: str = "", or_person: bool = True) -> str:
    """Return the phrase that a Chinese question is about; "" if it has none."""
    named = people(question, elsewhere)
    found: list[tuple[int, Span]] = []  # how much speaks against a phrase, and its place
    for phrase in phrases(question):
        place = _without_value(phrase, named)
        only_value = phrase.valued and len(phrase.words) == 1 and not phrase.words[0].names
        only_place = [word.tag for word in phrase.words] == ["ns"] and place not in named
        plain = len(phrase.words) == 1 and place.end - place.start < 3 and not only_value
        aside = phrase.aside or only_place or (plain and not phrase.words[0].names)
        if or_person or not (place in named or (named and phrase.asked)):
            found.append((4 * phrase.asked + 2 * only_value + aside, place))
    if or_person:
        found += [(0, name) for name in named]
    long = [(doubts, place) for doubts, place in found if place.end - place.start > 1]
    return min(long)[1].of(question) if long else ""


def _without_value(phrase: Phrase, named: list[Span]) -> Span:
    """Return the place of a phrase without the noun whose value is asked for, whole names in it."""
    words, span = phrase.owner, phrase.span
    if phrase.asked and len(words) > 1 and len(words[0].text) == 1:
        words = words[1:]  # without its measure word (多少部电梯)
    if words[-1].span.end - words[0].span.start > 1:
        span = Span(words[0].span.start, words[-1].span.end)
    for name in named:
        if name.start < span.end and span.start < name.end:
            span = Span(min(span.start, name.start), max(span.end, name.end))
    return span


def english_topic(question: str, or_person: bool = True) -> str:
    """Return the phrase that an English question is about; "" if it has none."""
    persons = [] if or_person else named_people(question)
    found = [
        phrase
        for phrase in english_phrases(question)
        if phrase.core not in persons and not _OPEN.match(phrase.core.of(question))
    ]
    if not found:
        return ""
    first = found[0]
    inside = [p for p in found[1:] if p.core.end <= first.whole.end]
    if inside and first.first and VALUE_ASKED.match(question):
        return min(inside, key=lambda p: not p.named(question)).whole.of(question)
    clear = min(found, key=lambda p: (not _is_definite(p, question), p.preposition in _ASIDE))
    return clear.whole.of(question)


def _is_definite(phrase: EnglishPhrase, question: str) -> bool:
    return phrase.named(question) or phrase.core.of(question).lower().startswith(("the ", "a "))


def _nearest_first(before: Before) -> list[str]:
    """Return whom the answer names, first who stands nearest to the question's words."""
    words = words_of(before.question)
    asking = next((word.span.start for word in words if word.asks), len(before.question))
    at = [
        (Span(*found.span()), 2.0 if word.span.start > asking else 1.0)
        for word in words
        if len(word.text) > 1 and not word.asks
        for found in re.finditer(re.escape(word.text), before.answer, re.I)
    ]
    names = named_people(before.answer, before.question)
    names.sort(key=lambda s: (before.answer.startswith("的", s.end), -sum(nearness(s, at, _NEAR))))
    return list(dict.fromkeys(span.of(before.answer) for span in names))


def _title(question: str) -> str:
    """Return the title of the one who is asked for (the director of …, …的馆长)."""
    if language_of(question) == "en":
        first = english_phrases(question)[:1] if VALUE_ASKED.match(question) else []
        return first[0].whole.of(question) if first and first[0].first else ""
    valued = [phrase.span.of(question) for phrase in phrases(question) if phrase.valued]
    return valued[0] if valued else ""
