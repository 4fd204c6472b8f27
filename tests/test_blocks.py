import pytest

from qa.spans import reflow
from qa.splitting.blocks import read_blocks
from qa.splitting.lines import read_lines
from qa.splitting.paragraphs import mend_paragraphs

COLUMN = """\
会上，大家听取了产业园的建
设情况汇报，并就下一步的工作提
出了意见和建议，要求各单位抓紧
推进项目的落地和建设。
"""


def shapes(text: str) -> list[tuple[str, str]]:
    blocks = mend_paragraphs(text, read_blocks(text))
    return [(block.kind, reflow(block.span.of(text))) for block in blocks]


def test_a_line_knows_its_width_and_the_gap_above_it() -> None:
    first, second, third = read_lines("  高新区\r\nA区\r\n\r\n　　会议")
    assert (first.width, second.width, third.width) == (6, 3, 4)
    assert (first.gap, second.gap, third.gap) == (True, False, True)
    assert third.indented


def test_the_lines_of_a_column_are_one_paragraph() -> None:
    ((kind, text),) = shapes(COLUMN)
    assert kind == "text"
    assert text.startswith("会上，大家听取了产业园的建设情况汇报")


def test_a_paragraph_cut_by_a_blank_line_is_mended() -> None:
    lines = COLUMN.splitlines()
    whole = "\n".join([*lines, "", *lines])
    cut = "\n".join([*lines, "", *lines[:2], "", *lines[2:]])
    assert shapes(cut) == shapes(whole)


def test_an_unwrapped_paragraph_cut_in_two_is_mended() -> None:
    halves = "管委会主任表示，高新区管委会\n\n将一如既往支持好双方的合作，为双方提供保障。"
    assert shapes("本报讯 会议今天召开。" + halves) == [
        ("text", reflow("本报讯 会议今天召开。" + halves))
    ]


def test_a_headline_of_several_lines_is_one_block() -> None:
    text = "高新区召开智能传感器\n产业发展专题部署会\n\n本报讯 今天召开了会议。"
    assert [kind for kind, _ in shapes(text)] == ["heading", "text"]


def test_a_lead_begins_a_block_without_a_blank_line() -> None:
    text = "哈工大智能装备产业园落地前景广阔\n本报讯 近日，副市长带队考察。"
    assert [kind for kind, _ in shapes(text)] == ["heading", "text"]


def test_a_byline_is_no_part_of_the_paragraph_that_it_ends() -> None:
    (block,) = read_blocks("会议今天结束。记者 孙小满 文/图")
    assert block.byline is not None
    assert block.span.end == len("会议今天结束。")


def test_a_byline_on_a_line_of_its_own_is_a_block() -> None:
    text = "会议今天结束。\n记者 孙小满\n通讯员 李红 文/图"
    assert [kind for kind, _ in shapes(text)] == ["text", "byline", "byline"]


def test_page_furniture_and_captions_are_told_apart() -> None:
    text = "2020年12月25日 星期五 A03 要闻 责编 何敏\n\n图为工人在铺设石板。 记者 田雨 摄\n\nA05"
    assert [kind for kind, _ in shapes(text)] == ["furniture", "caption", "furniture"]


def test_the_first_words_of_a_cut_paragraph_are_no_headline() -> None:
    lines = [*COLUMN.splitlines(), "", "在河南工业大学调研环境整治", "", *COLUMN.splitlines()[1:]]
    assert [kind for kind, _ in shapes("\n".join(lines))] == ["text", "text"]


def test_indented_paragraphs_need_no_blank_line_between() -> None:
    lines = COLUMN.splitlines()
    paragraph = ["　　" + lines[0], *lines[1:]]
    assert len(shapes("\n".join(paragraph * 3))) == 3


def test_wrapped_english_is_joined() -> None:
    text = (
        "The Harbor Bridge will close to all traffic on Monday while crews replace\n"
        "the deck and repair two piers, the county said. The work will cost a lot\n"
        "and last eight weeks.\n\nIt opened in 1931.\n"
    )
    assert [kind for kind, _ in shapes(text)] == ["text", "text"]


def test_many_short_lines_together_are_text() -> None:
    poem = "春风吹过小城\n石板路上有人\n挑着一担桃花\n走向河的那边\n走向夜的那边"
    assert [kind for kind, _ in shapes(poem)] == ["text"]


FLUSH = [
    "会上，大家听取了产业园的建设",
    "情况的汇报，并就下一步的工作",
    "提出了意见，要求各单位抓紧。",
]


def test_a_heading_above_an_unwrapped_paragraph_is_no_part_of_it() -> None:
    body = "镇里投入资金在上游建起园区，" * 4 + "废水集中处理、循环利用。"
    found = shapes(f"{body}\n先算生态账\n{body}\n{body}")
    assert [kind for kind, _ in found] == ["text", "heading", "text", "text"]


def test_full_lines_cut_off_by_a_blank_line_are_text_though_no_indent_shows() -> None:
    cut = ["领队沙先生昨天在现场介绍，最", "长的一座龙窑长四十八米，窑门"]
    lines = [*FLUSH, "", *FLUSH, "", *cut, "", "有十一个。", "", *FLUSH]
    assert [kind for kind, _ in shapes("\n".join(lines))] == ["text"] * 4


def test_a_first_line_whose_comma_hangs_over_is_no_headline() -> None:
    head = [
        "政务中心主任訾女士介绍说，",
        "专班的人员每周都到现场办公，已",
        "为企业解决用电和用工等的问题",
    ]
    lines = [*COLUMN.splitlines(), "", *COLUMN.splitlines(), "", *head, "", "新楼今天启用"]
    assert [kind for kind, _ in shapes("\n".join(lines))] == ["text", "text", "text", "heading"]


def test_a_full_line_goes_on_where_blank_lines_part_the_paragraphs() -> None:
    said = ["他没有多想就往平潭镇赶，凌晨", "才把包交到。“真不知怎么谢。”", "老人的儿子说。"]
    lines = [*FLUSH, "", *said, "", *FLUSH]
    assert [kind for kind, _ in shapes("\n".join(lines))] == ["text"] * 3


@pytest.mark.parametrize("day", ["Tuesday, March 14, 2023", "Tuesday, 14 March 2023"])
def test_the_day_of_an_english_paper_is_page_furniture(day: str) -> None:
    assert [kind for kind, _ in shapes(f"{day}\n\nFerry to Gull Island cancelled\n")] == [
        "furniture",
        "heading",
    ]


def test_the_label_of_a_column_is_page_furniture() -> None:
    text = "短 讯\n\n平台今天交付\n\n今天交付了。\n\n【产地观察】\n\n番茄成了大产业\n\n番茄熟了。"
    kinds = [kind for kind, _ in shapes(text)]
    assert kinds == ["furniture", "heading", "text"] * 2


def test_a_question_that_is_asked_in_the_text_is_no_heading() -> None:
    assert [kind for kind, _ in shapes("问：收费吗？\n答：不收。")] == ["text", "text"]


def test_a_credit_that_stands_alone_is_a_caption() -> None:
    text = "会议结束。\n\n记者 李四 摄\n\n会议结束。\n\n记者 张三\n李四 摄"
    kinds = [kind for kind, _ in shapes(text)]
    assert kinds[:4] == ["text", "caption", "text", "byline"]


def test_names_that_end_two_articles_are_bylines() -> None:
    text = "大桥开工\n\n大桥开工了。\n\n石磊\n\n学校开学\n\n学校开学了。\n\n龙小云 石磊"
    kinds = [kind for kind, _ in shapes(text)]
    assert kinds == ["heading", "text", "byline"] * 2
    assert shapes(text.replace("龙小云 石磊", ""))[2][0] == "heading"


def test_who_signs_a_notice_belongs_to_its_text() -> None:
    found = shapes("停水通知\n\n请居民储水。\n\n湖畔社区居委会\n2021年6月24日")
    assert [kind for kind, _ in found] == ["heading", "text", "text", "furniture"]
