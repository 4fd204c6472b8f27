"""Units: a question → what must be printed beside its answer.

「多少亩」 wants 亩, 「哪一年」 wants 年, "how many books" wants "books": a sentence with other
numbers only does not answer. 「馆长是谁」 wants the word 馆长, and 「5号线」 is not 「4号线」.
"""

import re
from functools import lru_cache

_DIGIT = "[0-9０-９〇零一二三四五六七八九十百千万亿萬億两]"
_PERSONS = (
    "员工|职工|职员|工人|党员|会员|队员|学员|人员|学生|教师|老师|医生|护士|居民|村民|市民|农民|游客|乘客|观众"
    "|读者|志愿者|消费者|患者|病人|孩子|儿童|老人"
)
# What a question says (left) and what may follow the number of its answer (right).
_SAID: tuple[tuple[str, str], ...] = (
    (r"(多少|几|幾)[个個]?[亿億万萬]?(元|块|钱|錢|人民币|美元)|[几幾][个個]?[亿億]|总?投资|造价|售价|价格|票价|单价"
     r"|费用|工资|薪|报酬|多少钱|(?:多少|几|幾).{0,4}[费費款薪酬](?=[？?。]|$)|how much (money|did|does|was|were|is)\b.*\b(cost|paid|pay|invest|spend|spent|worth|price)",
     r"(?:美|欧|日|港)?元|块|圓|[亿億](?![级級人次吨噸度])|dollars?|yuan|euros?|pounds?"),
    (r"年[纪紀龄齡]|多大了|多大岁数|几岁|幾歲|多少[岁歲]|how old", r"周?[岁歲]|years?"),
    (r"多大(的)?面积|面积(是|有)?多|占地多|多少(亩|公顷|平方)|how (large|big) is the area", r"平方|亩|畝|公顷|㎡|acres?|hectares?|square"),
    (r"百分之|百分比|占比|比例|percent", r"[%％]|percent|per cent"),
    (r"(多少|几|幾)[名位]?(个)?人(?![民们均口大工])|多少(名|位)|[几幾][名位]|how many people", r"人|名|位|people|persons?"),
    (rf"多少[^，。？?]{{0,3}}(?:{_PERSONS})(?=[？?。]|$)", rf"人|名|位|[个個户戶]|{_PERSONS}"),
    (r"多[长長远遠]距离|多远|多遠|how far", r"公里|里|米|千米|km|kilomet|miles?|met"),
    (r"多[长長少]时间|多久|how long",
     r"[天日周週月年]|小?时|時|分(?!之)|秒|公?里|米|hours?|days?|weeks?|months?|years?|minutes?|km|kilomet|miles?|met|feet"),
    (r"哪一?年|[几幾]年(?!级)|什么年份|(what|which) year", r"年|(?<=\d{4})(?!\d)"),
    (r"哪一?[天日]|[几幾][日号號]|什么日期|(what|which) (date|day)", r"[日号號]|(?<=\d)\b"),
    (r"(?:电话|手机)号?码?(?:是|有)?多少|\bphone number", r"[\d-]{6,}"),
    (r"[几幾][点點时時](?!建议|意见)", r"[点點时時:：]"),
)  # fmt: skip
# Measure words, each of one character.
MEASURES = (
    "张張台臺套户戶家间間天年月次项項条條件篇种種所座栋棟层層吨噸米度场場届屆份部架辆輛艘头頭只隻棵株册冊本"
    "期批组組队隊对對村县縣市省国國站处處集首幅枚块塊级級分秒字页頁课課门門"
)
_COUNTED = re.compile(rf"(?:多少|[几幾])([{MEASURES}])")
_ENGLISH_COUNTED = re.compile(r"\bhow many (?:\w+ )??(\w{3,})\b", re.I)

# Titles that one person has.
ROLE = (
    "董事长|理事长|秘书长|院长|馆长|校长|局长|厅长|部长|处长|科长|所长|站长|社长|队长|会长|市长|省长|县长"
    "|区长|镇长|乡长|村长|园长|行长|厂长|主任|书记|总经理|经理|总裁|主席|主编|总编|教练|法人代表"
)
_ROLE_ASKED = re.compile(
    rf"(副?(?:{ROLE}))(?:是|为|叫|由)?(?:[谁哪]|什么名字)"
    rf"|[谁哪][位个]?(?:是|担任|当).{{0,12}}?(副?(?:{ROLE}))"
)
_OPPOSITES = (
    "男女", "东西南北", "上下", "左右", "前后", "内外", "早晚", "新旧老", "父母", "春夏秋冬",
)  # fmt: skip
_NTH = "[0-9０-９一二三四五六七八九十]+"
_ONES = ("", *"一二三四五六七八九")
_DESIGNATION = re.compile(
    rf"{_NTH}号[线楼院桥井厂馆]|[一二三四五六七八九]期(?=工程|项目|建设|什么|何时|总?投|占地|由|将)|第{_NTH}(?:[届次期号条季批轮版卷章]|阶段"
    r"|(?:人民|中心|实验|附属|初级|高级|职业)*(?:小学|中学|大学|医院|幼儿园|[污净]?水厂|车间|支队))"
)


def required(question: str) -> list[str]:
    """Return the titles and designations of a question that its answer must stand beside.

    A person asked for by title (「馆长是谁」) is not found where nobody has that title; a thing
    told apart by its number (「5号线」) is not another one.
    """
    return titles(question) + designations(question)


def titles(question: str) -> list[str]:
    """Return the titles by which a question asks for persons (馆长 of 「馆长是谁」)."""
    return [found[1] or found[2] for found in _ROLE_ASKED.finditer(question)]


def holds(text: str, asked: str) -> bool:
    """Return whether a title or designation stands in `text`; a deputy (副市长) has no title."""
    return any(way in text.replace(f"副{way}", "") for way in spellings(asked))


def opposites(word: str) -> list[str]:
    """Return what a word is told apart from by one character: 女足 for 男足, 环城西路 for 环城东路."""
    return [
        f"{word[:at]}{other}{word[at + 1 :]}"
        for at, own in enumerate(word)
        for group in _OPPOSITES
        if own in group
        for other in group
        if other != own
    ]


def designations(question: str) -> list[str]:
    """Return what tells a thing of a question apart by its number (5号线, 第三届)."""
    return _DESIGNATION.findall(question)


def spellings(asked: str) -> set[str]:
    """Return the ways to write a title or designation: 第1批 is 第一批 and 首批, 2号线 is 二号线."""
    number = re.search(_NTH, asked)
    value = _value(number[0]) if number else 0
    if number is None or not 0 < value < 100:
        return {asked}
    tens, ones = divmod(value, 10)
    ten = f"{_ONES[tens] if tens > 1 else ''}十" if tens else ""
    before, after = asked[: number.start()], asked[number.end() :]
    first = {f"首{after}"} if before and value == 1 else set()
    return {asked, f"{before}{value}{after}", f"{before}{ten}{_ONES[ones]}{after}"} | first


def _value(number: str) -> int:
    """Return the value of Arabic or Chinese digits up to 99; 0 for others."""
    if number.isdecimal():
        return int(number) if len(number) < 3 else 0
    tens, ten, ones = number.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= set(_ONES):
        return 0
    return (_ONES.index(tens or "一") * 10 if ten else 0) + (_ONES.index(ones) if ones else 0)


def unit_of(question: str) -> str:
    """Return a pattern of what follows the number asked for, or "" when any number may do."""
    for said, unit in _SAID:
        if re.search(said, question, re.I):
            return unit
    if counted := _COUNTED.search(question):
        return counted[1]
    if counted := _ENGLISH_COUNTED.search(question):
        return rf"(?:\w+[ -]){{0,3}}{re.escape(counted[1][:-1].lower())}"
    return ""


@lru_cache(maxsize=512)
def _pattern(unit: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_DIGIT}|\b[a-z]+)[余餘多]?[ ]?(?:{unit})", re.I)


def has_unit(text: str, start: int, end: int, unit: str) -> bool:
    """Return whether the number at `text[start:end]` is followed by `unit`."""
    reach = end + (30 if text[start:end].isascii() else 3)
    found = _pattern(unit).search(text, start, min(reach, len(text)))
    return found is not None and found.start() < end
