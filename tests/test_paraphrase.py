"""Paraphrase: how far a sentence says what a question asks for, in other words too."""

import numpy as np
import pytest

from qa.answering.paraphrase import asked_words, kinds, said, spoken, told
from qa.answering.question import understand


def how_far(question: str, *texts: str) -> dict[str, list[float]]:
    asked = asked_words(understand(question))
    found = told(asked, [said(text) for text in texts])
    return dict(zip(asked.words, found.T.tolist(), strict=True))


def test_a_word_that_is_said_itself_is_wholly_said() -> None:
    assert how_far("图书馆几点开放？", "图书馆每天开放。")["图书馆"] == [1]


def test_a_word_is_said_by_another_of_like_meaning() -> None:
    near, far = how_far("项目是谁掏钱的？", "企业付款建设。", "昨天下了一场雨。")["掏钱"]
    assert near > 0.8
    assert far == 0


def test_an_english_question_is_said_by_a_chinese_sentence() -> None:
    found = how_far("When did the hospital open?", "医院三月开业。", "学校放假了。")
    assert found["hospit"][0] > 0.8
    assert found["hospit"][1] < 0.3


def test_only_the_very_words_are_spoken() -> None:
    asked = asked_words(understand("谁掏钱？"))
    assert spoken(asked, [said("他们掏钱。"), said("他们付款。")])[:, 0].tolist() == [1, 0]


def test_rare_words_weigh_more_than_everyday_ones() -> None:
    asked = asked_words(understand("候鸟工作在哪里？"))
    weights = dict(zip(asked.words, asked.weights.tolist(), strict=True))
    assert weights["候鸟"] > weights["工作"]


def test_the_word_behind_the_asking_word_tells_the_kind() -> None:
    asked = asked_words(understand("病人住进了哪家医院？"))
    of_all, _ = kinds(asked, [said("他住院三天。"), said("苹果熟了。")])
    assert of_all[0] > of_all[1]


def test_a_kind_that_the_question_itself_names_is_nothing_new() -> None:
    asked = asked_words(understand("这家医院和哪家医院合并？"))
    of_all, of_new = kinds(asked, [said("医院合并。")])
    assert of_all[0] == pytest.approx(1)
    assert of_new[0] < 0.9


@pytest.mark.parametrize("question", ["谁？", "What is it?", "2022？"])
def test_a_question_without_meanings_finds_nothing_and_does_not_fail(question: str) -> None:
    asked = asked_words(understand(question))
    texts = [said(""), said("医院开业。")]
    assert told(asked, texts).shape == (2, len(asked.words))
    assert np.isfinite(np.stack(kinds(asked, texts))).all()
