"""How gradio is imported: its stubs stay unwritten, and all else is as it was. Memory is shared."""

import platform
import subprocess
import sys
from importlib.util import find_spec, module_from_spec

import gradio
import pytest

from window.starting import _WRITING, _Finder


def loaded(spec):
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_module_that_writes_stubs_is_as_gradio_made_it_but_writes_none():
    name, writes = _WRITING
    made = loaded(find_spec(name))
    ours = loaded(_Finder().find_spec(name, gradio.__path__))
    assert vars(ours).keys() == vars(made).keys()
    with pytest.raises(TypeError):
        getattr(made, writes)(None, "None", [])
    assert getattr(ours, writes)(None, "None", []) is None


def test_every_other_module_is_left_to_python():
    for name in ("gradio", "gradio.components", "json"):
        assert _Finder().find_spec(name, gradio.__path__) is None


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_many_threads_take_memory_from_two_places():
    program = (
        "import ctypes, threading\n"
        "from window.starting import share_memory\n"
        "c = ctypes.CDLL(None)\n"
        "share_memory()\n"
        "all_here = threading.Barrier(8)\n"
        "def work():\n"
        "    all_here.wait(10)\n"
        "    taken = bytearray(2000)\n"
        "    all_here.wait(10)\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "for each in threads: each.start()\n"
        "for each in threads: each.join()\n"
        "c.malloc_stats()"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stderr
    assert 1 <= told.count("Arena ") <= 2
