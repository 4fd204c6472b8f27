"""Reading order: which segments are parts of one article, and in which order they read.

A segment that opens like no article of its page (no lead where others have one, no heading, no
by-line) may be a section or a displaced tail of another. It goes back there when the evidence
is good; when in doubt it stays an article of its own.
"""

from collections import Counter
from dataclasses import dataclass

from qa.splitting.blocks import Block
from qa.splitting.headlines import PageWords
from qa.splitting.lines import ends_sentence
from qa.splitting.openings import Conventions, is_subhead
from qa.splitting.segments import Segment

_ENOUGH = 0.55  # evidence, in the units of `_evidence`, that a segment is part of another
_ENOUGH_BARE = 0.35  # less is asked of a part without any heading: it is no article
_MARGIN = 0.12  # and by how much the best candidate must lead
_HANGING = 4  # half-widths by which signs at a line's end may pass the column
_FEW = 3  # words shared with one text alone that may be chance


@dataclass(slots=True, eq=False)
class Story:
    """Segments of one article, the first its opening; `heading` its headline blocks."""

    segments: list[Segment]
    heading: list[Block]

    @property
    def last(self) -> Segment:
        """Return the segment that is read last."""
        return self.segments[-1]


def _pairs(texts: list[frozenset[str]]) -> dict[int, Counter[int]]:
    """Return for each text how many words it shares with each other and with that one alone."""
    holders: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        for term in text:
            if not term.isdecimal():
                holders.setdefault(term, []).append(index)
    found: dict[int, Counter[int]] = {}
    for one, *others in holders.values():
        if len(others) == 1:
            found.setdefault(one, Counter())[others[0]] += 1
            found.setdefault(others[0], Counter())[one] += 1
    return found


class _Judge:
    """Weighs whether one story continues another; each two are weighed once while they last."""

    def __init__(self, words: PageWords, page: Conventions) -> None:
        self._words = words
        self._page = page
        self._pairs = _pairs(words.of_segment)
        self._unfinished = [s for s in page.segments if page.opens(s) and page.unfinished(s)]
        self._words_by_story: dict[Story, frozenset[str]] = {}
        self._weighed: dict[tuple[Story, Story], float] = {}

    def forget(self, *changed: Story) -> None:
        """Weigh anew, from now on, what any of these stories takes part in."""
        for story in changed:
            self._words_by_story.pop(story, None)
        for pair in [pair for pair in self._weighed if not set(pair).isdisjoint(changed)]:
            del self._weighed[pair]

    def _words_of(self, story: Story) -> frozenset[str]:
        if story not in self._words_by_story:
            own = [self._words.of_segment[segment.index] for segment in story.segments]
            self._words_by_story[story] = own[0].union(*own[1:])
        return self._words_by_story[story]

    def evidence(self, part: Story, whole: Story) -> float:
        """Return the evidence (0 to about 2) that `part` belongs behind `whole`.

        What tells most is a headline whose words the whole's own text lacks and the part has.
        """
        if (part, whole) not in self._weighed:
            self._weighed[part, whole] = self._evidence(part, whole)
        return self._weighed[part, whole]

    def _evidence(self, part: Story, whole: Story) -> float:
        mine, theirs, rarity = self._words_of(part), self._words_of(whole), self._words.rarity
        words = self._words.of(whole.heading)
        smaller = min(rarity.total(mine), rarity.total(theirs)) or 1.0
        score = 0.5 * rarity.coverage(words, mine)
        score += 1.5 * rarity.total((words & mine) - theirs) / (rarity.total(words) or 1.0)
        score += 0.8 * rarity.total(mine & theirs) / smaller
        return score + self._names(part, whole) + self._circumstance(part, whole)

    def _names(self, part: Story, whole: Story) -> float:
        """Return the evidence (0 to 0.8) of words that a tail shares with no other segment.

        Mostly names: their share among all words that the tail shares with one segment alone.
        """
        if part.heading or part.segments[0].after_heading:
            return 0.0
        own = [s.index for s in part.segments]
        shared = Counter[int]()
        for index in own:
            shared.update(self._pairs.get(index, {}))
        mine = sum(shared[s.index] for s in whole.segments)
        return 0.8 * mine / (_FEW + sum(n for index, n in shared.items() if index not in own))

    def _only_unfinished(self, segment: Segment) -> bool:
        """Tell whether of all openings of the page only this one's article lacks its by-line."""
        return len(self._unfinished) == 1 and self._unfinished[0] is segment

    def _circumstance(self, part: Story, whole: Story) -> float:
        """Return the evidence of place, by-lines, sentence ends and columns."""
        places = {s.index for s in whole.segments}
        first = part.segments[0]
        later = places - {whole.segments[0].index}
        score = 0.25 * (first.index - 1 in places)
        # Nothing but another part of an article stands directly before a part of it.
        if part.last.index + 1 in later and not part.last.closed:
            score = 0.45
        # A missing opening tells most behind an article that no by-line has ended.
        opens = self._page.leads or self._page.opened
        open_end = opens and not self._page.closed and not whole.last.closed
        score += 0.2 * (self._page.unfinished(whole.last) or open_end)
        if self._page.unfinished(whole.last) and part.last.closed and first.index - 1 in places:
            score += 0.15
        if not ends_sentence(whole.last.texts[-1].span.of(self._words.vocabulary.text)):
            # A sentence goes on in a fragment without a heading, never in a section with one.
            score += -0.2 if first.after_heading else 0.3 + 0.3 * first.begins_inside
        if part.last.closed and whole.last.closed:
            score -= 0.3
        if part.last.closed and self._only_unfinished(whole.last):
            score += 0.3
        if self._page.is_section(first) and whole.heading and not is_subhead(whole.heading):
            score += 0.35 * (first.index - 1 in places)
        columns = [s.column for s in whole.segments if s.column]
        apart = bool(first.column) and all(
            abs(first.column - column) > _HANGING for column in columns
        )
        return score - 0.1 * (apart and bool(columns))


def _merge(whole: Story, part: Story) -> None:
    """Add `part` behind `whole`: parts that follow the opening first, then those from above."""
    first = whole.segments[0].index
    section = part.segments[0]
    displaced = not section.after_heading
    if displaced and not whole.heading:
        whole.heading = part.heading
    else:
        section.texts[:0] = part.heading
    joined = [*whole.segments, *part.segments]
    whole.segments = sorted(joined, key=lambda s: (s.index < first, s.index))


def _best(judge: _Judge, part: Story, found: list[Story]) -> tuple[float, Story | None]:
    """Return the story that `part` belongs behind beyond doubt, and the evidence for it."""
    ranked = sorted(
        ((judge.evidence(part, whole), -n) for n, whole in enumerate(found) if whole is not part),
        reverse=True,
    )
    evidence, second = ranked[0][0], ranked[1][0] if len(ranked) > 1 else 0.0
    enough = _ENOUGH if part.heading or part.segments[0].after_heading else _ENOUGH_BARE
    if evidence < enough or evidence - second < _MARGIN:
        return 0.0, None
    return evidence, found[-ranked[0][1]]


def stories(words: PageWords, page: Conventions, headings: dict[int, list[Block]]) -> list[Story]:
    """Group the segments of a page into stories; the surest parts find their story first."""
    found = [Story([s], headings.get(s.index, [])) for s in page.segments]
    parts = [story for story in found if not page.opens(story.segments[0])]
    if not words.printed:
        return found
    judge = _Judge(words, page)
    while parts and len(found) > 1:
        choices = [(*_best(judge, part, found), part) for part in parts]
        _, whole, part = max(choices, key=lambda choice: choice[0])
        if whole is None:
            break
        _merge(whole, part)
        judge.forget(whole, part)
        found.remove(part)
        parts.remove(part)
    return found
