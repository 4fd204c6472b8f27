"""What about: another thing takes the place of the last one, another attribute is asked of it."""

import pytest

from qa.answering.topics import Before
from qa.answering.what_about import asked_about

BRIDGE = Before("安澜桥全长多少米？", "安澜桥全长86米。")
PLANT = Before("临江电池工厂总投资是多少？", "总投资46亿元。")
RACE = Before("云湖马拉松男子组冠军是谁？", "男子组冠军是基普科。")
MEETING = Before("安全会议上区长是谁？", "区长施建国主持。")
PERSON = Before("陈晓东什么时候来的？", "副市长陈晓东3月4日到馆。")
LIFTS = Before("今年加装了多少部电梯？", "今年加装电梯312部。")
MUSEUM = Before("Who is the director of the Harbour Museum?", "Helen Osborne.")
TICKETS = Before("When did the women's race of the Lake Marathon start?", "At nine.")


@pytest.mark.parametrize(
    ("before", "said", "other", "asked"),
    [
        (BRIDGE, "地铁6号线", False, "地铁6号线全长多少米？"),
        (BRIDGE, "白石桥面", True, "白石桥面全长多少米？"),
        (PLANT, "年产量", False, "临江电池工厂年产量是多少？"),
        (RACE, "女子组", False, "云湖马拉松女子组冠军是谁？"),
        (RACE, "成绩", False, "云湖马拉松男子组成绩是多少？"),
        (MEETING, "书记", False, "安全会议上书记是谁？"),
        (MEETING, "县医院的院长", False, "县医院的院长是谁？"),
        (PERSON, "王建国", False, "王建国什么时候来的？"),
        (PERSON, "陈晓东", False, "陈晓东是谁？"),
        (LIFTS, "去年", False, "去年加装了多少部电梯？"),
        (MUSEUM, "the architect", False, "Who is the architect of the Harbour Museum?"),
        (MUSEUM, "Hill House", False, "Who is the director of Hill House?"),
        (TICKETS, "the men's race", False, "When did the men's race of the Lake Marathon start?"),
        (TICKETS, "the prize", False, "What about the prize of the women's race of the Lake Marathon?"),
        (TICKETS, "next year", False, "When did the women's race of the Lake Marathon start next year?"),
    ],
)  # fmt: skip
def test_the_last_question_is_asked_of_what_is_said(
    before: Before, said: str, other: bool, asked: str
) -> None:
    assert asked_about(said, before, other) == asked
