"""Query: a question's words, in the library's language and script."""

import pytest

from embeddings.tokens import tokens
from embeddings.words import Term, WordIndex
from qa.answering.query import road_to, roads_of
from qa.answering.question import understand

CHINESE = ["这家医院提供一千五百张床位,王万鹏8月21日到会。", "五龙口村的安置房开工了。"]
TRADITIONAL = ["這家醫院提供床位,國王到會。", "安置房對村民開放。"]
ENGLISH = ["The hospital offers many beds.", "The village built new houses."]


def index(texts: list[str]) -> WordIndex:
    return WordIndex.build(range(len(texts)), map(tokens, texts))


def terms_of(words: WordIndex, question: str) -> list[Term]:
    return list(roads_of(words, understand(question))[0].terms)


def best(texts: list[str], question: str) -> int:
    words = index(texts)
    return int(words.scores(terms_of(words, question)).argmax())


def phrases(terms: list[Term]) -> set[str]:
    return {phrase for term in terms for phrase, _ in term.alternatives}


def test_a_question_in_the_language_of_the_library_is_its_own_words() -> None:
    found = terms_of(index(CHINESE), "医院有多少床位？")
    assert {"医院", "床位"} <= phrases(found)
    assert all(len(term.alternatives) == 1 for term in found)


@pytest.mark.parametrize(
    ("texts", "question", "right"),
    [
        (CHINESE, "How many beds does the hospital have?", 0),
        (CHINESE, "When did Wang Wanpeng come?", 0),
        (CHINESE, "What was built in Wulongkou village?", 1),
        (ENGLISH, "医院有多少床位？", 0),
        (TRADITIONAL, "医院有多少床位？", 0),
        (CHINESE, "這家醫院有多少床位？", 0),
    ],
)
def test_a_question_in_another_language_or_script_finds_its_text(
    texts: list[str], question: str, right: int
) -> None:
    assert best(texts, question) == right


def test_a_name_right_behind_the_asking_words_is_read_as_one() -> None:
    assert "王万 万鹏" in phrases(terms_of(index(CHINESE), "Who is Wang Wanpeng?"))


@pytest.mark.parametrize("date", ["August 21", "21 August", "21st of August"])
def test_an_english_date_is_looked_for_as_a_chinese_one(date: str) -> None:
    words = index(CHINESE)
    assert {"8", "21"} <= phrases(terms_of(words, f"Who came on {date}?"))


@pytest.mark.parametrize("question", ["How many beds does the hospital have?", "医院有多少床位？"])
def test_where_both_languages_are_there_is_a_road_to_each(question: str) -> None:
    roads = roads_of(index([*CHINESE, *ENGLISH * 4]), understand(question))
    assert sorted(road.translated for road in roads) == [False, True]
    assert len(roads_of(index(CHINESE), understand(question))) == 1
    assert len(roads_of(index(ENGLISH), understand(question))) == 1


QUOTING = (
    "研究员Chen Xiaodong在Nature Energy发表论文,介绍了GPT-4和BERT两种模型的用法,会议在北京举行。"
)


def test_a_few_passages_in_the_other_language_are_worth_a_road_however_few_they_are() -> None:
    many = [f"第{n}家医院提供{n}张床位,王万鹏到会。" for n in range(400)]
    both = index([*many, " ".join([*ENGLISH, "Its doctors treat patients every day of the week."])])
    question = understand("医院有多少床位？")
    assert [road.translated for road in roads_of(both, question)] == [False, True]
    assert len(roads_of(index([*many, *[QUOTING] * 40]), question)) == 1


def test_a_word_in_the_other_language_is_translated_where_no_text_holds_it() -> None:
    assert "王万 万鹏" in phrases(terms_of(index(CHINESE), "Wang Wanpeng是谁？"))
    assert "hospit" in phrases(terms_of(index(ENGLISH), "What does the 医院 offer?"))
    held = terms_of(index([*CHINESE, "Wang Wanpeng说"]), "Wang Wanpeng是谁？")
    assert phrases(held) == {"wang", "wanpeng"}


@pytest.mark.parametrize("question", ["Who is 王万鹏?", "When did 王万鹏 come?"])
def test_a_chinese_name_in_an_english_question_stands_for_itself(question: str) -> None:
    assert {"王万", "万鹏"} <= phrases(terms_of(index(CHINESE), question))
    assert best(CHINESE, question) == 0


@pytest.mark.parametrize(("text", "translated"), [(CHINESE[0], True), (ENGLISH[0], False)])
def test_a_text_is_read_by_the_road_in_its_language(text: str, translated: bool) -> None:
    question = understand("How many beds does the hospital have?")
    roads = roads_of(index([*CHINESE, *ENGLISH * 4]), question)
    assert road_to(text, roads, question).translated == translated


def test_where_there_is_one_road_it_is_taken() -> None:
    question = understand("How many beds does the hospital have?")
    roads = roads_of(index(CHINESE), question)
    assert road_to("", roads, question) == roads[0]
