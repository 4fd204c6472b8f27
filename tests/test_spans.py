"""Spans and lines: what is shown is reflowed, what is cited stays exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.spans import Span, line, reflow


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("高端创新\n资源集聚", "高端创新资源集聚"),
        ("8月 21日，近 30余年", "8月21日，近30余年"),
        ("the new\r\nlibrary", "the new library"),
        ("360 集团", "360集团"),
        (" \n ", ""),
        ("", ""),
    ],
)
def test_line_breaks_and_column_spaces_are_taken_out(text: str, shown: str) -> None:
    assert reflow(text) == shown


@given(st.text(alphabet=st.sampled_from("aB1 \n\r\u3000高新，“”😀１")))
def test_every_shown_character_knows_where_it_stands(text: str) -> None:
    shown = line(text)
    assert len(shown.text) == len(shown.offsets)
    assert list(shown.offsets) == sorted(set(shown.offsets))
    for character, offset in zip(shown.text, shown.offsets, strict=True):
        assert text[offset] == character or (character == " " and text[offset].isspace())


@given(st.text())
def test_nothing_but_white_space_is_taken_out(text: str) -> None:
    assert "".join(reflow(text).split()) == "".join(text.split())


def test_a_span_of_the_line_leads_back_to_the_original() -> None:
    text = "新馆提供1500\n张床位"
    shown = line(text)
    at = shown.text.index("1500张")
    assert shown.back(Span(at, at + 5)).of(text) == "1500\n张"
