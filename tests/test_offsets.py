"""The promise under every citation, on arbitrary text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.spans import Span
from qa.splitting.articles import split_articles, whole_article
from qa.splitting.blocks import read_blocks
from qa.splitting.pages import page_from_text
from qa.splitting.paragraphs import mend_paragraphs
from qa.splitting.passages import split_passages
from qa.splitting.sentences import split_sentences

LEADS = [
    "本报讯 ",
    "8月 21日，",
    "新华社北京8月21日电(记者 李四)",
    "By Jane Doe\n",
    "Mr. A said so. ",
]
WORDS = [
    "高新区召开",
    "会议",
    "360",
    "２０",
    "𠀀",
    "😀",
    "a",
    "星期五",
    "图为工人。",
    "记者 孙小满",
    "文/图",
]
SIGNS = ["。", "！”", "“", "；", "，", "（", "）", "　　", " ", "\ufeff"]
BREAKS = ["\n", "\r\n", "\r", "\n\n", "\x85", "\u2028"]
LINES = ["区领导察看安置房建设进度\n\n", "建设工程进度、目标以及大气污染防治和\n"]
PIECES = [*LEADS, *WORDS, *SIGNS, *BREAKS, *LINES]
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.text(max_size=80),
    st.text(alphabet="一。\n 记者", max_size=40),
)


def printed(text: str) -> set[int]:
    return {at for at, sign in enumerate(text) if not sign.isspace()}


def places(spans: tuple[Span, ...] | list[Span]) -> list[int]:
    return [at for span in spans for at in range(span.start, span.end)]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_articles_hold_their_spans_and_share_nothing(text: str) -> None:
    page = page_from_text("x", text)
    seen: set[int] = set()
    for nth, article in enumerate(split_articles(page), 1):
        assert article.id == f"{page.id}-{nth}"
        assert article.text == "\n".join(span.of(text) for span in article.spans)
        for span in (*article.spans, *article.paragraphs, *article.headline):
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text) == span.of(text).strip()
        body = set(places(article.spans)) | set(places(article.headline))
        assert not body & seen
        seen |= body
        inside = [set(places([p])) <= set(places(article.spans)) for p in article.paragraphs]
        assert all(inside)
        assert set(places(article.paragraphs)) >= printed(text) & set(places(article.spans))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_body_text_is_lost(text: str) -> None:
    kept = {
        at
        for article in split_articles(page_from_text("x", text))
        for at in places([*article.spans, *article.headline])
    }
    for block in mend_paragraphs(text, read_blocks(text)):
        if block.kind == "text":
            assert set(places([block.span])) & printed(text) <= kept


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_printed_character_is_in_one_block(text: str) -> None:
    blocks = mend_paragraphs(text, read_blocks(text))
    lines = [line.span for block in blocks for line in block.lines]
    assert lines == sorted(lines)
    assert set(places(lines)) >= printed(text)
    assert len(set(places(lines))) == len(places(lines))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_sentences_cover_their_span_in_order(text: str) -> None:
    found = split_sentences(text, Span(0, len(text)))
    assert found == sorted(found)
    assert set(places(found)) >= printed(text)
    assert len(set(places(found))) == len(places(found))
    assert all(span.of(text).strip() == span.of(text) != "" for span in found)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 60))
def test_passages_are_verbatim_and_cover_the_article(text: str, size: int) -> None:
    page = page_from_text("x", text)
    for article in [*split_articles(page), whole_article(page, "title")]:
        passages = split_passages(text, article, size)
        assert all(text[p.start : p.end] == p.text for p in passages)
        inside = [at for p in passages for at in places(p.sentences)]
        assert len(set(inside)) == len(inside)
        assert set(inside) >= printed(text) & set(places(article.spans))
        for passage in passages:
            assert any(s.start <= passage.start and passage.end <= s.end for s in article.spans)


def test_a_page_of_one_character_is_one_article() -> None:
    for text in ("高", "a", "😀", "。"):
        (article,) = split_articles(page_from_text("x", text))
        assert article.text == text


def test_an_empty_page_has_no_article() -> None:
    for text in ("", " ", "\r\n\u3000\n"):
        assert split_articles(page_from_text("x", text)) == []
