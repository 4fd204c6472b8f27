"""Answer spans: numbers, dates, names, places and roles are found by their form."""

import pytest

from qa.answering.answer_spans import answer_spans
from qa.answering.question import Asked


def found(text: str, asked: Asked) -> list[str]:
    return [span.of(text) for span in answer_spans(text, asked)]


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("新馆藏书120万册,设座位1,500个。", "number", ["120万册", "1,500个"]),
        ("共有三百余名代表参加", "number", ["三百余名"]),
        ("占比达到45.6%。", "number", ["45.6%"]),
        ("自2019年9月20日上线以来", "time", ["2019年9月20日"]),
        ("3月4日上午,新馆开放", "time", ["3月4日上午"]),
        ("It opened in May 1998.", "time", ["May 1998"]),
        ("馆长李明华、市长王建国出席。", "person", ["李明华", "王建国"]),
        ("副市长陈晓东表示,项目将提前。", "person", ["陈晓东"]),
        ("市图书馆馆长李明华介绍了情况。", "identity", ["市图书馆馆长"]),
    ],
)
def test_forms_are_found_whole(text: str, asked: Asked, expected: list[str]) -> None:
    assert found(text, asked) == expected


def test_places_and_organisations_are_found() -> None:
    text = "云河大学与海川电子有限公司签约,项目位于清溪县。"
    assert "海川电子有限公司" in "".join(found(text, "organisation"))
    assert any("清溪县" in place for place in found(text, "place"))


def test_kinds_without_a_form_find_nothing() -> None:
    assert found("他们签订了合作协议。", "thing") == []


def test_nothing_is_found_in_nothing() -> None:
    assert answer_spans("", "number") == []
