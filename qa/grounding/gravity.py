"""Gravity: words that tell of harm, guilt or an end, which a citation must say outright.

Likeness will not do for them: nobody is to be dismissed or dead because a sentence names him and
is about something else. Knows wording only, in both languages.
"""

import re
from functools import cache, lru_cache

# Each line is one thing that may be told; a statement may tell it in other words of the line.
_TOLD = (
    r"死|去世|逝世|身亡|遇难|丧生|遇害|罹难|病故|\b(?:die[ds]?|dying|deaths?|dead|deadly|kill\w*|fatal\w*|deceased|perish\w*)\b",
    r"受伤|负伤|伤者|伤员|伤亡|[轻重烧烫扭擦摔]伤|\b(?:injur\w*|hurt|wound\w*|casualt\w*|sprain\w*)\b",
    r"辞职|辞去|免职|停职|撤职|罢免|开除|辞退|解雇|裁员|下台|\b(?:resign\w*|dismiss\w*|sack(?:ed|ing)|fired|oust\w*|laid off|step(?:ped)? down)\b",
    r"逮捕|被捕|拘[留捕]|判[刑处]|徒刑|入狱|犯罪|罪犯|嫌疑|\b(?:arrest\w*|detain\w*|detention|jail\w*|prison\w*|sentenced|convict\w*|crim\w*|suspects?|suspected)\b",
    r"起诉|诉讼|状告|告上|索赔|官司|\b(?:sue[ds]?|suing|lawsuits?|prosecut\w*|litigation)\b",
    r"贪污|受贿|行贿|腐败|造假|诈骗|欺诈|挪[用去]|侵占|作弊|\b(?:corrupt\w*|brib\w*|fraud\w*|embezzl\w*|misappropriat\w*|scams?|cheat\w*|swindl\w*|divert\w*)\b",
    r"破产|倒闭|亏|赔|\b(?:bankrupt\w*|insolven\w*|loss(?:es)?)\b",
    r"取消|废[除止]|叫停|拦|停[止业产课运工电水用航职办刊诊牌火战了]|[中终]止|撤[销并]|关[闭停]|封闭|\b(?:cancel\w*|abolish\w*|halt\w*|stop\w*|suspend\w*|terminat\w*|scrap(?:ped)?|shut\w*|clos(?:ed?|es|ing|ure)|cease[ds]?)\b",
    r"放弃|\b(?:abandon\w*|g[ai]ve up|giving up|given up)\b",
    r"拒|否决|驳回|回绝|反对|没去|\b(?:refus\w*|reject\w*|veto\w*|den(?:y|ied)|oppos\w*|turned down|object\w*|against)\b",
    r"批评|指责|谴责|投诉|举报|抗议|纠纷|冲突|抱怨|埋怨|不满|\b(?:critici\w*|condemn\w*|complain\w*|protest\w*|disput\w*|conflicts?|accus\w*)\b",
    r"事故|坍|垮|倒塌|塌方|\b(?:accidents?|collaps\w*)\b",
    r"爆炸|\b(?:explo(?:d|s)\w*|blasts?)\b",
    r"火灾|起火|着火|失火|明火|大火|\b(?:fires?|blaze)\b",
    r"脱轨|相撞|碰撞|撞|翻车|坠|\b(?:derail\w*|crash\w*|collid\w*|collision|capsiz\w*)\b",
    r"泄漏|污染|中毒|超标|\b(?:leak\w*|pollut\w*|contaminat\w*|poison\w*)\b",
    r"损坏|损毁|毁|破坏|压垮|\b(?:damag\w*|destroy\w*|crush\w*|wreck\w*)\b",
    r"盗|偷|抢劫|失窃|\b(?:stole\w*|steal\w*|theft|thie(?:f|ves)|robb\w*)\b",
    r"癌|感染|病倒|发病|\b(?:cancer|infect\w*|fell ill|ill|disease)\b",
    r"虚假|谎|伪造|不实|\b(?:false|lied|hoax|fake[ds]?|forg(?:ed|ery))\b",
    r"收购|兼并|吞并|\b(?:acquir(?:ed?|es|ing)|takeover|took over|merge[ds]?|merging)\b",
    r"扔|丢弃|抛弃|浪费|\b(?:throw\w*|threw|wast(?:ed?|es|ing)|discard\w*)\b",
    r"罚|\b(?:fine[ds]|fining|penalt\w*|punish\w*)\b",
    r"推迟|延期|延误|拖延|[延往]后|\b(?:postpon\w*|delay\w*|put off)\b",
    r"缺席|(?:未|没有?)能?出席|\b(?:absent|missed)\b",
)
# What says that it holds of all or of none beside; the citation may say so in other words.
_SWEEPING = (
    (r"全部|所有|全都|全体|一律", r"全|所有|一律|都|均|皆|每|悉数"),
    (r"唯一|独家|史上|历史新高|有史以来", r"唯一|独|史|最|首|第一"),
    (r"\b(?:only one|the only|ever)\b", r"唯一|独|最|首|第一|头一|\b(?:only|ever|sole)\b"),
)


@cache
def _told() -> list[re.Pattern[str]]:
    """Compile the patterns when first needed: all of them cost a tenth of a second at a start."""
    return [re.compile(pattern, re.I) for pattern in _TOLD]


@cache
def _sweeping() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    return [(re.compile(one, re.I), re.compile(other, re.I)) for one, other in _SWEEPING]


@lru_cache(maxsize=1 << 13)
def kinds_of(word: str) -> frozenset[int]:
    """Return which of the grave things a word tells, as numbers."""
    return frozenset(n for n, pattern in enumerate(_told()) if pattern.search(word))


def untold(stated: str, held: str) -> str:
    """Return the first grave word of plain `stated` for which plain `held` has no like, or "".

    A word that claims something of all, or of one alone, is grave too.
    """
    for said, told in (*((pattern, pattern) for pattern in _told()), *_sweeping()):
        if (found := said.search(stated)) and not told.search(held):
            return found[0]
    return ""
