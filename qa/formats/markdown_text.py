"""Markdown: a text with its marks → the text that is shown. The one door to markdown-it.

markdown-it-py (MIT) follows CommonMark; what it makes is read as any web page is, so that markup
inside a Markdown file has no way of its own.
"""

from dataclasses import replace

from markdown_it import MarkdownIt

from qa.formats.extracted import Extracted
from qa.formats.html_text import read_html
from qa.formats.limits import Limits


def read_markdown(text: str, encoding: str, limits: Limits) -> Extracted:
    """Return the text of a Markdown file without its marks. Raises PageError as HTML does."""
    markup = MarkdownIt("commonmark").enable("table").render(text)
    return replace(read_html(markup, encoding, limits), format="md")
