"""From passages to the sentences that are quoted: candidates, features, reader, selection."""

from pathlib import Path

import numpy as np
import pytest

from qa.answering.candidates import candidates
from qa.answering.evidence import EVIDENCE_NAMES, confidence, evidence
from qa.answering.features import NAMES, features, longest_run, new_forms
from qa.answering.finding import wanted_from
from qa.answering.query import roads_of
from qa.answering.question import understand
from qa.answering.reader import Reading, network, read
from qa.answering.retrieve import retrieve
from qa.answering.selection import answering_words, selection
from qa.answering.wanted import Wanted
from qa.library.library import Library


def asked(library: Library, text: str) -> tuple[Wanted, list[Reading]]:
    snapshot, question = library.snapshot(), understand(text)
    roads = roads_of(snapshot.words, question)
    hits = retrieve(snapshot, text, 3, roads=roads)
    want = wanted_from(snapshot.words, question, roads, hits)
    return want, read(want, candidates(hits))


def test_candidates_are_all_sentences_of_the_passages_in_order(filled: Library) -> None:
    hits = retrieve(filled.snapshot(), "石桥镇苹果", 1)
    found = candidates(hits)
    assert [c.nth for c in found] == list(range(len(hits[0].passage.sentences)))
    assert found[0].opens
    assert not found[1].opens


def test_features_are_finite_and_named(filled: Library) -> None:
    want, _ = asked(filled, "石桥镇今年亩产多少斤？")
    found = candidates(retrieve(filled.snapshot(), "石桥镇苹果", 3))
    rows = features(want, found)
    assert rows.shape == (len(found), len(NAMES))
    assert np.isfinite(rows).all()


def test_no_candidates_have_no_features(filled: Library) -> None:
    want, _ = asked(filled, "石桥镇今年亩产多少斤？")
    assert features(want, []).shape == (0, len(NAMES))


def test_the_reader_puts_the_answering_sentence_first(filled: Library) -> None:
    _, readings = asked(filled, "石桥镇今年苹果亩产多少斤？")
    assert "六千斤" in readings[0].candidate.text
    assert sum(r.probability for r in readings) == pytest.approx(1, abs=1e-4)
    scores = [r.score for r in readings]
    assert scores == sorted(scores, reverse=True)


def test_a_network_for_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="training"):
        network("evidence", NAMES)


def test_confidence_is_higher_where_the_answer_is_printed(filled: Library) -> None:
    there = confidence(*asked(filled, "石桥镇今年苹果亩产多少斤？"))
    missing = confidence(*asked(filled, "石桥镇今年苹果出口多少吨？"))
    assert 0 <= missing < there <= 1


def test_without_sentences_there_is_no_confidence(filled: Library) -> None:
    want, _ = asked(filled, "石桥镇今年亩产多少斤？")
    assert confidence(want, []) == 0


@pytest.mark.parametrize("question", ["为什么？", "的", "What is it?"])
def test_a_question_that_names_nothing_is_never_answered(filled: Library, question: str) -> None:
    assert confidence(*asked(filled, question)) == 0


def test_a_passage_of_other_years_than_the_one_asked_for_is_doubted(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "page.txt").write_text(
        "医院公布手术量\n\n本报讯 据介绍，城东医院2021年手术量为4.11万台。\n记者 张三\n", "utf-8"
    )
    library.add([tmp_path / "page.txt"])
    right, wrong = (
        confidence(*asked(library, f"城东医院{year}年手术量是多少？")) for year in (2021, 2020)
    )
    assert right > 0.5
    assert wrong < right - 0.3


def test_a_passage_with_the_opposite_of_a_name_is_doubted(library: Library, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(
        "山里娃踢出冠军\n\n本报讯 石鼓小学有136名学生，其中女足队员22人。\n记者 张三\n", "utf-8"
    )
    library.add([tmp_path / "page.txt"])
    right, wrong = (
        confidence(*asked(library, f"石鼓小学{team}有多少名队员？")) for team in ("女足", "男足")
    )
    assert right > 0.5
    assert wrong < 0.4


def test_a_sentence_that_affirms_what_the_question_denies_is_doubted(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "page.txt").write_text(
        "水厂听证会举行\n\n本报讯 3月8日，清水河水厂听证会举行，副县长姚建新、工程师赵德明出席。"
        "退休教师储月娥没有发言。\n记者 张三\n",
        "utf-8",
    )
    library.add([tmp_path / "page.txt"])
    attended, missed, silent = (
        confidence(*asked(library, question))
        for question in (
            "谁出席了清水河水厂听证会？",
            "谁没有出席清水河水厂听证会？",
            "清水河水厂听证会上谁没有发言？",
        )
    )
    assert attended > 0.5
    assert missed < attended - 0.25
    assert silent > 0.5


def test_a_question_whether_something_is_so_denies_nothing(filled: Library) -> None:
    plainly, whether = (
        confidence(*asked(filled, f"石桥镇今年{word}丰收？")) for word in ("苹果", "苹果是不是")
    )
    assert abs(plainly - whether) < 0.25


def test_who_has_a_title_is_not_who_has_another(library: Library, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(
        "新增三条公交线路\n\n本报讯 县交通局局长魏长海表示，明年开通夜间班线。\n记者 张三\n",
        "utf-8",
    )
    library.add([tmp_path / "page.txt"])
    head, deputy = (
        confidence(*asked(library, f"县交通局{title}是谁？")) for title in ("局长", "副局长")
    )
    assert head > 0.5
    assert deputy < 0.4


def test_a_passage_with_no_name_of_an_english_question_is_doubted(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "page.txt").write_text(
        "巴黎友人做客\n\n本报讯 5月3日,巴黎图书馆馆长安妮来滨海市参观,捐赠图书320册。\n记者 张三\n",
        "utf-8",
    )
    library.add([tmp_path / "page.txt"])
    right, wrong = (
        confidence(*asked(library, f"When did the mayor of {city} visit the library?"))
        for city in ("Paris", "London")
    )
    assert right > 0.5
    assert wrong < 0.4


def test_a_passage_without_a_place_that_is_asked_about_is_doubted(filled: Library) -> None:
    doubted, sure = (
        confidence(*asked(filled, f"{place}三座跨江大桥总投资多少元？"))
        for place in ("巴黎", "滨海市")
    )
    assert doubted < sure - 0.07


def test_who_has_a_title_is_sought_where_the_title_stands(library: Library, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(
        "医院开诊\n\n本报讯 云溪医院骨科专家赵德明是云溪医院的骨科主任。开诊当天,院长孙丽华致辞。\n"
        "记者 张三\n",
        "utf-8",
    )
    library.add([tmp_path / "page.txt"])
    _, readings = asked(library, "云溪医院的院长是谁？")
    assert "孙丽华" in readings[0].candidate.text


def test_evidence_has_one_number_for_each_name(filled: Library) -> None:
    want, readings = asked(filled, "馆长是谁？")
    row = evidence(want, readings)
    assert row.shape == (len(EVIDENCE_NAMES),)
    assert np.isfinite(row).all()


def test_the_best_sentence_is_always_selected_first(filled: Library) -> None:
    want, readings = asked(filled, "三座大桥总投资多少元？")
    assert selection(want.question, readings)[0] is readings[0]
    assert selection(want.question, []) == []


def test_the_form_nearest_to_the_question_is_the_answering_one(filled: Library) -> None:
    want, readings = asked(filled, "谁出席了大桥的开工仪式？")
    page = filled.page_text(readings[0].candidate.hit.article.page_id)
    assert [span.of(page) for span in answering_words(want, readings[0])] == ["林晓帆"]


def test_a_form_that_the_question_names_is_not_new() -> None:
    question = understand("5月12日谁出席了仪式？")
    assert new_forms("局长林晓帆出席。", question)
    assert not new_forms("局长林晓帆出席。", understand("林晓帆和谁一起？"))


@pytest.mark.parametrize(
    ("one", "other", "run"),
    [("县图书馆开放", "新图书馆", "图书馆"), ("甲", "乙", ""), ("", "", "")],
)
def test_the_longest_common_run_is_found(one: str, other: str, run: str) -> None:
    assert longest_run(one, other).of(one) == run
