"""Polarity: a plain sentence → its negations, and its words that have an opposite.

Knows wording only: whether two sentences speak of the same thing is decided elsewhere.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from qa.spans import Span

# What holds such a character but negates nothing. Limits (不超过) are read with their numbers.
_NO_NEGATION = re.compile(
    r"不[仅但光只单]|不断|不[小错菲俗易幸良]|达不到|[未没]有?(?:能)?达到?|不少(?!于)|不同(?!意)|不久|不过|不锈|不管|不论|不妨|不禁|不由得|不料|不愧|不得不|不乏|不停|不时|不惜"
    r"|不约而同|不可或缺|不可避免|不动产|不(?:得|能|可)?(?:超|高于|多于|大于|低于|少于|小于)|不足|不到(?=\S{0,3}[\d半一二两三四五六七八九十百千万])"
    r"|差不多|了不起|对不起|好不容易|忍不住|离不开|少不了|不一样|不在少数|不亚于|不外乎|不止"
    r"|无论|无人机|无人值守|无线|无疑|无缝|无障碍|无数|无锡|无比|无形|未来|未婚|未成年|非常|非法|非遗|非物质|非凡|非洲|非公|非机动|除非|莫非"
    r"|[淹沉出埋]没|没收|没落|缺口|缺一不可|是否|否则|能否|可否|特别|别墅|别人|分别|区别|级别|性别|类别|个别|识别|告别"
    r"|\bnot only|\b(?:no|not) (?:more|less|fewer|later|longer) than|\bno\. ?\d|\bnot until|\bno doubt",
    re.I,
)
_NEGATION = re.compile(
    r"没有?|未[能曾必]?|不[得能会可要准许必用再曾应该肯愿想敢是]?|无法?|非|勿|缺[少乏]?|禁止|严禁|失败"
    r"|\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|nowhere|unable|forbid\w*|forbade"
    r"|bann?(?:ed|s)?|prohibit\w*|fail(?:ed|s|ure)?|lack(?:ed|s|ing)?)\b|n't\b",
    re.I,
)
# Each line: two sets of words that mean the opposite of each other, in both languages.
_OPPOSITES = (
        (
            r"增[长加至到幅收]?|加[高大快长宽厚强]|新增|上升|升[至到高]?|提[高升]|上?涨|扩大|加快|高出|高(?=[\d一二三四五六七八九])|盈利|偏?多(?=出?\d|了|出?[一二两三四五六七八九])"
            r"|\bincreas\w*|\brais(?:e|ed|es)\b|\bris(?:e|es|en|ing)\b|\brose\b|\bgr(?:ow|ows|ew|own|owth)\b|\bup\b(?! to)|\bclimb\w*|(?<=[\dnt] )more\b(?! than \d)",
            r"减[少小至到半]?|下降|降[至到低幅]?|下滑|下?跌|缩[小短减]|放缓|低(?=[\d一二三四五六七八九])|亏损|偏?少(?=\d|了|[一二两三四五六七八九])"
            r"|\bdecreas\w*|\bf(?:all|alls|ell|allen|alling)\b|\bdrop\w*|\bdeclin\w*|\bdown\b|\breduc\w*|\blower(?:ed|s)\b|\bshr[aiu]nk\w*|\bcut\b|(?<=[\dnt] )(?:fewer|less)\b(?! than \d)",
        ),
        (r"\bmore\b|\babove\b|偏多|高于|超过|超出|高(?=\d|[一二三四五六七八九])", r"\bfewer\b|\bless\b|\bbelow\b|偏少|低于|不到|不足|低(?=\d|[一二三四五六七八九])"),
        (
            r"提前|偏?早(?=\d|了|于|[一二两三四五六七八九])|\bahead\b|\bearlier\b",
            r"推迟|延[后迟期]|偏?晚(?=\d|了|于|[一二两三四五六七八九])|\bbehind\b|\blater\b|\bdelay\w*|\bpostpone\w*",
        ),
        (
            r"开工|动工|奠基|始建|\b(?:start|begin|beg[au]n)\w*|\bbroke ground",
            r"完工|竣工|建成|\bcomplet\w*|\bfinish\w*",
        ),
        (r"最[多大高长]|\bmost\b|\blargest\b|\bhighest\b|\blongest\b|\bmaximum\b", r"最[少小低短]|\bleast\b|\bsmallest\b|\blowest\b|\bshortest\b|\bminimum\b"),
        (r"支持|赞成|同意|\bsupport\w*|\bin favou?r\b|\bagree\w*", r"反对|\boppos\w*|\bagainst\b|\bobject\w*"),
        (r"答应|接受|同意|\baccept\w*", r"拒绝|回绝|谢绝|\brefus\w*|\breject\w*|\bturned down"),
        (r"允许|准许|\ballow\w*|\bpermit\w*", r"禁止|严禁|\bforbid\w*|\bbann?(?:ed|s)?\b|\bprohibit\w*"),
        (r"免[费收租]|\bfree\b", r"收费|付费|(?<!of )\bcharg\w*|\bpaid\b"),
        (r"成功|\bsuccess\w*|\bsucceed\w*", r"失败|\bfail\w*"),
        (r"进口|\bimport\w*", r"出口|\bexport\w*"),
        (r"东(?!西)|\beast\w*", r"西|\bwest\w*"),
        (r"南|\bsouth\w*", r"北|\bnorth\w*"),
        (r"左|\bleft\b", r"右|\bright\b"),
        (r"首班|\bfirst (?:bus|train|boat)", r"末班|\blast (?:bus|train|boat)"),
        (r"重度|严重|\bsevere\w*|\bserious\w*", r"轻度|轻微|\bmild\w*|\bslight\w*"),
        (r"高温", r"低温"),
        (r"上游|\bupstream\b", r"下游|\bdownstream\b"),
        (r"原告|\bplaintiff\b", r"被告|\bdefendant\b"),
        (r"男|\b(?:men|man|male|boys?)\b", r"女|\b(?:women|woman|female|girls?)\b"),
        (r"包?含|包括|\binclud\w*", r"另[算计付]|不含|\bexclud\w*|\bnot includ\w*"),
        (r"以上|\bover\b", r"以下|\bunder\b"),
        (r"开放|开通|开业|开张|\bopen\w*|\breopen\w*", r"关闭|封闭|停业|\bclos(?:e|es|ed|ing)\b|\bshut\b"),
)  # fmt: skip
# What may be denied, and what says the same without a negation.
_UNDENIED = (
    (
        r"(?:没有?|未|不|无)(?:再|变|改|调|上?涨|上?升|提[高价]|增[加长]|下?[降跌]|减少)",
        r"(?:仍|依[然旧])(?!\S{0,5}[涨升增降跌减提改变调])|保持|维持|持平|照[旧常]|如旧|不变|原[价样]",
    ),
    (r"不再|\bno longer\b|\bnot any ?more\b", r"停(?![靠留车泊])|取消|撤|终止|结束|退出|告别|关闭|\b(?:stop|ceas|end|clos|cancel|scrap|withdr)\w*"),
    (r"\bnot been (?:this|so|as) \w+|没有?这[么样]", r"最|\b(?:\w{2,}est|most|least)\b"),
)  # fmt: skip
_PLANNED = re.compile(
    r"将(?!军|领|近|来)|拟|计划|预计|力争|有望|打算|准备|\b(?:will|would|plan(?:s|ned)? to|expect(?:s|ed)? to|due to|aims? to|to be)\b",
    re.I,
)
_DONE = re.compile(
    r"已|完[工成]|到位|建成|竣工|启用|开通|了(?!解)|过(?=[，。]|$)|\b(?:already|has|have|had|was|were)\b",
    re.I,
)
_SURELY_DONE = re.compile(r"已|\b(?:already|has been|have been)\b", re.I)


class Signed(NamedTuple):
    """A word that has an opposite: which pair of opposites, which side (0 or 1), and where."""

    pair: int
    side: int
    text: str
    span: Span


def negations(text: str) -> list[Span]:
    """Return where plain `text` negates, forbids or tells of a lack."""
    passed = [Span(*match.span()) for match in _NO_NEGATION.finditer(text)]
    found = (Span(*match.span()) for match in _NEGATION.finditer(text))
    return [f for f in found if not any(f.start < p.end and p.start < f.end for p in passed)]


@cache
def _opposites() -> list[tuple[re.Pattern[str], ...]]:
    """Compile the patterns when first needed: all of them cost a tenth of a second at a start."""
    return [tuple(re.compile(side, re.I) for side in pair) for pair in _OPPOSITES]


def signed(text: str) -> Iterator[Signed]:
    """Yield the words of plain `text` that have an opposite."""
    for pair, sides in enumerate(_opposites()):
        for side, pattern in enumerate(sides):
            for match in pattern.finditer(text):
                yield Signed(pair, side, match[0], Span(*match.span()))


def undenied(stated: str, held: str) -> list[Span]:
    """Return where plain `stated` denies what plain `held` says without a negation."""
    return [
        Span(*found.span())
        for denial, same in _UNDENIED
        if re.search(same, held, re.I)
        for found in re.finditer(denial, stated, re.I)
    ]


def done_too_soon(stated: str, held: str) -> bool:
    """Tell whether one text says that something is done of which the other only tells plans."""
    done = _SURELY_DONE.search(stated) and not _PLANNED.search(stated)
    return bool(done and _PLANNED.search(held) and not _DONE.search(held))
