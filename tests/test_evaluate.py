"""Evaluation: figures that can be worked out by hand from three passages and four questions."""

import json
from pathlib import Path
from typing import Any

import pytest

from qa.answering.retrieve import retrieve
from qa.errors import NotFoundError, QAError
from qa.evaluation.evaluate import evaluate, indexed
from qa.evaluation.sets import holds, records
from qa.evaluation.without_gold import libraries_without

TEXTS = [
    {"id": "bridge", "title": "大桥", "text": "跨江大桥长三公里。桥面宽三十米。"},
    {"id": "orchard", "title": "果园", "text": "果园有八百亩。果农叫王德顺。"},
    {"id": "again", "title": "又是果园", "text": "果园有八百亩。果农叫王德顺。"},
]
ASKED = [
    {"id": 1, "question": "跨江大桥长多少公里？", "gold": "bridge", "answers": ["三公里"]},
    {"id": 2, "question": "果园有多少亩？", "gold": "orchard", "answers": ["八百亩"]},
    {"id": 3, "question": "电话是谁发明的？", "gold": None, "answers": []},
    {"id": 4, "question": "？", "gold": "bridge", "answers": ["三公里"]},
]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path / "p.jsonl", TEXTS), written(tmp_path / "q.jsonl", ASKED)


def test_the_figures_are_what_can_be_counted_by_hand(files: tuple[Path, Path]) -> None:
    figures = evaluate(*files).figures
    assert figures["questions"] == 4
    assert figures["recall@1"] == pytest.approx(2 / 3)  # the empty question finds nothing
    assert figures["mrr@10"] == pytest.approx(2 / 3)
    assert figures["sentence"] == pytest.approx(2 / 3)
    assert figures["false_answers"] == 0
    assert figures["unanswerable"] == 1
    assert figures["auroc"] == pytest.approx(1 - 0.5 / 3)  # the empty question ties at 0


def test_predictions_are_in_the_order_of_the_questions(files: tuple[Path, Path]) -> None:
    predictions = evaluate(*files).predictions
    assert [p.id for p in predictions] == [1, 2, 3, 4]
    assert predictions[0].ranked[0] == "bridge"
    assert predictions[0].sentence == "跨江大桥长三公里。"
    assert predictions[0].cited == ["bridge"]


def test_the_same_text_under_two_ids_is_found_under_both(files: tuple[Path, Path]) -> None:
    assert evaluate(*files).predictions[1].ranked[:2] == ["orchard", "again"]


def test_retrieval_alone_gives_no_answers(files: tuple[Path, Path]) -> None:
    found = evaluate(*files, retrieval_only=True)
    assert "sentence" not in found.figures
    assert not any(p.answer or p.answered for p in found.predictions[:3])


def test_the_wait_is_that_of_a_user_and_not_of_the_evaluation(files: tuple[Path, Path]) -> None:
    figures = evaluate(*files).figures
    assert 0 < (figures["query_p50_ms"] or 0) <= (figures["query_p95_ms"] or 0)


def test_a_best_sentence_is_right_only_in_its_gold_passage(tmp_path: Path) -> None:
    texts = [*TEXTS[:2], {"id": "copy", "title": "果园", "text": "果园有八百亩。"}]
    asked = [{**ASKED[1], "id": gold, "gold": gold} for gold in ("orchard", "copy")]
    files = written(tmp_path / "p.jsonl", texts), written(tmp_path / "q.jsonl", asked)
    found = evaluate(*files)
    assert found.figures["sentence"] == 1.0
    top = next(one for one in found.reliability if one.questions)
    assert top.right == 0.5


def test_without_its_gold_passage_a_question_is_refused(tmp_path: Path) -> None:
    files = written(tmp_path / "p.jsonl", TEXTS), written(tmp_path / "q.jsonl", ASKED[:3])
    found = evaluate(*files, without_gold=True)
    assert found.figures["questions"] == 3
    assert found.figures["without_gold_false_answers"] == 0
    assert found.figures["without_gold_auroc"] == 1.0
    assert sum(one.questions for one in found.reliability) == 3 + 2


def test_a_library_without_an_article_is_as_if_it_had_never_been_added() -> None:
    with indexed(TEXTS) as (library, _, _), indexed(TEXTS[:1]) as (other, _, _):
        (gone, rest), *more = libraries_without(library, ["orchard"])
        assert (gone, more) == (["orchard"], [])
        asked = "跨江大桥和果园"
        assert [h.article.source for h in retrieve(rest.snapshot(), asked)] == ["bridge"]
        words = [one.snapshot().words for one in (rest, other)]
        assert words[0].idf("大桥") == words[1].idf("大桥")
        assert {h.article.source for h in retrieve(library.snapshot(), asked)} > {"bridge"}


def test_every_article_is_taken_away_once() -> None:
    texts = [{"id": str(n), "title": "", "text": f"第{n}条新闻。"} for n in range(120)]
    with indexed(texts) as (library, names, _):
        taken = [source for some, _ in libraries_without(library, list(names)) for source in some]
    assert sorted(taken) == sorted(names)


def test_progress_is_told_of_every_question(files: tuple[Path, Path]) -> None:
    told: list[tuple[int, int, str]] = []
    evaluate(*files, progress=lambda done, total, name: told.append((done, total, name)))
    assert (4, 4, "questions") in told
    assert max(done / total for done, total, _ in told if total) <= 1


@pytest.mark.parametrize(
    ("text", "says"), [("not json", "line 1: not JSON"), ("[]", "fields"), ('{"id": 1}', "fields")]
)
def test_a_malformed_line_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(QAError, match=says):
        records(path, ("id", "title"))


def test_a_line_ends_where_json_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes('{"id": "一\u2028二"}\r\n\r\n{"id": "三\x85"}\n'.encode())
    assert [record["id"] for record in records(path, ("id",))] == ["一\u2028二", "三\x85"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"gone\.jsonl"):
        records(tmp_path / "gone.jsonl", ())


@pytest.mark.parametrize(
    ("texts", "asked", "says"),
    [
        ([*TEXTS, TEXTS[0]], ASKED, "same id"),
        (TEXTS, [{**ASKED[0], "gold": "nowhere"}], "'nowhere' of question 1 is not among"),
        (TEXTS, [{"id": 1, "question": "谁？"}], "needs the fields id, question, gold"),
        (TEXTS, [], "nothing to measure on"),
        ([], ASKED, "nothing to measure on"),
    ],
    ids=["same id", "unknown gold", "no gold", "no questions", "no passages"],
)
def test_files_that_do_not_fit_are_refused(
    tmp_path: Path, texts: list[dict[str, Any]], asked: list[dict[str, Any]], says: str
) -> None:
    with pytest.raises(QAError, match=says):
        evaluate(written(tmp_path / "p.jsonl", texts), written(tmp_path / "q.jsonl", asked))


def test_an_empty_answer_is_held_by_nothing() -> None:
    assert not holds("果园有八百亩。", {"answers": [""]})


def test_an_answer_is_held_whatever_its_spaces_and_width() -> None:
    assert holds("提供１５００ 张床位", {"answers": ["1500张"]})
    assert not holds("提供床位", {"answers": ["1500张"]})
    assert not holds("提供床位", {})
