"""Segmentation: Chinese text → dictionary words, with parts of speech where asked.

The one file that imports jieba. Its dictionary is read on the first use of a function here,
without the shared cache in the temporary folder that jieba would otherwise write and trust.
"""

import logging
import warnings
from functools import cache
from pathlib import Path
from typing import Any


def words(text: str) -> list[str]:
    """Return the words of `text` in order; joined they are `text` again."""
    return list(_segmenter().cut(text))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of `text` begin and end, and the shorter words within long ones."""
    return [(start, end) for _, start, end in _segmenter().tokenize(text, mode="search")]


def tagged_words(text: str) -> list[tuple[str, str]]:
    """Return `(word, part of speech)` in order, in jieba's tags: nr person, ns place, t time …"""
    return [(pair.word, pair.flag) for pair in _tagger().cut(text)]


def frequency(word: str) -> int:
    """Return how often `word` occurred in the dictionary's corpus of 60 million words; 0 if new."""
    return int(_segmenter().FREQ.get(word) or 0)


def word_frequencies() -> dict[str, int]:
    """Return the dictionary's words and how often each occurred in its corpus (0 or more)."""
    folder = Path(_jieba().__file__).parent
    # Each line is "word count tag"; split at once, since there are 349,000 of them.
    fields = (folder / "dict.txt").read_text(encoding="utf-8").split()
    return dict(zip(fields[::3], map(int, fields[1::3]), strict=True))


@cache
def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba has invalid escapes and an outdated import
        import jieba
    jieba.setLogLevel(logging.WARNING)
    return jieba


@cache
def _segmenter() -> Any:
    segmenter = _jieba().Tokenizer()
    segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(segmenter.get_dict_file())
    segmenter.initialized = True
    return segmenter


@cache
def _tagger() -> Any:
    _jieba()
    from jieba.posseg import POSTokenizer  # its tables cost as much as the rest of jieba

    return POSTokenizer(_segmenter())
