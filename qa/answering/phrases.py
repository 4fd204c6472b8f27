"""Phrases: a Chinese question → its noun phrases, on the borders of words.

A phrase is a run of nouns with what belongs to them (第三届音乐节, 两校共建的实验室). Knows the one
text only: no turns, no articles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from embeddings.scripts import simplified
from embeddings.segmentation import frequency, tagged_words
from qa.answering.question import ASKING_WORD
from qa.answering.units import MEASURES, ROLE
from qa.spans import Span

# Parts of speech, in jieba's tags: nouns by themselves, and what belongs to a noun behind it.
_NOUNS = ("n", "vn", "an", "s", "j", "l", "eng")
_BEFORE_NOUNS = ("a", "b", "f", "m", "ad", "zg")
_NAMES = ("nr", "ns", "nt")
_NUMBERED = re.compile(r"\d+|号|[０-９]+|第.+|[一二三四五六七八九十]+")
# Titles and the like that jieba may take for verbs and adverbs (站长, 二期).
_TITLED = re.compile(rf".?(?:{ROLE})|[一二三四五六七八九十两]期")
# Taken for nouns: a verb before its object, 每 and its noun, and a piece of a word with 是.
_NO_NOUN = re.compile("[用设建修占花含达需]|每.*|.+是")
_RARE = 1000  # an adverb that occurs less often among 60 million words is none
_MEASURES = ("q", "m", "n", "zg")  # the parts of speech that measure words are taken for
_AND = frozenset("与和及、")
_WITHIN = frozenset(("上", "中", "内", "外", "后", "前", "时", "期间"))  # end a phrase
_DONE = frozenset("了过着")  # stand behind verbs only
_AT = frozenset(("在", "于", "从", "对", "给", "为", "向", "按", "据"))
# What stands between a phrase and the word that asks for its value (面积是多少, 校长叫什么), and what
# may come behind that word.
_LINK = frozenset(("是", "为", "有", "叫", "达", "约", "共", "总共", "一共", "的", "达到"))
_TAIL = re.compile(
    rf"(?:名字|年纪|职务|身份|岁数|[{MEASURES}个名位元块钱人公里平方亩天岁度%％])*[？?]?$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, its place, its part of speech, and whether it asks (哪家, 几支)."""

    text: str
    span: Span
    tag: str
    asks: bool

    @property
    def names(self) -> bool:
        """Whether it is a proper name."""
        return self.tag.startswith(_NAMES)

    @property
    def is_noun(self) -> bool:
        """Whether it can be all of a phrase."""
        noun = self.tag.startswith(_NOUNS) or _TITLED.fullmatch(self.text)
        left_out = self.asks or self.text in _LINK or _NO_NOUN.fullmatch(self.text)
        return bool(noun) and not left_out

    @property
    def leads(self) -> bool:
        """Whether it can stand before a noun, as a part of its phrase."""
        if self.tag == "m":
            return bool(_NUMBERED.fullmatch(self.text)) and not self.asks
        if self.tag == "d":  # 高新 is one in jieba's dictionary
            return len(self.text) > 1 and frequency(self.text) < _RARE
        return self.tag in _BEFORE_NOUNS and self.text not in _WITHIN and not self.asks


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that together name something.

    `asked` tells that the question asks which or how many of them; `valued` that it asks for
    their value (新馆面积是多少), so that the last noun is no part of the topic; `aside` that a
    preposition stands before it.
    """

    words: tuple[Word, ...]
    asked: bool
    valued: bool
    aside: bool

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    @property
    def owner(self) -> tuple[Word, ...]:
        """The words before the noun whose value is asked for; all where there is none such."""
        if not self.valued or self.words[-1].names:
            return self.words
        of = [n for n, word in enumerate(self.words) if word.text == "的"]
        if not of and len(self.words[-1].text) == 1:
            return self.words  # 盾构|机
        kept = self.words[: of[-1] if of else -1]
        while kept and not kept[-1].is_noun:
            kept = kept[:-1]
        return kept or self.words

    @property
    def value(self) -> Span:
        """Where the noun stands whose value is asked for."""
        rest = [word for word in self.words[len(self.owner) :] if word.text != "的"]
        return Span((rest or self.words)[0].span.start, self.span.end)


@lru_cache(maxsize=256)
def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of `text`, which joined are `text` again."""
    asking = [found.span() for found in ASKING_WORD.finditer(text)]
    found, at = [], 0
    for word, tag in tagged_words(simplified(text)):
        span = Span(at, at + len(word))
        asks = any(span.start < end and start < span.end for start, end in asking)
        found.append(Word(span.of(text), span, tag, asks))
        at = span.end
    return tuple(found)


def phrases(text: str) -> list[Phrase]:
    """Return the noun phrases of `text`, in order."""
    words = words_of(text)
    found, at = [], 0
    while at < len(words):
        end = _end(words, at)
        if end > at:
            found.append(_phrase(text, words, at, end))
        at = max(end, at + 1)
    return found


def _end(words: Sequence[Word], at: int) -> int:
    """Return where the phrase that begins with `words[at]` ends; `at` where none does."""
    end = at
    while at < len(words):
        if words[at].is_noun and not (at + 1 < len(words) and words[at + 1].text in _DONE):
            end = at = at + 1
        elif words[at].leads:
            at += 1
        elif end == at and (joint := _joint(words, at)):
            at += joint
        else:
            break
    return end


def _joint(words: Sequence[Word], at: int) -> int:
    """Return how many words at `at`, behind a noun, join it to the next one; 0 if none do."""
    if at == 0 or not words[at - 1].is_noun:
        return 0
    tags = [word.tag for word in words[at : at + 3]]
    if words[at].text in _AND or words[at].text == "的":
        return 1
    if tags[1:2] == ["eng"] and words[at].text.isspace():
        return 1
    return 2 if tags[:1] == ["v"] and [w.text for w in words[at + 1 : at + 2]] == ["的"] else 0


def _phrase(text: str, words: Sequence[Word], start: int, end: int) -> Phrase:
    before = words[start - 1] if start else None
    asked = before is not None and (
        before.asks or (before.tag in _MEASURES and start > 1 and words[start - 2].asks)
    )
    after = end
    while after < len(words) and words[after].text in _LINK:
        after += 1
    valued = (
        after < len(words) and words[after].asks and bool(_TAIL.match(text, words[after].span.end))
    )
    aside = before is not None and before.text in _AT
    start = _begin(words, start)
    return Phrase(tuple(words[start:end]), asked, valued, aside)


def _begin(words: Sequence[Word], start: int) -> int:
    """Return where a phrase begins whose first words jieba does not know: single characters."""
    begin = start
    while begin and len(words[begin].text) == 1 and _unknown(words[begin - 1]):
        begin -= 1
    return begin if start - begin > 1 else start


def _unknown(word: Word) -> bool:
    return (
        len(word.text) == 1
        and word.text.isalpha()
        and word.tag[0] not in "ruxpcdy"
        and not word.asks
    )
