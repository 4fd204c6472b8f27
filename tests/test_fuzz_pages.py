"""Pages made to be hard: time stays in proportion to the text, whatever stands in it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.spans import Span
from qa.splitting.articles import split_articles
from qa.splitting.bylines import is_byline, lead_of
from qa.splitting.pages import page_from_text
from qa.splitting.passages import split_passages

HOSTILE = ["\x00", "\ud800", "\u202e", "\u200b", "\ufeff", "e\u0301", "\ue000", "ﷺ", "\x1b[31m"]
PRINTED = [
    "本报讯 ",
    "（记者 ",
    "本报",
    "新华社",
    "高新区召开会议",
    "。",
    "，",
    "“",
    "”",
    "记者 孙小满",
]
SPACE = [" ", "\u3000", "\n", "\r\n", "\n\n", "\u2028", "\t"]


@settings(deadline=None)
@given(st.lists(st.sampled_from([*HOSTILE, *PRINTED, *SPACE]), max_size=60).map("".join))
def test_any_page_is_split_into_passages_at_exact_offsets(text: str) -> None:
    for article in split_articles(page_from_text("x", text)):
        for passage in split_passages(text, article):
            assert passage.text == text[passage.start : passage.end]
            inside = [Span(passage.start, passage.end)]
            assert all(
                inside[0].start <= s.start < s.end <= inside[0].end for s in passage.sentences
            )
            assert list(passage.sentences) == sorted(passage.sentences)


def seconds(text: str) -> float:
    began = time.process_time()
    for article in split_articles(page_from_text("x", text)):
        split_passages(text, article)
    return time.process_time() - began


@pytest.mark.parametrize(
    "unit",
    [
        "高\n",
        "图为工人。\n\n高新区召开会议，大家都来了，会议开得很好。\n\n",
        "星期五\r\n张三\r\n张三\n\n",
        "高新区会\n\n高新区召开会议部署，部署工作\n高新区会\n\n图为工人。\n\n",
        "“（《",
    ],
)
def test_a_page_ten_times_as_long_takes_about_ten_times_as_long(unit: str) -> None:
    seconds(unit * 50)
    few, many = (seconds(unit * (length // len(unit))) for length in (4_000, 40_000))
    assert many < 25 * few + 0.5


@pytest.mark.parametrize("unit", ["本报", "据本报", "新华社", "报", "社", "驻", "大河报 "])
def test_a_role_that_could_be_read_in_many_ways_is_refused_at_once(unit: str) -> None:
    began = time.process_time()
    text = unit * 400
    assert not is_byline(text[:80])
    assert lead_of(text, Span(0, len(text))) is None
    assert time.process_time() - began < 2


def test_a_lead_with_a_gap_that_never_ends_is_refused_at_once() -> None:
    text = f"本报{' ' * 5_000}1"
    began = time.process_time()
    assert lead_of(text, Span(0, len(text))) is None
    assert time.process_time() - began < 2


def test_a_page_of_many_texts_that_open_no_article_is_put_in_order_in_seconds() -> None:
    assert seconds("记者 孙小满\n\n、高新区\r\n" * 80) < 6
