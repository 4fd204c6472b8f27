"""Support: a statement is proved by what it cites, or it is marked; never the other way round."""

import json
import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.grounding.support import check

HOSPITAL = "高新医院建设项目总建筑面积212805平方米,新建门诊、急诊、医技用房,提供1500张床位。"
OPENING = (
    "市政协副主席王万鹏,管委会主任张红军,董事长高山林,院长连鸿凯等参加奠基开工仪式,"
    "王万鹏宣布项目开工。"
)
HEADLINE = ("高新区再添一所大型综合医院", "3月4日")


@cache
def statements() -> list[dict[str, Any]]:
    """Statements written for the project's own articles, each with what it cites and whether it
    is fair, wrong or none; those of the parts "held-out" were looked at when all was done, and
    those of "held-out-2" and "held-out-3" were written by one who had not seen the rules."""
    lines = (Path(__file__).parent / "statements.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def share_of(label: str, part: str, *wanted: str | None) -> float:
    """How many of the statements so labelled are given one of the verdicts."""
    some = [s for s in statements() if s["label"] == label and s["part"] == part]
    verdicts = [check(s["statement"], s["cited"], s["context"]).support for s in some]
    return sum(verdict in wanted for verdict in verdicts) / len(some)


def test_few_of_the_statements_looked_at_last_are_judged_wrongly() -> None:
    assert share_of("wrong", "held-out", "unverified") >= 0.88
    assert share_of("fair", "held-out", "supported", "quoted") >= 0.90


def test_statements_that_no_rule_was_made_for_are_judged_no_worse_than_the_readme_says() -> None:
    assert share_of("wrong", "held-out-2", "unverified") >= 28 / 48
    assert share_of("fair", "held-out-2", "supported", "quoted") >= 28 / 42
    assert share_of("wrong", "held-out-3", "unverified") >= 31 / 45
    assert share_of("fair", "held-out-3", "supported", "quoted") >= 32 / 42


@pytest.mark.slow
def test_few_of_all_statements_are_judged_wrongly() -> None:
    assert share_of("wrong", "tuning", "unverified") >= 0.95
    assert share_of("fair", "tuning", "supported", "quoted") >= 0.95


def test_frames_are_no_claims() -> None:
    assert share_of("none", "tuning", None) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "高新医院提供一千五百张床位。",
        "根据报道，高新医院建成后将提供１５００张床位。",
        "高新医院总建筑面积为21.28万平方米。",
        "The new hospital will provide 1,500 beds.",
        "根据句子3，医院有床位1500张。",
    ],
)
def test_other_words_for_what_is_cited_are_supported(statement: str) -> None:
    assert check(statement, [HOSPITAL], HEADLINE).support == "supported"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("高新医院提供1600张床位。", "1600"),
        ("高新医院提供1500张床位，预计2025年启用。", "2025"),
        ("王新亭说，高新医院提供1500张床位。", "王新亭"),
        ("《高新时报》说，高新医院提供1500张床位。", "高新时报"),
        ("高新医院将有1500名医生。", "1500名"),
        ("高新医院提供1500张床位，院长因贪污被捕。", "院长"),
        ("The hospital will provide 15,000 beds.", "15,000"),
        ("The hospital of Wuhan will provide 1,500 beds.", "Wuhan"),
        ("the hospital of zhang hongjun will provide 1,500 beds.", "hongjun"),
    ],
)
def test_the_reason_says_what_is_not_there(statement: str, reason: str) -> None:
    verdict = check(statement, [HOSPITAL], HEADLINE)
    assert verdict.support == "unverified"
    assert verdict.reason is not None
    assert reason in verdict.reason.zh
    assert reason in verdict.reason.en


@pytest.mark.parametrize(
    ("statement", "cited"),
    [
        ("水厂每天供水两万吨。", "水厂日供水2万吨。"),
        ("县长罗玉珍未出席。", "县长罗玉珍没有出席通水仪式。"),
        ("面包车冲进河里。", "面包车冲入河中。"),
        ("上半年增长5.8%，没有达到全年6%的目标。", "上半年增长5.8%，低于全年6%的目标。"),
        ("船票没有涨价，每人4元。", "佟立群说，船票仍为每人4元。"),
        ("7月1日起31路公交车不再运行。", "自7月1日起，31路公交车停运。"),
        (
            "The reservoir has not been this low since 1998.",
            "The reservoir fell to its lowest level since 1998.",
        ),
        ("焦守刚解读了奖补政策。", "中心主任焦守刚对高新区相关奖补政策进行了解读。"),
    ],
)
def test_common_turns_of_phrase_are_no_doubt(statement: str, cited: str) -> None:
    assert check(statement, [cited]).support == "supported"


def test_without_a_citation_nothing_is_verified() -> None:
    verdict = check(HOSPITAL, [], HEADLINE)
    assert verdict.support == "unverified"
    assert verdict.reason is not None
    assert verdict.reason.en == "cites no sentence"


def test_what_is_said_somewhere_among_many_sentences_is_not_verified() -> None:
    others = [f"第{n}号桥梁位于东街。" for n in range(4)]
    told = "高新医院有床位1500张。"
    assert check(told, [HOSPITAL, *others[:3]], HEADLINE).support == "supported"
    assert check(told, [HOSPITAL, *others], HEADLINE).support == "unverified"


@pytest.mark.parametrize(
    "statement",
    [
        HOSPITAL,
        HOSPITAL.replace(",", "，").replace("1500", "１５００"),
        "提供1500张床位",
        f"据《{HEADLINE[0]}》（3月4日）：{HOSPITAL}",
        HOSPITAL + OPENING,
    ],
)
def test_what_repeats_a_citation_is_quoted(statement: str) -> None:
    assert check(statement, [OPENING, HOSPITAL], HEADLINE).support == "quoted"


@pytest.mark.parametrize(
    ("statement", "cited"),
    [
        ("总投资35亿元。", "总投资3.5亿元。"),
        ("总投资35亿元。", "总投资3. 5亿元。"),
        ("气温5度左右徘徊。", "气温-5度左右徘徊。"),
        (HOSPITAL[:-1] + "，但院长贪污了。", HOSPITAL),
        ("造成人员伤亡。", "没有造成人员伤亡。"),
        ("船票没有涨价，每人4元。", "船票仍上涨到每人4元。"),
        ("31路公交车不再运行。", "31路公交车停靠东站，每天运行。"),
        (
            "Joan Pike beat Carla Ruiz by two seconds.",
            "Carla Ruiz, 17, beat last year's winner Joan Pike by two seconds.",
        ),
    ],
)
def test_what_nearly_repeats_a_citation_is_not_quoted(statement: str, cited: str) -> None:
    assert check(statement, [cited]).support == "unverified"


@pytest.mark.parametrize(
    "statement",
    [
        "张红军宣布项目开工。",
        "高山林是院长。",
        "院长王万鹏宣布项目开工。",
        "Zhang Hongjun announced the start of the project.",
    ],
)
def test_what_one_person_did_is_not_said_of_another(statement: str) -> None:
    assert check(statement, [OPENING]).support == "unverified"


@pytest.mark.parametrize(
    ("statement", "cited"),
    [
        ("渔业公司去年起诉养殖户。", "养殖户去年起诉渔业公司。"),
        ("白鹤小学以2比1战胜青山小学。", "青山小学以2比1战胜白鹤小学。"),
        ("中年人买票免费，老年人买票半价。", "老年人买票免费，中年人买票半价。"),
        ("船从柳湾开往石桥，每天两班。", "船从石桥开往柳湾，每天两班。"),
        ("The ferry runs from Gannet to Ellery.", "The ferry runs from Ellery to Gannet."),
    ],
)
def test_what_changed_places_is_not_verified(statement: str, cited: str) -> None:
    assert check(statement, [cited]).support == "unverified"


@pytest.mark.parametrize(
    ("statement", "cited"),
    [
        ("老年人和中年人免费。", "中年人和老年人免费。"),
        ("石桥到柳湾的船由县航运公司开。", "县航运公司开石桥到柳湾的船。"),
        ("米一斤4.5元。", "米一斤卖四块五。"),
        ("The town paid 9,000 yuan over two years.", "镇里两年付了9000元。"),
    ],
)
def test_what_is_only_told_in_another_order_or_way_is_supported(statement: str, cited: str) -> None:
    assert check(statement, [cited]).support == "supported"


@pytest.mark.parametrize("piece", ["1", "12,", "“", "的", "Aa ", "《》", "王，", "the "])
def test_no_length_of_text_holds_the_check_up(piece: str) -> None:
    long = (piece * 20_000)[:20_000]
    began = time.process_time()
    assert check(long, [HOSPITAL]).support == "unverified"
    assert check(HOSPITAL, [long]).support == "unverified"
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "statement",
    [
        "项目由王万鹏宣布开工。",
        "张红军参加了奠基仪式。",
        "Wang Wanpeng announced the start of the project.",
    ],
)
def test_what_a_person_did_is_supported(statement: str) -> None:
    assert check(statement, [OPENING]).support == "supported"


@pytest.mark.parametrize(
    "statement",
    [
        "没有。",
        "是的。",
        "Yes.",
        "根据报道，院长被捕了：",
        "以下是答案：院长被捕。",
        "Here is the answer: the mayor resigned.",
        "资料没有提到医院贪污的事。",
        "希望以上信息对您有帮助，请把存款转到安全账户。",
    ],
)
def test_no_claim_passes_as_a_courtesy(statement: str) -> None:
    assert check(statement, []).support == "unverified"


def test_the_year_of_the_article_dates_what_happened_last_year() -> None:
    cited = ["去年有14条河道清淤。"]
    assert check("2021年有14条河道清淤。", cited, ["2022-03-08"]).support == "supported"
    assert check("2020年有14条河道清淤。", cited, ["2022-03-08"]).support == "unverified"


FAIR = [s for s in statements() if s["label"] == "fair" and re.search(r"\d", s["statement"])]


@settings(deadline=None)
@given(st.data())
def test_a_changed_digit_is_never_verified(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(FAIR))
    places = [match.start() for match in re.finditer(r"\d", one["statement"])]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789".replace(one["statement"][at], "")))
    changed = one["statement"][:at] + digit + one["statement"][at + 1 :]
    assert check(changed, one["cited"], one["context"]).support == "unverified"


@settings(deadline=None)
@given(st.sampled_from([text for s in statements() for text in s["cited"]]), st.data())
def test_a_changed_digit_is_never_a_quotation(cited: str, data: st.DataObject) -> None:
    places = [match.start() for match in re.finditer(r"\d", cited)]
    if places:
        at = data.draw(st.sampled_from(places))
        digit = data.draw(st.sampled_from("0123456789".replace(cited[at], "")))
        assert check(cited[:at] + digit + cited[at + 1 :], [cited]).support == "unverified"
    assert check(cited, [cited]).support == "quoted"


WORDS = (
    "三百万 第3 3月4日 没有 王万鹏 march 《 “ 增加 由3到 1,5 - % 半年 Wang Wanpeng 市长 东 \ud83d"
)
TEXTS = st.text() | st.lists(st.sampled_from(WORDS.split()), max_size=20).map("".join)


@settings(deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=2))
def test_no_text_is_too_strange_to_be_checked(
    statement: str, cited: list[str], context: list[str]
) -> None:
    verdict = check(statement, cited, context)
    assert (verdict.reason is None) == (verdict.support != "unverified")


def test_a_check_takes_a_few_milliseconds() -> None:
    some = [s for s in statements() if s["cited"]][:100]
    for one in some:
        check(one["statement"], one["cited"], one["context"])
    began = time.process_time()
    for one in some:
        check(one["statement"] + "。", one["cited"], one["context"])
    assert (time.process_time() - began) / len(some) < 0.03
