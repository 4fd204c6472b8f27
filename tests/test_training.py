"""Training: questions with known answers → the reader's weights, the same each time."""

import json
from pathlib import Path

import numpy as np
import pytest

from qa.evaluation.examples import Example, examples
from qa.evaluation.sets import records
from qa.evaluation.training import NEWSPAPER, train

NUMBER = {"桥": "三座", "路": "五条", "校": "七所", "园": "九处"}


def write_set(folder: Path) -> Path:
    """A set of twelve small articles, each with two questions, one of them with no answer."""
    passages, questions = [], []
    for n, town in enumerate("甲乙丙丁戊己庚辛壬癸子丑"):
        thing, many = list(NUMBER.items())[n % 4]
        text = f"{town}镇昨天开会。会上说，今年新修{thing}{many}。散会时下起了小雨。"
        passages.append({"id": f"p{n}", "title": f"{town}镇的计划", "text": text})
        asked = {"question": f"{town}镇新修多少{thing}？", "gold": f"p{n}", "answers": [many]}
        never = {"question": f"{town}镇的镇长是谁？", "gold": None, "about": f"p{n}"}
        questions += [{"id": f"q{n}", **asked}, {"id": f"t{n}", **never}]
    for name, written in (("passages", passages), ("questions", questions)):
        lines = [json.dumps(record, ensure_ascii=False) for record in written]
        (folder / f"towns.{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    return examples([write_set(tmp_path_factory.mktemp("set"))])


def of_kind(found: list[Example], kind: str) -> list[Example]:
    return [example for example in found if example.kind == kind]


def test_the_answering_sentence_is_marked_where_there_is_one(found: list[Example]) -> None:
    for example in of_kind(found, "there"):
        marked = [c.text for c, r in zip(example.found, example.right, strict=True) if r]
        assert len(marked) == 1
        assert "新修" in marked[0]


def test_nothing_is_marked_where_the_answer_is_gone(found: list[Example]) -> None:
    others = [e for e in found if e.kind != "there"]
    assert {e.kind for e in others} == {"article gone", "sentence gone", "never there"}
    assert not any(example.right.any() for example in others)


def test_an_article_that_is_gone_is_not_among_the_candidates(found: list[Example]) -> None:
    for example in of_kind(found, "article gone"):
        title = example.want.question.text[:2] + "的计划"
        assert title not in {c.hit.article.title for c in example.found}


def test_a_question_keeps_to_the_fold_of_its_article(found: list[Example]) -> None:
    groups = {e.want.question.text[:2]: e.group for e in of_kind(found, "there")}
    for example in of_kind(found, "never there"):
        assert example.group == groups[example.want.question.text[:2]]


def test_training_twice_gives_the_same_weights(found: list[Example]) -> None:
    one, two = train(found), train(found)
    assert json.dumps(one.networks["sentence"].to_json()) == json.dumps(
        two.networks["sentence"].to_json()
    )
    assert one.calibration == two.calibration


def test_what_was_learned_finds_the_sentence(found: list[Example]) -> None:
    network = train(found).networks["sentence"]
    there = of_kind(found, "there")
    assert np.mean([e.right[np.argmax(network(e.rows))] for e in there]) > 0.9


def test_the_newspaper_questions_name_sentences_of_their_articles() -> None:
    texts = {p["id"]: p["text"] for p in records(NEWSPAPER / "newspaper.passages.jsonl", ("id",))}
    for question in records(NEWSPAPER / "newspaper.questions.jsonl", ("sentences", "answers")):
        for sentence in question["sentences"]:
            assert sentence in texts[question["gold"]]
        assert all(any(a in s for s in question["sentences"]) for a in question["answers"])
