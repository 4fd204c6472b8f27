"""Markers: what a model writes in brackets becomes the numbers it cites, however it arrives."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.grounding.markers import Cited, MarkerParser, Piece

GIVEN = range(1, 10)


def parsed(*chunks: str, given: range = GIVEN) -> list[Piece]:
    """The pieces of some chunks, with neighbouring text joined."""
    parser = MarkerParser(given)
    pieces = [piece for chunk in chunks for piece in parser.feed(chunk)] + parser.close()
    joined: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece:
            joined.append(piece)
    return joined


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[3]", (3,)),
        ("【3】", (3,)),
        ("［３］", (3,)),
        ("[ 3 ]", (3,)),
        ("[句3]", (3,)),
        ("[^3]", (3,)),
        ("[citation:3]", (3,)),
        ("[Sentence 3, 4]", (3, 4)),
        ("【3†source】", (3,)),
        ("[3-5]", (3, 4, 5)),
        ("[3–5]", (3, 4, 5)),
        ("[3~5]", (3, 4, 5)),
        ("[5-3]", (3, 4, 5)),
        ("[4,2]", (4, 2)),
        ("[2、4]", (2, 4)),
        ("[3,3]", (3,)),
        ("[3, 77]", (3,)),
        ("[8-999999999999]", (8, 9)),
    ],
)
def test_a_marker_of_any_kind_cites_what_was_given(marker: str, numbers: tuple[int, ...]) -> None:
    assert parsed(f"共1500张{marker}。") == ["共1500张", Cited(numbers), "。"]


@pytest.mark.parametrize("marker", ["[0]", "[77]", "[10-99]", "[2022]", "【12345678901234567890】"])
def test_a_marker_of_numbers_never_given_vanishes(marker: str) -> None:
    assert parsed(f"共1500张{marker}。") == ["共1500张。"]


@pytest.mark.parametrize(
    "text",
    [
        "五年级（3）班",
        "see (3) and 3",
        "郑政〔2022〕5号",
        "郑政[2022]5号",
        "[1.5] [10%] [3:15] [abc] []",
        "an unfinished [3",
        "a `list[3]` and ``x[4]``",
        "```\nx[3]\n```",
    ],
)
def test_what_is_no_marker_stays_as_it_is(text: str) -> None:
    assert parsed(text) == [text]


def test_markers_go_on_behind_code_and_backticks_that_enclose_none() -> None:
    assert parsed("`a` [1] `\n[2]") == ["`a` ", Cited((1,)), " `\n", Cited((2,))]


def test_neighbouring_markers_are_told_apart() -> None:
    assert parsed("[3][5]") == [Cited((3,)), Cited((5,))]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>maybe [3]</think>\n\n好[1]", ["好", Cited((1,))]),
        (" <THINKING>a</thinking><think>b</think>好", ["好"]),
        ("<think>never ends [3]", []),
        ("<b>好", ["<b>好"]),
        ("好<think>a</think>", ["好<think>a</think>"]),
    ],
)
def test_thinking_before_the_answer_is_passed_over(text: str, shown: list[Piece]) -> None:
    assert parsed(text) == shown


def test_a_half_arrived_marker_is_held_back() -> None:
    parser = MarkerParser(GIVEN)
    assert parser.feed("共1500张[") == ["共1500张"]
    assert parser.feed("3") == []
    assert parser.feed("]。") == [Cited((3,)), "。"]


PARTS = st.lists(
    st.sampled_from(["[3]", "[", "]", "【", "3", "-", ",", "[2022]", "5号", "`", "```", "\n", "x"])
    | st.sampled_from(["<think>", "</think>", "<", "句", "床", " "]),
    max_size=30,
)


@given(parts=PARTS, data=st.data())
def test_how_the_text_is_cut_does_not_matter(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert parsed(*chunks) == parsed(text) == parsed(*text)


@given(st.text())
def test_no_number_is_cited_that_was_not_given(text: str) -> None:
    cited = [piece for piece in parsed(text) if isinstance(piece, Cited)]
    assert all(set(piece.numbers) <= set(GIVEN) and piece.numbers for piece in cited)


@pytest.mark.parametrize("text", ["[", "`", "[3", "`a", "<think>x", "[2022]", "``` "])
def test_endless_text_takes_no_more_than_its_share_of_time(text: str) -> None:
    def seconds(times: int) -> float:
        parser, began = MarkerParser(GIVEN), time.process_time()
        for character in text * times:
            parser.feed(character)
        return time.process_time() - began

    seconds(100)
    assert seconds(8_000) < 20 * seconds(1_000) + 0.2
