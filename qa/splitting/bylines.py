"""By-lines and leads: who wrote an article, and the formulas that open one.

Knows the wording of Chinese (simplified, traditional) and English papers as patterns of marks,
roles and names; knows nothing of columns, of pages, or of which article a by-line belongs to.
"""

import re
from dataclasses import dataclass
from functools import cache

from qa.spans import Span

# Compiled at first use: together they would cost 0.15 s of a command that splits no page.
_compiled = cache(re.compile)

_HAN = r"[㐀-鿿]"
_RANK = (  # 实习 is not taken from 实习生
    r"(?:(?:本[报報]社?|本[刊台网網]|全媒体|融媒体|首席|(?:实习|實習)(?!生)|见习|見習|特约|特約|特派|"
    r"新华社|新華社|中新社|人民网|新华网)[ 　]*)*+"
)
# Read in one way only (atomic): what could be read in many would cost their product to refuse.
_ROLE = (
    rf"(?>{_RANK}(?:[㐀-鿿]{{2,6}}(?:报社?|報社?|社)[ 　]*+){{0,2}}{_RANK}(?:驻[㐀-鿿]{{2,4}}[ 　]*+)?{_RANK}"
    r"(?:记者|記者|通讯员|通訊員|实习生|實習生|特约撰稿人?|撰稿人?|评论员|評論員))"
)
_CREDIT = (
    r"(?:[图圖]文|文\s*[/／、]\s*[图圖片]|[图圖]\s*[/／、]\s*文|文[图圖]|摄影报道|攝影報導|摄影|攝影|摄|攝|"
    r"供[图圖]|撰文|撰稿|作者|综合整理|整理|参与采写|采写|报道|報導|报导|文|[图圖片])"
)
_MARK = r"[□■◎●○◆◇▲△★☆]"
_ORG = r".{1,8}(?:报|報|社|网|網|台|中心|客户端|局|办|部|处|区|委|院|校|公司|集团)$"
_NAME = rf"{_HAN}(?:{_HAN}{{1,3}}|[·•]?{_HAN}{{1,8}}[·•]{_HAN}{{1,8}})$"
_NO_NAME = (
    r"手记|手記|调查|調查|观察|觀察|获悉|獲悉|了解|看到|从|從|[在到对對就向把被]|采访|採訪|发现|"
    r"節|节|会议|會議|培训|见面|笔记|来信|视线|专访|站|证|團|团$"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘"
    "祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解"
    "牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边"
    "卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧"
    "花昝狄禹茅闻訾宓芮羿储乌弓牧隗伊甄封厉祖束郜蓟薄宿怀鄂索咸籍蔺屠阴胥莘劳逄扶堵宰郦雍璩濮扈燕"
    "冀郏浦慕茹宦暨衡匡禄阙殳沃蔚夔厍晁阚毋乜鞠巢蒯荆竺桓亢郤岳奚湛"
    "葉蘇呂盧鍾譚陸賈韋鄒閆龍賀顧龔萬錢嚴湯莊聶魯關蘭畢單蔣"
)
_GLUE = r"[ 　\t\r\n、,，/／：:()（）]+"
_WORDS = rf"{_ROLE}|{_MARK}|{_CREDIT}(?=$|[ 　\t\r\n、,，/／：:()（）]|{_HAN}{{2,4}}(?:\s|$))"
_EXPERT = (
    r"(?<=[（( 　])[㐀-鿿]{0,8}(?:专家|教授|律师|医师|医生|农艺师|研究员|院士|教师)(?=[ 　：:])"
)
_BY = r"By [A-Z][\w.'’-]+(?: (?:and |[A-Z])[\w.'’-]*){0,6}(?:, [\w' -]{2,40})?"
_PERSON = r"(?>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3})"
_PERSONS = rf"{_PERSON}(?:(?:,| and| &) {_PERSON}){{0,3}}"
_OFFICE = (
    r"(?:[A-Z][\w'’&-]* ){0,3}(?:Writer|Reporter|Correspondent|Editor|Columnist|Contributor|Critic|"
    r"Journalist|Photographer)s?"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:\w{{3,6}}day,? )?(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?),? \d{{4}}"
_COMMA = r" ?[,|·•/—–-] ?"
_PARTED = rf"(?:{_COMMA}|[\r\n]+)"
_ENGLISH = (
    rf"(?:(?:(?:Published|Posted|Updated)(?: on)?:? )?{_DAY}(?:{_PARTED}| ))?"
    rf"(?:{_BY}|(?:(?:Text|Words|Story|Photos?|Pictures|Report(?:ed|ing)|Written)(?: and \w+)? )?"
    rf"[Bb]y {_PERSONS}(?<![a-z]{{2}}\.)(?:{_PARTED}{_OFFICE})?)(?:{_PARTED}{_DAY})?$"
    rf"|{_PERSONS}{_COMMA}(?:{_OFFICE}|{_DAY}|{_OFFICE}{_PARTED}{_DAY})$"
)

_TAIL = (
    rf"(?:(?<=[。！？!?…”」』）)])|(?<=[。！？!?…”」』）)][ 　])|(?<=[ 　]{{2}}))"
    rf"\s*(?=[（(\[〔【]?\s*(?:{_MARK}|{_ROLE}|{_CREDIT}|{_HAN}))"
)
_SIGN = rf"[记記员員生稿图圖摄攝文者]|{_MARK}|^[（(]"
_NEVER = r"[。！？；“”《》\d]|(?<!通)[讯訊]|[电電](?![视視台])"
_LONGEST = 80  # characters of the longest by-line that is looked for
_LONGEST_LEAD = 300  # and of the longest lead


@dataclass(frozen=True, slots=True)
class Lead:
    """The formula that opens an article: its span, and the by-line and date that it holds."""

    span: Span
    byline: str | None


def tidy(byline: str) -> str:
    """Return a by-line as one line: marks and outer brackets gone, runs of space made one."""
    bare = re.sub(rf"^[\s（(\[〔【]+|{_MARK}|[\s）)\]〕】]+$", "", byline)
    bare = re.sub(rf"(?:(?<=\s{_HAN})|(?<=^{_HAN}))[\r\n]+(?=\S)", "", bare)  # a name cut in two
    bare = re.sub(
        r"(?<=[记記通实實])[\r\n]+(?=[者讯訊习習])|(?<=[讯訊习習])[\r\n]+(?=[员員生])", "", bare
    )
    bare = re.sub(rf"[\r\n]+(?={_HAN}(?:\s|$))", "", bare)
    return re.sub(r"\s+", " ", bare).strip()


def _is_name(word: str, known: bool) -> bool:
    if _compiled(_NO_NAME).search(word):
        return False
    if _compiled(_NAME).match(word) and (known or word[0] in _SURNAMES):
        return True
    return len(word) > 2 and _compiled(_ORG).match(word) is not None


def is_byline(text: str) -> bool:
    """Tell whether all of `text` is a by-line: roles, names, credits and nothing else."""
    bare = text.strip()
    if not 2 <= len(bare) <= _LONGEST:
        return False
    if bare[0] < "\x7f" and _compiled(_ENGLISH).match(bare):
        return True
    if not _compiled(_SIGN).search(bare) or _compiled(_NEVER).search(bare):
        return False
    if len(re.findall("[（(]", bare)) != len(re.findall("[）)]", bare)):
        return False
    formulas = _compiled(_WORDS)
    signs = formulas.findall(bare)
    bracketed = bare[0] in "（(" and bare[-1] in ")）"
    bare = re.sub(_EXPERT, " ", bare) if bracketed else bare
    rest = [w for w in _compiled(_GLUE).split(formulas.sub(" ", bare)) if w]
    # Names of two characters are often set apart: "王 军".
    words = re.findall(rf"{_HAN} {_HAN}(?= |$)|[^ ]+", " ".join(rest))
    if not signs and not bracketed:
        return False
    known = bool(re.search(_ROLE, bare))
    return all(_is_name(w.replace(" ", ""), known) for w in words) and (known or bool(words))


def runs_on(byline: str, below: str) -> bool:
    """Tell whether the line below an English by-line is its second: an office, or the day."""
    return byline[:1].isascii() and below[:1].isascii() and is_byline(f"{byline}\n{below}")


def is_names(text: str) -> bool:
    """Tell whether `text` is one to four names and nothing else: a by-line only by its place."""
    words = re.findall(rf"{_HAN}[ 　]{_HAN}(?=[ 　、]|$)|[^ 　、]+", text.strip())
    names = [word.replace(" ", "").replace("　", "") for word in words]
    return 1 <= len(names) <= 4 and all(len(w) < 4 and _is_name(w, False) for w in names)


def is_photo_credit(text: str) -> bool:
    """Tell whether a by-line credits a photograph only: 记者 张三 摄."""
    return re.match(r"[^文]{2,14}(?:[摄攝]|供[图圖])[）)]?$", text.strip()) is not None


def byline_at_end(text: str, span: Span) -> Span | None:
    """Return the span of a by-line that ends the paragraph `span`, behind a sentence, if any."""
    start = max(span.start, span.end - _LONGEST)
    for match in _compiled(_TAIL).finditer(text, start, span.end):
        if match.end() > span.start and is_byline(text[match.end() : span.end]):
            return Span(match.end(), span.end)
    return None


_CITY = rf"{_HAN}{{0,12}}"
_WHO = rf"(?P<who>(?:{_ROLE}|{_MARK}|[图圖]?文\s*[/／：:])[^）)】〕。]{{0,60}}?)"
_SAYS = rf"(?P<says>{_ROLE}\s*{_HAN}{{2,4}}?(?:[、\s]{_HAN}{{2,4}}?)*)\s*(?:(?:报道|報導)?[：:]|(?:报道|報導)(?=\s))"
_OPEN, _CLOSE = r"[（(【〔\[]", r"[）)】〕\]]"
_NAMES = rf"(?!{_ROLE}){_HAN}{{2,4}}(?:[、 　](?!{_ROLE}){_HAN}{{2,4}}){{0,3}}"
_CREDITED = rf"{_OPEN}\s*(?:{_WHO}|(?P<names>{_NAMES}))\s*{_CLOSE}"
_ON = r"(?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日\s*"
_LEADS = (
    # 中央社記者張三台北21日電 / （中央社台北21日電）
    rf"{_OPEN}?{_HAN}{{2,4}}社(?P<who>(?:记者|記者){_HAN}{{2,4}}?)?{_CITY}\d{{1,2}}日[电電]{_CLOSE}?",
    # 本报讯(记者 张三) / 【本報訊】 / 晨报讯 / 新华社北京8月21日电(记者 李四)
    rf"{_OPEN}?据?(?:本[报報刊台网網]\s?|{_HAN}{{1,8}}?[报報社网網台])"
    rf"\s?{_CITY}(?:\d{{1,4}}\s*年)?\s*(?:\d{{1,2}}\s*月\s*)?(?:\d{{1,2}}\s*日\s*)?"
    rf"(?:讯|訊|专?电|專?電|综合消息|綜合消息|消息|综合报道|綜合報導)"
    rf"(?:{_CLOSE}|(?={_OPEN})|(?=[\s“：:\d])|(?<=[讯訊])(?={_HAN}))"
    rf"[：:]?\s*(?:{_CREDITED}|{_SAYS})?",
    # 南浦4月12日电(记者 张三) / 4月12日讯 今天
    rf"{_HAN}{{0,8}}{_ON}(?:[讯訊]|专?电|專?電)(?=\s|{_OPEN}|：)[：:]?\s*(?:{_CREDITED}|{_SAYS})?",
    # 〔記者張三／台北報導〕 【记者张三 郑州报道】 记者 张三 报道：
    rf"{_OPEN}\s*{_WHO}{_CLOSE}",
    rf"(?P<who>{_ROLE}\s*{_HAN}{{2,4}})[ 　/／]*(?:{_HAN}{{2,4}})?(?:报道|報導|报导)[：:]?",
    rf"(?P<who>{_ROLE}\s*{_NAMES}(?:\s*{_ROLE}\s*{_NAMES}){{1,2}})\s*(?:报道|報導|报导)[：:]?",
    # ZHENGZHOU, Aug. 21 (Xinhua) --
    r"[A-Z][A-Z .'-]{2,30}(?:, [A-Z][a-z]{2,8}\.? \d{1,2})? ?(?:\([A-Z][\w ]+\))? ?"
    r"(?:--|—|–|-) ",
    # 讯 of papers whose name is not known: up to seven characters, then a gap
    rf"{_HAN}{{1,7}}[讯訊](?=[ 　（(：:])\s*(?:{_CREDITED})?",
    rf"[讯訊]\s*{_CREDITED}",
)


def lead_of(text: str, span: Span) -> Lead | None:
    """Return the lead that opens the paragraph `span`, if it has one."""
    end = min(span.end, span.start + _LONGEST_LEAD)
    for pattern in _LEADS:
        match = _compiled(pattern).match(text, span.start, end)
        if match and match.end() > span.start:
            groups = match.groupdict()
            who = groups.get("who") or groups.get("says") or groups.get("names")
            return Lead(Span(span.start, match.end()), tidy(who) if who else None)
    return None
