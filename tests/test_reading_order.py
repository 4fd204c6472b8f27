import random
import time
from itertools import permutations

from qa.splitting.articles import Article, split_articles
from qa.splitting.headlines import best_pairs
from qa.splitting.pages import page_from_text

HARBOUR = [
    "本报讯 5月12日，滨海市交通局宣布，三座跨江大桥全部开工，总投资二十四亿元。",
    "交通局局长林晓帆在开工仪式上说，大桥建成后，过江时间将由四十分钟缩短到八分钟，沿江两岸的"
    "三个开发区将连成一体，预计每年减少渡轮燃油消耗九千吨，大桥还预留了轻轨通道",
]
TAIL = "和自行车道，市民可以骑车过江。林晓帆表示，大桥的名字将由市民投票决定。"
LIBRARY = [
    "本报讯 6月3日起，县图书馆每晚开放到十点，阅览室新增座位一百二十个。",
    "馆长周敏说，读者凭身份证可以免费借书，儿童阅览室还请来了退休教师讲故事。",
]
BYLINE = ["记者 陈越"]
HEADS = {"bridge": "三座跨江大桥同时开工", "library": "县图书馆夜间开放到十点"}


def articles(*parts: str) -> list[Article]:
    return split_articles(page_from_text("x", "\n\n".join(parts)))


def titles(*parts: str) -> list[str]:
    return [article.title for article in articles(*parts)]


def test_headlines_in_place_stay_in_place() -> None:
    assert titles(HEADS["bridge"], *HARBOUR, *BYLINE, HEADS["library"], *LIBRARY, *BYLINE) == [
        HEADS["bridge"],
        HEADS["library"],
    ]


def test_a_headline_at_the_end_of_the_page_finds_its_article() -> None:
    found = titles(*HARBOUR, *BYLINE, HEADS["library"], *LIBRARY, *BYLINE, HEADS["bridge"])
    assert found == [HEADS["bridge"], HEADS["library"]]


def test_swapped_headlines_find_their_articles() -> None:
    found = titles(HEADS["library"], *HARBOUR, *BYLINE, HEADS["bridge"], *LIBRARY, *BYLINE)
    assert found == [HEADS["bridge"], HEADS["library"]]


def test_a_tail_at_the_top_goes_back_to_its_article() -> None:
    found = articles(TAIL, *BYLINE, HEADS["library"], *LIBRARY, *BYLINE, HEADS["bridge"], *HARBOUR)
    assert [article.title for article in found] == [HEADS["library"], HEADS["bridge"]]
    assert found[1].text.endswith(TAIL)
    assert len(found[1].spans) == 2
    assert found[1].byline == "记者 陈越"


def test_a_section_behind_another_article_goes_back_by_the_headline_that_it_explains() -> None:
    head = "滨海市公布大桥规划 名字由市民投票决定"
    section = ["大桥叫什么大家定", "林晓帆表示，大桥的名字由市民投票决定，投票将在七月举行。"]
    found = articles(head, HARBOUR[0], *BYLINE, HEADS["library"], *LIBRARY, *BYLINE, *section)
    assert [article.title for article in found] == [head, HEADS["library"]]
    assert found[0].text.endswith(section[1])
    assert section[0] in found[0].text


SCHOOL = [
    "本报讯 3月8日，县实验小学把课间延长到十五分钟，操场边添置了十二张乒乓球台。",
    "校长乐嘉树说，课间延长以后，因颈肩不适到校医室就诊的学生少了四成。",
]
SCHOOL_HEAD = "实验小学课间延长到十五分钟"


def test_stacked_headlines_at_the_end_are_parted_and_find_their_articles() -> None:
    deck = "校医室里的学生少了四成"
    found = titles(
        *HARBOUR, *LIBRARY, *SCHOOL, HEADS["library"], SCHOOL_HEAD, deck, HEADS["bridge"]
    )
    assert found == [HEADS["bridge"], HEADS["library"], f"{SCHOOL_HEAD} {deck}"]


def test_a_displaced_headline_above_another_one_is_parted_from_it() -> None:
    found = titles(HEADS["library"], *LIBRARY, *HARBOUR, HEADS["bridge"], SCHOOL_HEAD, *SCHOOL)
    assert found == [HEADS["library"], HEADS["bridge"], SCHOOL_HEAD]


def test_the_one_headline_left_goes_to_the_one_article_without() -> None:
    found = titles(HEADS["library"], *LIBRARY, *HARBOUR, "过江只要八分钟")
    assert found == [HEADS["library"], "过江只要八分钟"]


def test_a_whole_paragraph_at_the_top_goes_back_by_the_names_that_it_shares() -> None:
    tail = "林晓帆今年五十八岁，修了三十年桥，今年底退休。"
    found = articles(
        tail, HEADS["library"], *LIBRARY, HEADS["bridge"], HARBOUR[0], HARBOUR[1] + "。"
    )
    assert [article.title for article in found] == [HEADS["library"], HEADS["bridge"]]
    assert found[1].text.endswith(tail)


def test_a_signed_tail_goes_to_the_only_article_that_nobody_signed() -> None:
    tail = "明年春天，这里还要再种两千棵树。"
    found = articles(
        tail,
        *BYLINE,
        HEADS["library"],
        *LIBRARY,
        HEADS["bridge"],
        *HARBOUR,
        *BYLINE,
        *SCHOOL,
        *BYLINE,
    )
    assert found[0].title == HEADS["library"]
    assert found[0].text.endswith(tail)


def test_longer_subheads_behind_a_short_one_part_the_same_article() -> None:
    body = LIBRARY[1]
    found = articles("县图书馆夜间开放到十点", body, "夜里更安静", body, "让孩子也来听故事", body)
    assert [article.title for article in found] == ["县图书馆夜间开放到十点"]


def test_the_best_pairs_are_those_of_every_possible_pairing() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        rows, columns = rng.randint(1, 5), rng.randint(1, 5)
        worth = [[rng.choice([0.0, rng.random()]) for _ in range(columns)] for _ in range(rows)]
        found = best_pairs(worth)
        given = [column for column in found if column >= 0]
        assert len(set(given)) == len(given) == min(rows, columns)
        wider = [row + [0.0] * max(0, rows - columns) for row in worth]
        best = max(
            sum(wider[n][column] for n, column in enumerate(order))
            for order in permutations(range(len(wider[0])), rows)
        )
        assert abs(sum(worth[n][c] for n, c in enumerate(found) if c >= 0) - best) < 1e-9


def test_text_of_no_article_stays_an_article_of_its_own() -> None:
    stranger = "今年的小麦长势喜人，农技员提醒及时防治蚜虫，收割机已经检修完毕。"
    found = articles(stranger, HEADS["library"], *LIBRARY, *BYLINE, HEADS["bridge"], HARBOUR[0])
    assert found[0].text == stranger
    assert found[0].title == ""


def test_a_line_that_fits_nothing_is_page_furniture() -> None:
    found = articles(HEADS["library"], *LIBRARY, *BYLINE, "干部学习平台")
    assert len(found) == 1
    assert "学习平台" not in found[0].title + found[0].text


def test_two_articles_without_leads_or_bylines_are_kept_apart() -> None:
    bridge = [HARBOUR[0].removeprefix("本报讯 ")]
    library = [line.removeprefix("本报讯 ") for line in LIBRARY]
    assert titles(HEADS["bridge"], *bridge, HEADS["library"], *library) == [
        HEADS["bridge"],
        HEADS["library"],
    ]


def test_short_subheads_part_an_article_and_do_not_end_it() -> None:
    found = articles(HEADS["library"], *LIBRARY, "夜里更安静", "读者说，夜里看书更安静。")
    assert [article.title for article in found] == [HEADS["library"]]
    assert "夜里更安静" in found[0].text


def test_a_page_of_a_thousand_articles_takes_no_time_for_puzzles() -> None:
    parts = [HEADS["library"], *LIBRARY, *BYLINE] * 300
    assert len(articles(*parts)) == 300


def test_a_long_list_of_short_lines_is_not_lost() -> None:
    items = [f"第{n}名 选手{n}号" for n in "一二三四五六七八九"]
    found = articles(HEADS["library"], *LIBRARY, *items)
    assert items[0] in found[0].text


def test_thousands_of_odd_lines_take_linear_time() -> None:
    for line in (
        "记者 张三\n",
        "会议今天召开，很好，\n\n",
        "开大会\n记者 张三\n",
        "高新区召开大会\n\n",
    ):
        started = time.process_time()
        articles(line * 5000)
        assert time.process_time() - started < 10
