"""Numbers of an English question, as Chinese text writes them."""

import pytest

from embeddings.numerals import numerals


@pytest.mark.parametrize(
    ("word", "after", "written"),
    [
        ("15th", "century", ["15"]),
        ("3rd", "", ["3", "三"]),
        ("1970s", "", ["70"]),
        ("80s", "", ["80"]),
        ("2.5", "million", ["250", "0.025"]),
        ("505", "million", ["50500", "5.05"]),
        ("10,000", "people", []),
        ("9", "", ["九"]),
        ("2019", "", []),
        ("hospital", "million", []),
        ("１２", "million", []),
        ("x" * 500, "", []),
    ],
)
def test_a_number_may_be_written_otherwise(word: str, after: str, written: list[str]) -> None:
    assert [token for token, _ in numerals(word, after)] == written


def test_every_way_is_trusted_at_most_fully() -> None:
    assert all(0 < trust <= 1 for _, trust in numerals("7th", ""))
