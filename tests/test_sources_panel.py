"""The sources panel without a browser: cards, sheets, highlights, and what retrieval did."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Answer, Article, Citation, Hit
from qa.answering.answer import Statement
from qa.answering.evidence import ENOUGH
from qa.errors import NotFoundError
from qa.formats.extracted import PrintedPage
from qa.spans import Span, reflow
from qa.splitting.pages import Page
from qa.splitting.passages import Passage
from window.conversation import Choice, Conversation
from window.reading.chart import render_evidence
from window.reading.excerpts import Excerpt, cited, preview
from window.reading.highlights import Highlighter
from window.reading.panel import render_sources
from window.reading.sheet import MOST_AT_ONCE

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
PAGE = (
    f"石桥镇新馆开放{EVIL}\n\n本报讯 3月 4日，新馆开\n放。馆内有座位\n120个。{EVIL}馆长是李文。\n\n"
    "另一篇报道\n\n村里修了路。\n"
)
VOID = {"img", "rect", "line"}


class Seen(HTMLParser):
    """What a browser makes of HTML: elements with their attributes and text, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = (tag, dict(attrs), list[str]())
        self.elements.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, text in self._open:
            text.append(data)

    def texts(self, tag: str, css: str = "", **attributes: str) -> list[str]:
        """Return the text of each element of that kind, with that class and those attributes."""
        return [
            "".join(text)
            for name, attrs, text in self.elements
            if name == tag
            and (not css or css in (attrs.get("class") or "").split())
            and all(attrs.get(k.replace("_", "-")) == v for k, v in attributes.items())
        ]

    def attributes(self, tag: str, css: str) -> list[dict[str, str | None]]:
        """Return the attributes of each element of that kind and class."""
        return [
            a for n, a, _ in self.elements if n == tag and css in (a.get("class") or "").split()
        ]

    def names(self) -> set[str]:
        return {name for name, _, _ in self.elements}


def span(words: str, text: str = PAGE) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def article(number: int, body: Span, headline: Span, text: str = PAGE) -> Article:
    return Article(
        id=f"p-{number}",
        page_id="p",
        source=f"a{EVIL}.txt",
        title=headline.of(text),
        date_text="3月4日",
        date=None,
        byline=f"记者 {EVIL}",
        text=body.of(text),
        headline=(headline,),
        paragraphs=(body,),
        spans=(body,),
    )


FIRST = article(1, Span(span("本报讯").start, span("李文。").end), span(f"石桥镇新馆开放{EVIL}"))
SECOND = article(2, span("村里修了路。"), span("另一篇报道"))


class Shelf:
    """A few articles of one page, in the place of a library."""

    def __init__(
        self, *articles: Article, text: str = PAGE, printed: tuple[PrintedPage, ...] = ()
    ) -> None:
        self._articles, self._text = {each.id: each for each in articles}, text
        self._printed = printed

    def article(self, article_id: str) -> Article:
        if article_id not in self._articles:
            raise NotFoundError("no such article")
        return self._articles[article_id]

    def page(self, page_id: str) -> Page:
        assert page_id == "p"
        return Page("p", "a.pdf", self._text, "utf-8", printed=self._printed)

    def page_text(self, page_id: str) -> str:
        return self.page(page_id).text


SHELF = Shelf(FIRST, SECOND)


def citation(
    marker: int, words: str, of: Article = FIRST, support: str = "quoted", text: str = PAGE
) -> Citation:
    start, end = span(words, text)
    place = (of.source, of.id, of.title, of.date_text, start, end)
    return Citation(marker, *place, words, support)  # type: ignore[arg-type]


SEATS = citation(1, "馆内有座位\n120个。")
HEAD = citation(2, "馆长是李文。", support="unverified")
ROAD = citation(3, "村里修了路。", SECOND)
DOUBT = Statement(0, 9, (2,), "unverified", f"没有这个名字 {EVIL}")
NEAR = Hit(1, 0.4, Passage(1, "p-1", *FIRST.spans[0], FIRST.text, ()), FIRST)
OTHER = Hit(2, 1.7, Passage(2, "p-2", *SECOND.spans[0], SECOND.text, ()), SECOND)


def answer(*citations: Citation, **more: object) -> Answer:
    given = Answer(
        "问",
        f"新馆有多少座位？{EVIL}",
        "答。",
        bool(citations),
        0.7,
        citations,
        (NEAR, OTHER),
        {"encoder": f"built-in{EVIL}"},
        {"retrieve": 12.4, "total": 30.0},
        (DOUBT,),
    )
    return replace(given, **more)  # type: ignore[arg-type]


def panel(choice: Choice, given: Answer, shelf: Shelf = SHELF) -> Seen:
    conversation = Conversation().asked(f"问 {EVIL}").answered(given).finished()
    return Seen(render_sources(shelf, conversation, choice))  # type: ignore[arg-type]


CITED = answer(SEATS, HEAD, ROAD)


def excerpt(place: int, over: Span, strong: tuple[Span, ...] = ()) -> Excerpt:
    return Excerpt(place, "quoted", "p-1", "a.txt", "题", None, over, "", strong)


PIECES = st.text(alphabet="字<&\"' a1\n\r　。𠮷>", max_size=30)


@given(PIECES, st.data())
def test_highlights_cover_exactly_their_offsets_in_both_settings(text, data):
    places = st.integers(0, len(text))
    spans = [Span(*sorted((data.draw(places), data.draw(places)))) for _ in range(3)]
    over = [excerpt(1, spans[0], (spans[1],)), excerpt(2, spans[1])]
    whole = Span(0, len(text))
    exact = Seen(f"<div>{Highlighter(text, over, 1).exact(whole)}</div>")
    flowing = Seen(f"<div>{Highlighter(text, over, 2).flowing(whole)}</div>")
    assert "".join(exact.texts("div")) == text
    assert "".join(flowing.texts("div")) == reflow(text)
    for each in over:
        marked = [
            "".join(words)
            for name, attrs, words in exact.elements
            if name == "mark" and str(each.place) in (attrs["data-places"] or "").split()
        ]
        assert "".join(marked) == each.span.of(text)


def test_words_that_two_citations_share_belong_to_both_and_show_the_chosen_one():
    over = [excerpt(1, Span(0, 4)), excerpt(2, Span(2, 6))]
    seen = Seen(Highlighter("甲乙丙丁戊己", over, 2).exact(Span(0, 6)))
    assert seen.texts("mark", data_places="1") == ["甲乙"]
    assert seen.texts("mark", data_places="2 1") == ["丙丁"]
    assert seen.texts("mark", "current") == ["丙丁", "戊己"]


def test_every_sentence_cited_of_an_article_is_marked_on_one_sheet_the_chosen_one_strongest():
    seen = panel(Choice(1, "source", 2), CITED)
    assert seen.texts("mark", data_places="1") == ["馆内有座位120个。"]
    assert seen.texts("mark", "current") == ["馆长是李文。"]
    sheets = seen.attributes("div", "sheet")
    assert ["hidden" in sheet for sheet in sheets] == [False, True]


def test_the_original_page_is_shown_character_for_character_with_the_same_marks():
    seen = panel(Choice(1, "original", 1), CITED)
    assert seen.texts("div", "raw")[0] == PAGE
    assert seen.texts("mark", "current") == [SEATS.quote]
    assert seen.texts("span", "headline")[0] == FIRST.title
    assert "另一篇报道" in "".join(seen.texts("span", "elsewhere"))
    assert seen.attributes("button", "original")[0]["aria-pressed"] == "true"


def test_a_link_and_the_card_of_its_citation_show_the_same_words():
    cards = panel(Choice(1), CITED).texts("span", "card-quote")
    links = [Seen(f'<a class="cite" {preview(each)}>') for each in CITED.citations]
    assert cards == [link.attributes("a", "cite")[0]["data-quote"] for link in links]


def test_a_card_names_headline_date_byline_and_file_of_its_sentence():
    card = panel(Choice(1), CITED).texts("a", "card")[0]
    for part in (FIRST.title, "馆内有座位120个。", "3月4日", f"记者 {EVIL}", FIRST.source):
        assert part in card


def test_a_quotation_is_copied_with_headline_file_and_date():
    assert cited(answer(ROAD))[0].reference() == (
        f"「村里修了路。」——《另一篇报道》，{SECOND.source}，3月4日"
    )


def test_a_citation_of_a_pdf_tells_its_printed_page():
    middle = PAGE.index("另一篇报道")
    printed = (
        PrintedPage(1, "A01", Span(0, middle)),
        PrintedPage(2, f"<b>{EVIL}", Span(middle, len(PAGE))),
    )
    seen = panel(Choice(1), CITED, Shelf(FIRST, SECOND, printed=printed))
    cards = seen.texts("a", "card")
    assert [("第 A01 页" in card, "p. A01" in card) for card in cards] == [
        (True, True),
        (True, True),
        (False, False),
    ]
    assert f"第 <b>{EVIL} 页" in cards[2]
    copied = [each["data-copy"] or "" for each in seen.attributes("a", "card")]
    assert [f"{FIRST.source}，第A01页，3月4日" in copy for copy in copied] == [True, True, False]


def test_what_is_not_known_of_a_quotation_s_origin_is_left_out():
    bare = replace(ROAD, title="", date_text=None, source="a.txt")
    assert cited(answer(bare))[0].reference() == "「村里修了路。」——a.txt"


def test_a_title_within_the_title_is_set_in_inner_brackets():
    nested = replace(ROAD, title="《春》获奖", source="a.txt", date_text=None)
    assert "——《〈春〉获奖》，a.txt" in cited(answer(nested))[0].reference()


def test_the_reason_of_an_unverified_citation_is_shown_while_it_is_chosen():
    for place, hidden in ((1, True), (2, False)):
        seen = panel(Choice(1, "source", place), CITED)
        (why,) = seen.attributes("p", "why")
        assert ("hidden" in why) is hidden
        assert DOUBT.reason in seen.texts("p", "why")[0]


def test_a_citation_that_stands_needs_no_reason():
    assert cited(answer(replace(HEAD, support="supported")))[0].reason == ""


def test_the_count_and_its_buttons_stand_only_where_there_is_a_choice():
    assert panel(Choice(1, "source", 3), CITED).texts("span", "count") == ["3 / 3"]
    assert panel(Choice(1), answer(SEATS)).texts("span", "count") == []


def test_an_article_that_has_left_the_library_is_told_and_its_quotes_stay():
    seen = panel(Choice(1, "source", 3), CITED, Shelf(FIRST))
    assert "已不在库中" in "".join(seen.texts("p", "notice"))
    assert seen.texts("mark", "current") == ["村里修了路。"]
    assert seen.texts("mark", data_places="1") == ["馆内有座位120个。"]


def test_a_near_passage_of_an_answer_is_no_citation():
    seen = panel(Choice(1, "near", 2), CITED)
    assert "不是引用" in "".join(seen.texts("p", "caution"))
    assert seen.texts("mark", "current") == seen.texts("mark", "nearby")[:1] == ["村里修了路。"]
    assert seen.texts("mark", "cited") == []
    assert seen.texts("button", "copy") == []


@pytest.mark.parametrize("kind", ["source", "original", "near"])
def test_markup_of_pages_names_and_models_is_text_everywhere(kind):
    assert panel(Choice(1, kind, 2), CITED).names().isdisjoint({"script", "img"})


def test_a_preview_is_escaped_and_short():
    long = replace(SEATS, quote=EVIL + "长" * 5_000)
    (link,) = Seen(f'<a class="cite" {preview(long)}>').attributes("a", "cite")
    assert (link["data-quote"] or "").startswith(EVIL)
    assert len(link["data-quote"] or "") < 300
    assert link["data-from"] == f"3月4日 · {SEATS.source}"


def test_what_retrieval_did_is_closed_and_says_in_words_what_it_draws():
    seen = Seen(render_evidence(1, CITED))
    (details,) = [attrs for tag, attrs, _ in seen.elements if tag == "details"]
    assert "open" not in details
    said = "".join(seen.texts("details"))
    for part in ("0.70", f"{ENOUGH:.2f}", "1.70", "12 ms", "30 ms", "built-in", "多少座位"):
        assert part in said
    assert [cells for cells in seen.texts("td") if "[" in cells] == ["[1][2]", "[3]"]


def test_bars_stay_within_their_width():
    widths = [a["width"] for n, a, _ in Seen(render_evidence(1, CITED)).elements if n == "rect"]
    assert widths[1::2] == ["70.0", "40.0", "100.0"]


def test_a_refusal_says_that_it_was_not_enough():
    refused = answer(answered=False, confidence=0.1, statements=())
    assert "不足以作答" in render_evidence(1, refused)
    unproved = answer(answered=False, confidence=0.9, statements=())
    assert "经得起核对" in render_evidence(1, unproved)


def many(sentences: int, length: int) -> tuple[Shelf, Answer]:
    """A page of that many characters, as one paragraph, and an answer with many citations."""
    said = [f"第{n}句话说了一些事情。" for n in range(sentences)]
    text = "".join(said)
    text += "补" * (length - len(text))
    whole = article(1, Span(0, len(text)), Span(0, 0), text)
    markers = [citation(n, words, whole, text=text) for n, words in enumerate(said, 1)]
    return Shelf(whole, text=text), answer(*markers)


@pytest.mark.parametrize("kind", ["source", "original"])
def test_a_hundred_citations_in_a_page_of_200_000_characters_are_shown_at_once(kind):
    shelf, given = many(100, 200_000)
    began = perf_counter()
    seen = panel(Choice(1, kind, 50), given, shelf)
    assert perf_counter() - began < 5
    assert len(seen.texts("mark")) == 100
    assert seen.texts("mark", "current") == ["第49句话说了一些事情。"]


def test_of_very_long_articles_the_chosen_one_is_there_and_the_others_come_when_chosen():
    text = "甲" * MOST_AT_ONCE + "乙。"
    whole = Span(0, len(text))
    both = [article(n, whole, Span(0, 0), text) for n in (1, 2)]
    given = answer(*(citation(n, "乙。", of, text=text) for n, of in enumerate(both, 1)))
    seen = panel(Choice(1, "source", 2), given, Shelf(*both, text=text))
    assert [re.sub("甲+", "", words) for words in seen.texts("mark", "current")] == ["乙。"]
    assert len(seen.attributes("div", "sheet")) == 1
    assert len(seen.texts("a", "card")) == 2
