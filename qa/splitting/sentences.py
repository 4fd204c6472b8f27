"""Sentences: one span of running text → the spans of its sentences.

Knows Chinese and English punctuation, quotations and brackets; knows nothing of articles. A
line break never ends a sentence: columns are narrow. All passes are linear in the text.
"""

import re
from itertools import pairwise

from qa.spans import Span

_QUOTED = 200  # a longer quotation is cut at its inner full stops like plain text
_LONG = 350  # a longer sentence is cut at its semicolons
_PIECE = 120  # and no piece so cut is shorter than this
_ENDLESS = 1200  # a still longer one is no sentence at all and is cut at any comma or space

_OPENERS = dict(zip("“‘「『（(【《〈[〔", "”’」』）)】》〉]〕", strict=True))
_CLOSERS = {close: open_ for open_, close in _OPENERS.items()}
_TRAILING = frozenset(_CLOSERS) | {'"', "'", "＂"}
_PAIRS = re.compile("[" + re.escape("".join(_OPENERS) + "".join(_CLOSERS)) + '"]')
_STOPS = re.compile(r"[。！？!?｡…]+|[.．]+")
_GOES_ON = frozenset("，、；：,;:的等与和及之”’」』）)】》〉]〕")
_SPEAKER = re.compile(
    r"[^。！？!?“”「」\s，,]{0,30}(?:告诉记者|說|说|表示|介绍|介紹|指出|强调|強調|感慨|认为|認為|坦言)[。，,]"
)
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Z]|Mrs?|Ms|Dr|Prof|St|No|vs|Inc|Co|Ltd|Corp|Jr|Sr|Gen|Gov|Sen|Rep|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|etc|a\.m|p\.m|U\.S|U\.K|U\.N)$"
)
_SPACE = re.compile(r"\s*")


def _quotations(text: str, span: Span) -> list[Span]:
    """Return the outermost quotations and brackets short enough to be kept whole."""
    stack: list[tuple[str, int]] = []
    found: list[Span] = []
    for match in _PAIRS.finditer(text, span.start, span.end):
        sign, at = match.group(), match.start()
        opener = _CLOSERS.get(sign, '"' if sign == '"' else "")
        depth = next((i for i in range(len(stack) - 1, -1, -1) if stack[i][0] == opener), -1)
        if opener and depth >= 0:
            begun = stack[depth][1]
            del stack[depth:]
            if at - begun <= _QUOTED:
                while found and found[-1].start > begun:
                    found.pop()
                found.append(Span(begun, at))
        elif opener in ("", '"'):
            stack.append((sign, at))
            # Openers that were never closed must not make the search for a pair long.
            del stack[:-8]
    return found


def _full_stop_ends(text: str, span: Span, start: int, end: int) -> bool:
    """Tell whether the dots `text[start:end]` end a sentence rather than stand in a word."""
    before, after = text[start - 1 : start], text[end : min(end + 1, span.end)]
    if start == span.start or (after.isalnum() and after.isascii()) or after == ",":
        return False
    if before.isdigit() and after.isdigit():
        return False
    return not (end - start == 1 and _ABBREVIATION.search(text, max(span.start, start - 8), start))


def _ends(text: str, span: Span, start: int, stop: int, end: int) -> bool:
    """Tell whether the signs at `start:stop`, with their closers up to `end`, end a sentence."""
    signs = text[start:stop]
    rest = _SPACE.match(text, end, span.end)
    after = rest.end() if rest else end
    if after >= span.end:
        return True
    following = text[after]
    if following in _GOES_ON or following.islower():
        return False
    if signs[0] in ".．":
        return _full_stop_ends(text, span, start, stop)
    if signs[-1] in "!?" and after == end and following.isalnum() and following.isascii():
        return False
    return not (end > stop and _SPEAKER.match(text, after, span.end))


def _stops(text: str, span: Span) -> list[int]:
    """Return the ends of the sentences of `span`, in order, without its own end."""
    quotations = _quotations(text, span)
    found: list[int] = []
    nth = 0
    for match in _STOPS.finditer(text, span.start, span.end):
        end = match.end()
        while end < span.end and text[end] in _TRAILING:
            end += 1
        while nth < len(quotations) and quotations[nth].end < end:
            nth += 1
        inside = nth < len(quotations) and quotations[nth].start < match.start()
        if not inside and _ends(text, span, match.start(), match.end(), end):
            found.append(end)
    return found


def _cut(text: str, span: Span, signs: str, shortest: int) -> list[Span]:
    """Cut `span` after each of `signs`, no piece but the last shorter than `shortest`."""
    pieces: list[Span] = []
    start = span.start
    for match in re.finditer(signs, text[span.start : span.end]):
        at = span.start + match.end()
        if at - start >= shortest and span.end - at >= shortest // 4:
            pieces.append(Span(start, at))
            start = at
    return [*pieces, Span(start, span.end)]


def _shortened(text: str, span: Span) -> list[Span]:
    """Cut a sentence that is too long to cite at ever weaker signs."""
    pieces = [span]
    steps = ((_LONG, "[；;]", _PIECE), (_ENDLESS, r"[，,、\s]", _LONG), (_ENDLESS, r"", _ENDLESS))
    for longest, signs, shortest in steps:
        pieces = [
            part
            for piece in pieces
            for part in (
                _cut(text, piece, signs, shortest)
                if piece.end - piece.start > longest
                else (piece,)
            )
        ]
    return pieces


def trimmed(text: str, span: Span) -> Span:
    """Return `span` without the white space at its two ends (empty if it has nothing else)."""
    body = text[span.start : span.end]
    start = span.start + len(body) - len(body.lstrip())
    return Span(start, max(start, span.start + len(body.rstrip())))


def split_sentences(text: str, span: Span) -> list[Span]:
    """Return the spans of the sentences of `text[span.start:span.end]`, in order.

    They are trimmed of white space and together hold every other character of the span.
    Closing quotation marks and brackets stay with their sentence; a quotation or bracket of up
    to 200 characters is never broken; a sentence of over 350 may be cut at its semicolons.
    """
    bounds = [span.start, *_stops(text, span), span.end]
    rough = [trimmed(text, Span(a, b)) for a, b in pairwise(bounds)]
    parts = [part for piece in rough for part in _shortened(text, piece)]
    return [part for part in (trimmed(text, p) for p in parts) if part.end > part.start]
