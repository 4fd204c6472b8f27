"""Models: what suits a machine, what is on disk whole or half, and what is told of it."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.library.library import Library
from qa.models import dictionary, model_card, models_in_use
from qa.models.advice import automatic_chat_model, chat_model_folder, recommended, tokens_per_second
from qa.models.catalogue import CATALOGUE, entries, entry
from qa.models.machine import Accelerator, Machine, gpu_named_by, memory_in_use, this_machine
from qa.models.on_disk import (
    cached_models,
    find_model,
    folder_name,
    folder_of,
    is_whole,
    part_of,
)
from qa.models.overview import overview, overview_lines

GIB = 1 << 30
COMMIT = "c0ffee" + "0" * 34
SMALL = Machine(8 * GIB, 6 * GIB, 2)
CHAT = {
    "config.json": {"architectures": ["Qwen3ForCausalLM"], "max_position_embeddings": 40960},
    "tokenizer.json": {},
    "tokenizer_config.json": {"chat_template": "{{ messages }}"},
    "model.safetensors": "weights",
    "README.md": "---\nlicense: apache-2.0\n---\n# A model\n",
}
ENCODER = {
    "config.json": {"architectures": ["XLMRobertaModel"], "max_position_embeddings": 514,
                    "model_type": "xlm-roberta"},
    "modules.json": [{"path": "", "type": "sentence_transformers.models.Transformer"}],
    "sentencepiece.bpe.model": "vocabulary",
    "pytorch_model.bin": "weights",
    "README.md": "---\ntags:\n- mteb\nmodel-index:\n- name: x\nlicense: mit\n---\n",
}  # fmt: skip
RERANKER = ENCODER | {
    "config.json": {"architectures": ["XLMRobertaForSequenceClassification"],
                    "id2label": {"0": "LABEL_0"}, "max_position_embeddings": 8192},
}  # fmt: skip
del RERANKER["modules.json"]


def keep(cache: Path, name: str, files: dict[str, Any], main: str = COMMIT) -> Path:
    """Write a model into the cache as the hub's package does; return the folder of its files."""
    repository = cache / folder_name(name)
    folder = repository / "snapshots" / COMMIT
    (repository / "blobs").mkdir(parents=True)
    for number, (path, content) in enumerate(files.items()):
        blob = repository / "blobs" / f"{number:040}"
        blob.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(blob)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(main)
    return folder


def without(files: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: content for name, content in files.items() if name not in names}


# What is recommended


def chat_model(machine: Machine) -> str | None:
    return next(one.name for one in recommended(machine) if one.part == "answerer")


def with_gpu(gigabytes: int | None) -> Machine:
    memory = None if gigabytes is None else gigabytes * GIB
    return replace(SMALL, accelerator=Accelerator("cuda", "A GPU", memory))


def apple(gigabytes: int) -> Machine:
    memory = gigabytes * GIB
    return Machine(memory, memory // 2, 8, Accelerator("mps", "Apple GPU", memory))


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        (SMALL, "Qwen/Qwen3-0.6B"),
        (Machine(64 * GIB, 60 * GIB, 2), "Qwen/Qwen3-0.6B"),
        (Machine(64 * GIB, 60 * GIB, 8), "Qwen/Qwen3-1.7B"),
        (Machine(8 * GIB, 6 * GIB, 8), "Qwen/Qwen3-0.6B"),
        (Machine(2 * GIB, GIB, 8), None),
        (with_gpu(None), "Qwen/Qwen3-0.6B"),  # as if there were none
        (with_gpu(4), "Qwen/Qwen3-0.6B"),
        (with_gpu(8), "Qwen/Qwen3-1.7B"),
        (with_gpu(10), "Qwen/Qwen3-4B-Instruct-2507"),
        (apple(8), "Qwen/Qwen3-0.6B"),
        (apple(16), "Qwen/Qwen3-1.7B"),
        (apple(24), "Qwen/Qwen3-4B-Instruct-2507"),
    ],
)
def test_the_chat_model_suits_memory_and_speed(machine: Machine, name: str | None) -> None:
    assert chat_model(machine) == name


def test_larger_models_are_recommended_only_where_all_three_fit() -> None:
    small = {one.part: one.name for one in recommended(SMALL)}
    large = {one.part: one.name for one in recommended(with_gpu(80))}
    assert small["encoder"] == "intfloat/multilingual-e5-small"
    assert small["reranker"] is None
    assert (large["encoder"], large["reranker"]) == ("BAAI/bge-m3", "BAAI/bge-reranker-v2-m3")


def test_speed_is_reckoned_from_the_one_that_was_measured() -> None:
    speeds = [tokens_per_second(one, SMALL) for one in entries("answerer")]
    assert [round(speed) for speed in speeds] == [13, 5, 2]
    why = "tokens/s on 2 cores are about: Qwen3-0.6B 13, Qwen3-1.7B 5, Qwen3-4B-Instruct-2507 2"
    assert recommended(SMALL)[0].why == why


def test_every_name_that_is_recommended_is_in_the_catalogue() -> None:
    machines = [SMALL, with_gpu(None), with_gpu(80), apple(64)]
    named = {one.name for machine in machines for one in recommended(machine)} - {None}
    assert named <= {one.name for one in CATALOGUE}


def test_a_model_is_known_by_its_short_name_too() -> None:
    assert entry("qwen3-0.6b") == entry("Qwen/Qwen3-0.6B") == entries("answerer")[0]
    assert entry("Qwen3") is None


def test_this_machine_is_measured() -> None:
    here = this_machine()
    assert 0 < here.available <= here.memory
    assert here.cores >= 1
    assert 10**7 < memory_in_use() < here.memory


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("NVIDIA L4, 23034\n", Accelerator("cuda", "NVIDIA L4", 23034 << 20)),
        ("Card, no. 1, 100\nCard 2, 200\n", Accelerator("cuda", "Card, no. 1", 100 << 20)),
        ("NVIDIA GB10, [N/A]\n", Accelerator("cuda", "NVIDIA GB10", None)),
        ("No devices were found\n", None),
        ("", None),
    ],
)
def test_the_driver_tells_which_gpu_there_is(
    tmp_path: Path, told: str, found: Accelerator | None
) -> None:
    (tmp_path / "told").write_text(told)
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\ncat '{tmp_path}/told'\n")
    program.chmod(0o755)
    assert gpu_named_by(str(program)) == found


def test_a_driver_that_fails_tells_of_no_gpu(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed, 9'\nexit 9\n")
    program.chmod(0o755)
    assert gpu_named_by(str(program)) is None
    assert gpu_named_by(str(tmp_path / "nowhere")) is None


# What is on disk


def test_whole_models_are_found_with_what_their_files_say(tmp_path: Path) -> None:
    folder = keep(tmp_path, "Qwen/Qwen3-0.6B", CHAT)
    keep(tmp_path, "an/encoder", ENCODER)
    keep(tmp_path, "a/reranker", RERANKER)
    reranker, encoder, chat = sorted(cached_models(tmp_path), key=lambda one: one.name.lower())
    assert find_model(tmp_path, "Qwen/Qwen3-0.6B") == folder == chat.folder
    assert (chat.part, chat.state, chat.context) == ("answerer", "whole", 40960)
    assert chat.licence == "apache-2.0"
    assert chat.size == sum(len(file.read_bytes()) for file in folder.iterdir())
    assert (encoder.part, encoder.context, encoder.licence) == ("encoder", 512, "mit")
    assert (reranker.part, reranker.context) == ("reranker", 8192)


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_model_without_one_of_its_parts_is_half(tmp_path: Path, missing: str) -> None:
    keep(tmp_path, "Qwen/Qwen3-0.6B", without(CHAT, missing))
    assert find_model(tmp_path, "Qwen/Qwen3-0.6B") is None
    assert [one.state for one in cached_models(tmp_path)] == ["incomplete"]


@pytest.mark.parametrize("listed", [True, False])
def test_a_model_without_one_of_its_shards_is_half(tmp_path: Path, listed: bool) -> None:
    shards = {f"model-0000{n}-of-00003.safetensors": "weights" for n in (1, 2, 3)}
    index = {"weight_map": {f"layer.{n}": name for n, name in enumerate(shards)}}
    files = without(CHAT, "model.safetensors") | shards
    if listed:
        files["model.safetensors.index.json"] = index
    folder = keep(tmp_path, "an/owner", files)
    assert find_model(tmp_path, "an/owner") == folder
    (folder / "model-00002-of-00003.safetensors").unlink()
    assert find_model(tmp_path, "an/owner") is None


def test_a_link_that_leads_nowhere_is_as_good_as_absent(tmp_path: Path) -> None:
    folder = keep(tmp_path, "an/owner", CHAT)
    (folder / "model.safetensors").resolve().unlink()
    assert find_model(tmp_path, "an/owner") is None
    assert cached_models(tmp_path)[0].state == "incomplete"


def test_a_file_that_is_still_coming_is_half_a_model(tmp_path: Path) -> None:
    blobs = tmp_path / folder_name("an/owner") / "blobs"
    blobs.mkdir(parents=True)
    (blobs / ("a" * 64 + ".incomplete")).write_bytes(b"12345")
    (found,) = cached_models(tmp_path)
    assert (found.state, found.size, found.part) == ("incomplete", 5, None)


def test_what_broke_off_earlier_does_not_spoil_a_whole_model(tmp_path: Path) -> None:
    folder = keep(tmp_path, "an/owner", CHAT)
    (folder.parents[1] / "blobs" / "b.incomplete").write_bytes(b"left behind")
    assert cached_models(tmp_path)[0].state == "whole"


def test_the_main_version_comes_first_and_another_will_do(tmp_path: Path) -> None:
    folder = keep(tmp_path, "an/owner", CHAT)
    newer = folder.with_name("f" * 40)
    newer.mkdir()
    for file in folder.iterdir():
        (newer / file.name).symlink_to(file)
    assert find_model(tmp_path, "an/owner") == folder
    (folder.parents[1] / "refs" / "main").write_text("f" * 40)
    assert find_model(tmp_path, "an/owner") == newer
    (newer / "model.safetensors").unlink()
    assert find_model(tmp_path, "an/owner") == folder


def test_an_encoder_may_keep_its_weights_in_a_folder_of_its_own(tmp_path: Path) -> None:
    modules = [{"path": "0_StaticEmbedding", "type": "x.StaticEmbedding"}]
    files = {"modules.json": modules, "0_StaticEmbedding/tokenizer.json": {}}
    folder = keep(tmp_path, "a/static", files | {"0_StaticEmbedding/model.safetensors": "weights"})
    assert is_whole(folder)
    assert part_of(folder) == "encoder"


@pytest.mark.parametrize(
    ("config", "more"),
    [
        ({"architectures": ["Qwen3ForCausalLM"]}, {}),  # no chat template
        ({"architectures": ["BertForSequenceClassification"], "id2label": {"0": "a", "1": "b"}}, {}),
        ({"architectures": ["WhisperForConditionalGeneration"]}, {}),
        ({}, {"modules.json": "[1]", "config_sentence_transformers.json": '{"model_type": "Sparse"}'}),
    ],
)  # fmt: skip
def test_other_kinds_of_models_are_for_nothing_here(
    tmp_path: Path, config: dict[str, Any], more: dict[str, Any]
) -> None:
    files = CHAT | {"config.json": config, "tokenizer_config.json": {}} | more
    keep(tmp_path, "an/owner", files)
    assert cached_models(tmp_path)[0].part is None
    assert "an/owner" not in {one.name for one in overview([], tmp_path, SMALL).choices}


def test_a_cross_encoder_with_modules_is_a_reranker(tmp_path: Path) -> None:
    kind = {"config_sentence_transformers.json": {"model_type": "CrossEncoder"}}
    assert part_of(keep(tmp_path, "an/owner", ENCODER | kind)) == "reranker"


def test_anything_may_lie_in_the_cache(tmp_path: Path) -> None:
    keep(tmp_path, "Qwen/Qwen3-0.6B", CHAT)
    (tmp_path / "version.txt").write_text("1")
    (tmp_path / "datasets--a--b").mkdir()
    (tmp_path / "models--").mkdir()
    (tmp_path / "models--a--file").write_text("")
    (tmp_path / "models--a--loop").symlink_to(tmp_path)
    snapshots = tmp_path / "models--a--b" / "snapshots"
    snapshots.mkdir(parents=True)
    (snapshots / "loop").symlink_to(snapshots / "loop")
    (snapshots / "file").write_text("")
    assert [one.name for one in cached_models(tmp_path)] == ["Qwen/Qwen3-0.6B"]
    assert cached_models(tmp_path / "nowhere") == cached_models(tmp_path / "version.txt") == []


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["weight_map", "architectures", "max_position_embeddings", "text_config",
                         "id2label", "path", "model_type", "max_seq_length", "chat_template"]),
        inner, max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
SETTINGS = ["config.json", "modules.json", "tokenizer_config.json", "sentence_bert_config.json",
            "model.safetensors.index.json", "config_sentence_transformers.json"]  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(SETTINGS), JUNK | st.binary(max_size=20), min_size=1))
def test_whatever_stands_in_the_settings_the_cache_is_read(
    tmp_path_factory: pytest.TempPathFactory, junk: dict[str, Any]
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    folder = keep(cache, "an/owner", CHAT)
    for name, content in junk.items():
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(data)
    assert [one.name for one in cached_models(cache)] == ["an/owner"]


def test_settings_that_are_too_deep_are_as_good_as_absent(tmp_path: Path) -> None:
    keep(tmp_path, "an/owner", CHAT | {"config.json": "[" * 100_000})
    assert cached_models(tmp_path)[0].state == "incomplete"


# What is taken when nothing is named


def test_the_best_that_fits_is_taken_by_itself(tmp_path: Path) -> None:
    assert automatic_chat_model(tmp_path, lambda: SMALL) is None
    keep(tmp_path, "Qwen/Qwen3-1.7B", CHAT)
    assert automatic_chat_model(tmp_path, lambda: SMALL) == "Qwen/Qwen3-1.7B"
    keep(tmp_path, "Qwen/Qwen3-0.6B", CHAT)
    assert automatic_chat_model(tmp_path, lambda: SMALL) == "Qwen/Qwen3-0.6B"
    assert automatic_chat_model(tmp_path, lambda: with_gpu(12)) == "Qwen/Qwen3-1.7B"


def test_none_is_taken_that_has_no_room_or_is_half(tmp_path: Path) -> None:
    folder = keep(tmp_path, "Qwen/Qwen3-0.6B", CHAT)
    crowded = replace(SMALL, available=GIB)
    assert automatic_chat_model(tmp_path, lambda: crowded) is None
    (folder / "model.safetensors").unlink()
    assert automatic_chat_model(tmp_path, lambda: SMALL) is None


def test_what_is_not_in_the_catalogue_is_never_taken_by_itself(tmp_path: Path) -> None:
    keep(tmp_path, "someone/else", CHAT)
    assert automatic_chat_model(tmp_path, lambda: SMALL) is None


def test_the_machine_is_not_looked_at_for_nothing(tmp_path: Path) -> None:
    def never() -> Machine:
        pytest.fail("there is no model to look at the machine for")

    assert automatic_chat_model(tmp_path / "nowhere", never) is None


def test_looking_needs_no_heavy_package() -> None:
    heavy = "torch transformers sentence_transformers huggingface_hub httpx2 filelock"
    program = (
        "import sys; from pathlib import Path\n"
        "from qa.models.overview import overview, overview_lines\n"
        "from qa.models.pulling import pull\n"
        "list(overview_lines(overview([], Path('nowhere'))))\n"
        f"loaded = [name for name in '{heavy}'.split() if name in sys.modules]\n"
        "sys.exit(' '.join(loaded) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_a_chat_model_lies_in_its_folder_or_in_the_cache(tmp_path: Path) -> None:
    folder = keep(tmp_path, "Qwen/Qwen3-0.6B", CHAT)
    for name in ("Qwen/Qwen3-0.6B", "qwen3-0.6b", str(folder)):
        assert chat_model_folder(name, tmp_path) == folder


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("someone/else", "qa models pull someone/else gets it"),
        ("qwen3-1.7b", "qa models pull Qwen/Qwen3-1.7B gets it"),
        ("Qwen/Qwen3-0.6B", "qa models pull Qwen/Qwen3-0.6B gets it"),  # which is half there
        ("./nowhere", "give OWNER/NAME, or name its folder"),
        ("~nobody-of-this-name/model", "give OWNER/NAME, or name its folder"),
        ("an/encoder", "it is of use as encoder"),
        (".", "config.json, tokenizer or weights are missing"),
    ],
)
def test_a_chat_model_that_is_not_here_is_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    keep(tmp_path, "an/encoder", ENCODER)
    keep(tmp_path, "Qwen/Qwen3-0.6B", without(CHAT, "model.safetensors"))
    with pytest.raises(ModelError) as caught:
        chat_model_folder(name, tmp_path)
    assert told in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


# What is told


def test_the_overview_puts_side_by_side_what_is_and_what_could_be(tmp_path: Path) -> None:
    keep(tmp_path, "Qwen/Qwen3-0.6B", CHAT)
    keep(tmp_path, "Qwen/Qwen3-1.7B", without(CHAT, "model.safetensors"))
    keep(tmp_path, "someone/else", CHAT)
    choices = {one.name: one for one in overview([], tmp_path, SMALL).choices}
    assert set(choices) == {"someone/else", *(one.name for one in CATALOGUE)}
    states = [choices[name].state for name in ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-1.7B", "BAAI/bge-m3")]
    assert states == ["whole", "incomplete", "missing"]
    assert choices["Qwen/Qwen3-0.6B"].recommended
    assert choices["Qwen/Qwen3-0.6B"].context == 40960
    assert choices["someone/else"].part == "answerer"


def test_the_overview_is_a_table_for_people_and_json_for_programs(tmp_path: Path) -> None:
    keep(tmp_path, "Qwen/Qwen3-0.6B", CHAT)
    found = overview([], tmp_path, SMALL)
    assert json.loads(json.dumps(asdict(found)))["machine"]["cores"] == 2
    lines = list(overview_lines(found))
    assert lines[0] == "This machine: 2 cores, 8.6 GB of memory, 6.4 GB of it free, " + (
        "no GPU that torch can use"
    )
    row = next(line for line in lines if "Qwen3-0.6B " in line)
    shown = "* Qwen/Qwen3-0.6B on disk 0.0 MB apache-2.0 40,960 2.1 GB int8, measured any machine"
    assert " ".join(row.split()) == shown
    assert max(map(len, lines)) <= 120
    assert not any(line != line.rstrip() for line in lines)


def test_what_is_in_use_is_marked(filled: Library, tmp_path: Path) -> None:
    cache = tmp_path / "hub"
    folder = keep(cache, "Qwen/Qwen3-0.6B", CHAT)
    used = models_in_use(filled, answerer="Qwen/Qwen3-0.6B", cache=cache)
    assert [one.part for one in used] == ["encoder", "reranker", "answerer"]
    assert (used[2].where, used[2].licence) == (str(folder), "apache-2.0")
    lines = overview_lines(overview(used, cache, SMALL))
    assert [line.split()[1] for line in lines if line.startswith("> ")] == ["Qwen/Qwen3-0.6B"]


def test_an_empty_library_is_not_filled_to_say_what_is_in_use(library: Library) -> None:
    encoder, reranker, answerer = models_in_use(library)
    assert "no pages" in encoder.note
    assert (reranker.name, answerer.name) == ("built-in sentence ranker", "built-in reader")
    assert library.is_empty()


def test_a_model_behind_a_server_is_known_by_its_name(library: Library, tmp_path: Path) -> None:
    used = models_in_use(library, answerer="qwen3 at http://127.0.0.1:8000/v1", cache=tmp_path)
    assert (used[2].name, used[2].where) == ("qwen3 at http://127.0.0.1:8000/v1", "")


def test_the_card_and_the_dictionary_come_with_the_package() -> None:
    assert model_card().startswith("# Model card")
    assert dictionary().size


@pytest.mark.parametrize("name", ["~nobody-of-that-name/model", "a" * 300])
def test_a_name_that_no_folder_can_have_leads_nowhere(tmp_path: Path, name: str) -> None:
    assert folder_of(name, tmp_path) is None
