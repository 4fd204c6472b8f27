"""Network: a causal language model in memory, tokens in and tokens out.

The one file that imports torch and transformers, and only once a model is really loaded. Knows
nothing of text, messages, or of who waits for an answer. Never looks at the network.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from copy import deepcopy
from inspect import signature
from itertools import takewhile
from operator import eq
from pathlib import Path
from threading import get_ident
from typing import Any, Literal

from embeddings.loading import DAMAGED, LOADING, reason_of
from qa.chat.attention_memory import Roomy
from qa.chat.prompt_lookup import Lookup
from qa.chat.quantized import is_exact, quantize
from qa.errors import ModelError
from qa.progress import Progress, silent

Precision = Literal["int8", "bf16", "fp16", "fp32"]

_CHUNK = 512  # tokens of a prompt that are read at a time: more takes memory, and saves no time
# Of how many beginnings of prompts the memory is kept (two languages, two tasks), and how long
# ones: a thousand tokens are 230 MB with a Qwen3-0.6B in int8.
_KEPT, _KEPT_TOKENS = 4, 1024
_UNTOLD = 2048  # tokens of context where a model does not tell


class _Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Ends a pass through the network at the next layer."""


class Network:
    """A model and the memory of what it read last. One thread at a time may use it."""

    def __init__(self, model: Any) -> None:
        import torch

        self.model = model
        self._torch = torch
        self._stopped: Callable[[], bool] | None = None
        self._kept: OrderedDict[tuple[int, ...], Any] = OrderedDict()
        self._keeps_last = "logits_to_keep" in signature(model.forward).parameters
        for module in model.modules():
            if isinstance(module, torch.nn.ModuleList):
                for layer in module:
                    layer.register_forward_pre_hook(self._look)

    @property
    def context(self) -> int:
        """How many tokens the model can take in."""
        config = self.model.config.get_text_config(decoder=True)
        return int(getattr(config, "max_position_embeddings", None) or _UNTOLD)

    @property
    def ends(self) -> frozenset[int]:
        """The tokens that end an answer, as the model tells."""
        told = self.model.generation_config.eos_token_id
        return frozenset(told if isinstance(told, list) else () if told is None else (told,))

    def answer(
        self,
        tokens: Sequence[int],
        fixed: int,
        limit: int,
        ends: Set[int],
        stopped: Callable[[], bool],
    ) -> Iterator[int]:
        """Yield what the model goes on with, the likeliest token each time.

        At most `limit` of them, up to one of `ends`, or until `stopped()`. The memory of the
        first `fixed` tokens is kept for the next prompt that begins with them. Raises ModelError
        when the model fails.
        """
        self._stopped = stopped
        fixed = fixed if fixed <= _KEPT_TOKENS else 0
        try:
            memory = self._memory_of(tuple(tokens[:fixed]))
            for token in self._written(tokens[fixed:], limit, memory):
                if token in ends:
                    return
                yield token
        except _Stopped:
            return
        except (RuntimeError, IndexError, MemoryError) as error:
            raise ModelError(f"the chat model failed: {reason_of(error)}") from error
        finally:
            self._stopped = None

    def _written(self, tokens: Sequence[int], limit: int, memory: Any) -> Iterator[int]:
        """Read on, and yield the likeliest tokens: several of one pass where guesses were right."""
        so_far = Lookup(tokens)
        takes_back = all(isinstance(layer, Roomy) for layer in memory.layers)
        unread = tokens
        guess: Sequence[int] = ()
        while limit > 0:
            best = self._read([*unread, *guess], memory, 1 + len(guess))
            right = sum(takewhile(bool, map(eq, best, guess)))
            if guess:
                memory.crop(right - len(guess))
            new = best[: right + 1]
            yield from new
            limit -= len(new)
            so_far.add(new)
            unread = new[-1:]
            guess = so_far.guess()[: limit - 1] if takes_back else ()

    def _memory_of(self, beginning: tuple[int, ...]) -> Any:
        """Return a memory in which `beginning` was read, to be written on."""
        if not beginning:
            return self._fresh_memory()
        if beginning not in self._kept:
            memory = self._fresh_memory()
            self._read(beginning, memory)
            self._kept[beginning] = memory
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(beginning)
        with self._torch.inference_mode():
            return deepcopy(self._kept[beginning])

    def _fresh_memory(self) -> Any:
        from transformers.cache_utils import DynamicCache, DynamicLayer

        memory = DynamicCache(config=self.model.config)
        kind = type("RoomyLayer", (Roomy, DynamicLayer), {})
        for place, layer in enumerate(memory.layers):
            if type(layer) is DynamicLayer:
                memory.layers[place] = kind()
        return memory

    def _read(self, tokens: Sequence[int], memory: Any, last: int = 1) -> list[int]:
        """Read on, and return the likeliest next token after each of the `last` ones."""
        options = {"logits_to_keep": last} if self._keeps_last else {}
        with self._torch.inference_mode():
            for at in range(0, len(tokens), _CHUNK):
                chunk = self.batch(tokens[at : at + _CHUNK])
                logits = self.model(
                    input_ids=chunk, past_key_values=memory, use_cache=True, **options
                ).logits
            best, found = logits[0, -last:].max(-1)
            if not best.isfinite().all():
                raise ModelError("the chat model's numbers overflow: load it in bf16 or fp32")
            return list(found.tolist())

    def batch(self, tokens: Sequence[int]) -> Any:
        """Return tokens as the model takes them: (1, tokens)."""
        return self._torch.tensor([list(tokens)], device=self.model.device)

    def _look(self, *_: Any) -> None:
        if self._stopped is not None and self._stopped():
            raise _Stopped


def load_network(
    folder: Path, precision: Precision | None = None, progress: Progress = silent
) -> Network:
    """Return the model in a folder, on the GPU where there is one.

    Without a `precision` the one that was measured to be best is taken: int8 on processors that
    do it exactly (2.5 times as fast as the others, a little over half the memory of bf16), else
    fp32; bf16 on GPUs that know it, else fp16. Raises ModelError when the folder holds no whole
    model.
    """
    import torch
    from transformers import AutoModelForCausalLM

    device = "cpu" if precision == "int8" else _device(torch)
    precision = precision or _best_precision(torch, device)
    dtype = {"fp16": torch.float16, "fp32": torch.float32}.get(precision, torch.bfloat16)
    with _shown_as(progress):
        model, report = _loaded(AutoModelForCausalLM, folder, dtype=dtype, output_loading_info=True)
    if missing := sorted(report["missing_keys"]):
        raise ModelError(f"{folder} lacks {len(missing)} of its weights, {missing[0]} among them")
    if precision == "int8":
        quantize(model, torch, progress)
    return Network(model.to(device).eval())


def write_untrained(folder: Path, kind: str, settings: Mapping[str, Any]) -> None:
    """Write a model of random weights to a folder: it writes nonsense as fast as a trained one.

    `kind` and `settings` are as in a config.json.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.for_model(kind, **settings)
    models: Any = AutoModelForCausalLM
    models.from_config(config, dtype=torch.bfloat16).save_pretrained(folder)


@contextmanager
def _shown_as(progress: Progress) -> Iterator[None]:
    """Report the bars of this thread's work, and nothing else of what transformers would print."""
    from transformers.utils import logging as told

    logging: Any = told
    mine = get_ident()

    def bar(shown: Any, arguments: Any, options: Any) -> Any:
        if get_ident() != mine:
            return before(shown, arguments, options) if before else shown(*arguments, **options)
        return _reported(arguments[0], progress, "loading weights")

    before, level = logging.set_tqdm_hook(bar), logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_tqdm_hook(before)
        logging.set_verbosity(level)


def _reported(items: Iterable[Any], progress: Progress, what: str) -> Iterator[Any]:
    every = list(items)
    for done, item in enumerate(every):
        progress(done, len(every), what)
        yield item
    progress(len(every), len(every), what)


def load_tokenizer(folder: Path) -> Any:
    """Return the tokenizer in a folder. Raises ModelError when there is none."""
    from transformers import AutoTokenizer

    return _loaded(AutoTokenizer, folder)


def _loaded(kind: Any, folder: Path, **options: Any) -> Any:
    from huggingface_hub.errors import StrictDataclassError

    try:
        with LOADING:
            return kind.from_pretrained(
                str(folder), local_files_only=True, trust_remote_code=False, **options
            )
    except (*DAMAGED, StrictDataclassError) as error:
        raise ModelError(
            f"{folder} holds no whole model, get it anew: {reason_of(error)}"
        ) from error


def _device(torch: Any) -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _best_precision(torch: Any, device: str) -> Precision:
    if device == "cpu":
        return "int8" if is_exact(torch) else "fp32"
    return "bf16" if device == "mps" or torch.cuda.is_bf16_supported() else "fp16"
