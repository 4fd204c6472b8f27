"""English phrases: where a noun phrase of a question ends is told without a tagger."""

import pytest

from qa.answering.english_phrases import asked_noun, english_phrases


def wholes(question: str) -> list[str]:
    return [phrase.whole.of(question) for phrase in english_phrases(question)]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When will the battery plant open?", "the battery plant"),
        ("When will the battery plant start production?", "the battery plant"),
        ("When did the train collide with the bus?", "the train"),
        ("How many stations does Metro Line 6 have?", "Metro Line 6"),
        ("When was the old library built?", "the old library"),
        ("Is the museum free?", "the museum"),
        ("Who built the harbour bridge?", "the harbour bridge"),
        ("Who chaired the safety meeting?", "the safety meeting"),
        ("Where is the site of the battle?", "the site of the battle"),
        ("Who will open the solar farm near Cotton Hill?", "the solar farm near Cotton Hill"),
        ("How much did the repair of the pagoda cost in 2020?", "the repair of the pagoda"),
        ("Which firm won the contract for the road?", "the contract"),
        ("What did Brightwater Energy announce on Monday?", "Brightwater Energy"),
        ("Museum: When does the cafe open?", "the cafe"),
    ],
)
def test_a_phrase_ends_before_the_verb(question: str, first: str) -> None:
    assert wholes(question)[0] == first


@pytest.mark.parametrize("question", ["Who is he?", "When did it open?", "Why?", "Thanks", ""])
def test_where_nothing_is_named_there_is_no_phrase(question: str) -> None:
    assert wholes(question) == []


def test_times_are_no_phrases() -> None:
    assert wholes("What opened last week in May?") == []


def test_names_and_prepositions_are_known() -> None:
    question = "Who is the director of Harbour Museum?"
    director, museum = english_phrases(question)
    assert (director.first, director.named(question)) == (True, False)
    assert (museum.preposition, museum.named(question)) == ("of", True)


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many beds does the clinic have?", "beds"),
        ("Which city won?", "city"),
        ("Museum: How many rooms are there?", "rooms"),
        ("Who won?", ""),
    ],
)
def test_the_noun_that_is_asked_for_is_told(question: str, noun: str) -> None:
    assert asked_noun(question) == noun
