"""Pronouns: a follow-up and the turn before → the follow-up with names for its pronouns.

A whole phrase is replaced (该项目, 这座桥, "its cost"), and only by a phrase; a pronoun behind a
name in the same question stands for that. Knows nothing of articles.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.english_phrases import english_phrases
from qa.answering.people import people
from qa.answering.phrases import Word, phrases, words_of
from qa.answering.question import Language, understand
from qa.answering.topics import Before, called, is_named, part_called, person, thing
from qa.spans import Span

_HE = re.compile(r"(?<![其吉])[他她](?![们人国乡])|此人")
_IT = re.compile(
    r"[它牠他她]们|(?<!其)[它牠]|其(?![中他它实余次间])"
    r"|(?<![因如彼从由至])此(?=[是在有为由会将能可])"
    r"|(?<![㐀-鿿])[这那](?:里边?|边|儿)(?!程)|(?<=[在到去从])[这那](?:里|边|儿)"
)
_THIS = re.compile(r"上述|(?<![因如彼从由至应])[这该此]|(?<![㐀-鿿])那")
_MEASURE = re.compile(
    r"(?P<some>些|[两几](?:个|名|位|家|条|座|所|项))|(?P<person>一?[位名])|一"
    r"|一?[个家项次座所场篇条件份届种套台部笔批支只栋间款类本块段处起幅枚辆]"
)
_PERSON = re.compile(
    r".*(?:人|孩子|儿童|男子|女子|先生|女士|同志|小伙子?|姑娘|[长员师手者生]|总裁|主任|书记|经理|教授)"
)
_WHEN = re.compile(r".*(?:时间?|时候|期间|日子|阶段|[刻天年月日周])")
# What anything that was spoken of may be called.
_ANYTHING = re.compile(
    "项目|工程|活动|会议|大会|赛事|比赛|公司|企业|单位|机构|医院|学校|小区|社区|平台|组织|部门|线路|院区"
    "|中心|村|区|县|市|校|院|局|厂|镇"
)
_PLACE = re.compile("[区院部馆楼园厂校站店所处局室桥路]$")
_COMPANY = re.compile("公司|企业|单位|机构|集团|学校|医院|部门|团队")
_ORGANISATION = re.compile("(?:公司|集团|厂|院|行|局|中心|大学|学校|协会|委)$")
# Words that jieba may join with the next one to a noun (会派).
_HELPS = re.compile("[会能要将曾已还也都]")

_PERSONS = re.compile(r"\b(?:he|she|him|her|his)\b(?!['’])", re.I)
_THINGS = re.compile(
    r"\b(?:it(?! (?:true|clear|possible|likely|necessary)\b)|its|they|them|their|these|those"
    r"|this(?! (?:year|month|week|season|morning|afternoon|evening|time)\b))\b(?!['’])"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )\bthere\b"
    r"|\bthat\b(?! (?:(?-i:[A-Z])|(?:the|an?|it|he|she|they|there|this)\b))",
    re.I,
)
_SEVERAL = ("they", "them", "their", "these", "those")
_OBJECT = re.compile(
    r" *(?:$|[?？.,，。的吗呢]+$|(?:in|on|at|to|for|from|with|by|of|and|or|about)\b)"
)
_GOING = re.compile(r"\b(?:go|goes|went|get|gets|got|come|comes|came|travel|drive|move)\W*$", re.I)


def without_pronouns(text: str, before: Before, language: Language) -> str | None:
    """Return `text` with what its first pronoun stands for; None where it has no pronoun.

    Where nothing is clear that it could stand for, the text stays, with its topic before it.
    """
    return _chinese(text, before) if language == "zh" else _english(text, before)


def _is_of_name(text: str, pronoun: re.Match[str]) -> bool:
    """Return whether a pronoun stands for a name before it: as an object it does not."""
    return is_named(text[: pronoun.start()]) and not _OBJECT.match(text, pronoun.end())


def beside(text: str, before: Before) -> str:
    """Return an English question with the topic of `before` before it, where that is clear."""
    topic = thing(before, "en") or thing(before, "en", or_person=True)
    bare = topic.removeprefix("the ")
    return f"{bare[0].upper()}{bare[1:]}: {text}" if bare else text


def _chinese(text: str, before: Before) -> str | None:
    if (he := _HE.search(text)) and not _is_of_name(text, he):
        if name := person(before, "zh"):
            return _put(text, Span(*he.span()), name, owner=he[0] != "此人")
        topic = thing(before, "zh")
        return f"{topic}，{text}" if topic else text
    for this in _THIS.finditer(text):
        if (named := _with_this(text, this, before)) is not None:
            return named
    it = _IT.search(text)
    if not it or _is_of_name(text, it):
        return None
    they = it[0] in ("他们", "她们") and not thing(replace(before, topic=""), "zh")
    meant = person(before, "zh") if they else thing(before, "zh")
    return _put(text, Span(*it.span()), meant, owner=it[0] == "其")


def _put(text: str, place: Span, name: str, owner: bool = False) -> str:
    """Return `text` with `name` at `place`, as the `owner` of a noun behind; as it is without."""
    behind = words_of(text[place.end :])
    owns = owner and behind and behind[0].is_noun and not _HELPS.match(behind[0].text)
    return f"{text[: place.start]}{name}{'的' if owns else ''}{text[place.end :]}" if name else text


def _with_this(text: str, this: re.Match[str], before: Before) -> str | None:
    """Return `text` with what `this` and the noun behind it stand for; None without such a noun."""
    words = words_of(text[this.end() :])
    measure = _MEASURE.fullmatch(words[0].text) if len(words) > 1 else None
    some, one = (bool(measure and measure[kind]) for kind in ("some", "person"))
    noun = _noun(words[1:] if measure else words, one)
    a_person = _PERSON.fullmatch(noun)
    if not noun or _WHEN.fullmatch(noun) or (some and a_person):
        return None
    end = text.index(noun, this.end()) + len(noun)
    if a_person or one:
        return _put(text, Span(this.start(), end), person(before, "zh"))
    return _put(text, Span(this.start(), end), _this(noun, before, some))


def _noun(words: Sequence[Word], of_person: bool) -> str:
    """Return the noun that `words` begin with; "" if they begin with none."""
    if words and (words[0].is_noun or _ANYTHING.fullmatch(words[0].text)):
        return words[0].text
    two = "".join(word.text for word in words[:2])  # 快递|员
    return two if of_person and _PERSON.fullmatch(two) else ""


def _this(noun: str, before: Before, some: bool) -> str:
    """Return what a noun with 这 before it stands for; `some` tells that it is 这些."""
    if told := _organisation(noun, before):
        return told
    topic = thing(before, "zh")
    if people(topic):
        topic = ""  # a thing of somebody's (陈晓东的女儿) is none of the things called so
    if noun in topic and _PLACE.search(topic):
        return topic
    if known := called(noun, before):
        return known
    if topic and (topic[-1] == noun[-1] or (_ANYTHING.fullmatch(noun) and not some)):
        return topic
    owner = topic or person(before, "zh")
    return f"{owner}的{noun}" if owner else ""


def _organisation(noun: str, before: Before) -> str:
    """Return the organisation that the answer names where the question asked which (哪家企业)."""
    if not _COMPANY.fullmatch(noun) or understand(before.question).asked != "organisation":
        return ""
    said = (phrase.span.of(before.answer) for phrase in phrases(before.answer))
    named = (text for text in said if _ORGANISATION.search(text) and text not in before.question)
    return next(named, "")


def _english(text: str, before: Before) -> str | None:
    if (he := _PERSONS.search(text)) and not _is_of_name(text, he):
        name, pronoun = person(before, "en"), he[0].lower()
        if not name:
            return beside(text, before)
        owns = pronoun == "his" or (pronoun == "her" and not _OBJECT.match(text, he.end()))
        return _instead(text, Span(*he.span()), f"{name}'s" if owns else name)
    it = _THINGS.search(text)
    if not it or _is_of_name(text, it):
        return None
    several = it[0].lower() in _SEVERAL
    if several and understand(before.question).asked == "person":
        return beside(text, before)  # those who did it
    topic = thing(before, "en", plural=several)
    return _of_thing(text, Span(*it.span()), topic) if topic else beside(text, before)


def _of_thing(text: str, place: Span, topic: str) -> str | None:
    """Return `text` with `topic` for the pronoun at `place` and a noun that goes with it.

    None where the pronoun belongs to another noun of the same question.
    """
    it, found = place.of(text).lower(), english_phrases(text)
    if it == "there":
        to = "to" if _GOING.search(text[: place.start]) else "at"
        return _instead(text, place, f"{to} {topic}")
    owns = it in ("its", "their")
    if owns and any(phrase.core.end <= place.start for phrase in found):
        return None
    phrase = next((p.core for p in found if p.core.start == place.start), place)
    noun = text[place.end : phrase.end].strip()
    if not noun:
        return _instead(text, place, f"{topic}'s" if owns else topic)
    same = "" if owns else part_called(noun, topic)
    return _instead(text, phrase, same or f"the {noun} of {topic}")


def _instead(text: str, place: Span, name: str) -> str:
    return f"{text[: place.start]}{name}{text[place.end :]}"
