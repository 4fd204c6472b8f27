"""Int8 weights: the product is right to what a byte holds, whatever else is in the prompt."""

import pytest
import torch

from qa.chat.quantized import Int8Product, is_exact, quantize
from qa.progress import silent

pytestmark = pytest.mark.skipif(not is_exact(torch), reason="no exact int8 on this processor")


def product(weight: torch.Tensor, bias: torch.Tensor | None = None) -> Int8Product:
    return Int8Product(weight, bias, torch.ops.onednn)


def rounded(weight: torch.Tensor) -> torch.Tensor:
    """The weights as 127 steps of each row's largest, in double precision."""
    step = weight.double().abs().amax(1, keepdim=True) / 127
    return (weight.double() / step).round() * step


def relative(found: torch.Tensor, right: torch.Tensor) -> float:
    return float((found.double() - right.double()).norm() / right.double().norm())


@pytest.mark.parametrize(("outputs", "inputs"), [(48, 64), (7, 100), (5000, 32), (64, 3072)])
@pytest.mark.parametrize("rows", [1, 2, 37])
def test_only_the_weights_are_rounded(outputs: int, inputs: int, rows: int) -> None:
    torch.manual_seed(1)
    weight, x = torch.randn(outputs, inputs), torch.randn(rows, inputs)
    assert relative(product(weight)(x), x.double() @ rounded(weight).T) < 5e-5
    assert relative(product(weight)(x), x @ weight.T) < 0.02


def test_the_shape_of_what_comes_in_is_kept_and_a_bias_added() -> None:
    torch.manual_seed(2)
    weight, bias, x = torch.randn(6, 8), torch.randn(6), torch.randn(2, 3, 8)
    found = product(weight, bias)(x)
    assert found.shape == (2, 3, 6)
    assert relative(found, x.double() @ rounded(weight).T + bias) < 5e-5


def test_weights_may_be_in_bf16() -> None:
    torch.manual_seed(3)
    weight, x = torch.randn(16, 32).bfloat16(), torch.randn(4, 32)
    assert relative(product(weight)(x), x.double() @ rounded(weight).T) < 5e-5


def test_a_token_with_huge_activations_does_no_harm_to_its_neighbours() -> None:
    torch.manual_seed(4)
    weight, x = torch.randn(32, 64), torch.randn(5, 64)
    alone = product(weight)(x)
    x[2] *= 10_000
    beside = product(weight)(x)
    assert torch.equal(beside[[0, 1, 3, 4]], alone[[0, 1, 3, 4]])


def test_one_huge_activation_leaves_the_others_of_its_token_their_say() -> None:
    torch.manual_seed(5)
    weight, x = torch.randn(32, 64), torch.randn(1, 64)
    x[0, 7] = 200  # eight bits would leave nearly nothing of the rest
    weight[:, 7] = 0
    assert relative(product(weight)(x), x.double() @ rounded(weight).T) < 0.005


def test_nothing_times_anything_is_nothing() -> None:
    weight = torch.randn(4, 8)
    weight[1] = 0
    found = product(weight)(torch.cat([torch.zeros(1, 8), torch.ones(1, 8)]))
    assert torch.equal(found[0], torch.zeros(4))
    assert found[1, 1] == 0


def test_the_largest_sums_are_exact() -> None:
    found = product(torch.ones(2, 4096))(torch.full((1, 4096), -7.0))
    assert torch.allclose(found, torch.full((1, 2), -7.0 * 4096))


class Block(torch.nn.Module):
    """What is quantised: words, layers side by side, one behind them, and a norm."""

    def __init__(self, bias: bool) -> None:
        super().__init__()
        self.words = torch.nn.Embedding(50, 16)
        self.q_proj = torch.nn.Linear(16, 16, bias=bias)
        self.k_proj = torch.nn.Linear(16, 16, bias=bias)
        self.v_proj = torch.nn.Linear(16, 16, bias=bias)
        self.o_proj = torch.nn.Linear(16, 16, bias=bias)
        self.gate_proj = torch.nn.Linear(16, 24)
        self.up_proj = torch.nn.Linear(16, 24, bias=bias)
        self.norm = torch.nn.LayerNorm(16)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.words(tokens))
        mixed = self.o_proj(self.q_proj(x) * self.k_proj(x) + self.v_proj(x))
        made: torch.Tensor = self.gate_proj(mixed) * self.up_proj(mixed)
        return made


@pytest.mark.parametrize("bias", [True, False])
@torch.inference_mode()
def test_a_quantised_model_gives_nearly_what_it_gave_and_takes_less_memory(bias: bool) -> None:
    torch.manual_seed(6)
    block = Block(bias)
    tokens = torch.arange(12).view(2, 6)
    right = [block(each) for each in (tokens, tokens + 20)]
    quantize(block, torch, silent)
    for each, was in zip((tokens, tokens + 20), right, strict=True):
        assert relative(block(each), was) < 0.05
    kept = {name for name, weight in block.named_parameters() if weight is not None}
    assert kept == {"words.weight", "norm.weight", "norm.bias"}


@torch.inference_mode()
def test_what_was_made_for_one_prompt_is_not_given_to_the_next() -> None:
    torch.manual_seed(7)
    block = Block(bias=True)
    quantize(block, torch, silent)
    x, other = torch.randn(1, 16), torch.randn(1, 16)
    right = block.k_proj(x)
    block.q_proj(other)  # and then the program was stopped
    assert torch.equal(block.k_proj(x), right)


@torch.inference_mode()
def test_words_in_bf16_stay_so_and_come_out_in_float32() -> None:
    block = Block(bias=False).bfloat16()
    quantize(block, torch, silent)
    assert block.words.weight.dtype == torch.bfloat16
    assert block(torch.arange(3)).dtype == torch.float32
