"""Whole pages: the five seeds, and pages of other papers in other layouts.

`pages/articles.jsonl` says what a reader finds on them: one line an article, with its first and
last characters, its length without white space, and in how many places it stands.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from qa.splitting.articles import Article, split_articles, whole_article
from qa.splitting.pages import page_from_text, read_page

PAGES = Path(__file__).parent / "pages"
SEEDS = Path(__file__).parents[1] / "seeds"
EXPECTED = [json.loads(line) for line in (PAGES / "articles.jsonl").read_text("utf-8").splitlines()]


def articles_of(name: str) -> list[Article]:
    folder = SEEDS if (SEEDS / name).exists() else PAGES
    return split_articles(read_page(folder / name))


def summary(article: Article) -> dict[str, Any]:
    text = "".join(article.text.split())
    return {
        "page": article.source,
        "title": article.title,
        "date_text": article.date_text,
        "date": article.date,
        "byline": article.byline,
        "begins": text[:16],
        "ends": text[-16:],
        "spans": len(article.spans),
        "characters": len(text),
    }


@pytest.mark.parametrize("name", sorted({line["page"] for line in EXPECTED}))
def test_a_page_is_split_as_a_reader_would(name: str) -> None:
    expected = [line for line in EXPECTED if line["page"] == name]
    assert [summary(article) for article in articles_of(name)] == expected


def test_the_seeds_hold_twenty_two_articles() -> None:
    names = sorted(path.name for path in SEEDS.glob("*.txt"))
    assert [len(articles_of(name)) for name in names] == [4, 4, 3, 4, 7]


def test_every_test_page_is_expected() -> None:
    assert {path.name for path in PAGES.glob("*.txt")} <= {line["page"] for line in EXPECTED}


def articles(text: str) -> list[Article]:
    return split_articles(page_from_text("x", text))


def test_a_wrapped_headline_is_joined_without_a_space_inside_a_phrase() -> None:
    (article,) = articles(
        "高新区召开智能传感器\n产业发展专题部署会\n\n本报讯 今天，智能传感器产业发展会议召开。"
    )
    assert article.title == "高新区召开智能传感器产业发展专题部署会"
    assert len(article.headline) == 2


def test_lines_of_a_headline_that_stand_apart_are_joined_by_a_space() -> None:
    (article,) = articles("青石板路回来了\n三条小巷完成改造\n\n本报讯 桂花巷今天通行。")
    assert article.title == "青石板路回来了 三条小巷完成改造"


def test_a_headline_broken_behind_a_word_that_ends_no_phrase_is_joined() -> None:
    (article,) = articles("湖田窑的\n青白瓷来了\n\n本报讯 展览今天开放。")
    assert article.title == "湖田窑的青白瓷来了"


def test_a_section_heading_is_a_paragraph_of_its_own() -> None:
    body = "镇里投入资金在上游建起园区，" * 4 + "废水集中处理、循环利用。"
    text = f"一条溪的治理账本\n{body}\n先算生态账\n{body}"
    (article,) = articles(text)
    assert [span.of(text) for span in article.paragraphs] == [body, "先算生态账", body]


def test_kicker_and_deck_belong_to_the_title() -> None:
    (article,) = articles("消防员进山\n\n八小时救下登山者\n\n——一次救援\n\n本报讯 登山者获救。")
    assert article.title == "消防员进山 八小时救下登山者 ——一次救援"


def test_bylines_of_several_lines_are_joined_by_a_space() -> None:
    (article,) = articles("本报讯 今天开工。\n记者 孙小满\n通讯员 李红 文/图")
    assert article.byline == "记者 孙小满 通讯员 李红 文/图"
    assert article.text == "本报讯 今天开工。"


def test_the_lead_stays_in_the_body_and_gives_the_byline() -> None:
    (article,) = articles("晨报讯(记者 田雨 通讯员 柳青) 4月15日，小巷改造完工。")
    assert article.byline == "记者 田雨 通讯员 柳青"
    assert article.text.startswith("晨报讯(记者 田雨 通讯员 柳青)")
    assert article.date_text == "4月15日"


def test_the_year_comes_from_the_page_header() -> None:
    text = "2021年1月2日 星期六 要闻\n\n开工\n\n本报讯 12月30日，大桥开工。"
    assert articles(text)[0].date == "2020-12-30"


def test_an_invalid_day_keeps_its_text_only() -> None:
    (article,) = articles("本报讯 2020年2月30日，大桥开工。")
    assert (article.date_text, article.date) == ("2020年2月30日", None)


def test_the_whole_page_may_be_one_article() -> None:
    page = page_from_text("x", "第一段。\n\n记者 张三\n\n第二段。")
    article = whole_article(page, "题目")
    assert article.title == "题目"
    assert article.text == page.text
    assert len(article.spans) == 1


@pytest.mark.parametrize("between", ["\n\n", "\n \n \n"])
@pytest.mark.parametrize("name", ["003_1f6f37f74f9073f0.txt", "004_aa0ac877f7c04fa7.txt"])
def test_a_column_whose_every_line_is_a_paragraph_of_its_own_is_joined_again(
    name: str, between: str
) -> None:
    printed = read_page(SEEDS / name)
    lines = [line for line in printed.text.splitlines() if line.strip()]
    pasted = page_from_text(name, between.join(lines))
    bodies = ["".join(article.text.split())[:40] for article in split_articles(pasted)]
    expected = ["".join(article.text.split())[:40] for article in split_articles(printed)]
    assert sorted(bodies) == sorted(expected)


def test_paragraphs_that_were_never_broken_stay_apart() -> None:
    paragraphs = [f"{name}区的图书馆今天起每晚开放到十点。" for name in "东南西北中高新港惠金上下"]
    [article] = split_articles(page_from_text("x", "\n\n".join(["图书馆开放", *paragraphs])))
    assert len(article.paragraphs) == len(paragraphs)


ENGLISH = """\
The Millbrook Gazette
Friday, February 2, 2024

Council approves new library branch
by Tom Reeve
Gazette Staff Writer
1 February 2024
The town council voted seven to two on Thursday to build a second library branch on Alder Street.
The branch will serve the four thousand families who moved to the east side.

River path closed after flood
Dana Cole | January 31, 2024
The footpath along the Mill River is closed after water rose by two metres on Tuesday night.
"""


def test_the_name_of_an_english_paper_and_dated_bylines_are_no_headlines() -> None:
    first, second = split_articles(page_from_text("a.txt", ENGLISH))
    assert (first.title, first.date) == ("Council approves new library branch", "2024-02-01")
    assert first.byline == "by Tom Reeve Gazette Staff Writer 1 February 2024"
    assert (second.title, second.date) == ("River path closed after flood", "2024-01-31")


def test_a_headline_above_its_date_and_text_is_not_the_paper_s_name() -> None:
    page = page_from_text(
        "a.txt", "River Path Closed\nFriday, February 2, 2024\n" + "It rained. " * 20
    )
    (article,) = split_articles(page)
    assert article.title == "River Path Closed"


def test_items_of_a_column_are_articles_of_their_own() -> None:
    items = "●图书馆延长开放时间至晚上9点。（王芳）\n●东城区新增充电桩120个。（李强）\n"
    found = split_articles(page_from_text("a.txt", "短讯\n\n" + items))
    assert [article.byline for article in found] == ["王芳", "李强"]


def test_who_wrote_and_photographed_stands_between_headline_and_body() -> None:
    page = page_from_text(
        "a.txt",
        "老人走失六小时\n晚报讯（记者 黄蓉）3月6日晚，一位老人在南湖公园附近走失。\n民警次日凌晨找到了他。\n\n"
        "菜市场改造完工\n□晚报记者 何俊 文/摄\n\n文昌菜市场改造昨日完工，新增停车位80个。\n",
    )
    _, market = split_articles(page)
    assert (market.title, market.byline) == ("菜市场改造完工", "晚报记者 何俊 文/摄")
