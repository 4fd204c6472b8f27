import datetime

import pytest

from qa.splitting.dates import (
    PrintedDate,
    event_years,
    header_date,
    header_years,
    printed_date,
    year_of,
)


@pytest.mark.parametrize(
    ("opening", "text", "iso"),
    [
        ("8月 21日，副市长史占勇带队", "8月21日", "2020-08-21"),
        ("2019年6月9日上午，", "2019年6月9日", "2019-06-09"),
        ("为进一步促进学科和产业发展,12月22日上午", "12月22日", "2020-12-22"),
        ("12月\n21日,高新区", "12月21日", "2020-12-21"),
        ("１１月８日在碧潭公園", "１１月８日", "2020-11-08"),
        ("二〇二一年十月廿一日，", "二〇二一年十月廿一日", "2021-10-21"),
        ("On Aug. 21 the bridge", "Aug. 21", "2020-08-21"),
        ("On 21 August 2020 the bridge", "21 August 2020", "2020-08-21"),
    ],
)
def test_a_date_is_read_as_printed(opening: str, text: str, iso: str) -> None:
    date = printed_date(opening)
    assert date is not None
    assert date.text == text
    assert date.iso(date.year or 2020) == iso


def test_a_date_may_stand_in_the_lead() -> None:
    lead = "新华社北京8月21日电(记者 李四)"
    date = printed_date(lead + "今天", len(lead))
    assert date is not None
    assert date.text == "8月21日"


@pytest.mark.parametrize(
    "term", ["自6月1日起，", "截至6月1日，", "新馆将于6月1日开放，", "定于6月1日", "From June 1 "]
)
def test_a_day_that_begins_or_ends_something_is_not_the_article_s(term: str) -> None:
    assert printed_date(term) is None
    date = printed_date(f"{term}5月17日的")
    assert date is not None
    assert date.text == "5月17日"


@pytest.mark.parametrize("opening", ["近日，高新区", "日前", "", "会议" * 20 + "8月21日"])
def test_no_date_near_the_opening_is_none(opening: str) -> None:
    assert printed_date(opening) is None


@pytest.mark.parametrize("opening", ["2月30日，", "13月1日，", "4月31日，"])
def test_a_day_that_is_not_in_the_calendar_has_no_iso_form(opening: str) -> None:
    date = printed_date(opening)
    assert date is not None
    assert date.iso(2020) is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("高新区召开2020年党工委\n理论学习中心组（扩大）学习会议。", {2020}),
        ("高新区2019年度党支部书记培训班开班", {2019}),
        ("一行又赴京参加 2019世界机器人大会，", {2019}),
        ("医院2021年经受疫情、汛情的双重考验", set()),
        ("到2025年建成千亿级园区", set()),
        ("2014年到河南考察调研时的会议", set()),
        ("自2019年9月20日上线", set()),
        ("截至2020年5月底，", set()),
        ("迎接2022年全国运动会，", set()),
        ("召开2019年度总结表彰大会", set()),
    ],
)
def test_only_an_event_held_then_tells_the_year(text: str, years: set[int]) -> None:
    assert event_years(text) == years


def test_a_page_header_gives_its_date() -> None:
    assert header_date("2020年12月25日 星期五 A03 要闻") == datetime.date(2020, 12, 25)
    assert header_date("Tuesday, 14 March 2023") == datetime.date(2023, 3, 14)
    assert header_date("Tuesday, March 14, 2023") == datetime.date(2023, 3, 14)
    assert header_date("2020年13月25日") is None
    assert header_years("中華民國一一○年　地方新聞") == {2021}


DECEMBER = PrintedDate("12月30日", None, 12, 30)


def test_a_december_date_on_a_january_page_is_of_the_year_before() -> None:
    assert year_of(DECEMBER, datetime.date(2021, 1, 2), [], []) == 2020
    assert year_of(DECEMBER, datetime.date(2020, 12, 31), [], []) == 2020


def test_hints_that_disagree_leave_the_year_open() -> None:
    assert year_of(DECEMBER, None, [], [2019, 2020]) is None
    assert year_of(DECEMBER, None, [2020], [2019, 2020]) == 2020
    assert year_of(DECEMBER, None, [], []) is None
    assert year_of(PrintedDate("2018年1月2日", 2018, 1, 2), None, [2020], []) == 2018
