"""The parts that make an answer, what does their work and how far that is, named for people.

What the program tells in English only is read here, so that the window has it in both languages.
"""

import re

from qa.library.reembedding import Change
from window.markup import both, escape

PARTS = {
    "encoder": both("向量", "vectors"),
    "reranker": both("排序", "ranking"),
    "answerer": both("作答", "answers"),
}
_BUILT_IN = {
    "built-in": both("内置", "built-in"),
    "built-in reader": both("内置阅读器", "built-in reader"),
    "built-in sentence ranker": both("内置排序", "built-in sentence ranker"),
    "none, words only": both("没有，只按词语找", "none, words only"),
}
_WORK = {  # how what is being done begins → the same in Chinese
    "beginning": "准备中",
    "adding": "正在加入",
    "reading": "正在读",
    "splitting": "正在拆分",
    "fitting the encoder": "正在调整编码器",
    "loading the encoder": "正在加载编码器",
    "embedding": "正在计算向量",
    "indexing": "正在建立索引",
    "waiting": "等另一个程序改完库",
    "loading weights": "正在读入",
    "quantising": "正在压缩",
}
_LOADING = re.compile(r"is being loaded(?:: ([^,]+), (\d+%))?$")
# The folders before the last name of a path, but not those of an address of the web.
_FOLDERS = re.compile(r"(?<![\w/:.\\])(?:[A-Za-z]:)?[/\\](?:[^\s/\\:;,()]+[/\\])+")


def without_folders(line: str) -> str:
    """Return a line without the folders that lead to what it names: they are nobody's affair."""
    return _FOLDERS.sub("", line)


def model_name(name: str) -> str:
    """Return a model's name as HTML: what is built in by a word for it, others by their name."""
    return _BUILT_IN.get(name) or escape(without_folders(name))


def work(what: str) -> str:
    """Return what is being done as HTML in both languages."""
    return both(_in_chinese(what), what.capitalize())


def _in_chinese(what: str) -> str:
    return next((chinese for english, chinese in _WORK.items() if what.startswith(english)), "")


def model_status(line: str) -> str:
    """Return as HTML in both languages why a chat model cannot answer now."""
    line = without_folders(line)
    why = "" if _LOADING.search(line) else "语言模型现在用不了，由内置阅读器作答："
    return both(why + loading_in_chinese(line), line)


def loading_in_chinese(line: str) -> str:
    """Return a line that may end in how far a model is loaded, that end in Chinese."""
    return _LOADING.sub(_far, line)


def _far(loading: re.Match[str]) -> str:
    what, share = loading.groups()
    return f"{_in_chinese(what)} {share}" if what else "正在加载"


def change_status(change: Change) -> str:
    """Return as HTML in both languages how far a change of encoder is, or that it failed."""
    if change.problem:
        problem = without_folders(change.problem)
        return both(f"编码器没有换成，仍用原来的：{problem}", f"The encoder stays: {problem}")
    far = f"{change.done}/{change.total}"
    return f"{both('更换编码器：', 'Changing the encoder: ')}{work(change.what)} {far}"
