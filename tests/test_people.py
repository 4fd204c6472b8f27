"""People: names of persons are whole, and places and common words are none."""

import pytest

from qa.answering.people import english_people, people


def named(text: str, elsewhere: str = "") -> list[str]:
    return [span.of(text) for span in people(text, elsewhere)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("副市长陈晓东宣布开馆,馆长周敏出席。", ["陈晓东", "周敏"]),
        ("陈晓东是谁？", ["陈晓东"]),
        ("顾永康在哪一站下车？", ["顾永康"]),
        ("女儿韦小满在广州学习。", ["韦小满"]),
        ("董事长高山林介绍了情况。", ["高山林"]),
        ("约翰·史密斯是哪国人？", ["约翰·史密斯"]),
        ("张红军到哪个村调研？", ["张红军"]),
        ("高标准农田是多少亩？", []),
        ("白石河边有一座石拱桥。", []),
        ("马拉松什么时候开跑？", []),
        ("高水平建设示范区", []),
        ("康复科在几楼？", []),
        ("谢谢", []),
        ("他姓王", []),
    ],
)
def test_names_are_found_whole_and_nothing_else(text: str, found: list[str]) -> None:
    assert named(text) == found


def test_what_stands_behind_a_name_elsewhere_tells_where_it_ends() -> None:
    question = "周大勇救起了几名儿童？"
    assert named(question, "周大勇在河边,周大勇来自贵州,周大勇说。") == ["周大勇"]
    assert named("林默是谁？", "校长林默出席。") == ["林默"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Director Helen Osborne met Tomas Reyes.", ["Helen Osborne", "Tomas Reyes"]),
        ("What does Colin Baxter demand?", ["Colin Baxter"]),
        ("Where is Wei Chunsheng's shop?", ["Wei Chunsheng"]),
        ("Brightwater Energy and Northern Rail met in Cotton Hill.", []),
        ("The Harbour Museum opened on Monday. The cafe did not.", []),
    ],
)
def test_english_names_are_those_of_nothing_else(text: str, found: list[str]) -> None:
    assert [span.of(text) for span in english_people(text)] == found
