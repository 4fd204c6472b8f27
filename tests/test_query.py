"""Query: a question's words, in the library's language and script."""

import pytest

from embeddings.tokens import tokens
from embeddings.words import Term, WordIndex
from qa.answering.query import terms_of
from qa.answering.question import understand

CHINESE = ["这家医院提供一千五百张床位,王万鹏8月21日到会。", "五龙口村的安置房开工了。"]
TRADITIONAL = ["這家醫院提供床位,國王到會。", "安置房對村民開放。"]
ENGLISH = ["The hospital offers many beds.", "The village built new houses."]


def index(texts: list[str]) -> WordIndex:
    return WordIndex.build(range(len(texts)), map(tokens, texts))


def best(texts: list[str], question: str) -> int:
    words = index(texts)
    return int(words.scores(terms_of(words, understand(question))).argmax())


def phrases(terms: list[Term]) -> set[str]:
    return {phrase for term in terms for phrase, _ in term.alternatives}


def test_a_question_in_the_language_of_the_library_is_its_own_words() -> None:
    found = terms_of(index(CHINESE), understand("医院有多少床位？"))
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


@pytest.mark.parametrize("date", ["August 21", "21 August", "21st of August"])
def test_an_english_date_is_looked_for_as_a_chinese_one(date: str) -> None:
    words = index(CHINESE)
    assert {"8", "21"} <= phrases(terms_of(words, understand(f"Who came on {date}?")))
