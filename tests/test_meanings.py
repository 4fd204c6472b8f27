"""Meanings: words of two languages in one space."""

import numpy as np
import pytest

from embeddings.meanings import WIDTH, meaning, words_of


def likeness(one: str, other: str) -> float:
    first, second = meaning(one), meaning(other)
    assert first is not None
    assert second is not None
    return float(first @ second)


@pytest.mark.parametrize(
    ("one", "like", "unlike"),
    [
        ("掏钱", "付款", "天气"),
        ("医生", "大夫", "公路"),
        ("school", "学校", "天气"),
        ("build", "建造", "音乐"),
        ("price", "cost", "music"),
    ],
)
def test_words_that_mean_the_same_lie_nearer_than_others(one: str, like: str, unlike: str) -> None:
    assert likeness(one, like) > 0.45 > likeness(one, unlike)


def test_a_meaning_has_length_one() -> None:
    known = meaning("图书馆")
    assert known is not None
    assert known.shape == (WIDTH,)
    assert np.linalg.norm(known) == pytest.approx(1)


def test_a_longer_word_has_the_meaning_of_its_last_two_characters() -> None:
    assert likeness("某某大学", "大学") == pytest.approx(1)


@pytest.mark.parametrize("word", ["", "xyzzyq", "〇〇〇"])
def test_an_unknown_word_has_no_meaning(word: str) -> None:
    assert meaning(word) is None


def test_words_are_the_longest_that_the_dictionary_has() -> None:
    assert words_of("志愿者在图书馆") == [("志愿者", 0), ("图书馆", 4)]


def test_characters_of_no_longer_word_stand_alone() -> None:
    assert words_of("任晓芙") == [("任", 0), ("晓", 1), ("芙", 2)]


def test_both_scripts_give_the_same_words() -> None:
    assert words_of("圖書館開放") == words_of("图书馆开放")


def test_english_words_are_stemmed_and_function_words_left_out() -> None:
    assert words_of("The schools were building") == [("school", 4), ("build", 17)]


def test_places_lead_back_to_the_text() -> None:
    text = "2022年，Zhao 校长说：图书馆要扩建！"
    for word, at in words_of(text):
        assert text[at:].lower().startswith(word[:3])
