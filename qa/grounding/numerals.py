"""Numerals: where plain text writes a number, in digits or in words, and what it comes to.

Chinese and English, with scales (1亿8600万, "1.86 billion"), shares (三分之二, "half of") and
places (第三, "third"). Knows no units and no dates.
"""

import re
from fractions import Fraction
from functools import cache

from embeddings.glosses import table

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
NUMERALS = "〇零一二三四五六七八九两十百千万亿"
_ONES = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    "|fifteen|sixteen|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORDS = {word: n for n, word in enumerate(_ONES.split("|"))}
_WORDS |= {word: 20 + 10 * n for n, word in enumerate(_TENS.split("|"))}
_SCALE_WORDS = {"hundred": 100, "dozen": 12, "thousand": 10**3, "million": 10**6}
_SCALE_WORDS |= {"billion": 10**9, "trillion": 10**12}
_LETTERS = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9}
_PLACES = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
)
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8}
_PARTS |= {"tenth": 10}
_TIMES = {"twice": 2, "double": 2, "doubled": 2, "triple": 3, "tripled": 3}

# Digits are read in stretches of at most forty: no number of a newspaper is longer.
_ARABIC = r"\d{1,3}(?:,\d{3}){1,12}(?:\.\d{1,40})?(?!\d|,\d)|\d{1,40}(?:\.\d{1,40})?"
_HAN_NUMBER = (
    rf"[{NUMERALS}]{{1,40}}(?:点[〇零一二三四五六七八九]{{1,40}})?(?:[余多几][万亿]{{1,2}})?"
)
_EITHER = rf"(?:{_ARABIC}|{_HAN_NUMBER})"
_WORD = "|".join(sorted([*_WORDS, *_SCALE_WORDS], key=len, reverse=True))
_SCALE_WORD, _PART = "|".join(_SCALE_WORDS), "|".join(_PARTS)
_NUMERAL = (
    r"(?P<phone>(?<!\d)(?:\d{3,4}-\d{7,8}|0\d{1,20})(?!\d))"
    rf"|百分之(?P<percent>{_EITHER})"
    rf"|(?P<below>{_EITHER})分之(?P<over>{_EITHER})"
    r"|(?<!\d)(?P<over_>\d{1,9})/(?P<below_>\d{1,9})(?!\d)"
    r"|(?P<first>首[批家个次届位例条座]|头一[回次个家批])"
    r"|(?P<several>[几数](?=[十百千万亿]))(?P<scale>[十百千万亿]+)"
    r"|\b(?P<plural>ten|dozen|hundred|thousand|million|billion)s of\b"
    rf"|(?P<nth>第)?(?:(?P<digits>{_ARABIC})"
    r"(?P<scales>[余多几]?\s?[十百千万亿]{1,2}(?:\d{1,9}(?:\.\d+)?[百千万亿]{1,2})*)?"
    rf"(?:(?P<st>(?:st|nd|rd|th)\b)|(?:[\s-](?P<word>{_SCALE_WORD})|(?P<letter>k|m|mn|bn))\b)?"
    rf"|(?P<han>{_HAN_NUMBER}))"
    r"|(?P<half>半数|过半|一半|(?<![下上年月])半(?=个|[年天月小周米公])"
    r"|\bhalf(?: an?)?\b(?! of the year))"
    rf"|\b(?<!first )(?<!last )(?P<share>(?:{_WORD}|an?)[\s-](?:{_PART})s?\b(?=[\s-](?:of|the)\b|-)"
    rf"|(?:{_WORD})[\s-](?:third|quarter|fifth|tenth)s\b)"
    rf"|\b(?P<words>(?:half )?(?:an? (?={_SCALE_WORD}))?(?:{_WORD})s?"
    rf"(?:(?:[\s-]| and )(?:{_WORD}))*)\b"
    rf"|\b(?<!per )(?P<place>{_PLACES})\b|\b(?P<times>{'|'.join(_TIMES)})\b"
)
# Behind a Chinese numeral these make a number of it even where the two are a word: 两家, 三次.
_MEASURES = frozenset(
    "个名位人家所张套户间座栋条项届次年月日天周岁元层块只头台辆艘架本册页篇件份批组队班支根棵颗双"
    "对把面道枚杯瓶箱袋斤吨克米里亩度号级种类样点秒时刻代期季站镇乡村区县市省国场门节课字笔盏趟"
    "遍回顿餐口家成倍大"
)


@cache
def numeral() -> re.Pattern[str]:
    """Return what any number looks like; compiled when first needed."""
    return re.compile(_NUMERAL, re.I)


def is_place(match: re.Match[str]) -> bool:
    """Return whether a match of `numeral` counts a place (第三, "third") and not things."""
    return any(match[name] for name in ("nth", "st", "place", "first"))


def is_share(match: re.Match[str]) -> bool:
    """Return whether a match of `numeral` is a share of a whole; its value is in percent."""
    return any(match[name] for name in ("percent", "below", "below_", "share"))


def value(match: re.Match[str]) -> Fraction:
    """Return what a match of `numeral` comes to; -1 for a division by zero. A half is 1/2."""
    if match["digits"]:
        scale = _SCALE_WORDS.get((match["word"] or "").lower(), 1)
        scale *= _LETTERS.get((match["letter"] or "").lower(), 1)
        return _mixed(match["digits"] + (match["scales"] or "")) * scale
    if text := match["han"] or match["percent"] or match["scale"]:
        return _mixed(text)
    if below := match["below"] or match["below_"]:
        whole = _mixed(below)
        return 100 * _mixed(match["over"] or match["over_"]) / whole if whole else Fraction(-1)
    return _word(match)


def _word(match: re.Match[str]) -> Fraction:
    word = match[0].lower()
    if match["phone"]:
        return Fraction(int("1" + re.sub(r"\D", "", word)))  # with its zeros
    if match["first"] or match["place"]:
        return Fraction(_PLACES.split("|").index(word) + 1 if match["place"] else 1)
    if match["half"]:
        return Fraction(1, 2)
    if match["plural"] or match["times"]:
        return Fraction(_TIMES.get(word) or _SCALE_WORDS.get(match["plural"], 10))
    if match["share"]:
        count, part = re.split(r"[\s-]", word)[:2]
        return Fraction(100 * _WORDS.get(count, 1), _PARTS[part.removesuffix("s")])
    return _spelled(word)


def _spelled(words: str) -> Fraction:
    """Return the number of English words: "fifteen hundred", "one hundred and eighty-six"."""
    total, part = Fraction(0), Fraction(0)
    for word in re.split(r"[\s-]+", words):
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "half":
            part = Fraction(1, 2)
        elif scale := _SCALE_WORDS.get(word) or _SCALE_WORDS.get(word.removesuffix("s")):
            part = (part or Fraction(1)) * scale
            if scale >= 1000:
                total, part = total + part, Fraction(0)
    return total + part


def _mixed(text: str) -> Fraction:
    """Return the number of digits, Chinese numerals or both: 1亿8600万, 一千五, 二〇二二."""
    text = re.sub(r"[,\s余多几]", "", text).replace("点", ".")
    items = re.findall(r"[十百千万亿]|[^十百千万亿]+", text)
    total, part = Fraction(0), Fraction(0)
    number: Fraction | None = None
    for item in items:
        if item not in _SCALES:
            number = Fraction("".join(str(DIGITS.get(c, c)) for c in item))
            continue
        scale = _SCALES[item]
        if scale < 10**4:
            part += (Fraction(1) if number is None else number) * scale
        elif part or number is not None:
            total, part = total + (part + (number or 0)) * scale, Fraction(0)
        else:
            total = (total or Fraction(1)) * scale  # 万亿
        number = None
    if number is None:
        return total + part
    if items[-1] in DIGITS and _SCALES.get("".join(items[-2:-1]), 1) >= 100:
        number *= Fraction(_SCALES[items[-2]], 10)  # 一千五 is 1500
    return total + part + number


def counts_nothing(text: str, match: re.Match[str]) -> bool:
    """Tell whether a Chinese numeral is part of a word that is no number (统一, 十分, 四川)."""
    han, (start, end) = match["han"] or "", match.span()
    if not han or match["nth"]:
        return False
    if set(han) <= set("百千万亿"):
        return not _measures(text[end : end + 1])
    return han in "〇零" or (
        len(han) == 1
        and any(
            text[a:b] in table("chinese") and not all(map(_measures, text[a:start] + text[end:b]))
            for a in range(max(0, start - 3), start + 1)
            for b in range(end, min(len(text), start + 4) + 1)
            if b - a > 1
        )
    )


def _measures(character: str) -> bool:
    return character in _MEASURES or character in NUMERALS
