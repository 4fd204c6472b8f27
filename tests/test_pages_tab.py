"""The pages tab without a browser: what a visitor may bring, and what is shown of it."""

import base64
import re
from html import unescape
from typing import get_args

import pytest
from conftest import PAGES
from made_files import packed, pdf

from qa.library.doubts import Doubt, Reason
from qa.library.intake import read_upload
from qa.library.library import Library
from qa.library.previewing import preview_upload
from qa.library.sources import SUFFIXES
from qa.library.writer import Outcome
from window.pages.doubts import render_doubts
from window.pages.held import PART, Holding, Shelf, holdings, render_held
from window.pages.lists import render_bring, render_putting, render_tray
from window.pages.splits import render_split
from window.pages.tray import Entry, Limits, Tray, Trays

HARBOUR = PAGES["harbour.txt"]
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">{{value}}${value}'
EVIL_NAME = '"><img src=x onerror=alert(1)>.txt'


def sent(data: bytes) -> str:
    return base64.b64encode(data).decode()


def bring(tray: Tray, library: Library, name: str, data: bytes | str) -> list[Entry]:
    data = data if isinstance(data, bytes) else data.encode()
    return list(tray.receive(library, name, len(data), sent(data)))


def review(library: Library, name: str, data: bytes) -> str:
    [seen] = preview_upload(library, name, data)
    return render_split(seen)


def shown(html: str) -> str:
    """Return the text of HTML as it stands, with what only a screen reader says left out."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_a_file_that_was_brought_waits_until_it_is_added(library) -> None:
    tray = Tray()
    bring(tray, library, "harbour.txt", HARBOUR)
    [entry] = tray.chosen([0])
    assert (entry.waiting, entry.size, entry.preview.state) == (True, len(HARBOUR.encode()), "new")
    tray.settle([entry], library.add_pages([entry.preview.ready()]))
    assert [e.outcome.state for e in tray.entries if e.outcome] == ["added"]
    assert tray.chosen([0]) == []
    bring(tray, library, "orchard.txt", PAGES["orchard.txt"])
    assert [each.preview.source for each in tray.entries] == ["orchard.txt"]


def test_a_file_that_is_brought_again_takes_the_place_of_the_one_that_waits(library) -> None:
    tray = Tray()
    bring(tray, library, "harbour.txt", HARBOUR)
    bring(tray, library, "harbour.txt", HARBOUR.replace("三座", "四座"))
    [entry] = tray.entries
    assert (entry.key, tray.received) == (1, 2)


@pytest.mark.parametrize(
    ("name", "size", "content", "told"),
    [
        ("scan.pdf", 4, sent(b"%PDF"), "damaged"),
        ("photo.txt", 4, sent(b"\x89PNG\r\n\x1a\n"), "is a picture"),
        ("big.txt", 1001, None, "larger than"),
        ("lying.txt", 1, sent(b"x" * 1001), "larger than"),
        ("cut.txt", 10, "not base64!", "arrive whole"),
        ("gone.txt", 10, None, "arrive whole"),
    ],
)
def test_the_limits_hold_on_the_server_whatever_the_browser_says(
    library, name, size, content, told
) -> None:
    tray = Tray(Limits(file=1000))
    [entry] = tray.receive(library, name, size, content)
    assert told in shown(render_tray(tray))
    assert (entry.waiting, tray.received) == (False, 1)


def test_more_files_or_bytes_than_allowed_are_refused_and_nothing_is_lost(library) -> None:
    by_count, by_size = Tray(Limits(files=1)), Tray(Limits(all=len(HARBOUR.encode()) + 5))
    for tray in (by_count, by_size):
        bring(tray, library, "a.txt", HARBOUR)
        bring(tray, library, "b.txt", PAGES["orchard.txt"])
        assert [entry.waiting for entry in tray.entries] == [True, False]
        assert "at most" in shown(render_tray(tray))


def test_all_visitors_together_bring_no_more_than_allowed(library) -> None:
    trays, bounds = Trays(), Limits(together=len(HARBOUR.encode()) + 5)
    first, second = Tray(bounds), Tray(bounds)
    for tray in (first, second):
        came = "a.txt", 1, sent(HARBOUR.encode())
        list(tray.receive(library, *came, trays.elsewhere(tray)))
    assert [entry.waiting for entry in (*first.entries, *second.entries)] == [True, False]
    assert "of others" in shown(render_tray(second))
    del first, tray
    assert trays.elsewhere(second) == 0  # of who is gone nothing waits


def test_markup_in_names_and_pages_is_shown_as_text(library) -> None:
    tray = Tray()
    bring(tray, library, EVIL_NAME, HARBOUR.replace("大桥", EVIL))
    tray.opened = 0
    html = render_tray(tray) + render_split(tray.entries[0].preview)
    html += render_held([Holding("id", EVIL_NAME, 1, 10)], Shelf(EVIL_NAME))
    assert not re.search(r"<(script|img)", html)
    assert html.count("&lt;img src=x onerror=alert(1)&gt;.txt") == 3
    assert EVIL in shown(html)


def test_the_raw_text_of_a_split_is_shown_character_for_character(library) -> None:
    text = f"河滨新区学习平台\r\n\n{HARBOUR}\n\n  {PAGES['orchard.txt']} <b>&amp;"
    html = review(library, "a.txt", text.encode())
    raw = re.search(r"<pre>(.*?)</pre>", html, re.DOTALL)
    assert raw is not None
    assert unescape(re.sub(r"</?mark[^>]*>", "", raw[1])) == text
    for number in (1, 2):
        assert html.count(f'id="part-{number}"') == 1


def test_what_cannot_be_seen_is_shown_as_a_sign(library) -> None:
    html = review(library, "a.txt", (HARBOUR * 9 + "\x07\u202e").encode())
    assert "\u2407\u2426" in html
    assert not re.search("[\x07\u202e]", html)


def test_a_long_page_is_shown_up_to_a_bound_that_is_told(library) -> None:
    html = review(library, "a.txt", (HARBOUR + "\n\n").encode() * 1000)
    assert len(html) < 1_000_000
    assert "only its beginning" in html


def test_a_file_that_is_known_or_replaces_much_is_not_ticked(library) -> None:
    library.add_pages([seen.ready() for seen in preview_upload(library, "a.txt", HARBOUR.encode())])
    tray = Tray()
    for name, text in (
        ("again.txt", HARBOUR),
        ("a.txt", PAGES["orchard.txt"]),
        ("new.txt", PAGES["library.txt"]),
    ):
        bring(tray, library, name, text)
    ticked = re.findall(r"<input [^>]*?data-file=\"(\d)\"( checked)?", render_tray(tray))
    assert ticked == [("0", ""), ("1", ""), ("2", " checked")]
    told = shown(render_tray(tray))
    assert "already in the library: a.txt" in told
    assert "will replace: a.txt" in told


def test_every_doubt_has_a_line_in_both_languages() -> None:
    for reason in get_args(Reason):
        html = render_doubts([Doubt(reason, 17, 0 if reason == "loose" else 3)])
        assert "{" not in html
        assert re.search(r'class="zh"[^>]*>[^<]*[\u4e00-\u9fff]', html)


@pytest.mark.parametrize(
    "data",
    [
        b"abc\0",
        "déjà vu, à la crème".encode("latin-1"),
        b" \n",
        pdf(""),
        b"%PDF-1.7",
        b"Rar!\x1a\x07\x01\x00",
        packed({"word/document.xml": b"<x"}),
        packed({"a.txt": bytes(3_000_000)}),
        packed({"in.zip": packed({"a.txt": b"a"})}),
        packed({"../a.txt": b"a"}),
        b"<html><script>",
    ],
)
def test_why_a_file_cannot_be_read_is_told_in_both_languages(library, data) -> None:
    tray = Tray()
    bring(tray, library, "x.txt", data)
    html = render_tray(tray)
    [refused] = read_upload("x.txt", data)
    assert isinstance(refused, Outcome)
    assert refused.message.removeprefix(f"{refused.source}: ") in shown(html)
    assert re.search(r'class="outcome"><span class="zh"[^>]*>[^<]*[\u4e00-\u9fff]', html)


def test_each_file_of_an_archive_is_an_entry_of_its_own(library) -> None:
    tray, data = (
        Tray(),
        packed({"a.txt": HARBOUR.encode(), "二/b.pdf": b"%PDF-1.7", "c.txt": b"\0"}),
    )
    entries = bring(tray, library, "news.zip", data)
    assert [entry.preview.source for entry in entries] == [
        "news.zip/a.txt",
        "news.zip/二/b.pdf",
        "news.zip/c.txt",
    ]
    assert ([entry.waiting for entry in entries], tray.received) == ([True, False, False], 1)
    told = shown(render_tray(tray))
    assert "is a damaged PDF" in told
    assert "is binary" in told
    [chosen] = tray.chosen([entry.key for entry in entries])
    tray.settle([chosen], library.add_pages([chosen.preview.ready()]))
    assert [page.source for page in library.pages()] == ["news.zip/a.txt"]
    [again] = preview_upload(library, "news.zip", packed({"a.txt": (HARBOUR + "。").encode()}))
    assert again.replaces == "news.zip/a.txt"


def test_an_archive_with_more_files_than_fit_is_taken_as_far_as_they_do(library) -> None:
    data = packed({f"{n}.txt": f"{HARBOUR}{n}".encode() for n in range(5)})
    tray = Tray(Limits(files=2))
    *taken, rest = bring(tray, library, "news.zip", data)
    assert [entry.waiting for entry in taken] == [True, True]
    assert rest.refused is not None
    assert "the rest of this archive" in rest.refused[1]


def test_the_review_of_a_pdf_tells_its_pages_and_what_was_not_read(library) -> None:
    [seen] = preview_upload(
        library, "a.pdf", pdf("滨海市新建三座跨江大桥。" * 3, "", "第三页的字。")
    )
    told = shown(render_split(seen))
    assert "PDF · 3 printed pages (1–3)" in told
    assert "1 of 3 pages is a picture and was not read (2)" in told
    assert "3 页中有 1 页是图像，没有读（第 2 页）" in told
    assert "p. 1" in told


def test_the_review_of_one_article_counts_in_the_singular(library) -> None:
    told = shown(review(library, "harbour.txt", "一篇短文，讲一件小事。".encode()))
    assert "characters, spaces aside · 1 article ·" in told


def test_each_outcome_is_told(library) -> None:
    tray = Tray()
    for name in ("0.txt", "1.txt", "2.txt", "3.txt"):
        bring(tray, library, name, HARBOUR + name)
    tray.settle(
        tray.entries,
        [
            Outcome("0.txt", "added", 1, ""),
            Outcome("1.txt", "replaced", 2, ""),
            Outcome("2.txt", "unchanged", 1, ""),
            Outcome("3.txt", "failed", 0, "the <disk> is full"),
        ],
    )
    told = shown(render_tray(tray))
    for words in ("added", "replaced its old self", "already in the library", "the <disk> is full"):
        assert words in told


def test_the_progress_of_a_stage_is_a_bar_with_a_name() -> None:
    html = render_putting(3, 10, "embedding")
    assert '<progress max="10" value="3" aria-label=' in html
    assert "正在计算向量" in html
    assert 'max="1" value="0"' in render_putting(0, 0, "")


def test_the_list_tells_of_each_page_its_articles_and_characters(filled) -> None:
    held = holdings(filled)
    assert [each.source for each in held] == sorted(PAGES)
    assert {each.source: each.characters for each in held} == {n: len(t) for n, t in PAGES.items()}
    assert {each.articles for each in held} == {1}
    html = render_held(held, Shelf())
    assert html.count('class="remove"') == 3
    assert "There are no pages yet" in render_held([], Shelf())


def test_many_pages_are_listed_in_parts_and_found_by_name() -> None:
    held = [Holding(str(at), f"Page {at}.txt", 1, 10) for at in range(2000)]
    shelf = Shelf()
    html = render_held(held, shelf)
    assert html.count("<li>") == PART
    assert "1900 left" in html
    shelf.most += PART
    assert render_held(held, shelf).count("<li>") == 2 * PART
    shelf.find(" page 1999")
    html = render_held(held, shelf)
    assert html.count("<li>") == 1
    assert "1 / 2000" in html
    assert "left" not in html
    assert "No file is called so" in render_held(held, Shelf("harbour"))


def test_the_bounds_are_told_before_anything_is_brought() -> None:
    html = render_bring(Limits())
    assert "10 MB" in html
    assert "100" in html
    assert f'accept="{",".join(SUFFIXES)}"' in html
    assert all(suffix in shown(html) for suffix in SUFFIXES)


def test_read_only_shows_the_list_without_a_way_to_change_it(filled) -> None:
    html = render_held(holdings(filled), Shelf(), read_only=True)
    assert all(name in html for name in PAGES)
    assert "<button" not in html
