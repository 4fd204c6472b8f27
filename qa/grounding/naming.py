"""Naming: the names, titles and quotations of a statement ↔ the sentences that it cites.

Names must be there, in the same characters or, across languages, in pinyin, by sound or in the
dictionary's translation: "Wang Wanpeng" = 王万鹏. What stands in quotation marks must be there
word for word, where the language is the same. Knows nothing of who did what.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from embeddings.glosses import parsed, table
from embeddings.names import NameReader, readings
from embeddings.segmentation import frequency, tagged_words
from embeddings.tokens import STOP_WORDS, tokens
from qa.grounding.facts import Facts, word_at
from qa.grounding.likeness import translations
from qa.grounding.people import CAPITALS, INNER, SURNAMES, letters, reader
from qa.grounding.plain import HAN
from qa.spans import Span

_QUOTED = re.compile(
    r"《([^《》]{1,80})》|“([^“”]{1,400})”|「([^「」]{1,400})」|\"([^\"]{2,400})\""
)
_PUNCTUATION = re.compile(r"[^\w]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")
_HAN_RUN = re.compile(rf"{HAN.pattern}+")
_NAMING = ("nr", "ns", "nt", "nz")  # jieba's tags of names
_PLACE = re.compile(rf"(?=({HAN.pattern}{{2}}[村镇乡街区县市州省]))")
# What no name of a place begins with: 担任市长, 钱由县财政出.
_NO_PLACE = ("v", "p", "c", "d", "u", "r")
# Behind one character, where something is: 河里 is taken for a place of that name.
_WHERE = frozenset("里边上下中内外旁岸")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir"})
# What Chinese papers write out.
_ABBREVIATED = {"GDP": "生产总值", "CPI": "消费价格", "AI": "人工智能", "CPC": "党", "R&D": "研发"}
_SURE = 0.3  # trust in a spelling by sound


def unheld_name(stated: Facts, held: Facts, context: Facts) -> str:
    """Return the first name or title of `stated` that neither `held` nor the context has, or ""."""
    text = f"{held.text}\n{context.text}"
    if stated.chinese == held.chinese and (title := _unheld_title(stated, text)):
        return title
    if not stated.chinese:
        return next(_unheld_english(stated, text), "")
    return next((_unheld_chinese if HAN.search(text) else _unheld_across)(stated, text), "")


def _unheld_title(stated: Facts, text: str) -> str:
    bare = _PUNCTUATION.sub("", text).lower()
    for match in _QUOTED.finditer(stated.text):
        title = next(filter(None, match.groups()))
        if _PUNCTUATION.sub("", title).lower() not in bare:
            return str(title)
    return ""


def _unheld_chinese(stated: Facts, text: str) -> Iterator[str]:
    """Yield names of a Chinese statement that Chinese `text` lacks."""
    low = text.lower()
    for name in _LATIN.findall(stated.text):
        if name.lower() not in low and _ABBREVIATED.get(name.upper(), low + name) not in low:
            yield name
    for word in stated.unknown:
        new = not any(word[at : at + 2] in text for at in range(len(word) - 1))
        named = _tagged(word)[0][1].startswith(_NAMING) and not _is_somewhere(word)
        if new and frequency(word) > 0 and named:
            yield word
    yield from filter(None, (_name_in(run, text) for run in _new_runs(stated, text)))
    yield from _new_places(stated, text)


def _new_runs(stated: Facts, text: str) -> list[list[str]]:
    """Return the stretches of Chinese words of `stated`, side by side, that `text` lacks.

    A numeral and the like may stand between two of them (丁一帆).
    """
    runs: list[list[str]] = []
    end = -1
    for word, span in zip(stated.words, stated.spans, strict=True):
        if word.isascii() or word in text:
            continue
        between = stated.text[end : span.start] if end >= 0 else ""
        if end == span.start or between in INNER:
            runs[-1] += [*between, word]
        else:
            runs.append([word])
        end = span.end
    return runs


@lru_cache(maxsize=1 << 12)
def _tagged(run: str) -> list[tuple[str, str]]:
    return tagged_words(run)


def _name_in(run: list[str], text: str) -> str:
    """Return the name that some words, new and side by side, hold or make up, or ""."""
    for word, tag in _tagged("".join(run)):
        ordinary = tag.startswith("nr") and word in table("chinese")
        ordinary |= _is_somewhere(word)
        if tag.startswith(_NAMING) and len(word) > 1 and word not in text and not ordinary:
            return word
    for at, word in enumerate(run):
        name = "".join(run[at:])[:3]
        if word in SURNAMES and len(name) > 1 and name not in table("chinese"):
            return name
    return ""


def _is_somewhere(word: str) -> bool:
    return len(word) == 2 and word[-1] in _WHERE


def _new_places(stated: Facts, text: str) -> Iterator[str]:
    """Yield what ends like the name of a place and is partly new (铁岗区)."""
    for match in _PLACE.finditer(stated.text):
        name, end = match[1], match.end(1)
        known = {name[:2], name[1:]}
        words = {name[1:], stated.text[end - 1 : end + 1]}  # 小区, 村民
        covered = all(
            word_at(stated, Span(at, at + 1)) is not None for at in range(end - 3, end - 1)
        )
        if (
            covered
            and not any(tag.startswith(_NO_PLACE) for _, tag in _tagged(name[:2]))
            and not any(part in text for part in known)
            and not words & table("chinese").keys()
        ):
            yield name


def _unheld_across(stated: Facts, text: str) -> Iterator[str]:
    """Yield names of a Chinese statement that English `text` lacks."""
    spelt, stems = letters(text), set(tokens(text))
    for word, tag in _tagged(stated.text):
        if tag.startswith(_NAMING[:2]) and len(word) > 1 and HAN.match(word):
            glosses = " ".join([*translations(word), *translations(word[-1])])
            sounds = any(reading in spelt for reading in readings(word))
            if not sounds and not stems.intersection(glosses.split(" ")):
                yield word


def _unheld_english(stated: Facts, text: str) -> Iterator[str]:
    """Yield names of an English statement that `text` lacks."""
    yield from (run for run in _HAN_RUN.findall(stated.text) if run not in text)
    known, chinese = set(_WORD.findall(text.lower())), HAN.search(text) is not None
    for words in _name_runs(stated):
        left = [word for word in words if word.lower() not in known]
        left = [word for word in left if _ABBREVIATED.get(word, text + word) not in text]
        if left and (not chinese or (left := _unspelt(left, text))):
            yield " ".join(left)


def _name_runs(stated: Facts) -> Iterator[list[str]]:
    """Yield the stretches of an English statement that may be names.

    These are its capitalised words, save a common one that begins a sentence, and what is no
    English word but could be pinyin.
    """
    taken = {at for fact in stated.figures for at in range(*fact.span)}
    for match in CAPITALS.finditer(stated.text):
        words: list[str] = []
        for part in re.finditer(r"[^ ]+", match[0]):
            at = match.start() + part.start()
            word = part[0].removesuffix("'s").strip("'-")
            begins = at == 0 or stated.text[:at].rstrip().endswith((".", ":", ";", "!", "?", '"'))
            common = begins and part[0] == match[0] and _is_common(word)
            if at not in taken and word.lower() not in STOP_WORDS | _TITLES and not common:
                words.append(word)
        yield words
    for word in re.findall(r"\b[a-z]{4,}\b", stated.text):
        stem = tokens(word)
        if stem and stem[0] not in table("english") and _pinyin().fullmatch(word):
            yield [word]


@cache
def _pinyin() -> re.Pattern[str]:
    """Return what a word of two to four syllables of pinyin looks like."""
    syllables = {s for code in range(0x4E00, 0xA000) for s in readings(chr(code))}
    return re.compile(f"(?:{'|'.join(sorted(syllables, key=len, reverse=True))}){{2,4}}")


@lru_cache(maxsize=1 << 12)
def _is_common(word: str) -> bool:
    """Tell whether an English word is in the dictionary, and there as no name."""
    stem = tokens(word)
    best = parsed(table("english").get(stem[0], ""))[:1] if stem else []
    return any(not tag.startswith(_NAMING) for text, _ in best for _, tag in _tagged(text)[:1])


def _unspelt(words: list[str], text: str) -> list[str]:
    """Return those of some neighbouring words that Chinese `text` neither spells nor translates.

    Common words are let pass (Mayor, Party), save beside one that is left: there they are names.
    """
    left = [True] * len(words)
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            part = words[at : at + size]
            spelt = all(left[at : at + size]) and _spells(part, text)
            if spelt or (size < 3 and _translates(part, text)):
                left[at : at + size] = [False] * size
    return [
        word
        for at, word in enumerate(words)
        if left[at]
        and not (_is_common(word) and not any(left[max(0, at - 1) : at] + left[at + 1 : at + 2]))
    ]


def _spells(words: list[str], text: str) -> bool:
    """Tell whether `text` has what some words spell, the family name first or last."""
    read, spelt = reader(text), [letters(word) for word in words]
    names = {"".join(spelt), "".join([*spelt[1:], spelt[0]])}
    return any(_sounds(read, name, text) for name in names if len(name) > 1)


def _sounds(read: NameReader, name: str, text: str) -> bool:
    if any(trust >= _SURE for _, trust in read.spelled(name)):
        return True
    return any(name in readings(character) for character in set(text) - {"长"})


def _translates(words: list[str], text: str) -> bool:
    phrase = " ".join(tokens(" ".join(words)))
    return any(translation in text for translation in translations(phrase))
