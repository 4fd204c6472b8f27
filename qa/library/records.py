"""Records: what the library stores, and how each thing is written into a field.

Text is UTF-8 in a blob and everything else ASCII JSON, because SQLite's own text cannot hold the
lone surrogates that a page may contain. Knows nothing of tables.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import DamagedError
from qa.formats.extracted import PrintedPage
from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.pages import Page
from qa.splitting.passages import Passage

Ids = NDArray[np.int64]
Vector = NDArray[np.float32]  # (width,)
Vectors = NDArray[np.float32]  # (n, width)


@dataclass(frozen=True, slots=True)
class State:
    """What a library is at one moment. `token` differs after every change, whoever made it.

    `encoder` is how the encoder was asked for and `fingerprint` which one it was, both None while
    there are no vectors. `fitted_on` passages were there when it was taken into use, and `churn`
    passages came or went since.
    """

    generation: int
    token: str
    encoder: str | None
    fingerprint: str | None
    fitted_on: int
    churn: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A page that is ready to be stored; `origin` is the place that it was read from."""

    page: Page
    origin: str
    articles: Sequence[Article]
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Known:
    """What a stored page is called: its id, the name shown to people, where it was read from."""

    id: str
    source: str
    origin: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a list of all of them shows it: what `Article` holds, but its text.

    `length` is how many characters its spans cover, line breaks included.
    """

    id: str
    page_id: str
    source: str
    title: str
    date_text: str | None
    date: str | None
    byline: str | None
    length: int
    spans: tuple[Span, ...]


def text_to_blob(text: str) -> bytes:
    """Return the bytes of a page's text; any `str` can be stored."""
    return text.encode("utf-8", "surrogatepass")


def blob_to_text(blob: bytes) -> str:
    """Return the text of `text_to_blob`'s bytes. Raises DamagedError when they are damaged."""
    try:
        return blob.decode("utf-8", "surrogatepass")
    except (UnicodeDecodeError, AttributeError) as error:
        raise _damaged() from error


def page_to_records(page: Page) -> tuple[str, str]:
    """Return a page's printed pages, and the remarks about it."""
    printed = [(one.number, one.label, *one.span) for one in page.printed]
    return json.dumps(printed), json.dumps(page.remarks)


def row_to_page(row: Sequence[Any]) -> Page:
    """Return the page of its fields, in the order of `Page`. Raises DamagedError when damaged."""
    id_, source, text, encoding, format_, printed, remarks = row
    try:
        pages = tuple(
            PrintedPage(int(number), str(label), Span(int(start), int(end)))
            for number, label, start, end in _loaded(printed)
        )
        said = tuple(str(remark) for remark in _loaded(remarks))
    except (TypeError, ValueError) as error:
        raise _damaged() from error
    return Page(id_, source, blob_to_text(text), encoding, format_, pages, said)


def article_to_record(article: Article) -> str:
    """Return all of an article but its ids, and its text, which its spans lead to."""
    return json.dumps(
        {
            "title": article.title,
            "date_text": article.date_text,
            "date": article.date,
            "byline": article.byline,
            "headline": article.headline,
            "paragraphs": article.paragraphs,
            "spans": article.spans,
        }
    )


def record_to_article(id_: str, page_id: str, source: str, record: str, text: str) -> Article:
    """Return the article of a record; `text` is the page's. Raises DamagedError when damaged."""
    fields = _loaded(record)
    try:
        spans = _spans(fields["spans"])
        return Article(
            id=id_,
            page_id=page_id,
            source=source,
            title=fields["title"],
            date_text=fields["date_text"],
            date=fields["date"],
            byline=fields["byline"],
            text="\n".join(span.of(text) for span in spans),
            headline=_spans(fields["headline"]),
            paragraphs=_spans(fields["paragraphs"]),
            spans=spans,
        )
    except (KeyError, TypeError) as error:
        raise _damaged() from error


def record_to_entry(id_: str, page_id: str, source: str, record: str) -> Entry:
    """Return the entry of a record. Raises DamagedError when damaged."""
    fields = _loaded(record)
    try:
        spans = _spans(fields["spans"])
        facts = (fields["title"], fields["date_text"], fields["date"], fields["byline"])
    except (KeyError, TypeError) as error:
        raise _damaged() from error
    length = sum(span.end - span.start for span in spans)
    return Entry(id_, page_id, source, *facts, length, spans)


def title_of(record: str) -> str:
    """Return the headline in an article's record."""
    fields = _loaded(record)
    if not isinstance(fields, dict) or "title" not in fields:
        raise _damaged()
    return str(fields["title"])


def sentences_to_record(passage: Passage) -> str:
    """Return the places of a passage's sentences."""
    return json.dumps(passage.sentences)


def record_to_sentences(record: str) -> tuple[Span, ...]:
    """Return the places of a passage's sentences. Raises DamagedError when damaged."""
    return _spans(_loaded(record))


def vector_to_blob(vector: Vector) -> bytes:
    """Return a vector (width,) as little-endian float32."""
    return vector.astype("<f4").tobytes()


def blobs_to_vectors(blobs: Sequence[bytes]) -> Vectors:
    """Return vectors as (n, width), (0, 0) for none. Raises DamagedError when widths differ."""
    if not blobs:
        return np.empty((0, 0), np.float32)
    if len({len(blob) for blob in blobs}) > 1 or len(blobs[0]) % 4:
        raise _damaged()
    return np.frombuffer(b"".join(blobs), "<f4").reshape(len(blobs), -1).astype(np.float32)


def seal_of(page: Page, articles: Sequence[Article], passages: Sequence[Passage]) -> str:
    """Return a digest of all that is known of a page, and was split from it, offsets included.

    It is stored beside the page, so that a later change of any offset or field can be found.
    The ids of passages are left out: they are given while storing. A page of plain text has the
    digest that it had before there were other formats.
    """
    parts = [f"{article.id} {article_to_record(article)}" for article in articles]
    parts += [f"{p.article_id} {p.start} {p.end} {sentences_to_record(p)}" for p in passages]
    if page.format != "txt" or page.printed or page.remarks:
        parts += [page.format, *page_to_records(page)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _loaded(record: str) -> Any:
    try:
        return json.loads(record)
    except (TypeError, ValueError) as error:
        raise _damaged() from error


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    try:
        return tuple(Span(start, end) for start, end in pairs)
    except (TypeError, ValueError) as error:
        raise _damaged() from error


def _damaged() -> DamagedError:
    return DamagedError(
        "the library holds damaged records: `qa doctor --repair` saves the pages that are whole"
    )
