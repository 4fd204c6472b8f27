"""Articles: one page → its news stories, in reading order."""

from dataclasses import dataclass

from qa.spans import Span


@dataclass(frozen=True, slots=True)
class Article:
    """One news story of a page.

    All spans are in the page's text. `headline` holds the pieces (kicker, headline, deck) that
    `title` joins by a space. `paragraphs` is the body in reading order, one contiguous span a
    paragraph (a paragraph may run over line breaks and blank lines). `spans` is the same body as
    maximal contiguous ranges: more than one where the article's parts lie apart. `text` is the
    exact text of `spans`, joined by a line feed. `date_text` is the date as printed without
    inner spaces, `date` its ISO form where the year is known. `byline` is as printed, pieces
    joined by a space, else None.
    """

    id: str
    page_id: str
    source: str
    title: str
    date_text: str | None
    date: str | None
    byline: str | None
    text: str
    headline: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    spans: tuple[Span, ...]
