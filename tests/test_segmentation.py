"""Segmentation: jieba behind its one door."""

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.segmentation import tagged_words, word_frequencies, words


def test_chinese_is_cut_into_words() -> None:
    assert words("郑州市中心医院提供床位") == ["郑州市", "中心医院", "提供", "床位"]


@settings(deadline=None)  # the first call reads the dictionary
@given(st.text(st.sampled_from("郑州医院 \n，。abc12𠮷"), max_size=40))
def test_words_put_together_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text
    assert "".join(word for word, _ in tagged_words(text)) == text


def test_people_and_places_are_told_apart() -> None:
    tags = dict(tagged_words("记者孙庆辉在郑州市报道"))
    assert tags["孙庆辉"] == "nr"
    assert tags["郑州市"] == "ns"


def test_the_dictionary_knows_how_common_words_are() -> None:
    frequencies = word_frequencies()
    assert frequencies["的"] > frequencies["医院"] > 0
    assert len(frequencies) > 300_000


def test_using_it_says_nothing_and_warns_of_nothing() -> None:
    code = "from embeddings.segmentation import tagged_words as t; t('郑州市')"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
