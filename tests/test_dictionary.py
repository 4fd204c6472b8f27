"""Questions in one language find text in the other: words, phrases, names, scripts."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.dictionary import Dictionary, characters
from embeddings.names import NameReader, readings
from embeddings.scripts import in_both_scripts, simplified
from embeddings.tokens import tokens
from embeddings.words import Term, WordIndex

TEXTS = [
    "市中心医院共设置病床八百张，由建设集团承建。",
    "总经理王万鹏介绍了新的图书馆。",
    "五龙口村的村民讨论了垃圾分类。",
    "特斯拉与罗伯特·莱恩合作，成立了电力公司。",
    "The general manager opened a hospital with 800 beds.",
    "The library lends books to children in the village.",
    "縣裡的圖書館後來開放了。",
]


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return Dictionary()


@pytest.fixture(scope="module")
def index() -> WordIndex:
    return WordIndex.build(range(len(TEXTS)), map(tokens, TEXTS))


@pytest.fixture(scope="module")
def names() -> NameReader:
    lists = [set(tokens(text)) for text in TEXTS]
    pairs = {t for found in lists for t in found if len(t) == 2 and ord(t[0]) > 0x3400}

    def held(phrases: Sequence[str]) -> list[str]:
        return [p for p in phrases if any(found >= set(p.split()) for found in lists)]

    return NameReader(pairs, held)


def best(index: WordIndex, terms: list[Term]) -> str:
    scores = index.scores(terms)
    return TEXTS[int(np.argmax(scores))] if scores.any() else ""


def terms_of(
    dictionary: Dictionary, question: str, names: NameReader | None = None
) -> list[set[str]]:
    terms = dictionary.chinese_terms(question, names)
    return [{text for text, _ in term.alternatives} for term in terms]


def alternatives(terms: list[Term]) -> dict[str, float]:
    return {text: trust for term in terms for text, trust in term.alternatives}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many sickbeds does the hospital provide?", TEXTS[0]),
        ("What was built by the construction group?", TEXTS[0]),
        ("What did the villagers discuss about garbage?", TEXTS[2]),
    ],
)
def test_an_english_question_finds_the_chinese_text(
    dictionary: Dictionary, question: str, answer: str
) -> None:
    chinese = WordIndex.build(range(4), map(tokens, TEXTS[:4]))
    assert best(chinese, dictionary.chinese_terms(question)) == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("医院有多少张病床？", TEXTS[4]),
        ("图书馆借书给谁？", TEXTS[5]),
        ("圖書館借書給誰？", TEXTS[5]),
    ],
)
def test_a_chinese_question_finds_the_english_text(
    dictionary: Dictionary, index: WordIndex, question: str, answer: str
) -> None:
    assert best(index, dictionary.english_terms(question)) == answer


def test_a_phrase_is_translated_as_one(dictionary: Dictionary) -> None:
    terms = dictionary.chinese_terms("Who is the general manager?")
    assert terms[0].alternatives[0] == ("总经 经理", 1.0)
    assert all(term.weight < terms[0].weight for term in terms[1:])


@pytest.mark.parametrize(
    ("form", "plain"), [("fled", "flee"), ("children", "child"), ("villages", "village")]
)
def test_an_inflected_form_means_its_plain_word(
    dictionary: Dictionary, form: str, plain: str
) -> None:
    given, expected = (alternatives(dictionary.chinese_terms(word)) for word in (form, plain))
    assert set(expected) - {plain} <= set(given)


def test_a_word_the_dictionary_lacks_borrows_from_its_nearest_kin(dictionary: Dictionary) -> None:
    kin = alternatives(dictionary.chinese_terms("dinosauroid"))
    assert "恐龙" in kin
    assert kin["恐龙"] < 1


@pytest.mark.parametrize(
    ("slip", "meant"), [("septicemia", "septicaemia"), ("prostution", "prostitution")]
)
def test_a_word_spelt_otherwise_is_taken_for_the_one_most_alike(
    dictionary: Dictionary, slip: str, meant: str
) -> None:
    found, expected = (alternatives(dictionary.chinese_terms(word)) for word in (slip, meant))
    shared = found.keys() & expected.keys()
    assert len(shared) > len(expected) / 2
    assert all(found[text] < expected[text] for text in shared if expected[text] < 1)


@pytest.mark.parametrize(
    ("word", "character"), [("island", "岛"), ("ball", "球"), ("team", "队"), ("panther", "豹")]
)
def test_what_many_names_share_is_a_translation(
    dictionary: Dictionary, word: str, character: str
) -> None:
    assert alternatives(dictionary.chinese_terms(word))[character] > 0.25


def test_a_large_number_is_looked_for_as_chinese_writes_it(dictionary: Dictionary) -> None:
    assert {"505", "50500", "5.05"} <= alternatives(
        dictionary.chinese_terms("505 million years")
    ).keys()


def test_numbers_and_latin_names_stand_for_themselves(dictionary: Dictionary) -> None:
    assert dictionary.chinese_terms("1,500 in 2019") == [
        Term((("1500", 1.0),)),
        Term((("2019", 1.0),)),
    ]
    assert Term((("nsfnet", 1.0),)) in dictionary.english_terms("NSFNET是什么")


def test_words_that_only_ask_are_no_terms(dictionary: Dictionary) -> None:
    assert dictionary.chinese_terms("How many of what were there?") == []
    assert dictionary.english_terms("是谁？") == []


@pytest.mark.parametrize("question", ["", "？！", "\ud83c\udf89", "ⅫÀ", "'s"])
def test_a_question_without_words_has_few_terms_and_no_error(
    dictionary: Dictionary, names: NameReader, question: str
) -> None:
    assert len(dictionary.chinese_terms(question, names)) <= 1
    assert len(dictionary.english_terms(question)) <= 1


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_asked(text: str) -> None:
    dictionary = SHARED
    for terms in (dictionary.chinese_terms(text), dictionary.english_terms(text)):
        assert all(0 < trust <= 1 for trust in alternatives(terms).values())


SHARED = Dictionary()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("wanpeng", "万鹏"),
        ("wulongkou", "五龙 龙口"),
        ("robert", "罗伯 伯特"),
        ("tesla", "特斯 斯拉"),
    ],
)
def test_a_name_is_read_in_characters_that_occur(
    names: NameReader, name: str, written: str
) -> None:
    assert names.spelled(name)[0] == (written, 1.0)


def test_a_name_that_does_not_occur_is_hardly_trusted(names: NameReader) -> None:
    assert names.spelled("zhengzhou")[0][1] < 0.5
    assert names.in_pinyin("zhengzhou") == []


def test_surname_and_given_name_are_one_name(
    dictionary: Dictionary, index: WordIndex, names: NameReader
) -> None:
    terms = dictionary.chinese_terms("Who is Wang Wanpeng?", names)
    assert terms == [Term((("王万 万鹏", 1.0),), weight=2.0, name=True)]
    assert best(index, terms) == TEXTS[1]


def test_a_given_name_may_be_an_english_word_that_names_nothing(
    dictionary: Dictionary, names: NameReader
) -> None:
    assert terms_of(dictionary, "Who met He Zuo?", names)[-1] == {"合作"}


def test_a_phrase_that_no_text_says_is_only_its_words(
    dictionary: Dictionary, names: NameReader
) -> None:
    asked = "Who is the branch secretary?"
    assert {"支书"} in terms_of(dictionary, asked)
    assert [term.weight for term in dictionary.chinese_terms(asked, names)] == [1.0, 1.0]


def test_a_verb_and_its_particle_are_one_phrase(dictionary: Dictionary) -> None:
    assert {"主持"} in terms_of(dictionary, "Who presided over the meeting?")
    assert not any("over" in said for said in terms_of(dictionary, "Who presided over it?"))


def test_the_best_translation_that_occurs_is_trusted_more(
    dictionary: Dictionary, names: NameReader
) -> None:
    anywhere = alternatives(dictionary.chinese_terms("the bed"))
    here = alternatives(dictionary.chinese_terms("the bed", names))
    assert anywhere["床"] < here["床"] < 1.0


def test_a_chinese_name_is_spelt_for_english_text(dictionary: Dictionary) -> None:
    assert "wangwanpeng" in readings("王万鹏")
    assert {"wangwan", "wanpeng"} <= set(alternatives(dictionary.english_terms("王万鹏是谁")))


def test_the_pairs_of_a_word_do_not_cross_its_dot() -> None:
    assert characters("马丁·路德") == "马丁 路德"
    assert characters("床") == "床"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_simplifying_keeps_every_offset(text: str) -> None:
    assert len(simplified(text)) == len(text)
    assert simplified(simplified(text)) == simplified(text)


@pytest.mark.parametrize("text", ["辽宁省", "宁波", "什么"])
def test_simplified_text_stays_as_it_is(text: str) -> None:
    assert simplified(text) == text


def test_traditional_characters_become_simplified_ones() -> None:
    assert simplified("縣裡的圖書館後來開放了") == "县里的图书馆后来开放了"


def test_a_question_in_one_script_finds_text_in_the_other_at_less_trust(index: WordIndex) -> None:
    plain = [Term(((token, 1.0),)) for token in tokens("后来开放")]
    both = in_both_scripts(plain)
    assert best(index, both) == TEXTS[6]
    trust = alternatives(both)
    assert trust["后来"] == 1
    assert 0 < trust["後來"] < 0.5


def test_both_scripts_leave_other_terms_alone() -> None:
    terms = [Term((("2019", 1.0), ("hospit", 0.5)), 2.0)]
    assert in_both_scripts(terms) == terms
