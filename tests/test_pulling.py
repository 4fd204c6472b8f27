"""Pulling: only what is needed is fetched, once, whatever breaks; and nobody waits for nothing."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pytest
from scripted_hub import COMMIT, ScriptedHub, serving

from qa.cli import main
from qa.errors import ModelError
from qa.models.hub import HubFile, Listing
from qa.models.on_disk import find_model
from qa.models.pulling import needed, pull

NAME = "someone/tiny-chat"
WEIGHTS = bytes(range(256)) * 8192  # 2 MB, so that it comes in several pieces
MODEL = {
    ".gitattributes": b"*.safetensors filter=lfs",
    "README.md": b"---\nlicense: apache-2.0\n---\n# Tiny\n",
    "config.json": b'{"architectures": ["Qwen3ForCausalLM"], "max_position_embeddings": 4096}',
    "tokenizer.json": b'{"model": {}}',
    "tokenizer_config.json": b'{"chat_template": "{{ messages }}"}',
    "model.safetensors": WEIGHTS,
    "pytorch_model.bin": b"the same once more" * 1000,
    "onnx/model.onnx": b"and again" * 1000,
    "onnx/config.json": b"{}",
    "model-q4.gguf": b"and again" * 1000,
}
NEEDED = {
    "README.md",
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "model.safetensors",
}


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with serving(ScriptedHub({NAME: dict(MODEL)})) as served:
        yield served


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "hub"


def blobs(cache: Path) -> list[Path]:
    return sorted((cache / "models--someone--tiny-chat" / "blobs").iterdir())


def test_a_model_is_fetched_with_what_it_needs_and_nothing_more(
    hub: ScriptedHub, cache: Path
) -> None:
    pulled = pull(NAME, cache, hub.endpoint)
    assert {path for path, _ in hub.asked} == NEEDED
    assert {file.name for file in pulled.folder.iterdir()} == NEEDED
    assert all((pulled.folder / name).read_bytes() == MODEL[name] for name in NEEDED)
    assert pulled.size == pulled.fetched == hub.sent == sum(len(MODEL[name]) for name in NEEDED)


def test_the_command_says_where_a_model_is_and_how_it_is_used(
    hub: ScriptedHub,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    assert main(["models", "pull", NAME]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"{NAME} is in {find_model(cache, NAME)}; to use it: --model {NAME}"


def test_what_is_fetched_lies_where_the_hubs_own_packages_look(
    hub: ScriptedHub, cache: Path
) -> None:
    from huggingface_hub import try_to_load_from_cache

    pulled = pull(NAME, cache, hub.endpoint)
    assert find_model(cache, NAME) == pulled.folder
    found = try_to_load_from_cache(NAME, "model.safetensors", cache_dir=cache)
    assert found == str(pulled.folder / "model.safetensors")
    assert try_to_load_from_cache(NAME, "model-q4.gguf", cache_dir=cache) is None


def test_progress_counts_the_bytes_of_all_files_together(hub: ScriptedHub, cache: Path) -> None:
    told: list[tuple[int, int, str]] = []
    pull(NAME, cache, hub.endpoint, lambda *step: told.append(step))
    done = [step[0] for step in told]
    total = sum(len(MODEL[name]) for name in NEEDED)
    assert done == sorted(done)
    assert done[-1] == total
    assert {step[1] for step in told} == {total}
    assert sum(name == "model.safetensors" for _, _, name in told) > 3


def test_a_model_that_is_whole_is_left_alone_without_a_network(
    hub: ScriptedHub, cache: Path
) -> None:
    before = pull(NAME, cache, hub.endpoint)
    again = pull(NAME, cache, "http://127.0.0.1:1")
    assert (again.folder, again.size, again.fetched) == (before.folder, before.size, 0)


def test_a_dropped_connection_is_taken_up_where_it_broke(hub: ScriptedHub, cache: Path) -> None:
    hub.cut = len(WEIGHTS) - 1_000_000

    def mend(*step: object) -> None:
        if step[2] == "model.safetensors":
            hub.cut = None

    pulled = pull(NAME, cache, hub.endpoint, mend)
    assert (pulled.folder / "model.safetensors").read_bytes() == WEIGHTS
    starts = [start for path, start in hub.asked if path == "model.safetensors"]
    assert starts == [0, len(WEIGHTS) - 1_000_000]
    assert hub.sent == pulled.size  # no byte came twice


@pytest.mark.slow
def test_a_download_that_broke_for_good_goes_on_the_next_time(
    hub: ScriptedHub, cache: Path
) -> None:
    hub.cut = 1_500_000
    with pytest.raises(ModelError, match=r"broke off .* goes on from there"):
        pull(NAME, cache, hub.endpoint)
    assert find_model(cache, NAME) is None
    hub.cut, hub.asked = None, []
    told: list[int] = []
    pulled = pull(NAME, cache, hub.endpoint, lambda done, *_: told.append(done))
    assert hub.asked == [("model.safetensors", 1_500_000)]
    assert pulled.fetched == len(WEIGHTS) - 1_500_000
    assert told[0] > 1_500_000
    assert (pulled.folder / "model.safetensors").read_bytes() == WEIGHTS
    assert not any(blob.suffix == ".incomplete" for blob in blobs(cache))


def test_a_hub_that_cannot_resume_sends_the_file_anew(hub: ScriptedHub, cache: Path) -> None:
    hub.cut, hub.resumes = 1_200_000, False

    def mend(*step: object) -> None:
        if step[2] == "model.safetensors":
            hub.cut = None

    pulled = pull(NAME, cache, hub.endpoint, mend)
    assert (pulled.folder / "model.safetensors").read_bytes() == WEIGHTS


def test_what_came_damaged_is_thrown_away(hub: ScriptedHub, cache: Path) -> None:
    hub.garbled = True
    with pytest.raises(ModelError, match="came damaged: run it again"):
        pull(NAME, cache, hub.endpoint)
    assert blobs(cache) == []
    assert find_model(cache, NAME) is None
    hub.garbled = False
    assert pull(NAME, cache, hub.endpoint).folder == find_model(cache, NAME)


def test_the_main_version_is_named_only_when_it_is_whole(hub: ScriptedHub, cache: Path) -> None:
    main = cache / "models--someone--tiny-chat" / "refs" / "main"
    seen: list[bool] = []
    pull(NAME, cache, hub.endpoint, lambda *_: seen.append(main.exists()))
    assert not any(seen)
    assert main.read_text() == COMMIT


def test_two_downloads_of_a_model_do_not_meet(hub: ScriptedHub, cache: Path) -> None:
    met: list[str] = []

    def second(*step: object) -> None:
        if step[2] == "config.json":
            with pytest.raises(ModelError) as caught:
                pull(NAME, cache, hub.endpoint)
            met.append(str(caught.value))

    pull(NAME, cache, hub.endpoint, second)
    assert met
    assert "another process" in met[0]


def test_a_name_that_the_hub_does_not_know_is_one_line(hub: ScriptedHub, cache: Path) -> None:
    with pytest.raises(ModelError, match="has no model someone/else"):
        pull("someone/else", cache, hub.endpoint)
    assert not cache.exists()


@pytest.mark.parametrize(
    "name", ["", "tiny", "not a name", "../../etc", "a/b/c", "a/..", "-x/y", "a--b/c", "报/纸"]
)
def test_what_is_no_name_is_not_looked_up(name: str, cache: Path) -> None:
    with pytest.raises(ModelError, match="give OWNER/NAME"):
        pull(name, cache, "http://127.0.0.1:1")


def test_a_file_that_is_kept_back_says_what_to_do(hub: ScriptedHub, cache: Path) -> None:
    hub.refuses = 403
    with pytest.raises(ModelError, match="accept its makers' terms"):
        pull(NAME, cache, hub.endpoint)


def test_a_full_disk_is_told_before_anything_is_fetched(hub: ScriptedHub, cache: Path) -> None:
    described = {"rfilename": "model.safetensors", "size": 10**18, "blobId": "a" * 40}
    hub.listing = json.dumps({"sha": COMMIT, "siblings": [described]}).encode()
    with pytest.raises(ModelError, match=r"needs 1000000000\.0 GB more"):
        pull(NAME, cache, hub.endpoint)
    assert hub.asked == []


def test_a_cache_that_cannot_be_written_is_one_line(hub: ScriptedHub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be written"):
        pull(NAME, tmp_path / "file" / "hub", hub.endpoint)


@pytest.mark.parametrize("path", ["../../../outside.json", "/outside.json", "a\\b.json"])
def test_a_hub_cannot_write_outside_of_its_folder(hub: ScriptedHub, cache: Path, path: str) -> None:
    hub.models[NAME][path] = b"{}"
    with pytest.raises(ModelError, match="not that of a model hub"):
        pull(NAME, cache, hub.endpoint)


@pytest.mark.parametrize(
    "listing", [b"<html>", b"[]", b"{}", b'{"siblings": [{}]}', b'{"siblings": [], "sha": "../x"}']
)
def test_an_answer_of_something_else_is_one_line(
    hub: ScriptedHub, cache: Path, listing: bytes
) -> None:
    hub.listing = listing
    with pytest.raises(ModelError, match="not that of a model hub"):
        pull(NAME, cache, hub.endpoint)


def file(path: str) -> HubFile:
    return HubFile(path, 1, "0" * 40)


def test_weights_come_in_one_form_with_the_parts_of_an_encoder() -> None:
    paths = [
        "config.json",
        "modules.json",
        "sentencepiece.bpe.model",
        "1_Pooling/config.json",
        "2_Dense/model.safetensors",
        "2_Dense/pytorch_model.bin",
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
    ]
    spare = ["openvino/model.bin", "tf_model.h5", "training_args.bin", "colbert_linear.pt", "a.py"]
    spare += ["pytorch_model-00001-of-00001.bin", "model.fp16.safetensors", "original/model.json"]
    chosen = needed(Listing(NAME, COMMIT, tuple(map(file, [*paths, *spare]))))
    assert {one.path for one in chosen} == {*paths} - {"2_Dense/pytorch_model.bin"}


def test_weights_that_are_only_pickled_are_taken() -> None:
    chosen = needed(Listing(NAME, COMMIT, (file("config.json"), file("pytorch_model.bin"))))
    assert [one.path for one in chosen] == ["config.json", "pytorch_model.bin"]


def test_a_model_of_another_form_is_refused() -> None:
    with pytest.raises(ModelError, match="GGUF"):
        needed(Listing(NAME, COMMIT, (file("config.json"), file("model-q4.gguf"))))


def seconds_until_told(endpoint: str, cache: Path, message: str) -> float:
    began = perf_counter()
    with pytest.raises(ModelError, match=message) as caught:
        pull(NAME, cache, endpoint)
    assert len(str(caught.value).splitlines()) == 1
    return perf_counter() - began


def test_a_proxy_that_cannot_be_used_is_one_line(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "ftp://127.0.0.1:1")
    seconds_until_told("http://hub.invalid", cache, "its proxy cannot be used")


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:1", "https://hub.invalid", "hub", "ftp://x", "http://"]
)
def test_no_network_is_told_at_once(endpoint: str, cache: Path) -> None:
    assert seconds_until_told(endpoint, cache, "HF_ENDPOINT") < 1


def test_a_hub_that_never_answers_is_given_up_in_time(cache: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert seconds_until_told(endpoint, cache, "no answer|timed out") < 2.4


@pytest.mark.slow
def test_a_network_that_drops_packets_is_given_up_in_time(cache: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]  # from here on none is let in
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        endpoint = f"http://127.0.0.1:{address[1]}"
        assert seconds_until_told(endpoint, cache, "no answer|timed out") < 2.4
        for one in waiting:
            one.close()


@pytest.mark.slow
def test_a_hub_that_drips_its_headers_is_given_up_in_time(cache: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as slow:

        def drip() -> None:
            with closing(slow.accept()[0]) as line:
                for letter in b"HTTP/1.1 200 OK\r\n" * 2:
                    line.send(bytes([letter]))
                    if stop.wait(0.3):
                        return

        stop = threading.Event()
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        endpoint = f"http://127.0.0.1:{slow.getsockname()[1]}"
        assert seconds_until_told(endpoint, cache, "no answer|timed out") < 2.4
        stop.set()
        thread.join()
