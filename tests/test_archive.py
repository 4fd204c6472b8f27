"""Listing the archive: found by words, dates and files, in order; and as HTML."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Scope
from qa.library.library import Library
from qa.library.listing import list_articles
from qa.library.lookup import Words
from qa.spans import Span
from window.archive.sheet import render_article
from window.archive.table import ROWS, View, render_filter, render_list, scope_of
from window.talk.chips import render_chips, without

EVIL = '<img src=x onerror="alert(1)">'
PAGES = {
    "a.txt": "安桥通车\n\n本报讯 2020年5月12日，安桥正式通\n车，总长八百米。\n记者 陈越\n",
    "b<i>.txt": f"白塔修缮{EVIL}\n\n本报讯 2021年6月3日，白塔开始修缮{EVIL}。Harbour Works 承建。\n",
    "c.txt": "草原音乐节\n\n本报讯 草原音乐节近日举行，歌手阿木尔说，观众三万人，安桥乐队参加。\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("archive")
    (folder / "pages").mkdir()
    for name, text in PAGES.items():
        (folder / "pages" / name).write_text(text, "utf-8")
    with Library.open(folder / "library") as library:
        library.add([folder / "pages"])
        yield library


def files(archive: Library, *asked, **more) -> list[str]:
    listing = list_articles(archive.snapshot(), *asked, **more)
    return [entry.source[0] for entry in listing.entries]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", "abc"),
        ("通车", "a"),  # broken by the end of a line
        ("安桥", "ac"),  # in a headline and in a text
        ("安桥 音乐节", "c"),
        ("harbour", "b"),
        ("HARBOUR works", "b"),
        ("安 桥", "ac"),
        ("火星", ""),
        ("<img", "b"),
        (".*", ""),
    ],
)
def test_articles_are_found_by_every_word_in_headline_or_text(archive, words, found):
    assert "".join(files(archive, words)) == found


def test_words_stand_where_they_are_said_to_stand_and_never_overlap():
    text = "高\n新区的高新区，新区"
    places = list(Words.typed("高新区 新区").places(text, Span(0, len(text))))
    assert [place.of(text) for place in places] == ["高\n新区", "高新区", "新区"]


@pytest.mark.parametrize("typed", ["", "   ", "(", "[a-", "\\", "字" * 5000, "一 " * 500])
def test_whatever_is_typed_is_only_words(archive, typed):
    assert len(files(archive, typed)) <= 3


def test_dates_leave_out_what_has_no_year_and_count_it(archive):
    listing = list_articles(archive.snapshot(), scope=Scope(since="2020-01-01", until="2020-12-31"))
    assert [entry.source for entry in listing.entries] == ["a.txt"]
    assert listing.undated == 1
    assert list_articles(archive.snapshot()).undated == 0


def test_articles_are_ordered_by_any_column_either_way_undated_last(archive):
    assert files(archive, order="date") == ["a", "b", "c"]
    assert files(archive, order="date", descending=True) == ["b", "a", "c"]
    assert files(archive, order="title") == ["a", "b", "c"]  # ān, bái, cǎo
    assert files(archive, order="title", descending=True) == ["c", "b", "a"]
    lengths = [e.length for e in list_articles(archive.snapshot(), order="length").entries]
    assert lengths == sorted(lengths)


def test_an_entry_tells_what_its_article_holds(archive):
    for entry, article in zip(archive.snapshot().entries(), archive.articles(), strict=True):
        facts = ("id", "page_id", "source", "title", "date_text", "date", "byline", "spans")
        assert [getattr(entry, f) for f in facts] == [getattr(article, f) for f in facts]
        assert entry.length == sum(
            len(span.of(archive.page_text(article.page_id))) for span in article.spans
        )


def test_a_table_has_headers_that_say_its_order(archive):
    html = render_list(archive, View().ordered("date").ordered("date"))
    assert html.count('scope="col"') == 5
    assert html.count("aria-sort") == 1
    assert re.search(r'class="date" aria-sort="descending"', html)
    assert "3 篇报道" in html
    assert "3 articles" in html


def test_what_pages_and_files_are_called_is_text(archive):
    view = View(source="b<i>.txt")
    opened = render_article(archive, archive.snapshot().entries()[1].id, "<img")
    chips = render_chips(archive, Scope(sources=("b<i>.txt",)))
    for html in (render_list(archive, view), render_filter(archive, view), opened, chips):
        assert "<img" not in html
        assert "b<i>" not in html
        assert "b&lt;i&gt;.txt" in html


def test_an_empty_table_says_what_to_do(archive, tmp_path):
    assert "放宽日期" in render_list(archive, View(words="火星"))
    with Library.open(tmp_path / "empty") as empty:
        assert "先在“版面”里添加" in render_list(empty, View())


def test_a_range_that_ends_before_it_begins_is_told_in_one_line(archive):
    html = render_list(archive, View(since="2021-01-01", until="2020-01-01"))
    assert 'role="alert"' in html
    assert "请对调" in html
    assert "<table" not in html


def test_a_date_that_is_none_is_told_in_one_line(archive):
    assert "is no date" in render_list(archive, View().filtered("", "", "2020-02-31", None))


def test_a_page_of_the_table_is_never_beyond_the_last(archive):
    assert render_list(archive, View(page=99)).count('role="rowheader"') == 3
    assert View().turned_to("9" * 5000).page == 10**9 - 1
    assert View(page=2).turned_to("two") == View(page=2)
    assert ROWS == 100


def test_only_columns_can_be_ordered_by():
    assert View().ordered("byline") == View()
    assert View().ordered(["title"]) == View()
    assert View(page=3).ordered("title") == View(order="title")


def test_asking_about_these_takes_the_range_or_what_the_words_find(archive):
    view = View(source="a.txt", since="2020-01-01")
    assert scope_of(archive, view) == Scope(sources=("a.txt",), since="2020-01-01")
    found = scope_of(archive, View(words="安桥"))
    assert found.articles == tuple(
        entry.id for entry in archive.snapshot().entries() if entry.source != "b<i>.txt"
    )
    assert 'data-event="these"' in render_list(archive, view)
    assert 'data-event="these"' not in render_list(archive, View())


def test_an_opened_article_is_whole_in_reading_order_with_the_words_marked(archive):
    entry = archive.snapshot().entries()[0]
    html = render_article(archive, entry.id, "通车")
    assert html.count('<mark class="sought">通车</mark>') == 2  # headline and text
    plain = re.sub(r"<[^>]+>", "", html)
    assert "本报讯 2020年5月12日，安桥正式通车，总长八百米。" in plain


def test_an_article_that_was_removed_is_told_in_one_line(archive):
    assert "已不在库中" in render_article(archive, "gone-1")
    assert "已移除的报道" in render_chips(archive, Scope(articles=("gone-1",)))


def test_each_chip_goes_by_itself():
    scope = Scope(("x", "y"), ("a.txt", "b:c.txt"), "2020-01-01", "2020-12-31")
    assert without(scope, "article:x").articles == ("y",)
    assert without(scope, "source:b:c.txt").sources == ("a.txt",)
    assert not without(scope, "dates").has_range
    assert without(scope, "articles").articles == ()
    assert without(scope, "whatever") == scope


def test_chips_name_few_articles_and_count_many_and_the_whole_archive_has_none(archive):
    ids = tuple(entry.id for entry in archive.snapshot().entries())
    assert render_chips(archive, Scope(articles=ids)).count('class="chip"') == 3
    many = render_chips(archive, Scope(articles=(*ids, "more")))
    assert many.count('class="chip"') == 1
    assert "4 篇报道" in many
    empty = render_chips(archive, Scope())
    assert 'class="chip"' not in empty
    assert 'data-event="narrow"' in empty


def test_what_was_filled_in_last_stays_though_it_came_first():
    later = View().filtered("桥", "a.txt", "2019-10-21", "", at=900)
    assert later.since == "2019-10-21"
    assert later.filtered("桥", "a.txt", "", "", at=700) == later
    assert not later.filtered("桥", "a.txt", "", "", at=1100).since


def test_each_part_of_the_tab_finds_its_script(archive):
    script = Path(__file__).parents[1] / "window" / "script" / "archive.js"
    named = script.read_text("utf-8")
    html = render_list(archive, View(words="安桥")) + render_article(
        archive, archive.snapshot().entries()[0].id
    )
    sent = set(re.findall(r'data-event="(\w+)"', html))
    assert sent == {"these", "sort", "open", "close", "ask"}
    assert all(f'"{event}"' in named for event in sent | {"turn", "filter"})
