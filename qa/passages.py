"""Passages: one article → runs of whole sentences, the unit that is embedded and retrieved."""

from dataclasses import dataclass

from qa.spans import Span


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
