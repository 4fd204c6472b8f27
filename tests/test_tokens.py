"""Tokens: what texts are searched by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.tokens import normalised, tokens


def test_chinese_gives_characters_and_pairs_of_neighbours() -> None:
    assert tokens("郑州市") == ["郑", "州", "市", "郑州", "州市"]


def test_a_hard_line_break_inside_a_chinese_word_changes_nothing() -> None:
    assert tokens("郑州\n市 委") == tokens("郑州市委")


@pytest.mark.parametrize("sign", ["，", ",", "。", "、", "》", "·", "-", "“"])
def test_no_pair_reaches_over_punctuation(sign: str) -> None:
    assert tokens(f"郑{sign}州") == ["郑", "州"]


def test_no_pair_reaches_over_a_number() -> None:
    assert tokens("近 30余年") == ["近", "30", "余", "年", "余年"]


def test_english_words_are_stemmed_and_stop_words_left_out() -> None:
    assert tokens("The runners were running") == ["runner", "run"]


def test_a_possessive_is_its_word() -> None:
    assert tokens("England's bridge") == tokens("England bridge")


def test_accents_do_not_matter_however_they_are_written() -> None:
    assert tokens("café") == tokens("cafe\u0301") == tokens("Cafe")


def test_initials_are_one_word() -> None:
    assert tokens("U.S. Army") == ["us", "armi"]


@pytest.mark.parametrize(
    "number", ["1500", "1,500", "１５００", "１，５００", "１,５００"], ids="abcde"
)
def test_one_number_is_one_token_however_it_is_printed(number: str) -> None:
    assert tokens(f"共{number}张") == ["共", "1500", "张"]


def test_a_full_width_comma_between_numbers_separates_them() -> None:
    assert tokens("8，150") == ["8", "150"]


def test_a_comma_that_does_not_part_thousands_separates_numbers() -> None:
    assert tokens("12,34") == ["12", "34"]
    assert tokens("1,2345") == ["1", "2345"]


def test_decimals_and_printed_dates_stay_whole() -> None:
    assert tokens("3.5 2019.8.15 v2") == ["3.5", "2019.8.15", "v2"]


def test_full_width_letters_are_letters() -> None:
    assert tokens("Ｇ２０") == ["g20"]


def test_rare_characters_beyond_the_basic_plane_are_chinese_too() -> None:
    assert tokens("𠮷野") == ["𠮷", "野", "𠮷野"]


@pytest.mark.parametrize("text", ["", " \n", "，。！", "the of and", "\ud800"])
def test_a_text_of_nothing_to_find_has_no_tokens(text: str) -> None:
    assert tokens(text) == []


@given(st.text(max_size=60))
def test_tokens_of_any_text_are_never_empty_and_never_hold_white_space(text: str) -> None:
    assert all(token and not any(map(str.isspace, token)) for token in tokens(text))


@given(st.text(st.sampled_from("ＡＢａ１２中文，。 \n漢ｶﾞé"), max_size=30))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
