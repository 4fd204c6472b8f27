"""Statements: an answer is cut into sentences as it arrives, each with what it cites."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.grounding.markers import MarkerParser
from qa.grounding.statements import Statement, StatementBuilder


def written(*chunks: str) -> list[Statement]:
    parser, builder = MarkerParser(range(1, 10)), StatementBuilder()
    found = [one for chunk in chunks for one in builder.feed(parser.feed(chunk))]
    return [*found, *builder.feed(parser.close()), *builder.close()]


def cut(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.numbers) for one in written(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共1500张[3]。另有2台。[4]", [("共1500张。", (3,)), ("另有2台。", (4,))]),
        (
            "There are 1,500 beds. [3] The rest [4][5].",
            [("There are 1,500 beds.", (3,)), ("The rest .", (4, 5))],
        ),
        ("- 一是A。[1]\n- 二是B[2]\n\n1. C", [("一是A。", (1,)), ("二是B", (2,)), ("C", ())]),
        ("[1] 甲。[2] 乙。\n[3] 丙。", [("甲。", (1,)), ("乙。", (2,)), ("丙。", (3,))]),
        ("甲。\n[3]\n乙。", [("甲。", (3,)), ("乙。", ())]),
        ("甲。[3]iPad乙。[4]", [("甲。", (3,)), ("iPad乙。", (4,))]),
        (
            "Beds are new.[3]The rest is old.[4]",
            [("Beds are new.", (3,)), ("The rest is old.", (4,))],
        ),
        (
            "It is “new”.[3]5 are not![4]All",
            [("It is “new”.", (3,)), ("5 are not!", (4,)), ("All", ())],
        ),
        ("甲。[3] [3]", [("甲。", (3,))]),
        ("[3]", []),
        ("---\n**甲**。[1]", [("**甲**。", (1,))]),
    ],
)
def test_a_marker_belongs_to_the_sentence_it_stands_by(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The Co., Ltd. of Mr. Wang paid 3.5 million at 8 a.m. on Sept. 12.",
        "共投资3.5亿元，占地1.2万亩。",
        "“灯不灭就行。谁来点都一样。”尹文秀说。",
        '"We go. Now!" he said.',
        "他说：“今天好。明天也好。”",
        "No full stop at all",
    ],
)
def test_a_sentence_is_kept_whole(sentence: str) -> None:
    assert cut(f"{sentence}[1]") == [(sentence, (1,))]


def test_sentences_without_blanks_or_closed_quotations_are_cut() -> None:
    assert [text for text, _ in cut("甲。乙！丙？丁")] == ["甲。", "乙！", "丙？", "丁"]
    unclosed = "他说“" + "好。" * 150
    assert len(cut(unclosed)) > 20


def test_a_statement_is_given_once_the_next_begins() -> None:
    builder = StatementBuilder()
    assert builder.feed(["甲。"]) == []
    assert [one.text for one in builder.feed(["乙"])] == ["甲。"]
    assert [one.text for one in builder.close()] == ["乙"]


PARTS = st.lists(
    st.sampled_from(["。", ".", "！", "”", "“", '"', "\n", "a", "B", "3", " ", "[3]", "[4]", "，"])
    | st.sampled_from(["- ", "1. ", "说。", "Mr", "一、", "…", "（", "甲", "乙" * 250]),
    max_size=30,
)


@given(parts=PARTS, data=st.data())
def test_how_the_answer_is_cut_does_not_matter(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert written(*chunks) == written(text)


@given(PARTS)
def test_statements_stand_where_they_say_in_order(parts: list[str]) -> None:
    parser = MarkerParser(range(1, 10))
    pieces = parser.feed("".join(parts)) + parser.close()
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    builder = StatementBuilder()
    found = [*builder.feed(pieces), *builder.close()]
    assert all(one.span.of(text) == one.text == one.text.strip() for one in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize("text", ["“。", "a", "3.5 ", "\n", "甲。"])
def test_endless_text_takes_no_more_than_its_share_of_time(text: str) -> None:
    def seconds(times: int) -> float:
        builder, began = StatementBuilder(), time.process_time()
        for character in text * times:
            builder.feed([character])
        return time.process_time() - began

    seconds(100)
    assert seconds(1_000) < 25 * seconds(100) + 0.3
