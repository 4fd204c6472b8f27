"""Renderings: a name or phrase is found again in the other language."""

import re

import pytest

from qa.answering.question import understand
from qa.answering.renderings import chinese_unit, same_name, same_thing


def test_a_name_is_the_same_as_its_pinyin_in_either_order() -> None:
    assert same_name("Wei Chunsheng", "zh", ["罗启明", "韦春生"]) == "韦春生"
    assert same_name("Chunsheng Wei", "zh", ["罗启明", "韦春生"]) == "韦春生"
    assert same_name("韦春生", "en", ["Luo Qiming", "Wei Chunsheng"]) == "Wei Chunsheng"


def test_a_name_that_is_not_there_stays_as_it_is() -> None:
    assert same_name("Wei Chunsheng", "zh", ["罗启明"]) == "Wei Chunsheng"
    assert same_name("韦春生", "zh", ["罗启明"]) == "韦春生"


def test_a_thing_is_the_words_that_translate_most_of_it() -> None:
    answer = "据《地铁6号线洞通》：工人们说,恒远动力电池工厂将设站22座。"
    assert same_thing("Metro Line 6", "zh", answer) == "地铁6号线"
    assert same_thing("the battery factory", "zh", answer) == "动力电池工厂"
    assert same_thing("the opera house", "zh", answer) == ""
    said = "According to the paper, the Maritime Museum was opened by the city."
    assert same_thing("海事博物馆", "en", said) == "the Maritime Museum"
    assert same_thing("海事博物馆", "en", "。") == ""


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("How many people came?", "人", "年"),
        ("How many students are there?", "名学生", "所学校"),
        ("How many young doctors work there?", "名", "张"),
        ("How many days will it take?", "天", "元"),
        ("About how many beds does the hospital have?", "张", "年"),
        ("How many square kilometers is it?", "平方公里", "人"),
        ("How much did the bridge cost?", "元", "吨"),
        ("How old is the driver?", "岁", "人"),
    ],
)
def test_what_is_counted_in_english_has_its_chinese_unit(
    question: str, right: str, wrong: str
) -> None:
    unit = chinese_unit(understand(question))
    assert re.match(unit, right)
    assert not re.match(unit, wrong)


@pytest.mark.parametrize("question", ["How many zzgrbls did it have?", "Who came?", "When is it?"])
def test_where_no_unit_is_known_any_number_will_do(question: str) -> None:
    assert chinese_unit(understand(question)) == ""
