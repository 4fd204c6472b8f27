"""Dates: the day an article tells of, as printed, and its ISO form where the year is known.

Knows the wording of dates, of dated page headers and of events that carry their year in their
name; knows nothing of articles. A year that is told as past or future is no hint.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_NUMERAL = "〇○零一二三四五六七八九十廿"
_DIGIT = r"[0-9０-９]"
_YEAR = rf"(?P<year>{_DIGIT}{{4}}|[〇○零一二三四五六七八九]{{4}})\s*年\s*"
_DAY = (
    rf"(?P<month>{_DIGIT}{{1,2}}|[{_NUMERAL}]{{1,3}})\s*月\s*"
    rf"(?P<day>{_DIGIT}{{1,2}}|[{_NUMERAL}]{{1,3}})\s*[日号號]"
)
_DATE = re.compile(rf"(?<![0-9０-９])(?:{_YEAR})?{_DAY}")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ENGLISH = re.compile(
    rf"\b(?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
    r"(?:,? (?P<year>(?:19|20)\d\d))?"
)
_DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
    r"(?:,? (?P<year>(?:19|20)\d\d))?"
)
_NEAR = 25  # characters of the body, behind its lead, in which its date is looked for

_TERM = re.compile(r"(?:自|从|從|截至|截止|截止到|将于|將於|定于|定於|\b(?:[Ff]rom|[Uu]ntil))\s*$")

_HEADER = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*[年./-]\s*(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})\s*日?"
)
_REPUBLIC = re.compile(r"(?:中華民國|民國)\s*(\d{2,3}|[〇○零一二三四五六七八九]{2,3})\s*年")
_EVENT = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?:年度?)?"
    r"(?P<name>(?![年到至底初末前后後以起在于於被将將获獲荣榮建基实實全上下开開将全])[^，。；、！？：,;!?:年月\d]{1,24}?"
    r"(?:会议|會議|大会|大會|峰会|峰會|年会|年會|推进会|座谈会|动员会|部署会|发布会|博览会|交易会|论坛|論壇|"
    r"培训班|研讨班|运动会|運動會|锦标赛|錦標賽|大赛|大賽|联赛|竞赛|马拉松|文化节|艺术节|[会會](?=[，。]|$)))"
)
_ELSEWHEN = re.compile(
    r"迎接|备战|備戰|筹备|籌備|筹办|籌辦|申办|申辦|计划|力争|将|將|拟|到|至|自|从|從|继|繼|截|去年|曾|"
    r"明年|后年|规划|冲刺|展望|回顾|早在|于$"
)
_REVIEW = re.compile(r"总结|總結|表彰|述职|考核|决算|盘点|评选|冬奥|奥运|世界杯|亚运")
_ANCHOR = re.compile(r"召开|召開|举行|舉行|举办|舉辦|参加|參加|出席|开班|开幕|開幕|启动|承办")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed (inner spaces removed) and the numbers in it; year None if unprinted."""

    text: str
    year: int | None
    month: int
    day: int

    def iso(self, year: int | None) -> str | None:
        """Return YYYY-MM-DD for `year`, or None if that is no day of the calendar."""
        if year is None:
            return None
        try:
            return datetime.date(year, self.month, self.day).isoformat()
        except ValueError:
            return None


def _number(text: str) -> int:
    """Read Arabic digits of any width, or Chinese numerals up to 99 or digit by digit."""
    if text.isdecimal():
        return int(text)
    digits = "零一二三四五六七八九"
    plain = text.replace("〇", "零").replace("○", "零").replace("廿", "二十")
    if "十" in plain:
        tens, _, ones = plain.partition("十")
        return 10 * (digits.find(tens) if tens else 1) + (digits.find(ones) if ones else 0)
    return int("".join(str(digits.index(c)) for c in plain))


def _from(match: re.Match[str]) -> PrintedDate:
    month, year = match["month"], match["year"]
    latin = month[:3] in _MONTHS
    return PrintedDate(
        text=match.group() if latin else re.sub(r"\s+", "", match.group()),
        year=_number(year) if year else None,
        month=_MONTHS.index(month[:3]) + 1 if latin else _number(month),
        day=_number(match["day"]),
    )


def printed_date(opening: str, skip: int = 0) -> PrintedDate | None:
    """Return the date that stands in the opening of a body, else None.

    `skip` is the length of the lead; the date may stand in it (新华社北京8月21日电) or begin
    within the 25 characters behind it. Line breaks do not count, nor does a day that only begins or
    ends something (自6月1日起).
    """
    lead = opening[:skip]
    rest = re.sub(r"\s*[\r\n]\s*", "", opening[skip : skip + 80])
    for text in (lead, rest):
        for pattern in (_DATE, _ENGLISH, _DAY_FIRST):
            match = next((m for m in pattern.finditer(text) if not _is_term(text, m)), None)
            if match and match.start() <= max(_NEAR, skip):
                return _from(match)
    return None


def _is_term(text: str, date: re.Match[str]) -> bool:
    """Return whether the date is one from or until which something is so (自6月1日起)."""
    return bool(_TERM.search(text, 0, date.start()))


def header_years(line: str) -> set[int]:
    """Return the year that a page's header gives without a day (中華民國一一○年), if any."""
    match = _REPUBLIC.search(unicodedata.normalize("NFKC", line))
    return {1911 + _number(match[1])} if match else set()


def header_date(line: str) -> datetime.date | None:
    """Return the full date of a page's header line (2020年12月25日 星期五), else None."""
    plain = unicodedata.normalize("NFKC", line)
    match = _HEADER.search(plain)
    if match is None:
        printed = _DAY_FIRST.search(plain) or _ENGLISH.search(plain)
        iso = _from(printed).iso(_from(printed).year) if printed else None
        return datetime.date.fromisoformat(iso) if iso else None
    try:
        return datetime.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def event_years(text: str) -> set[int]:
    """Return the years that stand in the names of events which `text` tells of as held then.

    "召开2020年…学习会议" and "2019世界机器人大会" give a year; "2021年经受疫情", "到2025年建成",
    "迎接2022年冬奥会" and a meeting that reviews the year before do not.
    """
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    years: set[int] = set()
    for match in _EVENT.finditer(flat):
        told = flat[max(0, match.start() - 8) : match.start()].rpartition("。")[2]
        held = _ANCHOR.search(told) or not _ELSEWHEN.search(told)
        if held and not _REVIEW.search(match["name"]):
            years.add(int(match["year"]))
    return years


def year_of(
    date: PrintedDate, header: datetime.date | None, own: Iterable[int], page: Iterable[int]
) -> int | None:
    """Return the year of `date`, or None where the hints are missing or disagree.

    The printed year comes first, then the page's header (a day far behind the header's is of the
    year before), then the article's own hints, then those of the whole page.
    """
    if date.year is not None:
        return date.year
    if header is not None:
        # A paper tells of yesterday, sometimes of next month, hardly ever of half a year ahead.
        ahead = (date.month - header.month) * 30 + date.day - header.day
        return header.year - 1 if ahead > 90 else header.year
    for hints in (set(own), set(page)):
        if len(hints) == 1:
            return hints.pop()
        if hints:
            return None
    return None
