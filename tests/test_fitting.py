"""The encoder fitted on a library, and the lexicon it reads with."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import StaticEncoder
from embeddings.fitting import fit_encoder
from embeddings.lexicon import UNKNOWN, lexicon

TEXTS = [
    "郑州市中心医院提供床位一千五百张，医生和护士全天接诊。",
    "医院的医生为病人看病，护士照顾病人，床位紧张。",
    "学校的老师给学生上课，教室里有三十名学生。",
    "老师带领学生参观学校的图书馆，教室整洁。",
    "The hospital has nurses and doctors; a nurse is running.",
    "The school teachers teach students in classrooms.",
]


def fitted(folder: Path, texts: list[str], width: int = 128) -> StaticEncoder:
    fit_encoder(texts, folder, width=width)
    return StaticEncoder.load(folder)


def test_the_same_texts_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        fit_encoder(TEXTS, tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 5
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_other_texts_give_another_fingerprint(tmp_path: Path) -> None:
    one, two = fitted(tmp_path / "1", TEXTS), fitted(tmp_path / "2", TEXTS[:3])
    assert one.fingerprint != two.fingerprint


def test_a_question_is_nearest_to_the_text_about_it(tmp_path: Path) -> None:
    encoder = fitted(tmp_path, TEXTS)
    asked = encoder.encode_questions(["哪家医院有床位？", "教室里有多少学生？", "Who teaches?"])
    best = (asked @ encoder.encode_documents(TEXTS).T).argmax(axis=1)
    assert best[0] in (0, 1)
    assert best[1] in (2, 3)
    assert best[2] == 5


def test_words_that_keep_company_are_near_each_other(tmp_path: Path) -> None:
    texts = [*TEXTS[:4], "护士和医生在医院。", "学生和老师在学校。"]
    nurse, doctor, pupil = fitted(tmp_path, texts, width=2).encode(["护士", "医生", "学生"])
    assert nurse @ doctor > nurse @ pupil


def test_forms_of_one_english_word_have_one_vector(tmp_path: Path) -> None:
    encoder = fitted(tmp_path, [*TEXTS, "She runs. They run."])
    running, runs = encoder.encode(["running", "Runs"])
    assert np.allclose(running, runs)
    assert running.any()


def test_a_word_that_only_stands_inside_longer_ones_has_their_meaning(tmp_path: Path) -> None:
    encoder = fitted(tmp_path, ["郑州市开会", "学校放假"])
    part, whole, other = encoder.encode(["郑州", "郑州市", "学校"])
    assert part @ whole > 0.9 > part @ other


def test_stop_words_and_unknown_words_carry_nothing(tmp_path: Path) -> None:
    encoder = fitted(tmp_path, TEXTS)
    assert not encoder.encode(["the of and", "zebra", "。！", ""]).any()


@pytest.mark.parametrize("texts", [[], [""], ["the"], ["字"]], ids=["none", "empty", "stop", "one"])
def test_however_little_there_is_to_fit_on_the_width_is_kept(
    tmp_path: Path, texts: list[str]
) -> None:
    encoder = fitted(tmp_path, texts, width=32)
    assert encoder.width == 32
    assert encoder.encode(["字", "other"]).shape == (2, 32)


def test_no_vector_is_ever_not_a_number(tmp_path: Path) -> None:
    encoder = fitted(tmp_path, [*TEXTS, *TEXTS, "", "\x00 𠮷野家 \n\n ½ ﷺ"])
    assert np.isfinite(encoder.encode([*TEXTS, "𠮷野家", "\x00"])).all()


def test_the_lexicon_reads_dictionary_words_characters_and_numbers() -> None:
    tokens = lexicon(TEXTS).encode("中心医院有 1500张床位").tokens
    assert [t for t in tokens if t != "▁"] == ["中心医院", "有", "1500", "张", "床位"]


def test_the_lexicon_reads_over_a_hard_line_break() -> None:
    reader = lexicon(TEXTS)
    assert reader.encode("中心医\n院").tokens == reader.encode("中心医院").tokens


def test_the_lexicon_never_builds_a_latin_word_from_shorter_ones() -> None:
    reader = lexicon(["the car and the pet"])
    assert reader.get_vocab()["▁car"] > 1
    assert "▁pet" not in reader.encode("carpet").tokens
    assert reader.get_vocab()[UNKNOWN] == 0
