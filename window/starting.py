"""Starting: gradio is imported in half the time that it takes by itself; memory is shared.

While it is imported gradio writes a type stub for each of its components beside their source,
for editors; that and the collection of garbage, of which there is none yet, are most of the time.
Knows nothing of the page.
"""

import ctypes
import gc
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_WRITING = ("gradio.component_meta", "create_or_modify_pyi")  # the module, and what it calls
_ARENA_MAX, _ARENAS = -8, 2  # mallopt's number for how many arenas there may be, and how many


def share_memory() -> None:
    """Have all threads take memory from the same two places, where glibc is asked for it.

    By itself it opens up to eight for each processor, and what was freed in one is of no use to
    the others: where dozens of threads answer in turn, all of them grow. Call it before threads
    begin. Elsewhere it does nothing.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def import_gradio() -> None:
    """Import gradio, with no stubs written. The second call does nothing."""
    if "gradio" in sys.modules:
        return
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    gc.disable()
    try:
        import_module("gradio")
    finally:
        gc.enable()
        sys.meta_path.remove(finder)
    gc.freeze()  # what is there now stays, and need not be looked at again


class _Finder(MetaPathFinder):
    """Finds the one module that writes the stubs, and leaves all others to Python."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == _WRITING[0] else None
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Loads it, and lets it write nothing."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        setattr(module, _WRITING[1], lambda *_: None)
