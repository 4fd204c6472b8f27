"""Tiny chat models: folders with the files of a Qwen3 model, made in half a second of nothing.

Random weights write nonsense, but as a real model does: the same for the same messages, by way
of every layer. With `says` a model writes given words instead, and then ends its answer.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Qwen2Tokenizer, Qwen3Config, Qwen3ForCausalLM

END = "<|im_end|>"
SPECIAL = ["<|endoftext|>", "<|im_start|>", END]
THOUGHT = "让我想想"  # what a model with `says` writes where nothing switches its thinking off

# Qwen3's own template, without its tools and without the thoughts of earlier turns.
TEMPLATE = """\
{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}"""

_READ = [  # what the tokenizer learns its words from; all else is spelled in bytes
    "system user assistant\n\n",
    "本报讯 5月12日，交通局宣布，三座跨江大桥全部开工。总投资达到二十四亿元。\n\n",
    "县图书馆延长开放时间，读者可以凭身份证免费借书。记者 何田\n\n",
    "The three bridges over the river cost 2.4 billion yuan, said the bureau.\n\n",
]


def make_tiny_model(
    folder: Path,
    *,
    context: int = 4096,
    says: Sequence[str] = (),
    layers: int = 2,
    width: int = 64,
    template: str | None = TEMPLATE,
    dtype: torch.dtype = torch.bfloat16,
) -> Path:
    """Write a model of `context` tokens to `folder`, and return the folder.

    The words of `says` become a token each, but a single character is spelled in bytes; no token
    may come twice. `template` None leaves the chat template out.
    """
    tokenizer = _tokenizer(says, template, context)
    model = _random_model(tokenizer, context, layers, width)
    if says:
        _teach(model, tokenizer, says)
    tokenizer.save_pretrained(folder)
    model.to(dtype).save_pretrained(folder)
    return folder


def _tokenizer(says: Sequence[str], template: str | None, context: int) -> Any:
    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    learned.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=500, min_frequency=1, initial_alphabet=alphabet, show_progress=False
    )
    learned.train_from_iterator(_READ, trainer)
    tokenizer = Qwen2Tokenizer(
        tokenizer_object=learned,
        eos_token=END,
        pad_token=SPECIAL[0],
        model_max_length=context,
        chat_template=template,
    )
    tokenizer.add_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIAL])
    words = ["<think>", "</think>", THOUGHT, *(word for word in says if len(word) > 1)]
    tokenizer.add_tokens([AddedToken(word, normalized=False) for word in words])
    return tokenizer


def _random_model(tokenizer: Any, context: int, layers: int, width: int) -> Any:
    """Weights wide enough apart that the likeliest token is so by a clear margin."""
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=width // 4,
        max_position_embeddings=context,
        initializer_range=0.3,
        tie_word_embeddings=False,
        eos_token_id=tokenizer.convert_tokens_to_ids(END),
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        model = Qwen3ForCausalLM(config)
    _settings(model, tokenizer)
    return model


def _settings(model: Any, tokenizer: Any) -> None:
    """As Qwen3 ships it: sampling, and two tokens that end an answer."""
    settings = model.generation_config
    settings.do_sample, settings.temperature, settings.top_k, settings.top_p = True, 0.6, 20, 0.95
    settings.eos_token_id = tokenizer.convert_tokens_to_ids([END, SPECIAL[0]])


def _teach(model: Any, tokenizer: Any, says: Sequence[str]) -> None:
    """Let each token lead to the next: layers add nothing, and the head looks for its forerunner.

    A prompt without thinking ends in a blank line. One with thinking ends in a line's end, and
    leads to thoughts without an end.
    """

    def tokens(words: Sequence[str]) -> list[int]:
        return [token for word in words for token in tokenizer.encode(word)]

    answer, thoughts = tokens(["\n\n", *says, END]), tokens(["\n", "<think>", THOUGHT])
    if len({*answer, *thoughts}) < len(answer) + len(thoughts):
        raise ValueError(f"a token comes twice in {says}")
    words, head = model.model.embed_tokens.weight, model.lm_head.weight
    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        head.zero_()
        for before, after in [*pairwise(answer), *pairwise([*thoughts, thoughts[1]])]:
            head[after] += words[before]
