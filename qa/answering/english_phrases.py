"""English phrases: an English question → its noun phrases.

There is no tagger for English: function words, capitals and the order of words in a question tell
where a phrase ends. Where they do not, there is no phrase. Knows the one text only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.spans import Span


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"\w[\w'’.,-]*\w(?:(?<=s)['’](?=\s))?|\w|[^\w\s]")
_AUXILIARY = _set(
    """
    is are was were be been do does did has have had will would can could shall should may
    might must
    """
)
_BE = _set("is are was were be been")
_PREPOSITION = _set(
    """
    of in on at for to from with by near after before during under over between among about
    into through since until against as than per via
    """
)
# Words that are in no phrase.
_LIMIT = _set(
    """
    who whom whose what when where which why how and or but that if because not so also then
    still ever long much many it he she they them him you we i me us there here one
    """
)
_DETERMINER = _set("the a an this that these those its his her their our my your")
# Words that no phrase ends with.
_NO_HEAD = _set(
    """
    new old first second third fourth last next big large small main total whole other same
    great high low long short local national many more most own
    """
)
_WHEN = re.compile(
    r"(?:(?:this|last|next|every|each) )?(?:year|month|week|time|today|tomorrow|yesterday|morning"
    r"|evening|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february"
    r"|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn"
    r"|winter|\d{4})s?(?: \d+)?",
    re.I,
)
# Verbs that news are asked about, in all forms but the regular ones; none that is oftener a noun.
_VERBS = _set(
    """
    accept achieve add agree allow announce appear arrive ask attend attract award be bear
    become began begin begun bought break bring broke broken brought build built buy call
    came carry cause charge choose chose chosen claim close collect come compare connect
    consist contain contribute cost cover create cut damage decide deliver demand describe
    design destroy develop die discuss earn employ end expect explain fall fell fight find
    finish follow force found gave get give given go goes gone got graduate grew grow grown
    happen have hear heard held help hire hit hold host hurt improve include injure
    introduce invest invite join keep kept kill knew know known last lay lead learn leave
    led left lend live locate look lose lost made make mean meet met move need offer open
    operate organise organize own paid participate pay perform play practise prevent produce
    promise propose protect prove provide publish put raise ran reach receive recommend
    reduce remain remove reopen replace require rescue resume retire return rise rose said
    save saw say see seen sell send sent serve set show shown sign sold solve speak spend
    spent spoke spoken stand start stay stood stop struck suffer supply take taken talk
    taught teach tell think thought threaten told took train travel treat try turn use visit
    vote want went win won write written wrote
    """
)
_STATES = _set("free available ready safe famous important possible true full empty")
_JOINS_NAMES = _set("in at near for on from")
_NAME = re.compile("[A-Z㐀-鿿]")
_PHRASE = ("begins", "goes on")


@dataclass(frozen=True, slots=True)
class EnglishPhrase:
    """A noun phrase: its place, and that with what joins it.

    An "of" joins whatever follows, another preposition a name. `preposition` stands before it, ""
    if none; `first` tells that it stands right behind the auxiliary (Who is the director …).
    """

    core: Span
    whole: Span
    preposition: str
    first: bool

    def named(self, text: str) -> bool:
        """Return whether it holds a name."""
        return any(_NAME.match(word) for word in self.core.of(text).split())


def english_phrases(text: str) -> list[EnglishPhrase]:
    """Return the noun phrases of a question, in order, but for those that it asks for."""
    found: list[EnglishPhrase] = []
    for words, role, first in reversed(_chunks(text)):
        core = Span(words[0].start(), words[-1].end())
        whole, behind = core, found[-1] if found else None
        if behind and text[core.end : behind.core.start].strip() == behind.preposition:
            joins = behind.preposition in _JOINS_NAMES and behind.named(text)
            if joins or behind.preposition == "of":
                whole = Span(core.start, behind.whole.end)
        found.append(EnglishPhrase(core, whole, role if role in _PREPOSITION else "", first))
    return found[::-1]


def last_word(phrase: str) -> str:
    """Return the head of a phrase without a preposition, in lower case."""
    return phrase.lower().rsplit(maxsplit=1)[-1]


def asked_noun(text: str) -> str:
    """Return the noun that a question asks for ("beds" of how many beds); "" if none."""
    words, roles, starts = _parsed(text)
    asked = [n for n in range(starts[0] if starts else 0) if roles[n] in _PHRASE]
    return text[words[asked[0]].start() : words[asked[-1]].end()] if asked else ""


def _parsed(text: str) -> tuple[list[re.Match[str]], list[str], list[int]]:
    """Return the words of a question without its topic before a colon, their roles, and which of
    them are verbs."""
    words = list(_WORD.finditer(text, text.rfind(": ") + 1))
    roles = _roles([word[0] for word in words])
    return words, roles, [n for n, role in enumerate(roles) if role in ("auxiliary", "verb")]


_Chunk = tuple[list[re.Match[str]], str, bool]


def _chunks(text: str) -> list[_Chunk]:
    """Cut a question into `(words, role of the word before, whether right behind the auxiliary)`.

    What stands before its first verb is asked for, or asks, and left out.
    """
    words, roles, starts = _parsed(text)
    if not starts:
        return []
    found: list[_Chunk] = []
    for n in range(starts[0] + 1, len(words)):
        if roles[n] == "begins" or (roles[n] == "goes on" and roles[n - 1] not in _PHRASE):
            found.append(([words[n]], roles[n - 1], n == starts[0] + 1))
        elif roles[n] == "goes on":
            found[-1][0].append(words[n])
    helps = roles[starts[0]] == "auxiliary" and words[starts[0]][0].lower() not in _BE
    if helps and len(starts) == 1:
        found = _without_verb(found)
    return [chunk for chunk in found if not _is_time(text, chunk)]


def _roles(words: Sequence[str]) -> list[str]:
    """Return of each word the preposition that it is, "auxiliary", "verb", "limit" or, where it is
    in a noun phrase, "goes on"; "begins" where one begins right behind another."""
    roles: list[str] = []
    headed = False  # whether the phrase so far could end here
    for nth, word in enumerate(words):
        low, behind = word.lower(), [w.lower() for w in words[nth + 1 : nth + 2]]
        before = roles[-1] if roles else "limit"
        if low in _PREPOSITION:
            role = low
        elif low in _AUXILIARY:
            role = "auxiliary"
        elif low in _LIMIT or not word[0].isalnum():
            role = "limit"
        elif _is_verb(words, nth, headed, before, behind):
            role = "verb"
        else:
            role = "begins" if headed and low in _DETERMINER else "goes on"
        goes_on = headed and role == "goes on"
        headed = role in _PHRASE and (goes_on or low not in _DETERMINER | _NO_HEAD)
        roles.append(role)
    return roles


def _is_verb(
    words: Sequence[str], nth: int, headed: bool, before: str, behind: Sequence[str]
) -> bool:
    low = words[nth].lower()
    if nth == 0:
        return low not in _DETERMINER
    if words[nth][0].isupper():
        return False
    opens = before not in _PHRASE
    if nth == 1 and words[0].lower() in ("who", "what"):
        return low not in _DETERMINER | _NO_HEAD
    ends = not behind or behind[0] in _PREPOSITION | _DETERMINER or not behind[0][0].isalnum()
    if low.endswith("ing"):
        return opens and before in ("auxiliary", "by")
    if low in _STATES:
        return headed and ends
    return (low in _VERBS or low.endswith("ed")) and (headed or opens)


def _without_verb(chunks: list[_Chunk]) -> list[_Chunk]:
    """Take the verb, which nothing else told, from the end of the subject."""
    last = 0
    while last + 1 < len(chunks) and chunks[last + 1][1] == "of":
        last += 1
    words, role, first = chunks[last] if chunks else ([], "", False)
    verbs = [n for n in range(1, len(words)) if not _NAME.match(words[n][0])]
    before_names = [n for n in verbs if n + 1 < len(words) and n + 1 not in verbs]
    cut = (before_names or [len(words) - 1])[-1]
    subject, rest = words[:cut], words[cut + 1 :]
    if all(word[0].lower() in _DETERMINER | _NO_HEAD for word in subject):
        return chunks
    object_ = [(rest, "verb", False)] if rest else []
    return [*chunks[:last], (subject, role, first), *object_, *chunks[last + 1 :]]


def _is_time(text: str, chunk: _Chunk) -> bool:
    said = text[chunk[0][0].start() : chunk[0][-1].end()]
    return bool(_WHEN.fullmatch(re.sub(r"^(?:the|a|an) ", "", said, flags=re.I)))
