"""Units: what must follow a number so that it can be the one asked for."""

import pytest

from qa.answering.answer_spans import answer_spans
from qa.answering.question import understand
from qa.answering.units import opposites, required, spellings, titles, unit_of


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("果园有多少亩？", "果园有八百亩,亩产六千斤。", ["八百亩"]),
        ("小区一共有多少套住房？", "小区分三期建设,共2号楼。", []),
        ("有多少人参加？", "全县300余名教师和20所学校参加。", ["300余名"]),
        ("项目总投资多少钱？", "项目占地50亩,投资3.5亿元。", ["3.5亿元"]),
        ("项目投资几个亿？", "总投资3亿，助推千亿级园区。", ["3亿"]),
        ("馆长今年多大年纪？", "馆长任职十二年。", []),
        ("How many books are there?", "It has 40 staff and 1,200 rare books.", ["1,200 rare"]),
        ("设计师拿了多少设计费？", "设计师保留了3个筒仓。", []),
        ("老师每节课拿多少报酬？", "每节课80元,每周三开课。", ["80元"]),
        ("有多少消费者到场？", "到场的有300名消费者。", ["300名"]),
        ("集团有多少员工？", "8月21日,副市长一行考察集团的3000多名员工。", ["3000多名"]),
        ("改线花了多少时间？", "前后迁改142条,用了90天。", ["90天"]),
        ("比赛还剩多少时间？", "24码线上还剩4 分 51 秒。", ["4 分", "51 秒"]),
        ("服务热线的电话是多少？", "设服务点56个,电话0812345。", ["0812345"]),
        ("新馆总面积是多少？", "新馆总面积2万平方米。", ["2万平方米"]),
    ],
)
def test_only_numbers_of_the_unit_asked_for_are_found(
    question: str, text: str, found: list[str]
) -> None:
    asked = understand(question)
    assert [span.of(text) for span in answer_spans(text, asked.asked, asked.unit)] == found


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("新馆哪一年建成？", "新馆2019年建成", True),
        ("新馆哪一年建成？", "新馆3月4日建成", False),
        ("新馆几月几号开放？", "新馆3月4日开放", True),
        ("新馆几月几号开放？", "新馆2019年开放", False),
    ],
)
def test_a_question_for_a_year_or_a_day_wants_just_that(
    question: str, text: str, fits: bool
) -> None:
    asked = understand(question)
    assert bool(answer_spans(text, asked.asked, asked.unit)) == fits


@pytest.mark.parametrize("question", ["有多少？", "谁来了？", "一共多少面积没有建设？"])
def test_without_a_unit_any_number_may_do(question: str) -> None:
    assert unit_of(question) == ""


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("县图书馆的馆长是谁？", ["馆长"]),
        ("谁是县图书馆的馆长？", ["馆长"]),
        ("地铁5号线什么时候开通？", ["5号线"]),
        ("第三届书展在哪里举行？", ["第三届"]),
        ("县交通局的副局长是谁？", ["副局长"]),
        ("县图书馆的馆长叫什么名字？", ["馆长"]),
        ("图书馆有多少座位？", []),
        ("馆长说了什么？", []),
        ("轻轨二号线几点停运？", ["二号线"]),
        ("镇第二实验小学有几个班？", ["第二实验小学"]),
        ("第一个发言的说了什么？", []),
        ("水厂三期工程何时开工？", ["三期"]),
        ("水厂二期什么时候建成？", ["二期"]),
        ("新学期什么时候开始？", []),
    ],
)
def test_titles_and_designations_asked_for_must_stand_beside_the_answer(
    question: str, words: list[str]
) -> None:
    assert required(question) == words


@pytest.mark.parametrize(
    ("asked", "ways"),
    [
        ("二号线", {"二号线", "2号线"}),
        ("第12届", {"第12届", "第十二届"}),
        ("第一批", {"第一批", "第1批", "首批"}),
        ("第120期", {"第120期"}),
        ("馆长", {"馆长"}),
    ],
)
def test_a_number_may_be_written_in_either_digits(asked: str, ways: set[str]) -> None:
    assert spellings(asked) == ways


def test_only_titles_that_are_asked_for_count() -> None:
    assert titles("县第一中学的校长是谁？") == ["校长"]
    assert titles("县第一中学的校长说了什么？") == []


def test_a_name_is_told_apart_from_its_opposite() -> None:
    assert opposites("男足") == ["女足"]
    assert "环城西路" in opposites("环城东路")
    assert opposites("图书馆") == []
