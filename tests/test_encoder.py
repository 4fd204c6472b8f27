"""The built-in kind of encoder: a look-up by numpy that equals SentenceTransformer's."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from embeddings.encoder import StaticEncoder, is_static, unit_rows
from embeddings.errors import EncoderError
from embeddings.fitting import fit_encoder
from embeddings.sentence_transformer import SentenceTransformerEncoder, load_encoder

TEXTS = ["郑州市中心医院有 1500张床位。", "学校的老师给学生上课。", "The nurses were running."]
ODD = ["", "zebra", "\n", "郑州\n市", "the", "𠮷" * 50, "医院 hospital １２３"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("static")
    fit_encoder(TEXTS, place, width=16)
    return place


def set_prompts(folder: Path, prompts: dict[str, str]) -> None:
    path = folder / "config_sentence_transformers.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"prompts": prompts}))


def copied(folder: Path, to: Path) -> Path:
    for path in folder.rglob("*.*"):
        (to / path.relative_to(folder)).parent.mkdir(exist_ok=True, parents=True)
        (to / path.relative_to(folder)).write_bytes(path.read_bytes())
    return to


@pytest.mark.slow
def test_looked_up_vectors_are_those_of_sentence_transformers(folder: Path, tmp_path: Path) -> None:
    set_prompts(copied(folder, tmp_path / "s"), {"query": "医院 ", "document": ""})
    static = StaticEncoder.load(tmp_path / "s")
    model = SentenceTransformerEncoder("s", tmp_path / "s")
    assert static.width == model.width == 16
    texts = [*TEXTS, *ODD]
    documents, questions = static.encode_documents(texts), static.encode_questions(texts)
    assert np.allclose(documents, model.encode_documents(texts), atol=1e-6)
    assert np.allclose(questions, model.encode_questions(texts), atol=1e-6)
    assert not np.allclose(documents, questions, atol=1e-3)


def test_vectors_have_length_one_or_nought(folder: Path) -> None:
    encoder = StaticEncoder.load(folder)
    vectors = encoder.encode([*TEXTS, *ODD])
    assert vectors.dtype == np.float32
    assert vectors.shape == (10, encoder.width)
    assert np.allclose(np.linalg.norm(vectors[:3], axis=1), 1)
    assert not vectors[[3, 4, 5]].any()
    assert encoder.encode([]).shape == (0, 16)


def test_a_vector_does_not_depend_on_its_neighbours(folder: Path) -> None:
    encoder = StaticEncoder.load(folder)
    assert np.array_equal(encoder.encode(TEXTS)[1], encoder.encode(TEXTS[1:2])[0])


def test_the_fingerprint_follows_the_content_and_not_the_place(
    folder: Path, tmp_path: Path
) -> None:
    same = copied(folder, tmp_path / "same")
    assert StaticEncoder.load(same).fingerprint == StaticEncoder.load(folder).fingerprint
    set_prompts(same, {"query": "query: "})
    assert StaticEncoder.load(same).fingerprint != StaticEncoder.load(folder).fingerprint


@pytest.mark.parametrize(
    "name",
    ["model.safetensors", "tokenizer.json", "modules.json", "config_sentence_transformers.json"],
)
def test_a_damaged_folder_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    damaged = copied(folder, tmp_path / "damaged") / name
    damaged.write_bytes(damaged.read_bytes()[:20])
    with pytest.raises(EncoderError):
        StaticEncoder.load(tmp_path / "damaged")


def test_weights_of_another_tokenizer_are_refused(folder: Path, tmp_path: Path) -> None:
    fit_encoder([*TEXTS, "更多的词语"], copied(folder, tmp_path / "mixed"), width=16)
    (tmp_path / "mixed" / "model.safetensors").write_bytes(
        (folder / "model.safetensors").read_bytes()
    )
    with pytest.raises(EncoderError, match="damaged"):
        StaticEncoder.load(tmp_path / "mixed")


def test_unit_rows_leave_zero_rows_alone() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    assert np.allclose(rows, [[0.6, 0.8], [0, 0]])


def test_a_static_folder_is_looked_up_without_importing_torch(folder: Path) -> None:
    code = (
        "import sys; from embeddings.sentence_transformer import load_encoder; "
        f"load_encoder({str(folder)!r}).encode_questions(['医院']); "
        "print({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="holds no encoder"):
        load_encoder(tmp_path)
    assert not is_static(tmp_path)


def test_a_static_encoder_in_a_subfolder_is_not_looked_up(folder: Path, tmp_path: Path) -> None:
    path = copied(folder, tmp_path / "older") / "modules.json"
    assert is_static(tmp_path / "older")
    path.write_text(path.read_text().replace('"path": ""', '"path": "0_StaticEmbedding"'))
    assert not is_static(tmp_path / "older")


def test_weights_that_are_no_numbers_are_refused(folder: Path, tmp_path: Path) -> None:
    place = copied(folder, tmp_path / "odd")
    weights = load_file(place / "model.safetensors")
    weights["embedding.weight"][0, 0] = np.nan
    save_file(weights, place / "model.safetensors")
    with pytest.raises(EncoderError, match="damaged"):
        StaticEncoder.load(place)


@pytest.mark.parametrize("name", ["passage", "corpus"])
def test_a_document_s_prompt_may_have_other_names(folder: Path, tmp_path: Path, name: str) -> None:
    set_prompts(copied(folder, tmp_path / "s"), {"query": "", name: "医院 "})
    encoder = StaticEncoder.load(tmp_path / "s")
    assert np.array_equal(encoder.encode_documents(["学校"]), encoder.encode(["医院 学校"]))
    assert np.array_equal(encoder.encode_questions(["学校"]), encoder.encode(["学校"]))
