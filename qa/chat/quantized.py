"""Quantised weights: a byte each, multiplied in integers, on processors that do so exactly.

A weight is one of 255 steps of its row's largest. What it is multiplied with, the activations, is
split into two bytes (16 bits of the token's largest), since eight bits lose much where one of a
thousand is a hundred times the others, as in language models. The second byte is nearly free: it
is the weights that have to be fetched. Knows torch only by what is passed in.
"""

from collections.abc import Callable, Sequence
from typing import Any

from qa.progress import Progress

_STEPS = 127  # a weight's byte: -127 … 127
_WHOLE = 127 * 256  # activations in two bytes: -32512 … 32512
_ZERO = 128  # the byte that stands for 0, as activations have to be unsigned
_ROWS = 4096  # rows that are converted at a time: all of a large vocabulary would take gigabytes
_SMALLEST = 1e-30  # instead of 0, which cannot be divided by
# Layers of a block that are given the same activations, in all that is built like Llama: as one
# product, since to begin one takes as long as to fetch a million weights (a tenth of all time).
_SIDE_BY_SIDE = (("q_proj", "k_proj", "v_proj"), ("gate_proj", "up_proj"))


class Int8Product:
    """x ↦ x·Wᵀ + b, for W of (outputs, inputs) and x of (…, inputs) in float32."""

    def __init__(self, weight: Any, bias: Any, ops: Any) -> None:
        """Convert `weight`, of any float type. `ops` is torch.ops.onednn.

        Raises RuntimeError or NotImplementedError where the processor has no such product.
        """
        self.outputs, self.inputs = weight.shape
        scale = weight.abs().amax(1).float().clamp_min(_SMALLEST) / _STEPS
        steps = weight.new_empty(weight.shape).char()
        for at in range(0, self.outputs, _ROWS):
            rows = slice(at, at + _ROWS)
            steps[rows] = (weight[rows].float() / scale[rows, None]).round_().char()
        self._packed = ops.qlinear_prepack(steps, None)
        self._multiply = ops.qlinear_pointwise
        self._scale = scale / _WHOLE
        self._zeros = scale.new_zeros(scale.shape).long()
        self._bias = None if bias is None else bias.float()
        self._middle = scale.new_tensor(_ZERO * 256 + _ZERO + 0.5)
        self._byte = steps.byte().dtype

    def __call__(self, x: Any) -> Any:
        rows = x.reshape(-1, self.inputs)
        largest = rows.abs().amax(-1, keepdim=True).clamp_min_(_SMALLEST)
        # In steps, rounded, and shifted so that both bytes hold _ZERO where the value is 0.
        whole = self._middle.add(rows / largest, alpha=_WHOLE).int()
        four = whole.view(self._byte).view(-1, self.inputs, 4)
        both = four[..., :2].permute(2, 0, 1).reshape(-1, self.inputs)
        low, high = self._in_integers(both).view(2, -1, self.outputs)
        product = low.add_(high, alpha=256).mul_(largest)
        if self._bias is not None:
            product += self._bias
        return product.view(*x.shape[:-1], self.outputs)

    def _in_integers(self, both: Any) -> Any:
        activations = (both, 1.0, _ZERO)
        weights = (self._packed, self._scale, self._zeros, None)
        return self._multiply(*activations, *weights, 1.0, 0, self._scale.dtype, "none", [], "")


class _Shared:
    """One product for layers that are given the same x: made for the first, kept for the others."""

    def __init__(self, product: Int8Product) -> None:
        self._product = product
        self._x: Any = None
        self._made: Any = None

    def part(self, start: int, end: int) -> Callable[[Any], Any]:
        """Return what gives the outputs from `start` to `end`; the last part frees the product."""

        def outputs(x: Any) -> Any:
            if x is not self._x:
                self._x, self._made = x, self._product(x)
            found = self._made[..., start:end]
            if end == self._product.outputs:
                self._x = self._made = None
            return found

        return outputs


def quantize(model: Any, torch: Any, progress: Progress) -> None:
    """Put the weights of all linear layers in int8, layer by layer, and free what they were.

    All else is calculated in float32, which takes the least time where bf16 is not native. The
    words' vectors stay as they are: only those that are looked up are converted. They are copied,
    since the file of all weights stays in memory as long as one of them lies in it.
    """
    groups = _groups(model, torch)
    for done, layers in enumerate(groups):
        progress(done, len(groups), "quantising")
        _quantize_together(layers, torch)
    for module in model.modules():
        words = isinstance(module, torch.nn.Embedding)
        for weight in module.parameters(recurse=False):
            weight.data = weight.data.clone() if words else weight.data.float()
        if words:
            module.register_forward_hook(lambda _module, _ids, vectors: vectors.float())
    progress(len(groups), len(groups), "quantising")


def _groups(model: Any, torch: Any) -> list[list[Any]]:
    """Return all linear layers, those that stand side by side together."""
    groups = []
    for block in model.modules():
        layers = {
            n: each for n, each in block.named_children() if isinstance(each, torch.nn.Linear)
        }
        for names in _SIDE_BY_SIDE:
            together = [layers[name] for name in names if name in layers]
            if len({each.bias is None for each in together}) == 1 and len(together) == len(names):
                groups.append([layers.pop(name) for name in names])
        groups += [[each] for each in layers.values()]
    return groups


def _quantize_together(layers: Sequence[Any], torch: Any) -> None:
    weight = torch.cat([each.weight.detach() for each in layers])
    biases = [each.bias.detach() for each in layers if each.bias is not None]
    shared = _Shared(Int8Product(weight, torch.cat(biases) if biases else None, torch.ops.onednn))
    start = 0
    for layer in layers:
        end = start + layer.out_features
        layer.forward = shared.part(start, end)
        layer.weight = layer.bias = None
        start = end


def is_exact(torch: Any) -> bool:
    """Tell whether this processor's integer product is right where it is largest.

    Some add two products of bytes in 15 bits, and cut off what does not fit.
    """
    weight = torch.ones(64, 64)
    weight[::2] = -1
    try:
        product = Int8Product(weight, None, torch.ops.onednn)
        found = product(torch.full((1, 64), 3.0))
    except (RuntimeError, NotImplementedError, AttributeError):
        return False
    return bool(torch.allclose(found, 3.0 * weight.sum(1)))
