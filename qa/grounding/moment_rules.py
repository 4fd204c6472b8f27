"""Rules of moments: how days, years, weekdays and clock times are worded, in both languages.

One rule after the other looks for its wording and says what it means. Knows plain text only.
"""

import re
from collections.abc import Callable, Iterable
from typing import Literal

Kind = Literal[
    "day", "date", "month", "year", "weekday", "time", "daypart", "third", "ago", "every"
]
Found = tuple[Kind, tuple[int, ...]]
Match = re.Match[str]
Reader = Callable[[Match], Iterable[Found]]

_NUMERAL = r"[一二三四五]?十[一二三四五六七八九]?|[〇零]?[一二两三四五六七八九]|[零〇]"
_MONTH_NUMBER = rf"(?:1[0-2]|0?[1-9]|{_NUMERAL})"
_DAY_NUMBER = rf"(?:[12]\d|3[01]|0?[1-9]|{_NUMERAL})"
_HOUR = rf"(?:[01]?\d|2[0-4]|{_NUMERAL})"
_MINUTE = rf"(?:[0-5]?\d|{_NUMERAL})"
_DIGIT = "[〇零一二三四五六七八九]"
_HAN = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TO = r"\s?(?:至|到|-|~|to|through|until|and)\s?"
_DAYPARTS = {
    "凌晨": 0, "清晨": 1, "清早": 1, "早上": 1, "早晨": 1, "上午": 1, "中午": 2, "下午": 3, "傍晚": 3,
    "晚上": 4, "夜里": 4, "夜间": 4, "深夜": 4, "当晚": 4, "今晚": 4, "昨晚": 4, "晚间": 4, "夜晚": 4,
    "今夜": 4, "昨夜": 4, "晚": 4, "早": 1, "morning": 1, "noon": 2, "afternoon": 3, "evening": 4,
    "night": 4, "tonight": 4,
}  # fmt: skip
_DAYPART = "|".join(part for part in _DAYPARTS if part > "z" and len(part) > 1)
_THIRDS = {"上旬": 1, "初": 1, "中旬": 2, "下旬": 3, "底": 3, "末": 3}
_THIRDS |= {"early": 1, "beginning of": 1, "mid": 2, "late": 3, "end of": 3}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_AGO = {
    "前年": (0, -2), "去年": (0, -1), "上年": (0, -1), "今年": (0, 0), "本年": (0, 0), "明年": (0, 1),
    "次年": (0, 1), "翌年": (0, 1), "后年": (0, 2), "上个月": (1, -1), "上月": (1, -1), "本月": (1, 0),
    "下个月": (1, 1), "下月": (1, 1), "前天": (2, -2), "昨天": (2, -1), "昨日": (2, -1), "昨晚": (2, -1),
    "昨夜": (2, -1), "今天": (2, 0), "今日": (2, 0), "今晚": (2, 0), "今夜": (2, 0), "明天": (2, 1),
    "明日": (2, 1), "次日": (2, 1), "第二天": (2, 1), "后天": (2, 2), "今冬": (0, 0), "今春": (0, 0),
    "今夏": (0, 0), "今秋": (0, 0), "last year": (0, -1), "this year": (0, 0), "next year": (0, 1),
    "last month": (1, -1), "this month": (1, 0), "next month": (1, 1), "yesterday": (2, -1),
    "today": (2, 0), "tonight": (2, 0), "tomorrow": (2, 1), "next day": (2, 1),
}  # fmt: skip
_PERIODS = {
    "小时": 0, "hour": 0, "天": 1, "日": 1, "晚": 1, "夜": 1, "day": 1, "dai": 1, "night": 1, "周": 2,
    "星期": 2, "week": 2, "月": 3, "month": 3, "季度": 4, "季": 4, "quarter": 4, "年": 5, "year": 5,
    "annual": 5, "学期": 6, "term": 6,
}  # fmt: skip
_EVERY = "|".join(_PERIODS)
_YEAR_BEFORE = (
    r"(?:in|since|by|of|until|till|from|to|early|late|mid|during|year|for|and|before|after)[\s-]"
)


def _small(text: str) -> int:
    """Read digits, or Chinese numerals up to 99 or digit by digit."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _HAN.get(tens, 1) + _HAN.get(ones, 0)
    return int("".join(str(_HAN[c]) for c in text))


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _days(match: Match) -> Iterable[Found]:
    month = _small(match[1])
    yield "day", (month, _small(match[2]))
    if match[3]:
        yield "day", (month, _small(match[3]))


def _months(match: Match) -> Iterable[Found]:
    for text in match.groups()[:2]:
        if text:
            yield "month", (_small(text),)
    if match[3]:
        yield "third", (_THIRDS[match[3]], _small(match[2] or match[1]))


def _english_day(match: Match) -> Iterable[Found]:
    month = _month(match[1])
    for day in (match[2], match[3]):
        if day:
            yield "day", (month, int(day))
    if match[4]:
        yield "year", (int(match[4]),)


def _day_first(match: Match) -> Iterable[Found]:
    yield "day", (_month(match[2]), int(match[1]))
    if match[3]:
        yield "year", (int(match[3]),)


def _english_month(match: Match) -> Iterable[Found]:
    yield "month", (_month(match[1]),)
    if match[2]:
        yield "year", (int(match[2]),)


def _iso(match: Match) -> Iterable[Found]:
    yield "year", (int(match[1]),)
    yield "day", (int(match[2]), int(match[3]))


def _clock(hour: int, minute: int, half: int) -> Found:
    half = 1 if 12 < hour < 24 else half
    return "time", ((hour % 12) * 60 + minute, half)


def _half(part: str | None) -> int:
    return -1 if not part else 0 if _DAYPARTS[part] < 2 else 1


def _chinese_time(match: Match) -> Iterable[Found]:
    part, hour, rest = match[1], _small(match[2]), match[3] or ""
    quarters = {"半": 30, "一刻": 15, "三刻": 45}
    minute = quarters[rest] if rest in quarters else _small(rest) if rest else 0
    yield _clock(hour, minute, _half(part))
    if part:
        yield "daypart", (_DAYPARTS[part],)
    if part in _AGO:
        yield "ago", _AGO[part]


def _digital(match: Match) -> Iterable[Found]:
    yield _clock(int(match[2]), int(match[3]), _half(match[1]))


def _english_time(match: Match) -> Iterable[Found]:
    half = {"a": 0, "p": 1}.get((match[3] or "").lower(), -1)
    yield _clock(int(match[1]), int(match[2] or 0), half)


def _ago(match: Match) -> Iterable[Found]:
    word = match[0].lower()
    yield "ago", _AGO[word]
    if word in _DAYPARTS:
        yield "daypart", (_DAYPARTS[word],)


def _one(kind: Kind, value: Callable[[Match], int]) -> Callable[[Match], list[Found]]:
    return lambda match: [(kind, (value(match),))]


# In order; what one rule has read is hidden from the next. Compiled when first needed.
_AGO_WORD = "|".join(sorted(_AGO, key=len, reverse=True))
RULES: tuple[tuple[str, Reader], ...] = (
    (r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", _iso),
    (rf"(?<!\d)(?:\d{{4}}|{_DIGIT}{{4}})年", _one("year", lambda m: _small(m[0][:-1]))),
    (r"(?<!\d)(?:19|20)?(\d0)(?:年代|s\b)", _one("year", lambda m: int(m[1]))),
    (
        rf"(?<![\d.])({_MONTH_NUMBER})月({_DAY_NUMBER})[日号]?(?:{_TO}({_DAY_NUMBER}))?[日号]",
        _days,
    ),
    (
        rf"(?<![\d.])({_MONTH_NUMBER})(?:{_TO}({_MONTH_NUMBER}))?月(?:份)?(上旬|初|中旬|下旬|底|末)?(?!\d)",
        _months,
    ),
    (r"(?<=[年\n])()()()(初|底|末)", lambda m: [("third", (_THIRDS[m[4]], 0))]),
    (
        r"(?<![\d.第])([12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?)(?:日(?![均前])|(?=[至到-]\d{1,2}日))",
        _one("date", lambda m: _small(m[1])),
    ),
    (
        r"(?:周|星期|礼拜)([一二三四五六日天])(?![年月])",
        _one("weekday", lambda m: min(6, "一二三四五六日天".index(m[1]))),
    ),
    (
        rf"({_DAYPART}|晚|早)?(?<!\d)({_HOUR})[点时](?![间代期候点]|建议|要求|意见|希望)(?:钟|整|(半|[一三]刻|{_MINUTE}(?=分)|[0-5]\d)(?:分(?!钟))?)?(?!\d)",
        _chinese_time,
    ),
    (
        rf"({_DAYPART})?(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?!\d|\s?[ap]\.?m)",
        _digital,
    ),
    (f"(?i){_AGO_WORD}", _ago),
    (
        rf"(?i)[每按]个?({_EVERY})|\b(?:every|each|per) ({_EVERY})\b|\b(dai|week|month|quarter|year)ly\b"
        r"|(?<![\d一二三四五六七八九十两])(年)(?=[薪租均产]|收入|处理)|(月)(?=[薪租均产]|收入)|(日)(?=[均产供]|处理)|\b(annual)(?:ly)?\b",
        _one("every", lambda m: _PERIODS[next(filter(None, m.groups())).lower()]),
    ),
    (_DAYPART, _one("daypart", lambda m: _DAYPARTS[m[0]])),
    (
        rf"\b(early|late|mid|beginning of|end of)[\s-](?={_MONTH}|(?:19|20)\d\d\b)",
        lambda m: [("third", (_THIRDS[m[1]], _month(m[2]) if m[2] else 0))],
    ),
    (
        r"(?i)上半年|下半年|\b(?:first|second) half of (?=the year|this year|last year|\d)",
        lambda m: [("third", (4 if m[0][0] in "上fF" else 5, 0))],
    ),
    (
        rf"\b{_MONTH}\s(\d{{1,2}})(?:st|nd|rd|th)?\b(?:{_TO}(\d{{1,2}})\b(?!\s[A-Za-z]))?(?:,?\s((?:19|20)\d\d)\b)?",
        _english_day,
    ),
    (
        rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s((?:19|20)\d\d)\b)?",
        _day_first,
    ),
    (
        rf"\b(?!May\b(?!,?\s(?:19|20)\d\d|[.,;]|$|\sand))(?!March\s[a-z]){_MONTH}(?:,?\s((?:19|20)\d\d)\b)?",
        _english_month,
    ),
    (r"(?<=[a-z\n]\s|\n\n|[a-z]-)(May)\b()", _english_month),
    (
        r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b",
        _one("weekday", lambda m: _WEEKDAYS.index(m[1][:3].lower())),
    ),
    (r"(?i)\b(1[0-2]|0?\d)(?:[:.]([0-5]\d))?\s?([ap])\.?m\b\.?", _english_time),
    (r"\b(\d{1,2})()\s?()o'clock", _english_time),
    (r"(?i)\bnoon\b", _one("daypart", lambda _: 2)),
    (r"(?i)\bmidnight\b", lambda _: [("time", (0, 0))]),
    (
        r"(?i)\b(morning|afternoon|evening|night)s?\b",
        _one("daypart", lambda m: _DAYPARTS[m[1].lower()]),
    ),
    (
        rf"(?i)\b{_YEAR_BEFORE}((?:1[5-9]|20)\d\d)\b(?!,\d)|(?<=\n)((?:19|20)\d\d)\b",
        _one("year", lambda m: int(m[1] or m[2])),
    ),
)
