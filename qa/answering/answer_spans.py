"""Answer spans: which words of a sentence could be the thing that is asked for.

Finds numbers, dates, names, places and organisations by their outer form, in Chinese and in
English. Works on one clean line (see `qa.spans.reflow`); knows nothing of passages or scores.
"""

import re
from functools import cache

from qa.answering.question import Asked
from qa.answering.units import has_unit
from qa.spans import Span

_HAN = r"[㐀-鿿]"
_DIGITS = r"[0-9０-９]+(?:[,，.．][0-9０-９]+)*"
_HAN_NUMBER = r"[〇零一二三四五六七八九十百千万亿两]+"
_NUMBER = (
    rf"(?:第|近|约|約|逾|超过?)?(?:{_DIGITS}\s?(?:[万亿千百萬億]{{1,2}})?[余多餘]?|{_HAN_NUMBER}[余多餘]?|数[十百千万]|[几幾][十百千])"
    rf"(?:[%％]|平方公?里|平方米|立方米|公里|公斤|人次|[万亿]?元|个?{_HAN}(?!{_HAN_NUMBER})|\s?(?:per ?cent|percent|million|billion|thousand|[a-z]+))?"
)
_ENGLISH_NUMBER = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty|hundred|thousand|million|billion|half|dozen|first|second|third)\b(?:[- ]\w+)?"
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_TIME = (
    rf"(?:公元前?)?{_DIGITS}\s?年(?:代|底|初|末)?(?:\s?{_DIGITS}\s?月(?:\s?{_DIGITS}\s?[日号號])?)?(?:[上下]午|晚)?"
    rf"|{_DIGITS}\s?月(?:份|底|初)?(?:\s?{_DIGITS}\s?[日号號])?(?:[上下]午|晚上?)?"
    rf"|{_DIGITS}\s?(?:世[纪紀](?:{_DIGITS}\s?年代|初|末|中[叶期])?|[日号號](?=[,，、上下晚]))|[上下]午{_DIGITS}时?"
    rf"|{_DIGITS}\s?(?:[时時点點](?!间|間|候)(?:\s?{_DIGITS}\s?分|半|整|[一三]刻)?|[:：]{_DIGITS})"
    r"|日前|近日|昨[日天]|当[日天]|[上下]个?[周月]"
    rf"|\b{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? \d{{4}})?|\b\d{{1,2}} {_MONTH}(?: \d{{4}})?"
    r"|\b(?:1\d|20)\d\d(?:s\b)?|\b\d{1,2}(?:st|nd|rd|th) century|\b\d+ (?:BC|AD|BCE|CE)\b"
)
SURNAME = (
    r"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    r"金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜闫连慎"
    r"張劉陳楊趙黃吳孫馬羅鄭謝韓馮許鄧蕭葉閻鍾譚鄒陸錢湯賴龔龐蘭顏嚴溫韋聶叢齊莊])"
)
_TITLE_BEFORE = r"(?<=[长長任记記员員席师師授理事士者裁表监監导導家友手兵生民、，,。；：:（(“\s与和由以向对為为])"
_AFTER_NAME = (
    r"(?=[、，,。；：:）)”\s]|$|表示|表態|说|說|称|稱|指出|介绍|介紹|强调|認為|认为|等|一行|主持|参加|出席|带队|要求|宣布|会见|陪同|率|先生|女士|同志"
    r"|作为|作|在|到|赴|于|於|是|的|與|与|和|为|為|曾|提出|建议|透露|告诉|担任|擔任|带领|致辞|获|獲|被)"
)
_PERSON = (
    rf"(?:{_TITLE_BEFORE}|^){SURNAME}{_HAN}{{1,2}}?{_AFTER_NAME}"
    rf"|{_HAN}{{1,6}}(?:[·・‧•]{_HAN}{{1,8}})+"
    r"|(?<![.!?] )(?<!^)\b[A-Z][\w'’-]+(?: (?:[A-Z][\w'’.-]*|of|de|von|van|the|bin|al))*"
)
_ORGANISATION = (
    r"[㐀-鿿A-Za-z0-9（）()·]{2,24}?(?:公司|集团|集團|大学|大學|学院|學院|医院|醫院|委员会|委員會|管委会|研究院|研究所|实验室|银行|銀行|协会|協會"
    r"|办事处|中心|联盟|聯盟|工委|党支部|政府|法院|学校|學校|中学|小学|局|厅|廳|部|社|厂|廠|所|队|隊)(?![长長])"
    r"|\b(?:[A-Z][\w&'’.-]+ )*(?:[A-Z][\w&'’.-]+|[A-Z]{2,})"
)
_PLACE = (
    r"(?:位于|位於|坐落于|在|赴|到|至|来到|前往|抵达)([㐀-鿿A-Za-z0-9、（）()]{2,40}?)(?=[召举舉进進举建开開会見会视视考调調,，。;；、]|$)"
    r"|[㐀-鿿]{1,12}?(?:省|市|县|縣|区|區|村|镇|鎮|乡|鄉|街道?|路|国|國|州|岛|島|山|河|湖|海|洲|园|園|馆|館|广场|大厦|中心|社区|校区|基地|城|站|港)"
    r"|\b(?:[A-Z][\w'’.-]+ )*[A-Z][\w'’.-]+"
)
_REASON = r"因为|因為|由于|由於|因此|原因|为了|為了|以便|导致|導致|从而|從而|所以|使得|[,，。]因|\b(?:because|due to|since|as a result|in order to|so that|caused?)\b"
_ROLE = (
    rf"(?:(?!会见|陪同|主持|宣布|出席|介绍|来到){_HAN})(?:(?!会见|陪同|主持|宣布|出席|介绍|来到)[㐀-鿿A-Za-z0-9（）()、·]){{1,40}}(?:书记|書記|主任|[长長]|主席|委员|委員|总裁|總裁|经理|經理|总监|教授|院士|代表|记者|記者|律师|工程师|研究员"
    r"|专家|創始人|创始人|负责人|主持人|教练|队员|学生|村民|师)"
    r"|\b(?:president|chairman|chair|director|mayor|secretary|minister|manager|professor|leader"
    r"|founder|head|captain|coach|author|singer|actor|engineer|scientist)s?\b[^,.;]*"
)
_NAMED = ("person", "place", "organisation", "time")
_PATTERNS: dict[Asked, tuple[str, ...]] = {
    "number": (_NUMBER, _ENGLISH_NUMBER),
    "time": (_TIME,),
    "person": (_PERSON,),
    "identity": (_ROLE,),
    "organisation": (_ORGANISATION,),
    "place": (_PLACE,),
    "reason": (_REASON,),
}


@cache
def _compiled(asked: Asked) -> tuple[re.Pattern[str], ...]:
    """Compile the patterns of one kind when first asked for: all of them cost a tenth of a second.

    Case tells English names apart, so it counts for people, places and organisations.
    """
    flags = 0 if asked in _NAMED else re.IGNORECASE
    return tuple(re.compile(pattern, flags) for pattern in _PATTERNS.get(asked, ()))


def answer_spans(sentence: str, asked: Asked, unit: str = "") -> list[Span]:
    """Return the places in `sentence` whose form fits what is asked, in order.

    `unit` is a pattern of what must follow a number or date (see `qa.answering.units`). Empty for kinds
    that have no outer form (a manner, a thing, yes or no).
    """
    found = [
        Span(*match.span(match.lastindex or 0))
        for pattern in _compiled(asked)
        for match in pattern.finditer(sentence)
    ]
    if unit and asked in ("number", "time"):
        found = [span for span in found if has_unit(sentence, *span, unit)]
    return sorted(span for span in found if span.end > span.start)
