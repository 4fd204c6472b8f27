"""What the named endpoints return, as types: the objects of `qa.contract`, field by field.

Gradio and the tools of a language model describe these to whoever calls. Plain JSON types only.
"""

from typing import Literal, TypedDict


class CitationResult(TypedDict):
    """One cited run of sentences: `page_text[start:end] == quote`, in Unicode code points."""

    marker: int
    source: str
    article_id: str
    title: str
    date_text: str | None
    start: int
    end: int
    quote: str
    support: Literal["quoted", "supported", "unverified"]


class PassageResult(TypedDict):
    """One of the nearest passages, `rank` 1 first; not a citation."""

    rank: int
    score: float
    source: str
    article_id: str
    start: int
    end: int
    text: str


class AnswerResult(TypedDict):
    """An answer whose `[n]` are the markers of its citations; none where it is a refusal."""

    id: None
    question: str
    standalone_question: str
    answer: str
    answered: bool
    confidence: float
    citations: list[CitationResult]
    passages: list[PassageResult]
    models: dict[str, str]
    timings_ms: dict[str, float]


class ArticleResult(TypedDict):
    """One article as it was split from its page; `spans` are `[start, end]` in the page's text."""

    id: str
    source: str
    title: str
    date_text: str | None
    date: str | None
    byline: str | None
    text: str
    spans: list[list[int]]
