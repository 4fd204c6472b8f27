"""The dictionary: a question in one language → terms that find text in the other.

Reads what `dictionary_fitting` derived from CC-CEDICT (CC BY-SA 4.0, see `cedict/NOTICE`). One
English word or phrase becomes one term whose alternatives are its Chinese translations, and the
reverse. Knows nothing of passages; of an index it knows only which pairs of characters occur.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from embeddings.english_words import EnglishWord, content_words
from embeddings.glosses import parsed, table
from embeddings.names import NameReader, readings
from embeddings.numerals import numerals
from embeddings.scripts import simplified
from embeddings.tokens import CJK, normalised, tokens
from embeddings.words import Term

_CHINESE_ASKING = (
    "的 了 是 在 和 与 或 被 把 对 从 到 于 以 之 其 这 那 个 为 由 有 会 能 也 都 就 不 "
    "中 上 下 里 后 前 时 几 种 什么 哪 哪里 哪儿 哪些 哪个 哪种 谁 多少 如何 为什么 为何 "
    "怎么 怎样 何 何时 什么样 吗 呢 请问 列出 是否 可以 能够 他 她 它 他们 没有 称为 被称 "
    "叫 名字 一 一个"
)
CHINESE_FRAME = frozenset(_CHINESE_ASKING.split())
_CHINESE_RUN = re.compile(f"[{CJK}]+")
_LONGEST_PHRASE, _LONGEST_WORD = 4, 8
# Letters of a word that another may be akin to, and the Dice coefficient of their trigrams.
_SHORTEST_AKIN, _AKIN_FROM = 6, 0.6
# Tuned together on cross-lingual questions; each is flat around its value.
_PART_OF_PHRASE, _AKIN, _SPELLED_TOO, _SINGLE_CHARACTER = 0.5, 0.5, 0.5, 0.5
# How much of the trust that the best translation lacks it gains by being the best that occurs: 0
# finds half a point less, 1 as much, but makes the confidence less true.
_BY_USE = 0.5
_FULL_NAME = 2.0  # as much as the two words that it is written in


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
        A word also stands for itself (numbers, Latin names). With `names`, translations count by
        what occurs, and a capitalised word is also read as pinyin and as a foreign name spelt by
        sound; two that are one name in pinyin are one term and nothing else.
        """
        words = content_words(question)
        phrases = dict(self._phrases(words, names))
        full = dict(_full_names(words, names)) if names else {}
        inside = {place for start, end in phrases for place in range(start, end)}
        whole = {place for start in full for place in (start, start + 1)}
        terms = [_term(alternatives, 1.0) for alternatives in phrases.values()]
        for place, word in enumerate(words):
            if word.alone and place not in whole:
                after = words[place + 1].text if place + 1 < len(words) else ""
                weight = _PART_OF_PHRASE if place in inside else 1.0
                terms.append(_term(self._ways_to_say(word, after, names), weight, word.capital))
        return [*terms, *(_term(alternatives, _FULL_NAME, True) for alternatives in full.values())]

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

    def _phrases(
        self, words: list[EnglishWord], names: NameReader | None
    ) -> Iterator[tuple[tuple[int, int], list[tuple[str, float]]]]:
        """Yield where the longest known phrases stand, and their translations.

        One of whose translations none occurs is no phrase: its words may be said otherwise.
        """
        stems, start = [word.stem for word in words], 0
        while start < len(stems):
            after = start + 1
            for end in range(min(len(stems), start + _LONGEST_PHRASE), start + 1, -1):
                found = self._alternatives(" ".join(stems[start:end]))
                if found and (names is None or any(names.held([text for text, _ in found]))):
                    yield (start, end), found
                    after = end
                    break
            start = after

    def _ways_to_say(
        self, word: EnglishWord, after: str, names: NameReader | None
    ) -> list[tuple[str, float]]:
        """Return what a word, which stands before `after`, may be in Chinese text."""
        known = self._alternatives(word.stem) or numerals(word.text, after) or self._akin(word.stem)
        known = _by_use(known, names) if names else known
        spelled = names.spelled(word.text) if names and word.capital else []
        trust = _SPELLED_TOO if known else 1.0
        return [(word.stem, 1.0), *known, *((text, trust * share) for text, share in spelled)]

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


def _by_use(known: list[tuple[str, float]], names: NameReader) -> list[tuple[str, float]]:
    """Return translations, best first, with more trust where the first that occurs has little."""
    first = next(iter(names.held([text for text, _ in known])), "")
    most = next((share for text, share in known if text == first), 1.0) ** _BY_USE
    return [(text, min(1.0, share / most)) for text, share in known]


def characters(word: str) -> str:
    """Return the tokens, separated by spaces, that together stand for a Chinese word."""
    pairs = [part[i : i + 2] for part in word.split("·") for i in range(max(1, len(part) - 1))]
    return " ".join(dict.fromkeys(pairs))


def _trigrams(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[at : at + 3] for at in range(len(marked) - 2)}


def _full_names(
    words: list[EnglishWord], names: NameReader
) -> Iterator[tuple[int, list[tuple[str, float]]]]:
    """Yield where two neighbouring capitalised words are one name in pinyin, and its characters."""
    for place, (one, other) in enumerate(pairwise(words)):
        if one.capital and other.capital and (found := names.in_pinyin(one.text + other.text)):
            yield place, found


def _pinyin(run: str) -> list[tuple[str, float]]:
    """Return how the first characters of a run are spelt when they are a name."""
    return [
        (spelling, 1.0 / length)
        for length in (3, 2)
        if length <= len(run)
        for spelling in readings(run[:length])
    ]


def _term(alternatives: list[tuple[str, float]], weight: float, name: bool = False) -> Term:
    best: dict[str, float] = {}
    for text, share in alternatives:
        best[text] = max(best.get(text, 0.0), share)
    return Term(tuple(best.items()), weight, name)
