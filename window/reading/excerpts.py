"""Excerpts: an answer → the runs of sentences that a reader can choose, cited or merely near.

Knows answers and how a newspaper is quoted; knows nothing of the library or of the panel.
"""

from dataclasses import dataclass
from typing import Literal

from qa import Answer, Citation, Hit
from qa.answering.answer import Support
from qa.spans import Span, reflow
from window.markup import escape

_LONGEST_SHOWN = 240
_INNER_TITLE = str.maketrans("《》", "〈〉")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A citation, or one of the nearest passages: `page_text[span] == quote`.

    `place` is the citation's marker or the passage's rank. `strong` are the answering words.
    `reason` says why what rests on it is unverified. `page` is the printed page of a PDF.
    """

    place: int
    support: Support | Literal["near"]
    article_id: str
    source: str
    title: str
    date_text: str | None
    span: Span
    quote: str
    strong: tuple[Span, ...] = ()
    reason: str = ""
    page: str = ""

    @property
    def kind(self) -> Literal["source", "near"]:
        """How a choice of it is called in links."""
        return "near" if self.support == "near" else "source"

    @property
    def headline(self) -> str:
        """The article's headline; the file's name where none is printed."""
        return self.title or self.source

    @property
    def label(self) -> str:
        """What stands before its highlight: the marker of a citation, nothing else has one."""
        return "" if self.support == "near" else f"[{self.place}]"

    def reference(self) -> str:
        """Return the quotation with its source as a newspaper gives it: headline, file, page, date.

        What is not known is left out. No page says which newspaper it is of, so the file's name
        stands in its place.
        """
        title = f"《{self.title.translate(_INNER_TITLE)}》" if self.title else None
        place = f"第{self.page}页" if self.page else None
        parts = (title, self.source, place, self.date_text)
        return f"「{reflow(self.quote)}」——{'，'.join(part for part in parts if part)}"


def cited(answer: Answer) -> list[Excerpt]:
    """Return an excerpt for each citation, in the order of the answer's list."""
    doubts: dict[int, str] = {}
    for statement in answer.statements:
        if statement.support == "unverified":
            doubts.update((marker, statement.reason) for marker in statement.markers)
    return [_of_citation(each, doubts.get(each.marker, "")) for each in answer.citations]


def near(answer: Answer) -> list[Excerpt]:
    """Return an excerpt for each of the nearest passages, best first."""
    return [_of_hit(hit) for hit in answer.passages]


def shortened(quote: str) -> str:
    """Return a quotation for reading, no longer than a card or a preview has room for."""
    shown = reflow(quote[: 2 * _LONGEST_SHOWN])
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "……"


def preview(citation: Citation) -> str:
    """Return the attributes by which a link to the citation shows its sentence before a click."""
    origin = " · ".join(part for part in (citation.date_text, citation.source) if part)
    return (
        f'data-headline="{escape(citation.title or citation.source)}" '
        f'data-from="{escape(origin)}" data-quote="{escape(shortened(citation.quote))}" '
        f'data-support="{citation.support}"'
    )


def _of_citation(citation: Citation, reason: str) -> Excerpt:
    return Excerpt(
        place=citation.marker,
        support=citation.support,
        article_id=citation.article_id,
        source=citation.source,
        title=citation.title,
        date_text=citation.date_text,
        span=Span(citation.start, citation.end),
        quote=citation.quote,
        strong=citation.answer_spans,
        reason=reason if citation.support == "unverified" else "",
    )


def _of_hit(hit: Hit) -> Excerpt:
    return Excerpt(
        place=hit.rank,
        support="near",
        article_id=hit.article.id,
        source=hit.article.source,
        title=hit.article.title,
        date_text=hit.article.date_text,
        span=Span(hit.passage.start, hit.passage.end),
        quote=hit.passage.text,
    )
