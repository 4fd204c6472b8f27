"""Loading: what everything shares that loads a model by transformers, whichever part it is for."""

import threading
from pickle import UnpicklingError

from safetensors import SafetensorError

# transformers changes torch's default type of numbers while it makes a model: another one that is
# made at the same moment gets weights of mixed types, and fails when it is used.
LOADING = threading.Lock()
# What the libraries raise for damaged files, each found by damaging every value of every file;
# and huggingface_hub's StrictDataclassError, which is imported where it is needed.
DAMAGED = (
    *(OSError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError),
    *(AssertionError, ImportError, RuntimeError, EOFError, UnpicklingError, SafetensorError),
)


def reason_of(error: BaseException) -> str:
    """Return what an error of a library says, in one line."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
