"""Places in a page's text, and how such a text is shown.

A span is `[start, end)` in Unicode code points of the page's decoded text. What is shown may
be reflowed; the span always leads back to the exact characters.
"""

import re
from typing import NamedTuple

_WIDE = r"[　-〿㐀-鿿＀-￯‘’“”—…·]"
_BREAKS = re.compile(r"\s+")
_GAP_AT_WIDE = re.compile(rf"(?<={_WIDE}) | (?={_WIDE})")


class Span(NamedTuple):
    """A half-open range `[start, end)` of code points in one page's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the exact characters of `text` that the span covers."""
        return text[self.start : self.end]


def reflow(text: str) -> str:
    """Return `text` as one line for reading: hard line breaks and column spaces taken out.

    Space is kept only between two characters that are both narrow (Latin letters, digits).
    """
    return _GAP_AT_WIDE.sub("", _BREAKS.sub(" ", text)).strip()
