"""Printed: a place in an article → the printed page of its file, as people name it."""

from qa.errors import NotFoundError
from qa.library.library import Library
from qa.spans import Span


def printed_page(library: Library, article_id: str, span: Span) -> str:
    """Return the label of the printed page on which `span` of an article's page begins.

    "" where the file has no printed pages, and where the article has left the library.
    """
    try:
        page = library.page(library.article(article_id).page_id)
    except NotFoundError:
        return ""
    found = page.printed_at(span)
    return found.label if found else ""
