"""Passages: one article → runs of whole sentences, the unit that is embedded and retrieved.

Knows sentences and the article's spans; knows nothing of vectors or of the library.
"""

import re
from collections import deque
from dataclasses import dataclass

from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article, contiguous in the page's text.

    `text` is `page_text[start:end]`; `sentences` are the spans of its sentences, in the page's
    text. `id` is given by the library (0 before the passage is stored).
    """

    id: int
    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]


# A Chinese character says about as much as three Latin letters.
_LETTERS = 3
_LOOKED_AT = 2000  # characters that show which script an article is in
_LATIN = re.compile(r"^[^\u3400-\u9fff]*$")


def _width(sentences: list[Span]) -> int:
    return sentences[-1].end - sentences[0].start if sentences else 0


def _runs(sentences: list[Span], size: int) -> list[list[Span]]:
    """Pack sentences into as few runs of up to about `size` as needed, of about equal width."""
    whole = _width(sentences)
    target = whole / max(1, -(-whole // size))
    runs: list[list[Span]] = [[]]
    for sentence in sentences:
        run = runs[-1]
        width = _width([*run[:1], sentence])
        # The nearer of the two cuts to the even share wins; `size` is never passed by choice.
        if run and (width > size or width + _width(run) > 2 * target):
            runs.append([sentence])
        else:
            run.append(sentence)
    if len(runs) > 1 and _width(runs[-1]) < size // 4:
        joined = [*runs[-2], *runs[-1]]
        if _width(joined) <= size + size // 4:
            runs[-2:] = [joined]
    return [run for run in runs if run]


def split_passages(text: str, article: Article, size: int = 400) -> list[Passage]:
    """Return the passages of `article`, in its reading order; `text` is the page's text.

    A passage is up to about `size` Chinese characters wide, or as many Latin letters as say as
    much (a longer sentence is a passage by itself), and never crosses a gap between two spans of
    the article. Every sentence is in exactly one.
    """
    passages: list[Passage] = []
    if _LATIN.search(article.text[:_LOOKED_AT]):
        size *= _LETTERS
    paragraphs = deque(article.paragraphs)
    for span in article.spans:
        sentences: list[Span] = []
        while paragraphs and span.start <= paragraphs[0].start and paragraphs[0].end <= span.end:
            sentences += split_sentences(text, paragraphs.popleft())
        for run in _runs(sentences, size):
            start, end = run[0].start, run[-1].end
            passages.append(Passage(0, article.id, start, end, text[start:end], tuple(run)))
    return passages
