"""A page's text → HTML in which excerpts are marked, at exactly the offsets that they name.

The same marks on two settings of the text: as lines for reading, or character for character as
the page has it. Where excerpts overlap, each piece belongs to all of them, so that the choice
among them can change in the browser. Knows excerpts, not how the sheet around them looks.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.spans import Span, line
from window.markup import escape
from window.reading.excerpts import Excerpt


class Highlighter:
    """Sets the text of one page, span after span; each excerpt is labelled where it begins."""

    def __init__(self, page_text: str, excerpts: Sequence[Excerpt], chosen: int = 0) -> None:
        self._text = page_text
        self._excerpts = excerpts
        self._chosen = chosen
        self._begun: set[int] = set()

    def flowing(self, span: Span) -> str:
        """Return the span as HTML for reading; its text is `reflow(span.of(page_text))`."""
        shown = line(span.of(self._text))
        return self._set(shown.text, [span.start + offset for offset in shown.offsets])

    def exact(self, span: Span) -> str:
        """Return the span as HTML, every character and line break of it as it stands."""
        return self._set(span.of(self._text), range(*span))

    def _set(self, shown: str, offsets: Sequence[int]) -> str:
        """Return `shown`, whose characters stand at `offsets` of the page, with the marks in it."""
        if not shown:
            return ""
        here = [e for e in self._excerpts if _meets(e.span, offsets)]
        pieces = _pieces(offsets, [each.span for each in here])
        return "".join(self._piece(shown[a:b], offsets[a:b], here) for a, b in pieces)

    def _piece(self, shown: str, offsets: Sequence[int], here: Sequence[Excerpt]) -> str:
        over = [each for each in here if each.span.start <= offsets[0] < each.span.end]
        if not over:
            return escape(shown)
        over.sort(key=lambda each: each.place != self._chosen)
        return self._opening(over) + _strong(shown, offsets, over) + "</mark>"

    def _opening(self, over: Sequence[Excerpt]) -> str:
        first = over[0]
        css = "nearby" if first.support == "near" else f"cited {first.support}"
        if first.place == self._chosen:
            css += " current"
        new = [each for each in over if each.place not in self._begun]
        self._begun.update(each.place for each in new)
        label = "".join(each.label for each in new)
        labelled = f' data-label="{label}"' if label else ""
        places = " ".join(str(each.place) for each in over)
        return f'<mark class="{css}" data-places="{places}"{labelled}>'


def _meets(span: Span, offsets: Sequence[int]) -> bool:
    return span.start <= offsets[-1] and offsets[0] < span.end


def _pieces(offsets: Sequence[int], spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Yield where to cut so that each piece lies wholly inside or outside of each span."""
    cuts = {bisect_left(offsets, edge) for span in spans for edge in span}
    return pairwise(sorted(cuts | {0, len(offsets)}))


def _strong(shown: str, offsets: Sequence[int], over: Sequence[Excerpt]) -> str:
    words = [word for each in over for word in each.strong if _meets(word, offsets)]
    html = ""
    for a, b in _pieces(offsets, words):
        text = escape(shown[a:b])
        inside = any(word.start <= offsets[a] < word.end for word in words)
        html += f"<strong>{text}</strong>" if inside else text
    return html
