"""PDFs: columns in reading order, the printed pages kept, scans told apart."""

import random
from contextlib import suppress

import pytest
from made_files import Sheets, column, labelled, pdf, untold

from qa.errors import PageError
from qa.formats.reading import read_bytes

NEWS = "本报讯 8月21日，高新区召开会议，要求各部门抓好落实。"


def read(data: bytes) -> str:
    return read_bytes(data, "a.pdf").text


def order(text: str, *names: str) -> list[str]:
    """Return the names in the order in which they stand in `text`."""
    return sorted(names, key=text.index)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_every_printed_page_knows_its_text() -> None:
    read_pdf = read_bytes(pdf("第一页的字", NEWS, "第三页的字"), "a.pdf")
    assert [page.span.of(read_pdf.text) for page in read_pdf.printed] == [
        "第一页的字",
        NEWS,
        "第三页的字",
    ]
    assert [(page.number, page.label) for page in read_pdf.printed] == [
        (1, "1"),
        (2, "2"),
        (3, "3"),
    ]


@pytest.mark.parametrize("columns", [2, 3, 4, 5])
@pytest.mark.parametrize("gutter", [10, 20])
def test_columns_are_read_one_after_the_other(columns: int, gutter: int) -> None:
    sheets, lines = Sheets(), []
    for at in range(columns):
        part = column("甲乙丙丁戊"[at], 30, 12)
        sheets.column(30 + at * (120 + gutter), 100, part)
        lines += part
    assert lines_of(read(sheets.done())) == lines


def test_the_order_does_not_depend_on_the_order_of_drawing() -> None:
    pieces = [
        (x, 100 + 15 * at, line)
        for x, name in ((40, "甲"), (200, "乙"), (360, "丙"))
        for at, line in enumerate(column(name, 20))
    ]
    shuffled = random.Random(5).sample(pieces, len(pieces))
    texts = set()
    for drawn in (pieces, shuffled, pieces[::-1]):
        sheets = Sheets()
        for x, y, line in drawn:
            sheets.put(x, y, line)
        texts.add(read(sheets.done()))
    assert [lines_of(text) for text in texts] == [[line for _, _, line in pieces]]


def test_a_headline_over_several_columns_comes_before_them() -> None:
    sheets = Sheets()
    sheets.put(200, 90, "高新区召开工作会议", 28)
    for x, name in ((40, "甲"), (200, "乙"), (360, "丙")):
        sheets.column(x, 120, column(name, 20))
    text = read(sheets.done())
    assert order(text, "甲00", "乙00", "丙00", "高新区") == ["高新区", "甲00", "乙00", "丙00"]
    assert text.startswith("高新区召开工作会议\n\n甲00")


def test_articles_of_a_full_page_are_read_one_by_one() -> None:
    sheets = Sheets()
    sheets.put(40, 40, "郑州高新区报", 36)
    sheets.put(500, 40, "2020年8月21日")
    sheets.put(650, 40, "第3版")
    sheets.put(150, 100, "大标题横跨三栏", 30)
    for x, name in ((40, "甲"), (200, "乙"), (360, "丙")):
        sheets.column(x, 130, column(name, 20))
    sheets.put(540, 100, "右栏标题", 20)
    sheets.column(540, 125, column("丁", 45, 16))
    sheets.put(60, 470, "下方标题两栏", 24)
    sheets.column(40, 500, column("戊", 15))
    sheets.column(200, 500, column("己", 15))
    sheets.put(370, 470, "最后标题", 20)
    sheets.column(360, 500, column("庚", 15))
    names = ("郑州高新区报 2020年8月21日 第3版", "大标题", "甲00", "乙00", "丙00", "下方标题")
    names += ("戊00", "己00", "最后标题", "庚00", "右栏标题", "丁00", "丁44")
    assert order(read(sheets.done()), *names) == list(names)


def test_an_article_that_begins_low_in_one_column_goes_on_at_the_top_of_the_next() -> None:
    sheets = Sheets()
    sheets.put(40, 60, "第一篇的标题", 18)
    sheets.column(40, 90, column("甲", 20))
    sheets.put(40, 440, "第二篇的标题", 18)
    sheets.column(40, 470, column("乙", 30))
    sheets.column(200, 60, column("丙", 15))
    names = ("第一篇", "甲00", "甲19", "第二篇", "乙00", "乙29", "丙00", "丙14")
    assert order(read(sheets.done()), *names) == list(names)


def test_no_character_is_lost_or_doubled_by_the_layout() -> None:
    drawn = random.Random(7)
    sheets, lines = Sheets(), []
    for at in range(60):
        lines.append(f"{at:03d}" + "字" * drawn.randrange(1, 20))
        sheets.put(drawn.uniform(20, 500), 30 + 17 * at, lines[-1], drawn.choice([8, 10, 14]))
    found = "".join(read(sheets.done()).split())
    assert sorted(found) == sorted("".join(lines))


def test_vertical_lines_are_read_from_the_right() -> None:
    sheets, lines = Sheets(), [f"第{name}行的字从上往下排。" for name in "一二三四五六"]
    for at, line in enumerate(lines):
        for down, char in enumerate(line):
            sheets.put(500 - 16 * at, 100 + 11 * down, char)
    assert lines_of(read(sheets.done())) == lines


def test_an_indent_stays_so_that_paragraphs_can_be_told() -> None:
    sheets = Sheets()
    sheets.column(40, 100, column("甲", 3))
    sheets.column(60, 145, column("乙", 1, 12))
    sheets.column(40, 160, column("丙", 3))
    assert [line for line in read(sheets.done()).split("\n") if line.startswith("　　")] == [
        "　　乙00字字字字字字字字字"
    ]


def test_an_indent_of_spaces_is_one_too_and_bridges_no_gutter() -> None:
    sheets = Sheets()
    sheets.column(40, 100, ["　　" + line for line in column("甲", 1, 12)] + column("乙", 3, 14))
    sheets.column(200, 100, [line + "　　" for line in column("丙", 4, 14)])
    sheets.column(360, 100, column("丁", 4, 14))
    text = read(sheets.done())
    assert text.startswith("　　甲00")
    assert order(text, "乙02", "丙00", "丙03", "丁00") == ["乙02", "丙00", "丙03", "丁00"]


def test_english_words_stay_words() -> None:
    sheets = Sheets()
    sheets.put(40, 100, "The Zhengzhou High-tech Zone opened 3 bridges.")
    assert read(sheets.done()) == "The Zhengzhou High-tech Zone opened 3 bridges."


def test_type_that_is_drawn_twice_is_read_once() -> None:
    sheets = Sheets()
    sheets.put(40, 100, "加粗的标题", 24)
    sheets.put(40.4, 100.3, "加粗的标题", 24)
    assert read(sheets.done()) == "加粗的标题"


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_page_is_read_line_by_line(degrees: int) -> None:
    sheets = Sheets()
    sheets.turn(degrees)
    sheets.put(40, 500, NEWS)
    sheets.put(40, 515, "第二行的字")
    assert read(sheets.done()) == f"{NEWS}\n第二行的字"


@pytest.mark.parametrize("degrees", [45, 90, 180, 270])
def test_lines_that_are_turned_are_read_on_their_own_behind_the_others(degrees: int) -> None:
    sheets = Sheets()
    sheets.slanting(degrees, "内部资料", "严禁外传")
    sheets.column(40, 100, column("甲", 30))
    text = read(sheets.done())
    assert lines_of(text) == [*column("甲", 30), "内部资料", "严禁外传"]


def test_type_that_nobody_sees_is_not_read() -> None:
    sheets = Sheets()
    sheets.put(40, 100, NEWS)
    sheets.put(-400, 200, "在纸边以外的字")
    sheets.unseen(40, 300, "透明的字")
    assert read(sheets.done()) == NEWS


def test_white_type_is_read_only_where_something_is_behind_it() -> None:
    sheets = Sheets()
    sheets.put(40, 100, NEWS)
    sheets.white(40, 200, "白纸上的白字")
    sheets.white(40, 300, "白框里的白字", banner=1.0)
    sheets.white(40, 400, "深色底上的白字", banner=0.2)
    assert lines_of(read(sheets.done())) == [NEWS, "深色底上的白字"]


def test_white_type_on_a_picture_is_read() -> None:
    sheets = Sheets()
    sheets.picture()
    sheets.white(40, 300, NEWS * 2)
    assert lines_of(read(sheets.done())) == [NEWS * 2]


def test_type_too_small_to_be_seen_is_not_read() -> None:
    sheets = Sheets()
    sheets.put(40, 100, NEWS)
    sheets.put(40, 200, "谁也看不见的字", 0.4)
    assert lines_of(read(sheets.done())) == [NEWS]


def test_the_unseen_text_over_a_scan_is_its_text() -> None:
    sheets = Sheets()
    sheets.picture()
    sheets.unseen(40, 300, NEWS * 3)
    assert read(sheets.done()) == NEWS * 3


def test_a_pdf_whose_fonts_do_not_tell_their_characters_is_refused() -> None:
    with pytest.raises(PageError, match="fonts do not tell"):
        read(untold("012304560abc0cde111122223333"))


def test_a_label_that_does_not_fit_on_a_line_gives_way_to_the_number() -> None:
    labels = [page.label for page in read_bytes(labelled(["A01", "a\nb", "字" * 30]), "a").printed]
    assert labels == ["A01", "2", "3"]


def test_a_scanned_pdf_is_named_as_such() -> None:
    with pytest.raises(PageError, match="scanned PDF, pictures without text"):
        read(pdf("", ""))


def test_scanned_pages_among_others_are_told() -> None:
    found = read_bytes(pdf(NEWS, "", NEWS), "a.pdf")
    assert found.text == f"{NEWS}\n\n{NEWS}"
    assert "1 of 3 pages is a picture and was not read (2): run" in found.remarks[0]
    assert found.printed[1].span.of(found.text) == ""


def test_a_pdf_without_any_text_is_told_from_a_scan() -> None:
    with pytest.raises(PageError, match="PDF without text"):
        read(Sheets().done())


def test_a_locked_pdf_is_named_as_such() -> None:
    sheets = Sheets(encrypt="secret")
    sheets.put(40, 100, NEWS)
    with pytest.raises(PageError, match="locked by a password"):
        read(sheets.done())


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_pdf_is_read_or_refused_but_never_wrong(kept: float) -> None:
    data = pdf(NEWS)
    with suppress(PageError):
        assert read(data[: int(kept * len(data))]) == NEWS
