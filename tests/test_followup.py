"""Follow-ups: a question after other turns is understood as what it asks by itself."""

from collections.abc import Sequence

import pytest

from qa.answering.followup import Standalone, Turn
from qa.answering.followup import standalone as standalone_near
from qa.answering.question import MAX_QUESTION
from qa.errors import QuestionError

ENGLISH = "Harbour Bridge opens The Harbour Bridge opened on Monday. Mayor Ann Lee cut the ribbon."
ARTICLES = ["云河市图书馆新馆开放 3月4日,云河市图书馆新馆开放,藏书120万册。副市长陈晓东宣布开馆,市长王建国出席。",
            "海川电子有限公司签约 海川电子有限公司董事长在会上介绍了情况。",
            "安置房建设提速 五龙口一期安置房封顶,二期安置房年底交付。",
            "石桥镇苹果丰收 石桥镇果农王德顺说,今年苹果亩产六千斤,采摘节吸引游客三万人。", ENGLISH]  # fmt: skip

LIBRARY = ["云河市图书馆新馆有多少册藏书？", "据《新馆开放》：新馆藏书120万册。[1]"]
BRIDGE = ["When did the Harbour Bridge open?", "According to “Harbour Bridge opens”: The Harbour "
          "Bridge opened on Monday. Mayor Ann Lee cut the ribbon.[1]"]  # fmt: skip
OPENING = ["谁宣布云河市图书馆新馆开馆？", "据《新馆开放》：副市长陈晓东宣布开馆。[1]"]


def nearest(text: str) -> str:
    """Return the article that shares the most characters with `text`."""
    return max(ARTICLES, key=lambda article: len(set(article) & set(text)))


def standalone(question: str, history: Sequence[Turn]) -> Standalone:
    return standalone_near(question, history, nearest)


def test_a_question_without_history_stays_as_it_is() -> None:
    assert standalone(" 由谁承建？ ", []).text == "由谁承建？"


def test_a_question_without_a_topic_takes_that_of_the_turn_before() -> None:
    assert standalone("由谁承建？", [LIBRARY]).text == "云河市图书馆新馆由谁承建？"


def test_a_pronoun_is_replaced_by_the_person_that_was_asked_about() -> None:
    history = [["陈晓东是谁？", "据《新馆开放》：副市长陈晓东宣布开馆。[1]"]]
    assert standalone("他还说了什么？", history).text == "陈晓东还说了什么？"


def test_a_pronoun_is_replaced_by_the_person_that_the_answer_named() -> None:
    assert standalone("他还说了什么？", [OPENING]).text == "陈晓东还说了什么？"


def test_a_pronoun_for_a_thing_is_replaced_by_the_topic() -> None:
    assert standalone("它什么时候开放？", [LIBRARY]).text == "云河市图书馆新馆什么时候开放？"


def test_the_topic_lasts_over_several_turns() -> None:
    turns = [LIBRARY, ["由谁承建？", "据《新馆开放》：由海川建设承建。[1]"]]
    assert standalone("哪天开工的？", turns).text == "云河市图书馆新馆哪天开工的？"


def test_a_question_that_names_its_own_topic_changes_the_subject() -> None:
    text = "海川电子有限公司的董事长是谁？"
    assert standalone(text, [LIBRARY]).text == text


def test_what_about_another_name_asks_the_same_of_it() -> None:
    history = [["陈晓东什么时候来的？", "据《新馆开放》：3月4日,副市长陈晓东到馆。[1]"]]
    assert standalone("那王建国呢？", history).text == "王建国什么时候来的？"


def test_what_about_another_attribute_asks_it_of_the_same_thing() -> None:
    assert standalone("那总建筑面积呢？", [LIBRARY]).text == "云河市图书馆新馆总建筑面积是多少？"


def test_an_english_follow_up_is_resolved_too() -> None:
    history = [["When did the Yunhe Library open?", "According to …: it opened in May.[1]"]]
    assert standalone("Who built it?", history).text == "Who built the Yunhe Library?"


def test_the_turn_before_gives_its_words_as_context_without_markers() -> None:
    context = standalone("由谁承建？", [LIBRARY]).context
    assert "120万册" in context
    assert "[1]" not in context


@pytest.mark.parametrize("text", ["谢谢", "好的！", "thank you", "OK"])
def test_what_asks_nothing_is_given_no_topic(text: str) -> None:
    assert standalone(text, [LIBRARY]).text == text


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("采摘节有多少游客？", "采摘节有多少游客？"),
        ("王德顺说了什么？", "王德顺说了什么？"),
        ("换个话题，苹果亩产多少？", "苹果亩产多少？"),
        ("谁出席了？", "云河市图书馆新馆谁出席了？"),
        ("那天谁出席了？", "云河市图书馆新馆那天谁出席了？"),
    ],
)
def test_only_what_another_article_speaks_of_changes_the_subject(text: str, alone: str) -> None:
    assert standalone(text, [LIBRARY]).text == alone


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("馆长是谁？", "云河市图书馆新馆馆长是谁？"),
        ("新馆在哪里？", "云河市图书馆新馆在哪里？"),
        ("为什么？", "云河市图书馆新馆为什么？"),
        ("还有呢？", "云河市图书馆新馆有多少册藏书？"),
    ],
)
def test_a_topic_is_not_said_twice_nor_cut(text: str, alone: str) -> None:
    assert standalone(text, [LIBRARY]).text == alone


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Who is the mayor?", "Who is the mayor of the Harbour Bridge?"),
        ("When was the bridge painted?", "When was the Harbour Bridge painted?"),
        ("Why?", "Harbour Bridge: Why?"),
        ("And how long is it?", "How long is the Harbour Bridge?"),
        ("What did Tom Ford say?", "What did Tom Ford say?"),
    ],
)
def test_an_english_question_without_a_topic_takes_that_of_the_turn_before(
    text: str, alone: str
) -> None:
    assert standalone(text, [BRIDGE]).text == alone


def test_the_topic_lasts_while_a_person_is_spoken_of() -> None:
    turns = [LIBRARY, OPENING, ["他是谁？", "据《新馆开放》：副市长陈晓东宣布开馆。"]]
    assert standalone("它什么时候开放？", turns).text == "云河市图书馆新馆什么时候开放？"


@pytest.mark.parametrize(
    "text",
    ["五龙口村有哪些变化？", "大李庄村有几户？", "石佛镇有多少人？", "翠竹街什么时候通车？"],
)
def test_a_place_that_no_dictionary_knows_is_a_topic_of_its_own(text: str) -> None:
    assert standalone(text, [LIBRARY]).text == text


def test_what_only_another_article_speaks_of_is_a_topic_of_its_own() -> None:
    assert standalone("安置房什么时候交付？", [LIBRARY]).text == "安置房什么时候交付？"


@pytest.mark.parametrize("text", ["附近社区有多少人？", "总投资是多少？", "新建道路有多长？"])
def test_a_common_word_for_a_place_is_no_topic(text: str) -> None:
    assert standalone(text, [LIBRARY]).text != text


@pytest.mark.parametrize("text", ["它呢？", "该该该", "his?", "What about ?", "他的的呢"])
@pytest.mark.parametrize("turn", [["谁姓王", "王" * 300], ["The the of of", "the " * 200]])
def test_odd_turns_give_a_question_all_the_same(text: str, turn: Turn) -> None:
    alone = standalone(text, [turn]).text
    assert any(character.isalnum() for character in alone) or alone == text


def test_a_follow_up_too_long_with_its_topic_stays_as_it_is() -> None:
    text = f"它{'很' * (MAX_QUESTION - 2)}？"
    assert standalone(text, [LIBRARY]).text == text


@pytest.mark.parametrize("history", [[["", ""]], [["？", "…"]]])
def test_empty_turns_are_passed_over(history: list[list[str]]) -> None:
    assert standalone("由谁承建？", history).text == "由谁承建？"


def test_an_empty_question_is_refused_even_with_a_history() -> None:
    with pytest.raises(QuestionError):
        standalone("？", [LIBRARY])


def test_this_year_points_at_no_thing() -> None:
    asked = standalone("How many tunnels were built this year?", [BRIDGE]).text
    assert "built this year" in asked
