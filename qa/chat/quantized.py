"""Quantised weights: a byte each, multiplied in integers, on processors that do so exactly.

A weight is one of 255 steps of its row's largest. What it is multiplied with, the activations, is
split into two bytes (16 bits of the token's largest), since eight bits lose much where one of a
thousand is a hundred times the others, as in language models. The second byte is nearly free: it
is the weights that have to be fetched. Knows torch only by what is passed in.
"""

from typing import Any

from qa.progress import Progress

_STEPS = 127  # a weight's byte: -127 … 127
_WHOLE = 127 * 256  # activations in two bytes: -32512 … 32512
_ZERO = 128  # the byte that stands for 0, as activations have to be unsigned
_ROWS = 4096  # rows that are converted at a time: all of a large vocabulary would take gigabytes
_SMALLEST = 1e-30  # instead of 0, which cannot be divided by


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


def quantize(model: Any, torch: Any, progress: Progress) -> None:
    """Put the weights of all linear layers in int8, one layer after the other, and free the rest.

    All else is calculated in float32, which takes the least time where bf16 is not native. The
    words' vectors stay as they are: only those that are looked up are converted. They are copied,
    since the file of all weights stays in memory as long as one of them lies in it.
    """
    layers = [each for each in model.modules() if isinstance(each, torch.nn.Linear)]
    for done, layer in enumerate(layers):
        progress(done, len(layers), "quantising")
        layer.forward = Int8Product(layer.weight.detach(), layer.bias, torch.ops.onednn)
        layer.weight = layer.bias = None
    for module in model.modules():
        words = isinstance(module, torch.nn.Embedding)
        for weight in module.parameters(recurse=False):
            weight.data = weight.data.clone() if words else weight.data.float()
        if words:
            module.register_forward_hook(lambda _module, _ids, vectors: vectors.float())
    progress(len(layers), len(layers), "quantising")


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
