"""Phrases: noun phrases of Chinese questions begin and end on the borders of words."""

import pytest

from qa.answering.phrases import phrases, words_of


def texts(question: str) -> list[str]:
    return [phrase.span.of(question) for phrase in phrases(question)]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("县图书馆项目位于哪里？", ["县图书馆项目"]),
        ("地铁6号线什么时候通车？", ["地铁6号线", "通车"]),
        ("第三届音乐节票价多少？", ["第三届音乐节票价"]),
        ("两所大学共建的实验室在哪里？", ["大学共建的实验室"]),
        ("图书馆和医院由谁承建？", ["图书馆和医院"]),
        ("会议上市长说了什么？", ["会议", "市长"]),
        ("在县图书馆举行了什么活动？", ["县图书馆", "活动"]),
        ("站长是谁？", ["站长"]),
        ("谁来了？", []),
    ],
)
def test_a_phrase_is_the_nouns_that_belong_together(question: str, found: list[str]) -> None:
    assert texts(question) == found


def test_words_joined_are_the_text_again_in_either_script() -> None:
    for text in ("縣圖書館有多少冊藏書？", "县图书馆 new wing 有多少册？"):
        assert "".join(word.text for word in words_of(text)) == text
        assert all(word.span.of(text) == word.text for word in words_of(text))


@pytest.mark.parametrize(
    ("question", "owner", "value"),
    [
        ("县图书馆的总建筑面积是多少？", "县图书馆", "总建筑面积"),
        ("县图书馆藏书多少册？", "县图书馆", "藏书"),
        ("县医院的院长叫什么名字？", "县医院", "院长"),
        ("志愿者是谁？", "志愿者", "志愿者"),
    ],
)
def test_the_noun_whose_value_is_asked_is_told_from_its_owner(
    question: str, owner: str, value: str
) -> None:
    phrase = phrases(question)[0]
    assert phrase.valued
    assert "".join(word.text for word in phrase.owner) == owner
    assert phrase.value.of(question) == value


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("图书馆有多少册藏书？", [False, True]),
        ("图书馆有什么活动？", [False, True]),
        ("谁建了图书馆？", [False]),
    ],
)
def test_what_is_asked_for_is_no_topic(question: str, asked: list[bool]) -> None:
    assert [phrase.asked for phrase in phrases(question)] == asked


def test_what_a_preposition_stands_before_is_aside() -> None:
    assert [phrase.aside for phrase in phrases("在县医院举行了什么活动？")] == [True, False]
