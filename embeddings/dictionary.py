"""The dictionary: a question in one language → terms that find text in the other.

Reads what `dictionary_fitting` derived from CC-CEDICT (CC BY-SA 4.0, see `cedict/NOTICE`). One
English word or phrase becomes one term whose alternatives are its Chinese translations, and the
reverse. Knows nothing of passages; of an index it knows only which pairs of characters occur.
"""

import re
from collections import Counter, defaultdict
from functools import cached_property
from itertools import pairwise

from embeddings.glosses import parsed, table
from embeddings.names import NameReader, readings
from embeddings.numerals import numerals
from embeddings.scripts import simplified
from embeddings.tokens import CJK, STOP_WORDS, normalised, tokens
from embeddings.words import Term

# Words that a question is framed in and that name nothing; measured as a gain of half a point.
_ASKING = "many much name call kind type sort term happen long often give tell list"
_CHINESE_ASKING = (
    "的 了 是 在 和 与 或 被 把 对 从 到 于 以 之 其 这 那 个 为 由 有 会 能 也 都 就 不 "
    "中 上 下 里 后 前 时 几 种 什么 哪 哪里 哪儿 哪些 哪个 哪种 谁 多少 如何 为什么 为何 "
    "怎么 怎样 何 何时 什么样 吗 呢 请问 列出 是否 可以 能够 他 她 它 他们 没有 称为 被称 "
    "叫 名字 一 一个"
)
_FRAME = frozenset(_ASKING.split())
CHINESE_FRAME = frozenset(_CHINESE_ASKING.split())
# Forms that no stemmer leads back to the word that glosses are written in.
_FORMS = (
    "was:be were:be been:be had:have did:do done:do went:go gone:go said:say made:make took:take "
    "taken:take came:come saw:see seen:see knew:know known:know got:get gave:give given:give "
    "found:find thought:think told:tell became:become left:leave felt:feel brought:bring "
    "began:begin begun:begin kept:keep held:hold wrote:write written:write stood:stand heard:hear "
    "meant:mean met:meet ran:run paid:pay sat:sit spoke:speak spoken:speak led:lead grew:grow "
    "grown:grow lost:lose fell:fall fallen:fall sent:send built:build understood:understand "
    "drew:draw drawn:draw broke:break broken:break spent:spend rose:rise risen:rise drove:drive "
    "driven:drive bought:buy wore:wear worn:wear chose:choose chosen:choose ate:eat eaten:eat "
    "won:win fought:fight caught:catch taught:teach sold:sell flew:fly flown:fly forgot:forget "
    "hid:hide hidden:hide shook:shake shot:shoot shown:show sang:sing sung:sing sank:sink "
    "slept:sleep stole:steal stolen:steal struck:strike swam:swim swore:swear sworn:swear "
    "threw:throw thrown:throw woke:wake fled:flee bore:bear born:bear laid:lay sought:seek "
    "dealt:deal bred:breed fed:feed bound:bind dug:dig forbade:forbid forbidden:forbid "
    "froze:freeze frozen:freeze shrank:shrink swept:sweep swung:swing tore:tear torn:tear "
    "withdrew:withdraw withdrawn:withdraw men:man women:woman children:child people:people "
    "feet:foot teeth:tooth mice:mouse wives:wife wolves:wolf halves:half better:good best:good "
    "worse:bad worst:bad alumni:alumnus bacteria:bacterium criteria:criterion "
    "phenomena:phenomenon crises:crisis theses:thesis larger:large largest:large biggest:big "
    "bigger:big oldest:old older:old highest:high higher:high"
)
_IRREGULAR = dict(form.split(":") for form in _FORMS.split())
_ENGLISH_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_POSSESSIVE = re.compile(r"['’]s\b")
_CHINESE_RUN = re.compile(f"[{CJK}]+")
_LONGEST_PHRASE, _LONGEST_WORD = 4, 8
# Letters of a word that another may be akin to, and the Dice coefficient of their trigrams.
_SHORTEST_AKIN, _AKIN_FROM = 6, 0.6
# Tuned together on cross-lingual questions; each is flat around its value.
_PART_OF_PHRASE, _AKIN, _SPELLED_TOO, _SINGLE_CHARACTER = 0.5, 0.5, 0.5, 0.5


class Dictionary:
    """Translations of words, phrases and names, read on first use in about a tenth of a second."""

    @property
    def _chinese_of(self) -> dict[str, str]:
        return table("english")

    @property
    def _english_of(self) -> dict[str, str]:
        return table("chinese")

    @cached_property
    def _words(self) -> list[str]:
        """The single words that are long enough to be alike another, in order."""
        words = (key for key in self._chinese_of if " " not in key and key.isalpha())
        return sorted(word for word in words if len(word) >= _SHORTEST_AKIN - 1)

    @cached_property
    def _trigram_words(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self._words):
            for trigram in _trigrams(word):
                found[trigram].append(at)
        return dict(found)

    def chinese_terms(self, question: str, names: NameReader | None = None) -> list[Term]:
        """Return terms for Chinese text that say what an English `question` asks for.

        Each content word is one term, and so is each longest phrase that is in the dictionary.
        A word also stands for itself (numbers, Latin names). With `names`, a capitalised word
        is also read as pinyin and as a foreign name spelt by sound, in characters that occur.
        """
        words = _content_words(question)
        stems = [stem for _, stem, _ in words]
        phrases = list(self._phrases(stems))
        inside = {place for start, end in phrases for place in range(start, end)}
        terms = [
            _term(self._alternatives(" ".join(stems[start:end])), 1.0) for start, end in phrases
        ]
        for place, (word, stem, capital) in enumerate(words):
            after = words[place + 1][0] if place + 1 < len(words) else ""
            known = self._alternatives(stem) or numerals(word, after) or self._akin(stem)
            spelled = names.spelled(word) if names and capital else []
            trust = _SPELLED_TOO if known else 1.0
            spelled = [(text, trust * share) for text, share in spelled]
            weight = _PART_OF_PHRASE if place in inside else 1.0
            terms.append(_term([(stem, 1.0), *known, *spelled], weight))
        return [*terms, *_full_names(words, names)] if names else terms

    def english_terms(self, question: str) -> list[Term]:
        """Return terms for English text that say what a Chinese `question` asks for.

        The question is cut into the longest words of the dictionary; what it lacks is also
        spelt in pinyin. Latin words and numbers stand for themselves.
        """
        terms: list[Term] = []
        text = normalised(question)
        for run in _CHINESE_RUN.findall(text):
            terms += self._translated_run(simplified(run))
        plain = _CHINESE_RUN.sub(" ", text)
        return [*terms, *(Term(((token, 1.0),)) for token in tokens(plain))]

    def _phrases(self, stems: list[str]) -> list[tuple[int, int]]:
        found, start = [], 0
        while start < len(stems):
            ends = range(min(len(stems), start + _LONGEST_PHRASE), start + 1, -1)
            end = next((e for e in ends if " ".join(stems[start:e]) in self._chinese_of), 0)
            if end:
                found.append((start, end))
            start = end or start + 1
        return found

    def _alternatives(self, key: str) -> list[tuple[str, float]]:
        if key[:1].isdigit():
            return []
        return [(characters(text), share) for text, share in parsed(self._chinese_of.get(key, ""))]

    def _akin(self, stem: str) -> list[tuple[str, float]]:
        """Return the translations, at less trust, of the known word that is spelt most alike.

        So septicemia means septicaemia, and a slip of the pen what was meant.
        """
        if len(stem) < _SHORTEST_AKIN or stem[0].isdigit():
            return []
        own = _trigrams(stem)
        shared = Counter(at for trigram in own for at in self._trigram_words.get(trigram, ()))
        likeness = [
            (2 * count / (len(own) + len(self._words[at])), self._words[at])
            for at, count in shared.items()
            if count >= len(own) * _AKIN_FROM / 2
        ]
        alike, word = max(likeness, default=(0.0, ""))
        known = self._alternatives(word) if alike >= _AKIN_FROM else []
        return [(text, share * _AKIN) for text, share in known]

    def _translated_run(self, run: str) -> list[Term]:
        terms, start = [], 0
        while start < len(run):
            ends = range(min(len(run), start + _LONGEST_WORD), start, -1)
            end = next((e for e in ends if run[start:e] in self._english_of), start + 1)
            word = run[start:end]
            if word not in CHINESE_FRAME:
                found = parsed(self._english_of.get(word, ""))
                weight = 1.0 if len(word) > 1 else _SINGLE_CHARACTER
                terms.append(_term([*found, *_pinyin(run[start : start + 3])], weight))
            start = end
        return [term for term in terms if term.alternatives]


def characters(word: str) -> str:
    """Return the tokens, separated by spaces, that together stand for a Chinese word."""
    pairs = [part[i : i + 2] for part in word.split("·") for i in range(max(1, len(part) - 1))]
    return " ".join(dict.fromkeys(pairs))


def _trigrams(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[at : at + 3] for at in range(len(marked) - 2)}


def _full_names(words: list[tuple[str, str, bool]], names: NameReader) -> list[Term]:
    """Return terms for neighbouring capitalised words that are one name in pinyin."""
    beside = [a[0] + b[0] for a, b in pairwise(words) if a[2] and b[2]]
    found = [names.in_pinyin(joined) for joined in beside]
    return [_term(alternatives, 1.0) for alternatives in found if alternatives]


def _pinyin(run: str) -> list[tuple[str, float]]:
    """Return how the first characters of a run are spelt when they are a name."""
    return [
        (spelling, 1.0 / length)
        for length in (3, 2)
        if length <= len(run)
        for spelling in readings(run[:length])
    ]


def _content_words(question: str) -> list[tuple[str, str, bool]]:
    """Return `(word, stem, capitalised inside the question)` of the words that name something."""
    found = []
    for place, word in enumerate(_ENGLISH_WORD.findall(_POSSESSIVE.sub("", question))):
        low = normalised(word)
        capital = word[0].isupper() and place > 0
        low = low if capital else _IRREGULAR.get(low, low)
        stem = tokens(low)
        if len(stem) == 1 and low not in STOP_WORDS and low not in _FRAME:
            found.append((low, stem[0], capital and low.isalpha()))
    return found


def _term(alternatives: list[tuple[str, float]], weight: float) -> Term:
    best: dict[str, float] = {}
    for text, share in alternatives:
        best[text] = max(best.get(text, 0.0), share)
    return Term(tuple(best.items()), weight)
