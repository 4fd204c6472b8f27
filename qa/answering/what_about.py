"""What about: 那王建国呢, "what about the cost?" → the last question, asked of that.

What is named may be another of the same kind, which takes its place in the last question, or
another attribute of what that was about. Knows nothing of articles.
"""

import re

from embeddings.segmentation import frequency
from qa.answering.english_phrases import english_phrases, last_word
from qa.answering.people import named_people, people
from qa.answering.phrases import Word, phrases, words_of
from qa.answering.question import language_of, understand
from qa.answering.topics import VALUE_ASKED, Before, thing
from qa.answering.units import ROLE, designations
from qa.spans import Span

_ASKED_AGAIN = {
    "number": "是多少", "person": "是谁", "identity": "是谁", "time": "是什么时候",
    "place": "在哪里", "organisation": "是哪家单位", "reason": "是为什么", "thing": "是什么",
}  # fmt: skip
_PERSON = re.compile(rf".*(?:{ROLE}|[人者员师手长]|冠军|亚军|季军|[组队方])")
_MEASURED = re.compile(".*(?:面积|投资|[额价费数量度率龄]|长度?|成绩|奖金|工资|收入)")
_LONG = 8  # characters that are no mere attribute (社会消费品零售总额)
_TIME = re.compile(
    r"(?:in |for )?(?:(?:this|last|next) (?:year|month|week)|tomorrow|today|yesterday|(?:19|20)\d\d)",
    re.I,
)


def asked_about(said: str, before: Before, other_topic: bool) -> str:
    """Return the question of `before`, asked about what is `said`.

    `other_topic` tells that this is not spoken of where the turn's topic is.
    """
    last, chinese = before.question, language_of(said) == "zh"
    if chinese and said in last:
        return f"{said}{'是谁' if people(said, before.text) else '怎么样'}？"
    another = _is_another(said, other_topic)
    place = _counterpart(said, before, another)
    if place is None and another:
        place = _topic_place(said, before)
    if place is not None:
        return f"{last[: place.start]}{said}{last[place.end :]}"
    return _attribute(said, before) if chinese else _english_attribute(said, before)


def _is_another(said: str, other_topic: bool) -> bool:
    """Return whether what is `said` is another topic, not something about the last one."""
    if language_of(said) == "en":
        return said[0].isupper()
    return other_topic or _is_name(said)


def _is_name(said: str) -> bool:
    names = any(word.tag.startswith(("ns", "nt", "nz")) for word in words_of(said))
    return names or bool(designations(said)) or len(said) >= _LONG


def _topic_place(said: str, before: Before) -> Span | None:
    """Return where the last question names its topic: a person only for a person."""
    language = language_of(before.question)
    topic = "" if named_people(said) else thing(before, language)
    topic = topic or thing(before, language, or_person=True)
    at = before.question.find(topic)
    return Span(at, at + len(topic)) if topic and at >= 0 else None


def _counterpart(said: str, before: Before, another: bool) -> Span | None:
    """Return where the last question names something of the same kind as is `said`.

    `another` tells that it is another topic, and so no value of the last one.
    """
    last = before.question
    if language_of(last) == "en":
        return _english_counterpart(said, last)
    if all(word.tag == "t" for word in words_of(said)):
        return next((word.span for word in words_of(last) if word.tag == "t"), None)
    named = people(last, before.answer)
    if named and (people(said, before.answer) == [Span(0, len(said))] or _is_unknown(said)):
        return named[0]
    valued = next((phrase for phrase in phrases(last) if phrase.valued), None)
    if valued and "的" in said[:-1]:
        return Span(phrases(last)[0].span.start, valued.span.end)
    if _is_name(said) or said.endswith("的"):
        return None
    whose = understand(last).asked in ("person", "identity")
    fits = valued and not another and (not whose or _PERSON.fullmatch(said))
    value = valued.value if valued and fits else None
    return next((word.span for word in words_of(last) if _is_alike(word, said)), value)


def _is_unknown(said: str) -> bool:
    """Return whether a dictionary has no word of what is `said`, which then may be a name."""
    return all(len(word.text) == 1 or not frequency(word.text) for word in words_of(said))


def _is_alike(word: Word, said: str) -> bool:
    """Return whether a word is formed as what is `said` is (男子组, 女子组)."""
    alike = word.text[-1] == said[-1] and len(word.text) > 1 and word.tag[0] in "nsf"
    return alike and word.text not in said and not word.asks


def _english_counterpart(said: str, last: str) -> Span | None:
    if _TIME.fullmatch(said):
        found = _TIME.search(last)
        return Span(*found.span()) if found else None
    every = english_phrases(last)
    if every and every[0].first and VALUE_ASKED.match(last) and said.lower().startswith("the "):
        return every[0].core
    for phrase in every:
        same_head = last_word(phrase.core.of(last)) == last_word(said)
        if same_head or (phrase.named(last) and said[0].isupper()):
            return phrase.core
    return None


def _attribute(said: str, before: Before) -> str:
    if all(word.tag == "t" for word in words_of(said)):
        return f"{said}{before.question}"
    topic, asked = thing(before, "zh", or_person=True), understand(before.question).asked
    if asked in ("person", "identity") and not _PERSON.fullmatch(said):
        asked = "thing"
    if _MEASURED.fullmatch(said):
        asked = "number"
    return f"{'' if topic in said else topic}{said}{_ASKED_AGAIN.get(asked, '怎么样')}？"


def _english_attribute(said: str, before: Before) -> str:
    last = before.question.rstrip("?？ ")
    if _TIME.fullmatch(said):
        return f"{last} {said}?"
    topic = thing(before, "en") or thing(before, "en", or_person=True)
    if not said.lower().startswith("the ") or not topic:
        return f"{said[0].upper()}{said[1:]}: {last}?"
    core, of, rest = topic.partition(" of ")
    same = last_word(said) == last_word(core)
    return f"What about {said}{of}{rest}?" if same else f"What about {said} of {topic}?"
