"""Previews: what is said of a file before it goes in is what happens when it does."""

from pathlib import Path

import pytest
from conftest import PAGES

from qa import split_articles
from qa.errors import PageError
from qa.library.doubts import doubts_of, doubts_of_replacing
from qa.library.intake import Arrival, read_upload, upload_label
from qa.library.library import Library
from qa.library.parts import loose_characters, parts_of, printed
from qa.library.previewing import Preview, preview, preview_upload
from qa.splitting.pages import page_from_text, read_page

HARBOUR = PAGES["harbour.txt"]
CHANGED = HARBOUR.replace("二十四亿元", "二十五亿元")
SAMPLES = sorted(
    [*Path(__file__).parents[1].glob("seeds/*.txt"), *Path(__file__).parent.glob("pages/*.txt")]
)


def reasons(text: str) -> dict[str, int]:
    """Return the amount of each doubt about a text that is read as a page."""
    page = page_from_text("page.txt", text)
    articles = split_articles(page)
    return {d.reason: d.amount for d in doubts_of(page, articles, parts_of(text, articles))}


def looked_at(library: Library, name: str, data: bytes) -> Preview:
    [seen] = preview_upload(library, name, data)
    return seen


def added(library: Library, seen: Preview) -> tuple[str, str]:
    [outcome] = library.add_pages([seen.ready()])
    return outcome.state, outcome.source


def test_a_preview_of_paths_tells_what_adding_does_and_changes_nothing(library, pages) -> None:
    (pages / "broken.txt").write_bytes(b"\xff\xd8\xff\0\0")
    seen = {each.source: each for each in preview(library, [pages, pages / "missing.txt"])}
    assert library.is_empty()
    done = {outcome.source: outcome for outcome in library.add([pages, pages / "missing.txt"])}
    assert seen.keys() == done.keys()
    for name, outcome in done.items():
        assert (seen[name].state == "unreadable") == (outcome.state == "failed")
        assert len(seen[name].articles) == outcome.articles
        if outcome.state == "failed":
            assert seen[name].problem == outcome.message
    articles = [article for each in seen.values() for article in each.articles]
    assert sorted(articles, key=lambda a: a.id) == sorted(library.articles(), key=lambda a: a.id)
    assert sum(sum(each.passages) for each in seen.values()) == library.counts()["passages"]


def test_what_was_previewed_is_what_goes_in_although_the_file_has_changed(library, pages) -> None:
    [seen] = preview(library, [pages / "harbour.txt"])
    (pages / "harbour.txt").write_text(CHANGED, "utf-8")
    assert added(library, seen) == ("added", "harbour.txt")
    assert library.pages()[0].text == HARBOUR
    [again] = preview(library, [pages / "harbour.txt"])
    assert (again.state, again.replaces) == ("changed", "harbour.txt")


def test_an_upload_in_gbk_is_read_and_the_same_text_is_known_in_any_encoding(library) -> None:
    seen = looked_at(library, "港口.txt", HARBOUR.encode("gbk"))
    assert (seen.state, seen.doubts) == ("new", ())
    assert seen.page is not None
    assert (seen.page.encoding, seen.page.source) == ("gb18030", "港口.txt")
    assert added(library, seen) == ("added", "港口.txt")
    twice = looked_at(library, "other.txt", HARBOUR.encode("utf-16"))
    assert (twice.state, twice.known_as) == ("known", "港口.txt")
    assert added(library, twice) == ("unchanged", "港口.txt")


def test_a_changed_upload_replaces_its_old_self_and_a_namesake_in_a_folder_does_not(library):
    added(library, looked_at(library, "a.txt", HARBOUR.encode()))
    changed = looked_at(library, "a.txt", CHANGED.encode())
    assert (changed.state, changed.replaces, changed.doubts) == ("changed", "a.txt", ())
    assert added(library, changed) == ("replaced", "a.txt")
    assert [page.text for page in library.pages()] == [CHANGED]
    other = looked_at(library, "march/a.txt", PAGES["orchard.txt"].encode())
    assert other.state == "new"
    assert added(library, other) == ("added", "march/a.txt")
    assert len(library.pages()) == 2


def test_an_upload_never_replaces_a_page_that_was_read_from_a_file_here(filled) -> None:
    seen = looked_at(filled, "harbour.txt", CHANGED.encode())
    assert (seen.state, [doubt.reason for doubt in seen.doubts]) == ("new", ["namesake"])
    state, source = added(filled, seen)
    assert (state, source != "harbour.txt") == ("added", True)
    assert HARBOUR in [page.text for page in filled.pages()]


def test_an_upload_that_has_become_the_same_as_another_page_is_told_to_replace_its_old(library):
    added(library, looked_at(library, "a.txt", HARBOUR.encode()))
    added(library, looked_at(library, "b.txt", PAGES["orchard.txt"].encode()))
    seen = looked_at(library, "b.txt", HARBOUR.encode())
    assert (seen.known_as, seen.replaces) == ("a.txt", "b.txt")
    added(library, seen)
    assert [page.source for page in library.pages()] == ["a.txt"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"abc\0\0", "binary"),
        (b" \r\n", "empty"),
        ("déjà vu, façade".encode("latin-1"), "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_by_name_and_cannot_be_added(library, data, reason) -> None:
    seen = looked_at(library, "x.txt", data)
    assert seen.state == "unreadable"
    assert seen.problem is not None
    assert seen.problem.startswith("x.txt: ")
    assert reason in seen.problem
    with pytest.raises(PageError, match=r"x\.txt"):
        seen.ready()


def test_the_name_of_an_upload_is_a_label_and_never_leads_anywhere() -> None:
    assert upload_label("../../etc/./passwd") == "etc/passwd"
    assert upload_label("/root/a\n\u202eb.txt") == "root/a\ufffd\ufffdb.txt"
    assert upload_label("..") == "unnamed"
    assert len(upload_label("长" * 5000 + ".txt")) == 200
    [arrival] = read_upload("../a.txt", HARBOUR.encode())
    assert isinstance(arrival, Arrival)
    assert (arrival.page.source, arrival.origin) == ("a.txt", "upload:a.txt")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_parts_hold_every_printed_character_once_and_samples_raise_no_doubt(path: Path) -> None:
    page = page_from_text(path.name, text_of(path))
    articles = split_articles(page)
    parts = parts_of(page.text, articles)
    ends = [0, *(part.span.end for part in parts)]
    assert all(end <= part.span.start for end, part in zip(ends, parts, strict=False))
    assert sum(printed(p.span.of(page.text)) for p in parts) == printed(page.text)
    for number, article in enumerate(articles, 1):
        mine = "".join(
            p.span.of(page.text) for p in parts if (p.kind, p.article) == ("body", number)
        )
        assert sorted("".join(mine.split())) == sorted("".join(article.text.split()))
    assert list(doubts_of(page, articles, parts)) == []


def text_of(path: Path) -> str:
    return read_page(path).text


def test_a_by_line_belongs_to_its_article_and_furniture_to_none() -> None:
    text = f"河滨新区学习平台\n\n{HARBOUR}\n\n{PAGES['orchard.txt']}"
    parts = parts_of(text, split_articles(page_from_text("page.txt", text)))
    named = {part.span.of(text): (part.kind, part.article) for part in parts}
    assert named["记者 陈越"] == ("byline", 1)
    assert named["记者 宋琪"] == ("byline", 2)
    loose = [part.span.of(text) for part in parts if part.kind == "loose"]
    assert loose_characters(text, parts) == printed("".join(loose))


def test_unseen_lost_and_garbled_characters_are_counted() -> None:
    assert reasons(HARBOUR) == {}
    assert reasons(HARBOUR * 3 + "\x07\u202e")["controls"] == 2
    assert reasons(HARBOUR + "\ufffd\ue001\ufffd")["lost"] == 3
    garbled = "县图书馆每晚开放到十点".encode().decode("gb18030", "replace").replace("\ufffd", "")
    assert reasons(f"{HARBOUR}{garbled}。\n{garbled}。\n")["mixed"] == 2


def test_a_stump_and_an_endless_article_are_doubtful() -> None:
    assert reasons("小城有雨\n\n本报讯 5月2日，小城下雨。\n记者 何田\n") == {"short": 13}
    endless = "果农王德顺告诉记者，今年亩产超过六千斤。" * 500
    assert reasons(f"石桥镇苹果喜获丰收\n\n本报讯 {endless}\n记者 宋琪\n")["long"] > 8000


def test_replacing_is_doubtful_only_when_little_of_the_old_page_is_kept() -> None:
    assert list(doubts_of_replacing(HARBOUR, CHANGED.replace("，", "，\n"))) == []
    [doubt] = doubts_of_replacing(HARBOUR, PAGES["orchard.txt"])
    assert (doubt.reason, doubt.amount) == ("little_kept", 0)
