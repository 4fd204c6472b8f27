"""Short forms in questions: spelled out by the names that passages print, and by nothing else."""

from pathlib import Path

import pytest

from qa import Library
from qa.answering.asking import ask
from qa.answering.question import understand
from qa.answering.short_forms import spelled_out


@pytest.mark.parametrize(
    ("question", "printed", "meant"),
    [
        ("郑大的校长是谁？", "郑州大学与河南工业大学签约。", "郑州大学的校长是谁？"),
        ("河南工大在哪里？", "郑州大学与河南工业大学签约。", "河南工业大学在哪里？"),
        (
            "郑大一附院有多少床位？",
            "郑州大学第一附属医院新增床位。",
            "郑州大学第一附属医院有多少床位？",
        ),
        ("人社局何时招聘？", "市人力资源和社会保障局发布公告。", "人力资源和社会保障局何时招聘？"),
        ("国资局在哪里？", "国有资产监督管理局迁址。", "国有资产监督管理局在哪里？"),
        ("卫健委公布了什么？", "市卫生健康委员会公布方案。", "卫生健康委员会公布了什么？"),
    ],
)
def test_a_short_form_is_read_as_the_name_that_is_printed(question, printed, meant):
    assert spelled_out(understand(question), [printed]).text == meant


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("郑大的校长是谁？", "郑州二七广场扩大绿地面积。"),
        ("大公司有多少家？", "大型能源公司共有三家。"),
        ("公园的面积有多大？", "公众游园占地九亩。"),
        ("企业的高管来了多少人？", "高新区管委会召开会议。"),
        ("郑大的校长是谁？", "洛阳大学与河南工业大学签约。"),
        ("Who heads the bank 工行?", "中国工商银行换帅。"),
    ],
)
def test_what_only_resembles_a_short_form_stays(question, printed):
    asked = understand(question)
    assert spelled_out(asked, [printed]) is asked


def test_a_form_that_a_passage_prints_alone_stays_and_one_beside_its_name_does_not():
    asked = understand("郑大的校长是谁？")
    both = "郑州大学校长出席。他说，郑大将扩建。"
    assert spelled_out(asked, [both]).text == "郑州大学的校长是谁？"
    assert spelled_out(asked, [both, "郑大校园内花开。"]) is asked


def test_the_name_that_most_passages_print_is_taken():
    texts = ["郑州大学开学。", "郑东大学开学。", "郑东大学放假。"]
    assert spelled_out(understand("郑大何时放假？"), texts).text == "郑东大学何时放假？"


def test_an_answer_says_what_a_short_form_was_read_as(tmp_path: Path):
    page = tmp_path / "page.txt"
    page.write_text(
        "两校签约共建实验室\n\n本报讯 5月6日，湖滨工业大学与枫林镇签约。"
        "湖滨工业大学校长林小禾出席并讲话。\n",
        encoding="utf-8",
    )
    with Library.open(tmp_path / "library") as library:
        library.add([page])
        answer = ask(library, "湖滨工大的校长是谁？")
    assert answer.standalone_question == "湖滨工业大学的校长是谁？"
    assert answer.answered
    assert "林小禾" in answer.citations[0].quote
