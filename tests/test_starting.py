"""How gradio is imported: its stubs stay unwritten, and all else is as it was."""

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
