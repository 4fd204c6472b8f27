"""Follow-ups: a question and the turns before it → the question that stands on its own.

By rules: a pronoun is replaced by the person or thing that the turn before named, a question
without a topic of its own is given that topic. A question that names its own topic stays, as does
one whose topic is not clear. What a question is about is also seen in the articles: in the one
nearest to the turn before, or in another.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from embeddings.tokens import tokens
from qa.answering.english_phrases import english_phrases
from qa.answering.people import people
from qa.answering.phrases import words_of
from qa.answering.pronouns import beside, without_pronouns
from qa.answering.question import ASKING_WORD, MAX_QUESTION, clean, language_of, understand
from qa.answering.topics import Before, is_named, part_called, thing
from qa.answering.what_about import asked_about
from qa.errors import QuestionError

Turn = Sequence[str]
Nearest = Callable[[str], str]

# Turns further back are not looked at.
_TURNS = 6
_READ = 1000  # characters of an answer
# 那 before a measure word points at something (那场比赛).
_MEASURES = (
    "里边儿些个家项次位座所场篇条件份名届种套台部笔批支只栋间款类本块段处起幅天年月日时一两几"
)
_OPENING = re.compile(
    rf"^(?:(?:那么?(?![{_MEASURES}])|然后|另外|还有|再问一下|请问)[,，、\s]*|(?:so|and|then|also)\b[, ]*)",
    re.I,
)
_ANOTHER = re.compile(
    r"^(?:换个?(?:话题|问题)|另一个问题|another (?:question|topic))[,，:：、\s]*", re.I
)
_VERB = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|list|name|tell|describe"
    r"|explain|give|show|more)\b"
)
_WHAT_ABOUT = re.compile(
    r"^(?:那么?|还有)?(?P<zh>.{1,30}?)呢[？?]?$|^(?:and |so )?(?:what|how) about (?P<en>.+?)[?？]*$"
    rf"|^and (?!(?:in |on |at )?(?:who|wh|how)|{_VERB})(?P<and>(?:[^\s?？]+ ?){{1,4}}?)[?？]*$",
    re.I,
)
_ASKS = re.compile(
    ASKING_WORD.pattern
    + r"|[吗嗎呢？?]|有没有|是否|是不是|能不能|可不可以|列出|列举|说说|讲讲|介绍|继续"
    rf"|^{_VERB}",
    re.I,
)
_VALUE_ASKED = re.compile(r"(?:who|what|how \w+) (?:is|are|was|were) the [\w’' -]+\?*", re.I)
_MORE = ("还有", "然后", "接着", "其他", "其它", "别的", "more", "others", "the others", "the rest")
_THEN = re.compile("[这那](?:段|时|天|年|个月|次)")  # speaks of what was spoken of
_CITED = re.compile(r"[\[【［]\d+[\]】］]")
# Characters of words, or words of English, that only another article holds: they name a topic.
_NAMING = {"zh": 3, "en": 2}
# As many where the articles are in another language and cannot be compared.
_NAMING_UNSEEN = {"zh": 8, "en": 4}


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question on its own, and the words of the turn before that help to place it."""

    text: str
    context: str


def turns(value: object) -> list[Turn]:
    """Return a history read from JSON as turns; none for None.

    Raises QuestionError when it is not a list of [user, assistant] pairs of texts.
    """
    given = [] if value is None else value
    if not isinstance(given, list) or not all(map(_is_turn, given)):
        raise QuestionError('"history" must be a list of [user, assistant] pairs')
    return given


def _is_turn(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)


def standalone(question: str, history: Sequence[Turn], nearest: Nearest) -> Standalone:
    """Return what `question` asks after `history`, a list of [user, assistant] turns.

    `nearest` gives the headline and text of the article nearest to some words. Without a
    history, or with a topic of its own, the question is returned as it is (cleaned).
    """
    text = clean(question)
    nearest = lru_cache(maxsize=None)(nearest)
    before = Before("", "")
    for user, assistant in history[-_TURNS:]:
        if any(character.isalnum() for character in user):
            asked = _resolved(clean(user[:500]), before, nearest)
            turn = Before(asked, _CITED.sub("", assistant[:_READ]), before.topic)
            before = replace(turn, topic=thing(turn, language_of(asked)))
    return Standalone(
        _resolved(text, before, nearest), f"{before.question} {before.answer}".strip()
    )


def _resolved(text: str, before: Before, nearest: Nearest) -> str:
    """Return `text` as a question on its own; what asks nothing (谢谢) stays as it is."""
    if not before.question or not _asks(text, before):
        return text
    if another := _ANOTHER.match(text):
        return text[another.end() :] or text
    about = _WHAT_ABOUT.match(text)
    said = (about["zh"] or about["en"] or about["and"]) if about else ""
    if any(map(str.isalnum, said)) and not ASKING_WORD.search(said):
        return _about(said, before, nearest)
    rest = _OPENING.sub("", text) or text
    rest = f"{rest[:1].upper()}{rest[1:]}"
    named = without_pronouns(rest, before, language_of(rest))
    if named is None:
        itself = _names_its_topic(rest, before, nearest)
        named = rest if itself else _with_topic(rest, before)
    return named if len(named) <= MAX_QUESTION else text


def _asks(text: str, before: Before) -> bool:
    words = (word for word in words_of(text) if word.is_noun and len(word.text) > 1)
    return bool(_ASKS.search(text)) or any(word.text in before.text for word in words)


def _about(said: str, before: Before, nearest: Nearest) -> str:
    if said in _MORE:
        return before.question
    named = without_pronouns(said, before, language_of(said))
    if named is not None and language_of(said) == "en":
        return f"What about {named}?"
    said = named or said
    return asked_about(said, before, _names_its_topic(said, before, nearest))


def _names_its_topic(text: str, before: Before, nearest: Nearest) -> bool:
    """Return whether `text` names something, or speaks of what only another article holds."""
    if is_named(text):
        return True
    if _THEN.search(text):
        return False
    here, there = nearest(before.question), nearest(text)
    if not there or there == here:
        return False
    language = language_of(text)
    words = _content(text)
    if language_of(there) != language:
        return _size(words) >= _NAMING_UNSEEN[language]
    known = f"{here}\n{before.text}"
    if language == "en":
        only_there = words & set(tokens(there)) - set(tokens(known))
        shared = words & set(tokens(known))
    else:
        shared = {word for word in words if word in known}
        only_there = {word for word in words - shared if word in there}
        if not any(word.is_noun and word.text in "\n".join(only_there) for word in words_of(text)):
            return False
    return _size(only_there) >= _NAMING[language] and _size(only_there) > _size(shared)


def _content(text: str) -> set[str]:
    """Return the words of `text` that are not merely asking: of English, their stems."""
    content = understand(text).content
    if language_of(text) == "en":
        return set(tokens(content))
    words = [word for word in words_of(content) if not word.asks]
    found = {word.text for word in words if len(word.text) > 1}
    for word, head in pairwise(words):  # a noun of one character belongs to what it follows: 安置房
        named = f"{word.text}{head.text}"
        if word.text in found and head.is_noun and len(head.text) == 1 and named in content:
            found = found - {word.text} | {named}
    return found


def _size(words: set[str]) -> int:
    """Return how much is said: characters of Chinese, words of English."""
    return sum(1 if word.isascii() else len(word) for word in words)


def _with_topic(text: str, before: Before) -> str:
    language = language_of(text)
    if language == "en":
        return _with_english_topic(text, before)
    topic = thing(before, language, or_person=True)
    if not topic or topic in text:
        return text
    first = words_of(text)[0]
    if first.is_noun and topic.endswith(first.text):
        return f"{topic}{text[len(first.text) :]}"
    owner = "的" if first.is_noun and people(topic) else ""
    return f"{topic}{owner}{text}"


def _with_english_topic(text: str, before: Before) -> str:
    topic = thing(before, "en") or thing(before, "en", or_person=True)
    if not topic or topic in text:
        return text
    for phrase in english_phrases(text):
        said = phrase.core.of(text)
        if said.lower().startswith("the ") and (meant := part_called(said, topic)):
            return f"{text[: phrase.core.start]}{meant}{text[phrase.core.end :]}"
    if _VALUE_ASKED.fullmatch(text):
        return f"{text.rstrip('?？')} of {topic}?"
    return beside(text, before)
