"""Openings: which segments begin an article, judged by what this page's articles do.

A missing lead or by-line tells nothing on a page that has none; so the page's own conventions
are learnt first. Knows the shape of segments; knows nothing of their words.
"""

from qa.splitting.blocks import Block
from qa.splitting.segments import Segment

_SUBHEAD = 14  # half-widths; Chinese headlines of up to seven characters are hardly ever seen


def is_subhead(headings: list[Block]) -> bool:
    """Tell whether headings are one short line, such as parts a long article into sections."""
    lines = [line for block in headings for line in block.lines]
    return len(lines) == 1 and lines[0].width <= _SUBHEAD


_SECTION = 18  # half-widths; a later heading of an article that has shorter ones
_UNMARKED = 24  # a heading with nothing but text below, where articles open with who wrote them


class Conventions:
    """What most articles of one page have: a lead, a by-line above, a by-line at the end."""

    def __init__(self, text: str, segments: list[Segment]) -> None:
        headed = [s for s in segments if s.after_heading or s.has_lead]
        led = sum(s.has_lead for s in segments)
        self._text = text
        self.segments = segments
        self.leads = led >= 2 or (led == 1 and len(headed) <= 2)
        self.opened = 2 * sum(bool(s.opened) for s in segments) > len(headed)
        # Sections of a long article have headings of their own, so leads are counted if there are.
        articles = led if self.leads else len(headed)
        self.closed = 2 * sum(s.ended for s in segments) > articles

        self._marked = sum(s.has_lead or bool(s.opened) for s in headed) > 1
        self._sections: list[bool] = []
        for segment in segments:
            self._sections.append(self._is_section(segment))

    def _is_section(self, segment: Segment) -> bool:
        if not segment.heading_above or segment.has_lead or segment.opened:
            return False
        before = self.segments[segment.index - 1] if segment.index else None
        if is_subhead(segment.heading_above):
            return True
        lines = [line for block in segment.heading_above for line in block.lines]
        if len(lines) > 1 or before is None or before.ended or segment.closed:
            return False
        behind = self._sections[before.index]
        marked = self._marked and (behind or before.has_lead or bool(before.opened))
        short = lines[0].width <= (_UNMARKED if marked else _SECTION if behind else 0)
        return short and len(lines[0].span.of(self._text).split()) == 1

    def is_section(self, segment: Segment) -> bool:
        """Tell whether the heading above `segment` looks like one of an article's sections."""
        return self._sections[segment.index]

    def unfinished(self, segment: Segment) -> bool:
        """Tell whether a segment lacks the by-line that ends the page's other articles."""
        return self.closed and not segment.ended and not segment.opened

    def opens(self, segment: Segment) -> bool:
        """Tell whether `segment` begins an article beyond doubt."""
        if segment.has_lead or segment.opened:
            return True
        if not segment.after_heading:
            return False
        if segment.opens_with_date(self._text):
            return True
        before = self.segments[segment.index - 1] if segment.index else None
        if self.is_section(segment) and before and not before.ended:
            return False
        completes = before is not None and self.unfinished(before)
        if self.leads or self.opened:
            return segment.ended and not completes
        return not completes
