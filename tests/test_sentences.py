import time

import pytest

from qa.spans import Span
from qa.splitting.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


def test_chinese_sentences_end_at_their_signs() -> None:
    assert sentences("今天开工！谁来施工？市政公司。 明年完工") == [
        "今天开工！",
        "谁来施工？",
        "市政公司。",
        "明年完工",
    ]


def test_line_breaks_and_blank_lines_end_nothing() -> None:
    assert sentences(" 高新区召\n开会议。会\n\n上，大家发言。\n") == [
        "高新区召\n开会议。",
        "会\n\n上，大家发言。",
    ]


def test_closing_quotes_stay_with_their_sentence() -> None:
    assert sentences("他说：“今天好。明天更好。”大家鼓掌。") == [
        "他说：“今天好。明天更好。”",
        "大家鼓掌。",
    ]


def test_a_question_quoted_inside_a_sentence_does_not_end_it() -> None:
    assert len(sentences("“钱从哪里来？”的问题由他回答，“怎么干！”，大家都问。")) == 1


def test_the_speaker_behind_a_quotation_stays_with_it() -> None:
    assert sentences("“项目开工了。”张红军告诉记者。工期两年。") == [
        "“项目开工了。”张红军告诉记者。",
        "工期两年。",
    ]


def test_a_long_quotation_is_cut_inside() -> None:
    text = "他说：“" + "我们一定把这件事情办好办实。" * 30 + "”"
    assert len(sentences(text)) > 20


def test_a_quotation_that_is_never_closed_hides_no_full_stop() -> None:
    assert len(sentences("会议指出，“要抓落实。随后参观了展厅。最后总结。")) == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Smith paid 3.5 yuan to J. R. Lee in the U.S. last week. He left.", 2),
        ('"We could not wait," she said. "It was cold. Very cold." Then it rained.', 3),
        ('"Really?" he asked. See www.example.com/?q=1 for more.', 2),
        ("It opens at 8 p.m. on Saturdays... Entry costs $4.70.", 2),
        ("增长3.5%，见www.a.com网站。版本1.2.3发布。", 2),
    ],
)
def test_dots_inside_words_and_numbers_end_nothing(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_run_on_sentence_is_cut_at_its_semicolons() -> None:
    text = "一是" + "；二是".join("加强组织领导压实工作责任形成合力" * 3 for _ in range(10)) + "。"
    found = sentences(text)
    assert len(found) > 2
    assert all(len(sentence) <= 350 for sentence in found)
    assert "".join(found) == text


def test_text_without_any_sign_is_cut_all_the_same() -> None:
    found = sentences("高" * 5000)
    assert max(map(len, found)) <= 1500
    assert sum(map(len, found)) == 5000


def test_a_span_in_the_middle_keeps_page_offsets() -> None:
    text = "前文。中间第一句。中间第二句。后文。"
    found = split_sentences(text, Span(3, 15))
    assert [span.of(text) for span in found] == ["中间第一句。", "中间第二句。"]


@pytest.mark.parametrize("piece", ["（", "“", "”", "。", "“”", "好。”", "；", "a.", " ", "高"])
def test_a_very_long_line_takes_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    split_sentences(text, Span(0, len(text)))
    assert time.process_time() - started < 10
