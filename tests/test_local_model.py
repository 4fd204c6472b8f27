"""Local chat models: what they write, how they stop, how they take turns, what they refuse."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_model import TEMPLATE, THOUGHT, make_tiny_model
from transformers import AutoConfig, AutoModelForCausalLM

from qa import Library, ask
from qa.answering.asking import Models
from qa.chat.answering import ChatAnswerer
from qa.chat.loading import BackgroundLoad
from qa.chat.local import LocalModel, load_chat_model
from qa.chat.model import Message
from qa.chat.network import Network, Precision
from qa.chat.prompt import ANSWER_TOKENS
from qa.chat.quantized import is_exact
from qa.errors import ModelError
from qa.progress import silent

SYSTEM = Message("system", "只依据报纸作答。")
QUESTION = Message("user", "三座跨江大桥花了多少钱？")
OTHER = Message("user", "The library: how many seats?")
SAYS = ["三座大桥", "花了", "鑫", "二十四亿元", "[1]", "。"]
SAID = "".join(SAYS)
PRECISIONS: tuple[Precision, ...] = (
    ("fp32", "bf16", "int8") if is_exact(torch) else ("fp32", "bf16")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that writes nonsense."""
    return make_tiny_model(tmp_path_factory.mktemp("random"))


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that says SAID."""
    return make_tiny_model(tmp_path_factory.mktemp("speaking"), says=SAYS)


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that never ends, since its template does not know how thinking is switched off."""
    template = TEMPLATE.replace("enable_thinking", "enable_reasoning")
    return make_tiny_model(tmp_path_factory.mktemp("endless"), says=SAYS, template=template)


@pytest.fixture
def model(folder: Path) -> LocalModel:
    return load_chat_model("tiny", folder, precision="fp32")


def written(model: LocalModel, messages: Sequence[Message], limit: int = 24) -> str:
    return "".join(model.stream(messages, limit))


def layers(model: LocalModel) -> Any:
    return model._network.model.model.layers


def slowed(model: LocalModel, seconds: float) -> LocalModel:
    """Let each layer take its time, as those of a large model do."""
    for layer in layers(model):
        layer.register_forward_hook(lambda *_: time.sleep(seconds))
    return model


def eventually(holds: Any, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(holds())


# What is written


def by_plain_generate(model: LocalModel, messages: Sequence[Message], limit: int) -> str:
    """What transformers makes of its own template and its own loop, with the same weights."""
    tokenizer = model._tokens._tokenizer
    prompt = tokenizer.apply_chat_template(
        [{"role": message.role, "content": message.text} for message in messages],
        add_generation_prompt=True,
        enable_thinking=False,
        return_tensors="pt",
    )
    made = model._network.model.generate(**prompt, max_new_tokens=limit, do_sample=False)
    new = made[0, prompt["input_ids"].shape[1] :]
    return str(tokenizer.decode(new, skip_special_tokens=True)).rstrip("\ufffd")


@pytest.mark.parametrize("question", [QUESTION, OTHER], ids=["zh", "en"])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_stream_is_what_plain_generate_writes(
    folder: Path, precision: Precision, question: Message
) -> None:
    model = load_chat_model("tiny", folder, precision=precision)
    right = by_plain_generate(model, [question], 24)
    assert right
    assert written(model, [question], 24) == right


@pytest.mark.parametrize("question", [QUESTION, OTHER], ids=["zh", "en"])
def test_so_it_is_after_a_system_message_that_is_read_by_itself(
    model: LocalModel, question: Message
) -> None:
    assert written(model, [SYSTEM, question], 40) == by_plain_generate(
        model, [SYSTEM, question], 40
    )


def test_it_ends_where_the_model_ends_its_answer(speaking: Path) -> None:
    assert written(load_chat_model("tiny", speaking), [SYSTEM, QUESTION], 500) == SAID


def test_no_more_is_written_than_was_allowed(speaking: Path) -> None:
    model = load_chat_model("tiny", speaking)
    assert written(model, [QUESTION], 2) == "三座大桥花了"
    assert written(model, [QUESTION], 0) == ""


def test_a_character_of_three_tokens_comes_whole_or_not_at_all(speaking: Path) -> None:
    model = load_chat_model("tiny", speaking)
    pieces = [piece for piece in model.stream([QUESTION], 500) if piece]
    assert "鑫" in pieces
    for limit in (3, 4):  # it is cut off in the middle of the character
        assert written(model, [QUESTION], limit) == "三座大桥花了"


def test_thinking_is_switched_off_where_the_template_can(speaking: Path, endless: Path) -> None:
    assert THOUGHT not in written(load_chat_model("tiny", speaking), [QUESTION], 60)
    assert THOUGHT in written(load_chat_model("tiny", endless), [QUESTION], 60)


def passes(network: Network) -> list[int]:
    """Return a list that grows by how many tokens each pass through the network reads."""
    read: list[int] = []
    network.model.register_forward_pre_hook(
        lambda _module, _, given: read.append(given["input_ids"].shape[1]), with_kwargs=True
    )
    return read


# Guesses from the prompt


def test_what_stands_in_the_prompt_is_written_in_fewer_passes(speaking: Path) -> None:
    model = load_chat_model("tiny", speaking)
    read = passes(model._network)
    assert written(model, [OTHER], 500) == SAID
    alone = len(read)
    printed = Message("user", "三座大桥花了鑫二十四亿元。")
    assert written(model, [printed], 500) == SAID
    assert len(read) - alone < alone


def test_wrong_guesses_leave_no_trace(model: LocalModel) -> None:
    right = by_plain_generate(model, [QUESTION], 200)
    read = passes(model._network)
    assert written(model, [QUESTION], 200) == right
    assert len(read) < 200  # some were right
    assert sum(read[1:]) > 200  # and some were wrong


# The kept memory of the system message


def test_a_system_message_is_read_once_and_changes_nothing(folder: Path) -> None:
    keeps = load_chat_model("tiny", folder, precision="fp32")
    first = [written(keeps, [SYSTEM, question]) for question in (QUESTION, OTHER)]
    read = passes(keeps._network)
    assert [written(keeps, [SYSTEM, question]) for question in (QUESTION, OTHER)] == first
    for question, right in zip((QUESTION, OTHER), first, strict=True):
        fresh = load_chat_model("tiny", folder, precision="fp32")
        assert written(fresh, [SYSTEM, question]) == right
    prompt = keeps._tokens.prompt([SYSTEM, QUESTION])
    assert 0 < prompt.fixed < len(prompt.tokens)
    assert read[0] == len(prompt.tokens) - prompt.fixed


def test_another_system_message_is_not_mistaken_for_the_one_before(folder: Path) -> None:
    keeps = load_chat_model("tiny", folder, precision="fp32")
    systems = [Message("system", f"规则{number}") for number in range(6)]
    for _ in range(2):
        for system in systems:
            fresh = load_chat_model("tiny", folder, precision="fp32")
            assert written(keeps, [system, QUESTION], 8) == written(fresh, [system, QUESTION], 8)


KINDS: dict[str, dict[str, Any]] = {
    "qwen3": {"head_dim": 8},
    "llama": {},
    "mistral": {"sliding_window": 8},  # whose memory forgets, and cannot be taken back
    "gemma3_text": {
        "head_dim": 8,
        "sliding_window": 8,
        "layer_types": ["sliding_attention", "full_attention"],
    },
    "qwen3_next": {  # half of whose memory is no list of tokens
        "head_dim": 8,
        "layer_types": ["linear_attention", "full_attention"],
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 16,
        "shared_expert_intermediate_size": 16,
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 4,
        "linear_key_head_dim": 8,
        "linear_value_head_dim": 8,
    },
    "gpt_neox": {},
    "deepseek_v3": {
        "n_routed_experts": 4,
        "num_experts_per_tok": 2,
        "num_key_value_heads": 4,
        "n_group": 2,
        "topk_group": 1,
        "q_lora_rank": 16,
        "kv_lora_rank": 16,
        "qk_rope_head_dim": 8,
        "qk_nope_head_dim": 8,
        "v_head_dim": 8,
        "moe_intermediate_size": 16,
        "first_k_dense_replace": 1,
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_of_models_write_as_by_plain_generate(kind: str) -> None:
    torch.manual_seed(3)
    config = AutoConfig.for_model(
        kind,
        vocab_size=300,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=512,
        initializer_range=0.4,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        **{"num_key_value_heads": 2, **KINDS[kind]},
    )
    models: Any = AutoModelForCausalLM
    model = models.from_config(config).eval()
    network, read = Network(model), passes(Network(model))
    for prompt in ([*range(50, 80), *range(9, 20)], [*range(50, 80), *range(30, 45)]):
        batch = network.batch(prompt)
        right = model.generate(
            batch,
            attention_mask=torch.ones_like(batch),
            max_new_tokens=12,
            do_sample=False,
            eos_token_id=None,
        )[0, len(prompt) :].tolist()
        for _ in range(2):
            assert list(network.answer(prompt, 30, 12, frozenset(), lambda: False)) == right
            assert read[-12] == len(prompt) - 30


# Stopping


def test_closing_ends_the_writing_within_a_second(endless: Path) -> None:
    model = slowed(load_chat_model("tiny", endless), 0.02)
    stream = model.stream([QUESTION], 100_000)
    assert next(piece for piece in stream if piece)
    assert model.waiting == 1
    began = time.monotonic()
    stream.close()
    assert model.waiting == 0
    assert time.monotonic() - began < 1


def test_closing_ends_the_reading_of_a_long_prompt_within_a_second(tmp_path: Path) -> None:
    deep = make_tiny_model(tmp_path, layers=60, width=16)
    model = slowed(load_chat_model("tiny", deep), 0.1)  # six seconds for any prompt
    stream = model.stream([SYSTEM, QUESTION], 10)
    assert next(stream) == ""
    began = time.monotonic()
    stream.close()
    assert model.waiting == 0
    assert time.monotonic() - began < 1


def test_a_stopped_model_answers_the_next_question_in_full(model: LocalModel) -> None:
    right = written(model, [SYSTEM, QUESTION])
    for pieces in (0, 1, 3):
        stream = model.stream([SYSTEM, QUESTION], 24)
        for _ in range(pieces):
            next(stream)
        stream.close()
    assert written(model, [SYSTEM, QUESTION]) == right


# Several chats


def test_chats_at_once_all_get_their_own_whole_answers(model: LocalModel) -> None:
    questions = [Message("user", f"第{number}座桥花了多少钱？") for number in range(5)]
    right = [written(model, [SYSTEM, question]) for question in questions]
    assert len(set(right)) == len(right)
    got: dict[int, str] = {}

    def ask(number: int) -> None:
        got[number] = written(model, [SYSTEM, questions[number]])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [got[number] for number in range(5)] == right


def test_questions_are_answered_in_the_order_in_which_they_came(folder: Path) -> None:
    model = slowed(load_chat_model("tiny", folder), 0.01)
    done: list[int] = []

    def ask(number: int) -> None:
        written(model, [QUESTION], 10)
        done.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for before, thread in enumerate(threads):
        thread.start()
        assert eventually(lambda before=before: model.waiting + len(done) == before + 1)
    for thread in threads:
        thread.join(60)
    assert done == [0, 1, 2, 3]


def test_who_waits_can_stop_and_holds_nobody_up(endless: Path) -> None:
    model = load_chat_model("tiny", endless)
    first, second = model.stream([QUESTION], 100_000), model.stream([OTHER], 100_000)
    assert next(piece for piece in first if piece)
    assert next(second) == ""  # it waits, and its reader can stop
    assert model.waiting == 2
    began = time.monotonic()
    second.close()
    assert model.waiting == 1
    assert time.monotonic() - began < 1
    assert next(piece for piece in first if piece)
    first.close()


# Errors while it writes


def test_a_failure_in_the_network_reaches_the_reader_and_leaves_the_model_usable(
    model: LocalModel,
) -> None:
    right = written(model, [SYSTEM, QUESTION])
    fails = iter([False, False, True])

    def fail(*_: Any) -> None:
        if next(fails, False):
            raise RuntimeError("not enough memory: you tried to allocate\nmuch")

    hook = model._network.model.register_forward_pre_hook(fail)
    stream = model.stream([SYSTEM, QUESTION], 24)
    assert next(piece for piece in stream if piece)
    with pytest.raises(ModelError, match=r"failed: not enough memory: you tried to allocate$"):
        list(stream)
    hook.remove()
    assert written(model, [SYSTEM, QUESTION]) == right


def test_a_defect_keeps_its_own_error(model: LocalModel) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    layers(model)[0].register_forward_pre_hook(fail)
    with pytest.raises(ZeroDivisionError):
        written(model, [QUESTION])


def test_numbers_that_overflow_are_an_error_and_no_nonsense(model: LocalModel) -> None:
    with torch.no_grad():
        model._network.model.model.norm.weight.fill_(float("inf"))
    with pytest.raises(ModelError, match="overflow"):
        written(model, [QUESTION])


def test_a_prompt_beyond_the_context_is_refused(tmp_path: Path) -> None:
    model = load_chat_model("tiny", make_tiny_model(tmp_path, context=100))
    assert model.context == 100
    with pytest.raises(ModelError, match="takes 100 tokens"):
        written(model, [Message("user", "三座大桥" * 100)])
    fits = Message("user", "座" * 20)
    ends: list[int] = []
    model._network.model.register_forward_pre_hook(
        lambda _module, _, given: ends.append(
            given["past_key_values"].get_seq_length() + given["input_ids"].shape[1]
        ),
        with_kwargs=True,
    )
    written(model, [fits], 500)
    assert 90 < max(ends) <= 100


@pytest.mark.slow
def test_a_program_needs_no_network_and_can_end_in_the_middle_of_an_answer(endless: Path) -> None:
    program = (
        "import socket, sys\n"
        "def blocked(*given): raise AssertionError(f'the network was touched: {given}')\n"
        "socket.socket.connect = socket.getaddrinfo = blocked\n"
        "from pathlib import Path\n"
        "from qa.chat.local import load_chat_model\n"
        "from qa.chat.model import Message\n"
        "model = load_chat_model('tiny', Path(sys.argv[1]))\n"
        "stream = model.stream([Message('user', '你好')], 100_000)\n"
        "print(next(piece for piece in stream if piece))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, endless],
        capture_output=True,
        timeout=120,
        text=True,
        env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "HOME": "/nowhere"},
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "<think>\n", "")


# Its answers as people see them


def test_an_answer_that_reaches_the_length_limit_says_so_and_ends_with_a_whole_sentence(
    filled: Library, tmp_path: Path
) -> None:
    rambling = [f"又{chr(ord('一') + n)}" for n in range(ANSWER_TOKENS)]
    says = ["县图书馆", "每晚开放到十点", "。", "[1]", *rambling]
    load = BackgroundLoad("tiny", make_tiny_model(tmp_path / "rambling", says=says, width=256))
    load.wait(silent)
    answer = ask(filled, "县图书馆每晚开放到几点？", models=Models(ChatAnswerer(load)))
    assert answer.text == "县图书馆每晚开放到十点。[1]"
    assert answer.notice == "模型的回答达到长度上限，后面的内容被截断。"
