"""Questions: what was typed → what is being asked.

Tells the language, the kind of thing asked for (a person, a date, a number …) and whether a
whole list is wanted. Knows wording only: no passage, no history, no library.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from qa.answering.units import unit_of
from qa.errors import QuestionError

Language = Literal["zh", "en"]
Asked = Literal[
    "person", "identity", "time", "number", "place", "organisation", "reason", "manner", "polar",
    "thing",
]  # fmt: skip

# Long enough for a question that quotes a paragraph; beyond it, text was pasted by mistake.
MAX_QUESTION = 2_000

_CHINESE = re.compile(r"[㐀-鿿豈-﫿]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_ENGLISH_OPENING = re.compile(
    r"(who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|list"
    r"|name|tell|give|in|at|on|for|has|have|had|please)\b",
    re.IGNORECASE,
)
_CHINESE_ASKING = re.compile(
    r"谁|誰|什么|什麼|甚麼|哪|多少|几|幾|吗|嗎|呢|如何|怎|为何|為何|是否|列出"
)

# In order: the first pattern that is found decides. Kept as text, since compiling them all takes
# longer than `--help` may; the `re` module keeps what it has compiled. Chinese first, English after the bar.
_ASKED: tuple[tuple[Asked, str], ...] = (
    (
        "reason",
        (r"为什么|為什麼|为何|為何|何以|(什么|什麼|哪些|啥)?原因|\bwhy\b|\breasons?\b"),
    ),
    (
        "time",
        (
            r"什么时[候间]|什麼時[候間]|啥时候|何[时時]|哪一?[天年日月](?!度)|几[月号点日年]|幾[月號點日年]|哪个(月|季度|年份|日期|时间)"
            r"|(什么|哪个|啥)(日期|日子|年代|年份)|(时间|日期|時間)(是|为|為|在)"
            r"|\bwhen\b|\b(what|which) (date|day|year|month|time|century|decade)\b"
        ),
    ),
    (
        "number",
        (
            r"多少|(?<![哪好])[几幾]|多[大高长長远遠久宽寬深重快]|占比|百分比|比例(是|为)|第[几幾]|数量(是|为)|总数"
            r"|\bhow (many|much|long|tall|big|large|far|old|high|deep|often|fast|heavy)\b"
            r"|\bwhat (number|percentage|percent|amount|total|share|proportion|age)\b"
        ),
    ),
    (
        # Who someone is, not who did something: a name is given and a role is wanted.
        "identity",
        (
            r"什么(职务|职位|身份|头衔|官职|来头)|任(什么|何)职|担任(什么|何)|干什么的|(是|系)什么人"
            r"|^.*[^长長任记記理员員师師人者席裁总監监表]是[谁誰][？?。]?$"
            r"|(?-i:\b[Ww]ho (is|was) (Mr\.? |Ms\.? |Dr\.? )?([A-Z][\w'’-]+( [A-Z][\w'’-]+)*|[㐀-鿿·]{2,})[?？]*$)"
            r"|\b(what|which) (position|post|title|job|office|role)\b"
        ),
    ),
    (
        "person",
        (
            r"谁|誰|何人|哪一?[位名]|哪几位|什么人|什麼人|哪些人|哪个人|哪些?领导|(叫|是)什么名字|姓名|姓什么"
            r"|\bwho(m|se)?\b|\b(what|which) (person|man|woman|official|leader|people)\b"
        ),
    ),
    (
        "organisation",
        (
            r"(哪|什么|什麼)(一|几|些)?[家个個所]?(公司|企业|企業|单位|單位|部门|部門|机构|機構|集团|学校|學校|大学|大學|医院|组织|組織|团队|银行|协会)"
            r"|哪几?[家所]"
            r"|\b(what|which) (company|companies|firm|organi[sz]ations?|university|school|hospital|"
            r"agency|department|group|institutions?|team|bank|enterprises?)\b"
        ),
    ),
    (
        "place",
        (
            r"哪里|哪裡|哪裏|哪儿|哪兒|何处|何處|什么地方|什麼地方|在哪|位于什么|地点|地址"
            r"|(哪|什么|什麼)(一|几|些)?[个個座条條]?(国家|國家|城市|省|市|县|縣|村|镇|鎮|地区|地區|区域|街道?|路|社区|园区|场馆|赛区)"
            r"|\bwhere\b|\b(what|which) (country|countries|city|cities|place|state|county|village|"
            r"street|location|region|province|district|area)\b|\bwhat is the (address|venue)\b"
        ),
    ),
    ("manner", (r"如何|怎么|怎麼|怎样|怎樣|\bhow\b")),
    ("polar", (r"[吗嗎][？?。]?$|是不是|是否|有没有|有沒有")),
)
_LISTING = (
    r"哪些|列出|列举|列舉|哪几|哪幾|分别|分別|都有谁|都有什么|包括什么|各是|[谁誰什么]+[，,、和与]"
    r"|有[谁誰]|\blist\b|\bname (the|all|some)\b|\bwhat are\b|\bwho (are|were|attended)\b"
    r"|\b(which|what) \w*(companies|countries|universities|departments|cities|areas|units|issues"
    r"|problems|projects|goals|measures|points|tasks|leaders|officials|institutions)\b"
)
# Words that ask rather than name anything; taken out before a question is matched with text.
_ASKING = (
    r"担任(什么|何)?(职务|职位)?|(什么|何)?(职务|职位|身份)|任(什么|何)职|是什么人|是[谁誰](?=[？?。]?$)"
    r"|请问|請問|请告诉我|告诉我|我想知道|想问一下|问一下|麻烦|为什么|為什麼|什么时候|什麼時候|什么|什麼|甚麼|哪一[个個天年位家]"
    r"|哪[里裡裏儿兒些个個几幾位家天年所]|谁|誰|多少|如何|怎么样|怎样|怎樣|怎么|怎麼|为何|為何|何时|何時|何处|是否|是不是|有没有"
    r"|吗|嗎|呢|列出|列举|请|一下|一共|总共|都有|分别|到底|究竟|[？?]|[几幾](?!乎)"
    r"|\b(who|whom|whose|what|when|where|which|why|how|many|much|did|does|do|please|list|tell|me"
    r"|name|is|are|was|were|the|a|an|of)\b"
)
# The word that asks: what stands beside it names the thing asked for.
ASKING_WORD = re.compile(
    r"为什么|為什麼|什么时候|什麼時候|什么|什麼|甚麼|哪[里裡裏儿兒些个個几幾位家天年所]?|谁|誰|多少"
    r"|如何|怎么样|怎样|怎樣|怎么|怎麼|为何|為何|何时|何時|何处|[几幾]"
    r"|\b(?:who|whom|whose|what|when|where|which|why|how many|how much|how)\b",
    re.I,
)
# Control characters and halves of surrogate pairs carry no meaning and cannot be stored.
# Letters and digits as wide as Chinese characters, with the points and commas inside a number;
# and everything that wide.
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]+(?:[，．][０-９]+)*")
_ALL_WIDE = re.compile("[！-～]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: cleaned `text`, its language, the kind of answer, and its content words.

    `content` is the text without the words that only ask; `listing` tells that all members of
    something are wanted; `unit` is what the number or date asked for must be followed by, as a
    pattern ("" where any will do).
    """

    text: str
    language: Language
    asked: Asked
    listing: bool
    content: str
    unit: str


def clean(text: str) -> str:
    """Return the question as one line without unprintable characters.

    Full-width Latin letters and digits become half-width ones, and where nothing is Chinese so
    does the punctuation. Raises QuestionError when nothing is left to ask or the text is longer
    than MAX_QUESTION.
    """
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(text):,} characters; ask in at most {MAX_QUESTION:,}"
        )
    cleaned = " ".join(_UNPRINTABLE.sub(" ", text).split())
    wide = _WIDE if _CHINESE.search(cleaned) else _ALL_WIDE
    cleaned = wide.sub(lambda found: unicodedata.normalize("NFKC", found[0]), cleaned)
    if not any(character.isalnum() for character in cleaned):
        raise QuestionError("the question is empty: type what you want to know")
    return cleaned


def understand(text: str) -> Question:
    """Return what `text` asks. Raises QuestionError as `clean` does."""
    cleaned = clean(text)
    return Question(
        text=cleaned,
        language=language_of(cleaned),
        asked=next(
            (kind for kind, pattern in _ASKED if re.search(pattern, cleaned, re.I)), "thing"
        ),
        listing=bool(re.search(_LISTING, cleaned, re.I)),
        content=" ".join(re.sub(_ASKING, " ", cleaned, flags=re.I).split()),
        unit=unit_of(cleaned),
    )


def language_of(text: str) -> Language:
    """Return the language to answer in: the one the asking words are in, else the commoner."""
    if _CHINESE_ASKING.search(text):
        return "zh"
    if _ENGLISH_OPENING.match(text.rpartition(": ")[2]):  # a topic may stand before it
        return "en"
    if "？" in text and _CHINESE.search(text):
        return "zh"
    return "zh" if len(_CHINESE.findall(text)) >= len(_LATIN_WORD.findall(text)) else "en"
