"""Moments: a plain sentence → the days, years, weekdays and clock times it names.

3月4日 = 三月四日 = "March 4" = "4 March"; 下午3点12分 = 15:12 = "3:12 pm". Each part of a date
stands by itself, since a statement may leave out any of them; what is relative (去年, "yesterday")
is kept as such. Knows neither when an article was written nor how long anything took.
"""

import re
from dataclasses import dataclass
from functools import cache

from qa.grounding.moment_rules import RULES, Kind, Reader
from qa.spans import Span


@dataclass(frozen=True, slots=True)
class Moment:
    """One part of a point in time; `text` is how it is written, `span` where in the plain text.

    Values: day (month, day); date, month and year (n,), the first a day without its month;
    weekday (0–6 from Monday); every (0–6 from hour to term); time (minutes of half a day, 0 before noon, 1 after, -1 unknown);
    daypart (0–4 from before dawn to night); third (1–3 of a month or year: 上旬, "late", or 4 and 5 for the halves of a year; of which month,
    0 where that is not said);
    ago (0 year, 1 month or 2 day; how many of them from now).
    """

    kind: Kind
    value: tuple[int, ...]
    text: str
    span: Span


@cache
def _rules() -> list[tuple[re.Pattern[str], Reader]]:
    """Compile the rules when first needed, rather than at every start of the program."""
    return [(re.compile(pattern), read) for pattern, read in RULES]


def moments(text: str) -> tuple[Moment, ...]:
    """Return the moments that plain `text` names, in order."""
    found: list[Moment] = []
    for pattern, read in _rules():
        for match in pattern.finditer(text):
            text = text[: match.start()] + "\n" * len(match[0]) + text[match.end() :]
            span = Span(*match.span())
            found += [Moment(kind, value, match[0].strip(), span) for kind, value in read(match)]
    return tuple(sorted(found, key=lambda moment: moment.span))
