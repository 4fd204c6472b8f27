"""Facts: numbers, moments and words of a sentence are read alike however they are written."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.grounding.facts import facts
from qa.grounding.people import people
from qa.grounding.plain import plain


def numbers(text: str) -> list[tuple[float, str]]:
    return [(float(q.value), q.dimension) for q in facts(text).quantities]


def moments(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(m.kind, m.value) for m in facts(text).moments]


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("提供一千五百张床位", 1500, ""),
        ("提供１５００张床位", 1500, ""),
        ("提供壹仟伍佰张床位", 1500, ""),
        ("fifteen hundred beds", 1500, ""),
        ("1,500 beds", 1500, ""),
        ("1.5万", 15_000, ""),
        ("一万五千", 15_000, ""),
        ("一千五", 1500, ""),
        ("1亿8600万元", 186_000_000, "yuan"),
        ("186 million yuan", 186_000_000, "yuan"),
        ("one hundred and eighty-six million yuan", 186_000_000, "yuan"),
        ("24亿元", 2.4e9, "yuan"),
        ("$2.4 billion", 2.4e9, "dollar"),
        ("950余万元", 9_500_000, "yuan"),
        ("212805平方米", 212_805, "area"),
        ("三成", 30, "share"),
        ("两成八", 28, "share"),
        ("百分之三十", 30, "share"),
        ("30 percent", 30, "share"),
        ("三分之二", 200 / 3, "share"),
        ("two-thirds of the households", 200 / 3, "share"),
        ("半小时", 30, "minutes"),
        ("half an hour", 30, "minutes"),
        ("一个半小时", 90, "minutes"),
        ("两年半", 30, "months"),
        ("8.6吨", 8600, "mass"),
        ("零下18摄氏度", -18, "degrees"),
        ("18℃", 18, "degrees"),
        ("a 43-year-old", 43, "age"),
        ("0万元", 0, "yuan"),
    ],
)
def test_a_number_has_one_value_however_it_is_written(
    text: str, value: float, dimension: str
) -> None:
    assert (pytest.approx(value), dimension) in numbers(text)


@pytest.mark.parametrize("text", ["统一部署", "十分重要", "四川", "百姓", "千万不要", "第三方机构"])
def test_a_numeral_inside_a_word_counts_nothing(text: str) -> None:
    assert not [q for q in facts(text).quantities if not q.ordinal]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("两千余人", "above"),
        ("超过25厘米", "above"),
        ("不足25厘米", "below"),
        ("不超过三年", "below"),
        ("三年以上", "above"),
        ("约2.3万名", "about"),
        ("more than 30 people", "above"),
        ("30人", "exact"),
    ],
)
def test_limits_and_rough_figures_are_told_apart(text: str, bound: str) -> None:
    assert facts(text).quantities[0].bound == bound


def test_the_first_number_of_a_range_has_the_unit_of_the_second() -> None:
    assert numbers("二到三成") == [(20, "share"), (30, "share")]
    assert numbers("80至120毫米") == [(0.08, "length"), (0.12, "length")]


def test_places_and_things_are_counted_apart() -> None:
    assert [q.ordinal for q in facts("第十二次会议有3项议题").quantities] == [True, False]
    assert [q.ordinal for q in facts("the 12th meeting, third time, 3 items").quantities] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月4日", ("day", (3, 4))),
        ("三月四日", ("day", (3, 4))),
        ("on March 4", ("day", (3, 4))),
        ("on 4 March 2022", ("day", (3, 4))),
        ("2022-03-04", ("day", (3, 4))),
        ("9月10日至20日", ("day", (9, 20))),
        ("二〇二一年", ("year", (2021,))),
        ("in 2021", ("year", (2021,))),
        ("20日18时", ("date", (20,))),
        ("每周二", ("weekday", (1,))),
        ("on Tuesday", ("weekday", (1,))),
        ("星期天", ("weekday", (6,))),
        ("下午3点12分", ("time", (192, 1))),
        ("15:12", ("time", (192, 1))),
        ("at 3:12 p.m.", ("time", (192, 1))),
        ("早上7点半", ("time", (450, 0))),
        ("5月下旬", ("third", (3, 5))),
        ("in late May", ("third", (3, 5))),
        ("去年", ("ago", (0, -1))),
        ("last year", ("ago", (0, -1))),
        ("每季度", ("every", (4,))),
        ("年薪40万元", ("every", (5,))),
    ],
)
def test_a_moment_is_one_however_it_is_written(
    text: str, expected: tuple[str, tuple[int, ...]]
) -> None:
    assert expected in moments(text)


@pytest.mark.parametrize("text", ["3个月", "it may rain", "三点建议", "81时", "第9号台风", "2号线"])
def test_what_only_looks_like_a_moment_is_none(text: str) -> None:
    assert moments(text) == []


def test_a_negation_is_not_read_into_the_next_word() -> None:
    found = facts("食堂不外包")
    assert [span.of(found.text) for span in found.negations] == ["不"]
    assert not any("不" in word for word in found.words)


@pytest.mark.parametrize(
    "text", ["不仅如此", "无人机", "未来", "非常", "不超过三年", "not only he"]
)
def test_what_only_looks_like_a_negation_is_none(text: str) -> None:
    assert not facts(text).negations


def test_people_are_found_by_what_stands_around_them() -> None:
    found = facts("市长陆秉文、记者丁一帆和总经理李中雨出席，高新区负责人邰亮说")
    names = {span.of(found.text) for span in people(found)}
    assert {"陆秉文", "丁一帆", "李中雨", "邰亮"} <= names


def test_widths_scripts_and_marks_are_made_alike() -> None:
    assert plain("**近 30余年，**總投資１．８６億元") == "近30余年，总投资1.86亿元"


def in_chinese(n: int) -> str:
    """Write a number below a hundred million in Chinese numerals."""
    digits, places = "零一二三四五六七八九", ["", "十", "百", "千"]
    if n >= 10_000:
        rest = n % 10_000
        zero = "零" if 0 < rest < 1000 else ""
        return in_chinese(n // 10_000) + "万" + (zero + in_chinese(rest) if rest else "")
    text = ""
    for place in range(3, -1, -1):
        digit = n // 10**place % 10
        if digit:
            text += digits[digit] + places[place]
        elif text and n % 10**place and not text.endswith("零"):
            text += "零"
    return text or "零"


@settings(deadline=None)
@given(st.integers(2, 99_999_999))
def test_every_number_is_the_same_in_digits_and_in_chinese(n: int) -> None:
    # 十一 … 十九 begin with 十, and a lone 百 or 万 would count nothing.
    forms = (f"{n}元", f"{n:,}元", f"{in_chinese(n)}元", f"{n / 10_000:.4f}万元")
    assert {facts(f"花了{form}").quantities[0].value for form in forms} == {Fraction(n)}


@settings(deadline=None)
@given(st.text())
def test_any_text_has_facts_that_stand_in_it(text: str) -> None:
    found = facts(text)
    assert len(found.words) == len(found.spans) == len(found.meanings)
    spans = [*found.spans, *found.negations, *(fact.span for fact in found.figures)]
    assert all(0 <= span.start < span.end <= len(found.text) for span in spans)
