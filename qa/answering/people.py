"""People: a text → the persons that it names.

A Chinese name is found by its surname and its surroundings, and told from a longer or shorter one
by what stands behind it elsewhere; an English one by its capitals. Knows no turns and no articles.
"""

import re
from itertools import zip_longest

from embeddings.glosses import parsed, table
from embeddings.names import readings
from embeddings.scripts import simplified
from embeddings.segmentation import frequency
from qa.answering.answer_spans import SURNAME, answer_spans
from qa.answering.phrases import Word, words_of
from qa.spans import Span

_SURNAME = re.compile(SURNAME)
_HAN = re.compile("[㐀-鿿]+")
_FOREIGN = re.compile("(?:[㐀-鿿]{1,6}[·・‧•])+")
_LONGEST_PART = 5  # characters of a part of a foreign name
# Counts among 60 million words: above the first a word is no part of a foreign name, above the
# second no given name.
_RARE, _EVERYDAY = 200, 10_000
_GIVEN = 2  # characters of a given name, at most
# What makes a place or a thing of the name before it (白石河, 鲁班奖).
_PLACE = re.compile("[河湖江山岭峰桥镇乡村县区市省州路街巷校院馆园站港湾岛寺庙塔奖杯族](?!长)")
_THING = re.compile(".+[桥镇乡村县区市省街巷校院馆站寺庙塔奖杯科部处局厅室组队]")
# One-character words that stand behind a name; another one belongs to it (韦小|满|在).
_BEHIND = re.compile(
    "[说称等是及和与将曾已到赴来去获被把向对在的也还都又就才率带任为从给让跟同有了什哪因现出叫]"
)
_CAPITALS = re.compile(r"[A-Z][\w'’-]*(?: (?:[A-Z]\.|[A-Z][\w'’-]*|(?:de|von|van|bin|al)\b))*")
_POSSESSIVE = re.compile(r"['’]s?$")
_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Sir|President|Chairman|Chairwoman|Chair|Director|Mayor|Minister|Chief"
    r"|Executive|Captain|Coach|Professor|Doctor|Secretary|Manager|Judge|Officer|Inspector|Deputy"
    r"|Vice|Governor|Senator|Principal|General|Head|Teacher|Engineer|Farmer|Spokesman|Spokeswoman"
    r"|The|A|An|In|On|At|But|And|For)\b\.? ?)+"
)
_NO_PERSON = re.compile(
    r"\b(?:Company|Corporation|Group|Co|Ltd|Inc|University|College|School|Hospital|Museum|Library"
    r"|Bridge|Road|Street|Avenue|Line|River|Lake|Mountain|Park|Station|Airport|Plant|Factory|Centre"
    r"|Center|Institute|Committee|Council|Bureau|Ministry|Department|Office|Party|Union|Bank|City"
    r"|County|District|Village|Town|Province|Zone|Festival|Cup|League|Games|Rail|Energy|Technology"
    r"|Hill|House|Court|Association|Team|Club|Metro|North|South|East|West|Northern|Southern|Eastern"
    r"|Western|National|International|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)


def named_people(text: str, elsewhere: str = "") -> list[Span]:
    """Return where `text` names persons in Chinese or Latin letters, in order."""
    return sorted([*people(text, elsewhere), *english_people(text)])


def people(text: str, elsewhere: str = "") -> list[Span]:
    """Return where `text` names persons in Chinese; `elsewhere` may name them too."""
    forms = {span.start for span in answer_spans(text, "person")}
    words = words_of(text)
    found = [
        _name(text, word, f"{text}\n{elsewhere}")
        for word, behind, after in zip_longest(words, words[1:], words[2:])
        if word.tag.startswith("nr")
        or _begins(word, behind, word.span.start in forms)
        or (word is words[0] and _is_subject(word, behind, after))
    ]
    return [
        span
        for nth, span in enumerate(found)
        if span.end > span.start and not any(span.start < other.end for other in found[:nth])
    ]


def _begins(word: Word, behind: Word | None, formed: bool) -> bool:
    """Return whether a word that is no name by its part of speech may begin one.

    It is a surname before what is tagged as another name (顾|永康), or stands where names do.
    """
    if len(word.text) == 1 and behind is not None and behind.names and len(behind.text) == 2:
        return True
    return formed and (frequency(word.text) == 0 or (len(word.text) == 1 and word.tag[0] in "njx"))


def _is_subject(word: Word, behind: Word | None, after: Word | None) -> bool:
    """Return whether a text begins with a surname, a noun as given name (张|红军) and its verb."""
    if behind is None or after is None or len(word.text) > 1 or len(behind.text) != _GIVEN:
        return False
    spoken_of = after.tag.startswith(("v", "p")) or after.text == "的"
    return word.tag[0] in "qnjx" and behind.tag.startswith("n") and spoken_of


def _name(text: str, word: Word, everywhere: str) -> Span:
    """Return the name that begins with `word`; empty where it begins none."""
    start, end = word.span
    if foreign := _FOREIGN.match(text, start):
        return Span(start, _foreign_end(text, foreign.end()))
    surname = _SURNAME.match(text, start)
    if surname or (len(word.text) == 1 and word.names):  # listed, or a rare one
        end = _end(text, start, surname.end() if surname else end, everywhere)
    elif word.tag != "nrt":
        return Span(start, start)
    name = text[start:end]
    no_person = is_common(name) or _THING.fullmatch(name) or _PLACE.match(text, end)
    everyday = len(name) > _GIVEN and frequency(name[1:]) > _EVERYDAY
    return Span(start, start if no_person or everyday else end)


def _foreign_end(text: str, start: int) -> int:
    """Return where the last part of a foreign name ends: with words that are nothing else."""
    end = start
    for word in words_of(text):
        if word.span.end > start:
            if end > start and not word.names and frequency(word.text) > _RARE:
                break
            end = word.span.end
            if end - start >= _LONGEST_PART or not _HAN.fullmatch(word.text):
                break
    return end


def _end(text: str, start: int, given: int, everywhere: str) -> int:
    """Return where a name ends whose given name begins at `given`, by words or else by usage."""
    words = {word.span.start: word for word in words_of(text)}
    ends = (word.span.end for word in words.values() if word.span.end > given)
    end = next((end for end in ends if end <= given + _GIVEN), min(given + 1, len(text)))
    if _PLACE.match(text, end) or not _HAN.fullmatch(text, start, end):
        return start
    single = words.get(end)
    if end == given + 1 and single and len(single.text) == 1 and _belongs(single.text):
        end += 1
    while end < given + _GIVEN and (more := _always_behind(text[start:end], everywhere)):
        if len(_behind(text[start:end] + more, everywhere)) < 2:
            break
        end += 1
    while end > given and not _belongs(text[end - 1]):
        end -= 1
    return end if end > given else start


def _belongs(character: str) -> bool:
    return bool(_HAN.match(character)) and not _BEHIND.match(character)


def _behind(name: str, everywhere: str) -> set[str]:
    """Return the Chinese characters that stand behind `name`."""
    return {found[1] for found in re.finditer(f"{re.escape(name)}([㐀-鿿])", everywhere)}


def _always_behind(name: str, everywhere: str) -> str:
    """Return the one character that stands behind every `name`: it belongs to it; else ""."""
    behind = {found[1] for found in re.finditer(f"{re.escape(name)}(.|$)", everywhere)}
    return behind.pop() if len(behind) == 1 else ""


def is_common(word: str) -> bool:
    """Return whether a word is in a dictionary, and not as a name, which is spelt there."""
    glosses = parsed(table("chinese").get(simplified(word), ""))
    spelt = [gloss.replace(" ", "") for gloss, _ in glosses[:1]]
    if spelt:
        return not any(sound.startswith(spelt[0]) for sound in readings(word))
    return frequency(word) > 0 and not words_of(word)[0].tag.startswith("nr")


def english_people(text: str) -> list[Span]:
    """Return where `text` names persons in Latin letters: two capitals that name nothing else."""
    found = []
    for run in _CAPITALS.finditer(text):
        title = _TITLE.match(run[0])
        name = run[0][title.end() :] if title else run[0]
        if " " in name.strip() and not _NO_PERSON.search(name):
            own = len(name) - len(_POSSESSIVE.sub("", name))
            found.append(Span(run.end() - len(name), run.end() - own))
    return found
