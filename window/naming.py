"""The parts that make an answer, and what does their work, named for people in both languages."""

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


def model_name(name: str) -> str:
    """Return a model's name as HTML: what is built in by a word for it, others by their name."""
    return _BUILT_IN.get(name) or escape(name)
