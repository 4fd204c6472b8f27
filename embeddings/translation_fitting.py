"""Translation fitting: CC-CEDICT's entries → words of each language that stand for one another.

Listed glosses, parts of them, what synonyms translate to, and what an alignment of all glosses
finds: that 岛 is "island" though no entry of it is common. Knows no files.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from math import log

import snowballstemmer

from embeddings.alignment_fitting import Pair, aligned
from embeddings.entries import ASIDE, CHINESE, Entry
from embeddings.segmentation import word_frequencies

Shares = dict[str, float]
Table = dict[str, Shares]

_BRACKETS = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[a-z0-9]+")
# Senses that name another entry instead of giving a meaning.
_POINTER = re.compile(
    r"((old |erroneous |archaic |Japanese |Taiwan )?variant of|CL:|see |also |used |surname "
    r"|abbr\.|Taiwan pr|old name)"
)
_GLOSS_WORDS = (
    "a an the of to be is are in on at for with or and by as one s sb sth somebody something from "
    "etc lit fig esp its it that who which into up out not his her their being"
)
_SKIPPED = frozenset(_GLOSS_WORDS.split())
_LATER_SENSE, _BEFORE_COMMA = 0.3, 0.8
_SINGLE_CHARACTER, _PART, _SECOND_HAND = 0.15, 0.3, 0.2
_KEPT, _KEPT_SECOND_HAND = 60, 30
# Of a gloss with more words too little is said by each.
_LONGEST_GLOSS = 12
# What is aligned is trusted by the mean of its chances in both directions, from this on.
_LEAST_MUTUAL = 0.05


def glosses(known: Iterable[Entry]) -> Iterator[tuple[str, str, float]]:
    """Yield `(Chinese word, English stems, weight)`; a word's first meaning weighs most."""
    for entry in known:
        if not CHINESE.match(entry.simplified):
            continue
        place = 0
        for sense in entry.senses:
            plain = ASIDE.sub("", sense).strip()
            for gloss in () if _POINTER.match(plain) else plain.split(";"):
                weight = 1 / (1 + _LATER_SENSE * place)
                head, comma, _ = gloss.partition(",")
                for part, share in ((gloss, 1.0), (head, _BEFORE_COMMA))[: 2 if comma else 1]:
                    if 1 <= len(stems := _stems(part)) <= 4:
                        yield entry.simplified, " ".join(stems), weight * share
                        place += part is gloss


def translations(known: list[Entry]) -> tuple[Table, Table]:
    """Return English stems → Chinese words, and Chinese words → English stems, with trust 0–1."""
    common = word_frequencies()
    english: defaultdict[str, Shares] = defaultdict(dict)
    chinese: defaultdict[str, Shares] = defaultdict(dict)
    for word, stems, weight in glosses(known):
        scaled = weight * log(2 + common.get(word, 0)) ** 0.5
        scaled *= _SINGLE_CHARACTER if len(word) == 1 else 1.0
        english[stems][word] = max(english[stems].get(word, 0.0), scaled)
        chinese[word][stems] = max(chinese[word].get(stems, 0.0), weight)
    to_chinese, to_english = _alignments(known)
    there = {stems: _widened(stems, english, chinese, _pairs) for stems in english}
    back = {word: _widened(word, chinese, english, _single_words) for word in chinese}
    for stem, chances in to_chinese.items():
        shares = there.setdefault(stem, {})
        for unit, chance in chances.items():
            mutual = (chance * to_english.get(unit, {}).get(stem, 0.0)) ** 0.5
            if mutual >= _LEAST_MUTUAL:
                shares[unit] = max(shares.get(unit, 0.0), mutual)
    for word, shares in back.items():
        for stem, chance in to_english.get(word, {}).items():
            # Towards English, where a word has fewer translations, the first chance says more.
            mutual = chance**0.5 * to_chinese.get(stem, {}).get(word, 0.0) ** 0.25
            shares[stem] = max(shares.get(stem, 0.0), mutual)
    return {stem: shares for stem, shares in there.items() if shares}, back


def _alignments(known: Iterable[Entry]) -> tuple[Table, Table]:
    """Return English stem → Chinese characters and pairs, and the reverse, with chances."""
    common = word_frequencies()
    pairs = []
    for entry in known:
        if not CHINESE.match(entry.simplified):
            continue
        units = [*entry.simplified.replace("·", ""), *_pairs_of(entry.simplified)]
        place, scale = 0, log(2 + common.get(entry.simplified, 0)) ** 0.5
        for gloss in _all_glosses(entry):
            if 1 <= len(stems := list(dict.fromkeys(_stems(gloss)))) <= _LONGEST_GLOSS:
                weight = scale / (1 + _LATER_SENSE * place)
                pairs.append(Pair(stems, list(dict.fromkeys(units)), weight))
                place += 1
    return aligned(pairs), aligned(Pair(p.targets, p.sources, p.weight) for p in pairs)


def _all_glosses(entry: Entry) -> Iterator[str]:
    """Yield the glosses of an entry with what stands in parentheses, other names for it."""
    for sense in entry.senses:
        plain = _BRACKETS.sub("", sense).strip()
        if not _POINTER.match(plain):
            yield from plain.split(";")


def _pairs_of(word: str) -> Iterator[str]:
    for part in word.split("·"):
        yield from (part[at : at + 2] for at in range(len(part) - 1))


def _widened(key: str, table: Table, back: Table, parts: Callable[[Shares], Shares]) -> Shares:
    """Return the translations of `key`, parts of them, and what its synonyms translate to."""
    found = {part: _PART * share for part, share in parts(table[key]).items()}
    if " " not in key:
        near = _second_hand(key, table, back)
        near = {word: share for word, share in near.items() if word not in table[key]}
        found |= {w: _SECOND_HAND * s for w, s in _top(near, _KEPT_SECOND_HAND).items()}
    for word, share in _top(table[key], _KEPT).items():
        found[word] = max(found.get(word, 0.0), share)
    return found


def _pairs(direct: Shares) -> Shares:
    """Return the pairs of characters that the translations share, by how many share them."""
    pairs: defaultdict[str, float] = defaultdict(float)
    total = sum(direct.values())
    for word, share in direct.items():
        for pair in {word[i : i + 2] for i in range(len(word) - 1)}:
            pairs[pair] += share / total if "·" not in pair else 0
    return {pair: share for pair, share in pairs.items() if share >= 0.1}


def _single_words(direct: Shares) -> Shares:
    """Return the words inside the phrases among the translations."""
    found: Shares = {}
    for phrase, share in direct.items():
        for word in phrase.split() if " " in phrase else ():
            found[word] = max(found.get(word, 0.0), share)
    return found


def _second_hand(key: str, table: Table, back: Table) -> Shares:
    """Return the translations of what shares a translation with `key`."""
    akin: defaultdict[str, float] = defaultdict(float)
    total = sum(table[key].values())
    for word, share in table[key].items():
        whole = sum(back[word].values())
        for other, weight in back[word].items():
            akin[other] += share / total * weight / whole if other != key else 0
    found: defaultdict[str, float] = defaultdict(float)
    for other, share in sorted(akin.items(), key=lambda item: (-item[1], item[0]))[:40]:
        whole = sum(table[other].values())
        for word, weight in table[other].items():
            found[word] += share * weight / whole if len(word) > 1 else 0
    return found


def _top(shares: Shares, most: int) -> Shares:
    """Return the `most` best shares, the best of them scaled to 1."""
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:most]
    return {key: share / ranked[0][1] for key, share in ranked if ranked[0][1] > 0}


@lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    stem: str = _stemmer.stemWord(word)
    return stem


_stemmer = snowballstemmer.stemmer("english")


def _stems(gloss: str) -> list[str]:
    words = _WORD.findall(gloss.lower().replace("'s", ""))
    return [_stem(word) for word in words if word not in _SKIPPED]
