import pytest

from qa.spans import Span
from qa.splitting.bylines import byline_at_end, is_byline, is_names, is_photo_credit, lead_of, tidy

BYLINES = [
    "记者 孙庆辉",
    "记者 孙庆辉 文/图",
    "记者 张昕 刘俊礼 孙庆辉",
    "高新时报 方宝岭 文/图",
    "文/本报记者 张三 图/李四",
    "□本报记者 刘洋 通讯员 马晓红 文 李明 图",
    "◎张晓明",
    "（王晓明 李红）",
    "本报记者 王 军 文/图",
    "全媒体记者 周文静/文 韩磊/图",
    "記者 溫柏熙 攝影 洪日朗",
    "（据新华社）",
    "By Jane Doe and John Smith, Staff Writer",
    "By Jane Doe, 2 February 2024",
    "By Jane Doe | March 3, 2023",
    "By Staff Reporter\n19 January 2024",
    "Jane Doe, Staff Writer",
    "Jane Doe and John O'Neill | Education Correspondents",
    "Published: Sept. 9, 2024 | By Jane Doe",
    "Text and photos by Jane Doe",
    "（本报记者范丽参与采写）",
    "图文/王小明",
    "作者：王小明",
    "（王小明 综合整理）",
    "（植保专家 罗汉生）",
]
OTHERS = [
    "记者手记",
    "记者从市政府获悉",
    "高新区召开",
    "高新干群学习平台",
    "晨报讯(记者 李国强) 全国民",
    "（作者单位：郑州大学）",
    "张三",
    "应舒)西南大学",
    "Council approves plan, 2 February 2024",
    "Chess club seeks new editor",
    "Farm Editor",
    "by Jane Smith.",
    "Mayor Names New City Editor",
    "Mayor Names\nNew City Editor",
    "River Path Closed\n2 February 2024",
    "",
]


@pytest.mark.parametrize("text", BYLINES)
def test_a_byline_is_known_by_its_wording(text: str) -> None:
    assert is_byline(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_short_lines_are_no_bylines(text: str) -> None:
    assert not is_byline(text)


@pytest.mark.parametrize(
    ("text", "lead", "byline"),
    [
        ("本报讯 8月21日，", "本报讯 ", None),
        ("本报讯“郑州市委", "本报讯", None),
        (
            "晨报讯(记者 张三 通讯员 李四) 昨日",
            "晨报讯(记者 张三 通讯员 李四)",
            "记者 张三 通讯员 李四",
        ),
        ("新华社北京8月21日电(记者 李四)今天", "新华社北京8月21日电(记者 李四)", "记者 李四"),
        ("中新网郑州8月21日电 (记者 韩章云)据", "中新网郑州8月21日电 (记者 韩章云)", "记者 韩章云"),
        ("本报综合消息 近日", "本报综合消息 ", None),
        ("【本報訊】昨日", "【本報訊】", None),
        ("〔記者陳小美／台北報導〕昨", "〔記者陳小美／台北報導〕", "記者陳小美／台北報導"),
        ("南山4月2日电(记者 张三)昨日", "南山4月2日电(记者 张三)", "记者 张三"),
        ("4月2日讯（记者 张三）昨日", "4月2日讯（记者 张三）", "记者 张三"),
        ("中新网郑州4月2日电（张三）昨日", "中新网郑州4月2日电（张三）", "张三"),
        ("讯（记者 张三）昨日", "讯（记者 张三）", "记者 张三"),
        ("（记者 张三）昨日", "（记者 张三）", "记者 张三"),
        (
            "本报讯（文/本报记者 张三 图/李四）昨日",
            "本报讯（文/本报记者 张三 图/李四）",
            "文/本报记者 张三 图/李四",
        ),
        ("记者 张三 通讯员 李四 报道：昨", "记者 张三 通讯员 李四 报道：", "记者 张三 通讯员 李四"),
    ],
)
def test_a_lead_is_told_from_the_text_behind_it(text: str, lead: str, byline: str | None) -> None:
    found = lead_of(text, Span(0, len(text)))
    assert found is not None
    assert found.span.of(text) == lead
    assert found.byline == byline


@pytest.mark.parametrize(
    "text",
    [
        "通讯方式发生改变，",
        "记者从郑州市获悉",
        "高新区召开大会",
        "据中央电视台报道，",
        "北京时间4月2日，",
        "4月2日电影节开幕",
        "小镇4月2日电力抢修",
    ],
)
def test_running_text_has_no_lead(text: str) -> None:
    assert lead_of(text, Span(0, len(text))) is None


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("提出了意见和建议。 记者 孙庆辉", "记者 孙庆辉"),
        ("“真好。”记者 张三", "记者 张三"),
        ("上了第一课。(王晓明 李红)", "(王晓明 李红)"),
    ],
)
def test_a_byline_behind_the_last_sentence_is_found(text: str, byline: str) -> None:
    found = byline_at_end(text, Span(0, len(text)))
    assert found is not None
    assert found.of(text) == byline


@pytest.mark.parametrize("text", ["记者 孙庆辉", "他说很好。（完）", "他告诉记者 张三"])
def test_a_paragraph_that_ends_otherwise_has_none(text: str) -> None:
    assert byline_at_end(text, Span(0, len(text))) is None


def test_a_byline_is_shown_without_marks_and_brackets() -> None:
    assert tidy("□记者  王军\n通讯员 李红") == "记者 王军 通讯员 李红"
    assert tidy("（记者 李明）") == "记者 李明"
    assert tidy("记者 孙\n小满") == "记者 孙小满"


def test_bare_names_are_told_from_other_short_lines() -> None:
    assert all(map(is_names, ("王小明", "王小明 李红", "王 军　李红")))
    assert not any(map(is_names, ("夜里更安静", "方案已定", "再算民生账", "王小明 2021", "")))


def test_a_photographer_alone_is_told_from_who_wrote_the_text() -> None:
    assert is_photo_credit("记者 李四 摄")
    assert not is_photo_credit("记者 张三 文 李四 摄")
    assert not is_photo_credit("记者 李四 摄影报道")
