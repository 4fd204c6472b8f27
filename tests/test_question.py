"""Questions: the wording tells the language, the kind of answer, and what is to be matched."""

import pytest

from qa.answering.question import MAX_QUESTION, clean, understand
from qa.errors import QuestionError


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("图书馆有多少册藏书？", "number"),
        ("新馆多大？", "number"),
        ("How many books does the library hold?", "number"),
        ("馆长是谁？", "person"),
        ("由谁承建？", "person"),
        ("是谁接待了客人？", "person"),
        ("Who is the director of the library?", "person"),
        ("李明华是谁？", "identity"),
        ("李明华担任什么职务？", "identity"),
        ("Who is Li Minghua?", "identity"),
        ("Who is Li Minghua？", "identity"),
        ("Who is 李明华?", "identity"),
        ("哪天开馆？", "time"),
        ("新馆什么时候开放？", "time"),
        ("When did the library open?", "time"),
        ("图书馆在哪里？", "place"),
        ("哪个村子先通车？", "place"),
        ("哪家公司中标？", "organisation"),
        ("为什么推迟开馆？", "reason"),
        ("怎么办理借书证？", "manner"),
        ("图书馆周一开放吗？", "polar"),
        ("双方签订了什么协议？", "thing"),
    ],
)
def test_the_kind_of_answer_follows_from_the_wording(text: str, asked: str) -> None:
    assert understand(text).asked == asked


@pytest.mark.parametrize(
    "text", ["有哪些企业签约？", "列出获奖名单", "分别是什么？", "What are the four measures?"]
)
def test_a_question_for_all_members_wants_a_list(text: str) -> None:
    assert understand(text).listing


@pytest.mark.parametrize("text", ["馆长是谁？", "Who opened the library?"])
def test_a_question_for_one_thing_wants_no_list(text: str) -> None:
    assert not understand(text).listing


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("图书馆有多少册藏书？", "zh"),
        ("IBM的CEO是谁", "zh"),
        ("Who is 周明?", "en"),
        ("List the companies", "en"),
        ("圖書館在哪裡", "zh"),
        ("Who is Zhou Ming？", "en"),
        ("Ｗｈｏ ｉｓ Ｚｈｏｕ Ｍｉｎｇ？", "en"),
        ("Zhou Ming？", "en"),
        ("IBM CEO Zhou Ming的学历？", "zh"),
        ("周明: How many books?", "en"),
    ],
)
def test_the_language_is_that_of_the_asking_words(text: str, language: str) -> None:
    assert understand(text).language == language


def test_asking_words_are_not_matched_with_text() -> None:
    assert understand("请问图书馆有多少册藏书？").content == "图书馆有 册藏书"
    assert understand("How many books are there?").content == "books there"


def test_white_space_and_control_characters_are_taken_out() -> None:
    assert clean(" 图书馆\x00在\u202e哪\n里？ ") == "图书馆 在 哪 里？"


@pytest.mark.parametrize(
    ("wide", "plain"),
    [
        ("Ｗｈｏ　ｉｓ Ｚｈｏｕ Ｍｉｎｇ？", "Who is Zhou Ming?"),
        ("Ａ座有１，５００．５亩吗？共３，８栋", "A座有1,500.5亩吗？共3,8栋"),
        ("图书馆，在哪里？（新馆）", "图书馆，在哪里？（新馆）"),
    ],
)
def test_full_width_letters_and_digits_are_read_as_half_width_ones(wide: str, plain: str) -> None:
    assert clean(wide) == plain


def test_half_a_surrogate_pair_is_taken_out() -> None:
    assert clean("图书馆\ud800在哪") == "图书馆 在哪"


@pytest.mark.parametrize("text", ["", "   ", "？！", "\x00\x01"])
def test_a_question_without_a_letter_or_digit_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        clean(text)


def test_a_question_of_a_hundred_thousand_characters_is_refused_with_the_limit() -> None:
    with pytest.raises(QuestionError, match=f"at most {MAX_QUESTION:,}"):
        clean("问" * 100_000)
