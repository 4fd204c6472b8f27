"""Pronouns: what they stand for is taken from the turn before, as a whole name or phrase."""

import pytest

from qa.answering.pronouns import without_pronouns
from qa.answering.question import language_of
from qa.answering.topics import Before

HOSPITAL = Before(
    "仁康医院东院区项目位于哪里？",
    "据《东院区开工》：仁康医院东院区项目位于滨江路。院长高雪梅说,项目由海川建设集团承建,将惠及周边居民。",
)
RESCUE = Before(
    "快递员周大勇在哪里救了人？", "据《跳河救人》：周大勇在白石河边救起两人,站长毛丽说他很勇敢。"
)
WHO = Before("会议由谁主持？", "据《会议召开》：区长施建国主持会议,书记程伟讲话。")
BUILDER = Before("哪家公司承建了滨江大桥？", "据《滨江大桥开工》：大桥由海川建设集团承建。")
PLANT = Before("When will the battery plant in Linjiang open?", "It opens in May.")
MAYOR = Before("Who cut the ribbon?", "According to “Bridge opens”: Mayor Ann Lee cut the ribbon.")
STRIKE = Before("When is the second strike of the rail drivers?", "It is on 14 June.")


@pytest.mark.parametrize(
    ("before", "text", "resolved"),
    [
        (HOSPITAL, "该项目有多少张床位？", "仁康医院东院区项目有多少张床位？"),
        (HOSPITAL, "这个项目什么时候完工？", "仁康医院东院区项目什么时候完工？"),
        (HOSPITAL, "这家单位有多少人？", "仁康医院东院区项目有多少人？"),
        (HOSPITAL, "它有多大？", "仁康医院东院区项目有多大？"),
        (HOSPITAL, "其面积是多少？", "仁康医院东院区项目的面积是多少？"),
        (HOSPITAL, "那里有公交吗？", "仁康医院东院区项目有公交吗？"),
        (HOSPITAL, "这些设备哪里来的？", "仁康医院东院区项目的设备哪里来的？"),
        (HOSPITAL, "她还说了什么？", "高雪梅还说了什么？"),
        (RESCUE, "他是哪里人？", "周大勇是哪里人？"),
        (RESCUE, "他女儿几岁？", "周大勇的女儿几岁？"),
        (RESCUE, "这位快递员获奖了吗？", "周大勇获奖了吗？"),
        (RESCUE, "毛丽怎么评价他？", "毛丽怎么评价周大勇？"),
        (WHO, "他多大年纪？", "施建国多大年纪？"),
        (BUILDER, "该公司成立于哪年？", "海川建设集团成立于哪年？"),
        (PLANT, "How much will it cost?", "How much will the battery plant in Linjiang cost?"),
        (PLANT, "What is its area?", "What is the area of the battery plant in Linjiang?"),
        (PLANT, "How large is this plant?", "How large is the battery plant in Linjiang?"),
        (PLANT, "Who works there?", "Who works at the battery plant in Linjiang?"),
        (STRIKE, "How many of them take part?", "How many of the rail drivers take part?"),
        (MAYOR, "How old is she?", "How old is Ann Lee?"),
        (MAYOR, "What is her plan?", "What is Ann Lee's plan?"),
        (MAYOR, "What did they do?", "Ribbon: What did they do?"),
    ],
)
def test_a_pronoun_is_replaced_by_a_whole_name_or_phrase(
    before: Before, text: str, resolved: str
) -> None:
    assert without_pronouns(text, before, language_of(text)) == resolved


@pytest.mark.parametrize(
    ("before", "text", "resolved"),
    [
        (RESCUE, "Who is he?", "Who is 周大勇?"),
        (HOSPITAL, "How large is it?", "How large is 仁康医院东院区项目?"),
        (Before("Who is Zhou Dayong?", RESCUE.answer), "他是谁？", "周大勇是谁？"),
        (Before("Who is Zhou Dayong?", "未找到。"), "他是谁？", "Zhou Dayong是谁？"),
        (
            Before("When was the Binjiang Bridge built?", BUILDER.answer),
            "它多长？",
            "滨江大桥多长？",
        ),
        (Before("会议是谁主持的？", MAYOR.answer), "What did she say?", "What did Ann Lee say?"),
    ],
)
def test_a_name_is_taken_as_the_turn_before_has_it_in_the_other_language(
    before: Before, text: str, resolved: str
) -> None:
    assert without_pronouns(text, before, language_of(text)) == resolved


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (HOSPITAL, "谁来了？"),
        (HOSPITAL, "因此停工了吗？"),
        (HOSPITAL, "孩子应该几点上课？"),
        (HOSPITAL, "其他医院有多少床位？"),
        (HOSPITAL, "那段时间谁值班？"),
        (RESCUE, "王建国说他要来吗？"),
        (PLANT, "How did Tesla change its battery?"),
        (PLANT, "How many beds are there?"),
        (PLANT, "Did the mayor say that the plant is late?"),
        (PLANT, "When will the city open its pool?"),
    ],
)
def test_what_stands_for_nothing_of_the_turn_before_is_left(before: Before, text: str) -> None:
    assert without_pronouns(text, before, language_of(text)) is None


def test_where_nothing_is_clear_the_question_stays_whole() -> None:
    vague = Before("什么时候？", "三月。")
    assert without_pronouns("它在哪里？", vague, "zh") == "它在哪里？"
    assert without_pronouns("Where is it?", Before("Why?", "Because."), "en") == "Where is it?"
