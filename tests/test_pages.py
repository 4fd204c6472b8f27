from pathlib import Path

import pytest
from made_files import packed, pdf

from qa.errors import PageError
from qa.formats.encodings import decode
from qa.spans import Span
from qa.splitting.pages import Page, Refusal, page_from_text, read_page, read_pages

SIMPLIFIED = "本报讯 8月21日，高新区召开会议，要求各部门抓好落实。\r\n记者 孙小满"
TRADITIONAL = "【本報訊】運輸署宣布，渡輪將加開兩班夜航，票價維持不變。\n記者 馮芷晴"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_a_page_reads_the_same_in_every_encoding(codec: str) -> None:
    assert decode(SIMPLIFIED.encode(codec))[0] == SIMPLIFIED


def test_big5_is_told_from_gb18030() -> None:
    assert decode(TRADITIONAL.encode("cp950")) == (TRADITIONAL, "cp950")
    assert decode(TRADITIONAL.encode("gb18030")) == (TRADITIONAL, "gb18030")


def test_the_named_codec_decodes_the_same_bytes_to_the_same_text() -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        data = SIMPLIFIED.encode(codec)
        text, named = decode(data)
        assert data.decode(named) == text


def test_only_one_byte_order_mark_is_taken_off() -> None:
    assert decode("\ufeff\ufeff高".encode())[0] == "\ufeff高"


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"abc\0def", bytes(range(1, 32)) * 4, b"\xff\xd8\xff\xe0\0"],
)
def test_binary_data_is_no_page(data: bytes) -> None:
    with pytest.raises(PageError):
        decode(data)


def test_bytes_of_no_known_encoding_are_refused_rather_than_guessed() -> None:
    with pytest.raises(PageError, match="save it as UTF-8"):
        decode("Ça déjà vu, à la crème brûlée; naïve façade".encode("latin-1"))


def test_the_same_text_is_the_same_page_whatever_its_name_or_encoding(tmp_path: Path) -> None:
    for name, codec in (("a.txt", "utf-8"), ("b.txt", "gb18030"), ("c.txt", "utf-16")):
        (tmp_path / name).write_bytes(SIMPLIFIED.encode(codec))
    pages = [read_page(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")]
    assert len({page.id for page in pages}) == 1
    assert pages[0] == page_from_text("a.txt", SIMPLIFIED)
    assert [page.source for page in pages] == ["a.txt", "b.txt", "c.txt"]


def test_the_pages_of_an_archive_are_read_one_by_one(tmp_path: Path) -> None:
    data = packed({"a.txt": SIMPLIFIED.encode(), "b/c.pdf": pdf("一", "二"), "d.txt": b"\0"})
    (tmp_path / "news.zip").write_bytes(data)
    first, second, bad = read_pages(tmp_path / "news.zip")
    assert first == page_from_text("news.zip/a.txt", SIMPLIFIED)
    assert isinstance(second, Page)
    assert (second.source, second.text, second.format) == ("news.zip/b/c.pdf", "一\n\n二", "pdf")
    assert isinstance(bad, Refusal)
    assert bad.problem.startswith("news.zip/d.txt: is binary")


def test_a_place_in_the_text_tells_its_printed_page(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("第一页", "第二页"))
    page = read_page(tmp_path / "a.pdf")
    for number, words in enumerate(("第一页", "第二页"), 1):
        start = page.text.index(words)
        printed = page.printed_at(Span(start, start + 3))
        assert printed is not None
        assert printed.number == number


def test_line_ends_are_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes("一\r\n二\n三\r四".encode())
    assert read_page(tmp_path / "page.txt", "shown").text == "一\r\n二\n三\r四"


def test_each_file_that_is_no_page_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_text(" \n\u3000\n")
    (tmp_path / "binary.txt").write_bytes(b"\0" * 50)
    for name in ("empty.txt", "blank.txt", "binary.txt", "missing.txt", "."):
        path = tmp_path / name
        with pytest.raises(PageError) as caught:
            read_page(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
