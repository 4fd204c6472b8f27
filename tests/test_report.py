"""The report of an evaluation: lines, JSON and picture say the same as the figures."""

import json
from xml.etree import ElementTree

import pytest

from qa.evaluation.calibration import Bin, reliability
from qa.evaluation.diagram import reliability_svg
from qa.evaluation.evaluate import Evaluation
from qa.evaluation.figures import Figures
from qa.evaluation.report import evaluation_json, evaluation_lines, reliability_lines


@pytest.fixture
def bins() -> list[Bin]:
    return reliability([0.05, 0.95, 0.95], [False, True, False], [1.0] * 3)


def lines(figures: Figures, bins: list[Bin]) -> str:
    return "\n".join(evaluation_lines(Evaluation([], figures, bins)))


def test_figures_are_shown_with_their_units_and_what_they_mean() -> None:
    shown = lines({"questions": 1200, "recall@1": 0.5, "mrr@10": 0.5, "query_p50_ms": 9.96}, [])
    assert "1,200   asked" in shown
    assert "50.0 %   the gold passage is found first" in shown
    assert "0.500" in shown
    assert "10.0 ms" in shown


def test_what_was_not_measured_is_left_out() -> None:
    assert "auroc" not in lines({"questions": 1, "auroc": None}, [])


def test_each_bar_is_as_long_as_the_share_right_and_the_diagonal_rises(bins: list[Bin]) -> None:
    _, *rows, axis = reliability_lines(bins)
    assert len(rows) == 10
    assert rows[9].count("#") == 25
    assert "50 %" in rows[9]
    assert "#" not in rows[0]
    marks = [row.index("|") for row in rows]
    assert marks == sorted(marks)
    assert axis.index("100 %") > axis.index("50 %")


def test_a_set_in_which_all_can_be_answered_says_what_that_means(bins: list[Bin]) -> None:
    assert "--without-gold" in lines({"questions": 3, "unanswerable": 0}, bins)
    assert "--without-gold" not in lines({"questions": 3, "unanswerable": 1}, bins)


def test_json_holds_the_figures_and_the_bins(bins: list[Bin]) -> None:
    said = json.loads(json.dumps(evaluation_json(Evaluation([], {"recall@1": 0.5}, bins))))
    assert said["recall@1"] == 0.5
    assert list(said["reliability"][9]) == [
        "start", "end", "questions", "share", "confidence", "right"
    ]  # fmt: skip
    assert said["reliability"][9]["right"] == 0.5


def test_the_picture_has_a_bar_for_every_bin_with_questions(bins: list[Bin]) -> None:
    picture = ElementTree.fromstring(reliability_svg(bins))
    bars = [one for one in picture.iter() if "fill-opacity" in one.attrib]
    assert [float(bar.attrib["height"]) for bar in bars] == [0.0, 180.0]
    assert len(list(ElementTree.fromstring(reliability_svg([])).iter())) > 5
