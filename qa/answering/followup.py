"""Follow-ups: a question and the turns before it → the question that stands on its own.

By rules: a pronoun is replaced by the person or thing that the turn before named, a question
without a topic of its own is given that topic. A question that names its own topic stays. What
names a topic is seen in the articles: the longest run of characters that a question shares with
the article nearest to it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embeddings.segmentation import tagged_words
from qa.answering.answer_spans import answer_spans
from qa.answering.features import longest_run
from qa.answering.question import clean, language_of, understand
from qa.errors import QuestionError

Turn = Sequence[str]
Nearest = Callable[[str], str]

# Turns further back are not looked at.
_TURNS = 6
_PERSON_PRONOUN = re.compile(r"[他她](?!们)|其(?![中他它实余次])|\b(?:he|she|him|his|her)\b", re.I)
_THING_PRONOUN = re.compile(
    r"(?:[这该此]|(?<![㐀-鿿])那)(?:[个家项次位座所场些篇]|一)(?:项目|会议|活动|公司|医院|企业|机构|平台|大会|地方|人|事)?"
    r"|[它牠他她]们|[它牠]|该(?:项目|会议|活动|公司|医院|企业|机构|平台|大会|村|区|县|市|校|院|局)|(?<![㐀-鿿])[这那][里儿边](?!程)|上述|(?<![因如彼])此(?![外时前后次])"
    r"|\b(?:it|its|they|them|their|there|this|these|those)\b|\bthat\b(?= \w+\?)",
    re.I,
)
_OPENING = re.compile(r"^(?:那么?|然后|另外|还有|再问一下|so|and|then|what about)[,，、\s]*", re.I)
_WHAT_ABOUT = re.compile(
    r"^(?:那么?|还有)?(?P<zh>.{1,30}?)呢[？?]?$|^(?:and |what about |how about )(?P<en>.+?)\?*$",
    re.I,
)
_CITED = re.compile(r"[\[【［]\d+[\]】］]")
_ASKED_AGAIN = {
    "number": "是多少", "person": "是谁", "identity": "是谁", "time": "是什么时候",
    "place": "在哪里", "organisation": "是哪家单位", "thing": "是什么", "reason": "是为什么",
}  # fmt: skip
_NAME_TAGS = ("nr", "ns", "nt", "nz")
# A run of this many characters that an article shares names its thing by itself.
_NAMING = 4
# Characters that do not begin or end a name.
_FUNCTION = "的了在到去来是有由被把对和与跟向给将已还也都中上下后前为于个"
_ENGLISH_NAME = re.compile(r"\b[A-Z][\w'’-]*(?: (?:of |the |and )?[A-Z0-9][\w'’-]*)*")
_ENGLISH_ASKING = re.compile(
    r"^(?:Who|What|When|Where|Which|Why|How|Is|Are|Was|Were|Do|Does|Did|Can|Could|List|Name|Tell"
    r"|In|On|At|And|So)\b"
)


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
    before, answer = "", ""
    for user, assistant in history[-_TURNS:]:
        if any(character.isalnum() for character in user):
            before = _Before(before, answer, nearest).resolved(clean(user[:500]))
            answer = _CITED.sub("", assistant[:2000])
    resolved = _Before(before, answer, nearest).resolved(text)
    return Standalone(resolved, f"{before} {answer}".strip())


@dataclass(frozen=True, slots=True)
class _Before:
    """The turn before: its question as it stands on its own, its answer, and the articles."""

    question: str
    answer: str
    nearest: Nearest

    def resolved(self, text: str) -> str:
        """Return `text` as a question on its own."""
        if not self.question:
            return text
        if about := _WHAT_ABOUT.match(text):
            return self._what_about(about["zh"] or about["en"])
        rest = _OPENING.sub("", text)
        person = _PERSON_PRONOUN.search(rest)
        if person and (name := self._person()):
            return rest[: person.start()] + name + rest[person.end() :]
        pronoun = person or _THING_PRONOUN.search(rest)
        if pronoun and (topic := self._topic()):
            return rest[: pronoun.start()] + topic + rest[pronoun.end() :]
        return rest if self._names_its_topic(rest) else self._with_topic(rest)

    def _what_about(self, thing: str) -> str:
        """Return the last question for another `thing`, or another attribute of its topic."""
        topic = self._topic()
        if not topic:
            return thing
        if language_of(self.question) == "en" or _named(thing):
            return self.question.replace(topic, thing, 1)
        return f"{topic}{thing}{_ASKED_AGAIN.get(understand(self.question).asked, '怎么样')}？"

    def _with_topic(self, text: str) -> str:
        topic = self._topic()
        if not topic or topic in text:
            return text
        return f"{topic}{text}" if language_of(text) == "zh" else f"{topic}: {text}"

    def _names_its_topic(self, text: str) -> bool:
        if language_of(text) == "en":
            return bool(_english_names(text)) or len(understand(text).content.split()) > 3
        return _named(text) or len(self._shared(text)) >= _NAMING

    def _topic(self) -> str:
        """Return what the last question was about: a name, or the longest run it shares."""
        if language_of(self.question) == "en":
            names = _english_names(self.question)
            return max(names, key=len) if names else understand(self.question).content
        people = _people(self.question)
        return max([self._shared(self.question), *people[:1]], key=len)

    def _shared(self, text: str) -> str:
        content = understand(text).content
        run = longest_run(content, self.nearest(text)).of(content)
        return run.strip(_FUNCTION)

    def _person(self) -> str:
        """Return the person that the last question named, or the first that its answer named."""
        named = _people(self.question) or _people(self.answer)
        return named[0] if named else ""


def _named(text: str) -> bool:
    return any(tag.startswith(_NAME_TAGS) for _, tag in tagged_words(text))


def _people(text: str) -> list[str]:
    found = [span.of(text) for span in answer_spans(text, "person")]
    return found or [word for word, tag in tagged_words(text) if tag.startswith("nr")]


def _english_names(text: str) -> list[str]:
    return _ENGLISH_NAME.findall(_ENGLISH_ASKING.sub("", text))
