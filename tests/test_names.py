"""Names: one in Latin letters is read in the characters of an index, which is asked once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from embeddings.names import NameReader

TEXTS = ["王万鹏到会", "罗伯特在特斯拉工作", "万鹏集团"]


class Index:
    """What is asked of an index, and how often; `looked_at` counts the phrases it was taken to."""

    def __init__(self) -> None:
        self.calls = self.looked_at = 0

    def held(self, phrases: Sequence[str]) -> Iterator[str]:
        self.calls += 1
        for phrase in phrases:
            self.looked_at += 1
            if any(all(pair in text for pair in phrase.split(" ")) for text in TEXTS):
                yield phrase


@pytest.fixture
def index() -> Index:
    return Index()


@pytest.fixture
def reader(index: Index) -> NameReader:
    return NameReader({a + b for text in TEXTS for a, b in pairwise(text)}, index.held)


def test_a_name_in_pinyin_is_read_in_characters_that_occur(reader: NameReader) -> None:
    assert reader.in_pinyin("wangwanpeng") == [("王万 万鹏", 1.0)]
    assert reader.in_pinyin("wangpeng") == []


def test_a_foreign_name_is_read_by_its_sound(reader: NameReader) -> None:
    assert reader.spelled("tesla")[0][0] == "特斯 斯拉"
    assert reader.spelled("robert")[0][0] == "罗伯 伯特"


def test_a_name_asks_the_index_at_most_twice_and_once_only(
    reader: NameReader, index: Index
) -> None:
    first = reader.spelled("robert")
    calls = index.calls
    assert calls <= 2
    assert reader.spelled("robert") == first
    assert index.calls == calls


def test_no_more_is_looked_at_than_is_kept() -> None:
    pairs = {a + b for a in "特提忒泰铁托塔" for b in "特提忒泰铁托塔"}
    index = Index()
    seen: list[str] = []

    def every(phrases: Sequence[str]) -> Iterator[str]:
        for phrase in phrases:
            seen.append(phrase)
            yield phrase

    assert len(NameReader(pairs, index.held).spelled("tata")) == 0
    kept = NameReader(pairs, every).spelled("tata")
    assert 0 < len(kept) <= len(seen) <= 8 + len(kept)
