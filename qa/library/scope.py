"""A scope: which articles a question is asked of. A value; knows nothing of libraries.

Dates are ISO dates, both inclusive. An article whose year is not known lies outside every range:
what it tells of may be of any year, and an answer from it would pass for one of that time.
"""

import datetime
import re
from dataclasses import dataclass

from qa.errors import QuestionError

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles named and those of the files named, of these the ones dated in the range.

    Where neither articles nor files are named it is every article dated in the range; `Scope()`
    is everything, and false. `articles` are ids, `sources` are files as `Library.remove` takes
    them. Raises QuestionError for a date that is none, and for a range that ends before it begins.
    """

    articles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        for day in filter(None, (self.since, self.until)):
            _check(day)
        if self.since and self.until and self.since > self.until:
            raise QuestionError(
                f"{self.since} to {self.until} ends before it begins: swap the two dates"
            )

    def __bool__(self) -> bool:
        return bool(self.articles or self.sources or self.since or self.until)

    @property
    def has_range(self) -> bool:
        """Whether dates matter at all."""
        return bool(self.since or self.until)

    def covers(self, date: str | None) -> bool:
        """Return whether a day in ISO form is in the range; None is only in no range at all."""
        if date is None:
            return not self.has_range
        return (self.since or date) <= date <= (self.until or date)


EVERYTHING = Scope()


def _check(day: str) -> None:
    try:
        if not _ISO.fullmatch(day):
            raise ValueError
        datetime.date.fromisoformat(day)
    except ValueError as error:
        raise QuestionError(f"{day!r} is no date: write one as 2020-12-31") from error
