"""Claims: does a sentence of an answer say anything about the world?

Only whole sentences of set phrases do not: an opening ("Here is the answer:"), a courtesy, or
that the archive does not say. Anything more is a claim, so that none passes as a courtesy; so
are a bare yes and no.

And does it refuse to answer? That is read more freely, since who believes it shows nothing of it.
"""

import re

from qa.grounding.plain import plain

_SOURCE = r"(?:以上|上述|所?提供的?|给[出定]的?|相关|这些|已?收录的?|有关|您|你|的|报纸|报道|新闻|文章|资料|材料|档案|句子|内容|信息|原文|文本)"
_NOUN = r"(?:资料|材料|档案|报道|报纸|新闻|文章|文中|原文|句子|文本|信息|内容)"
_CHINESE = (
    # 根据以上信息，答案如下：
    rf"(?:好的|当然)?(?:(?:根据|依据|按照|据|基于){_SOURCE}{{1,6}})?(?:可知|可以?得[知出到]|可以?总结|可以?归纳)?"
    r"(?:(?:我)?(?:为您)?(?:总结|归纳|概括|整理|回答))?(?:(?:您的?|该|此)?(?:问题的?)?(?:答案|回答|信息|要点|总结)?(?:如下|如下所示|是|为)?)?",
    r"(?:综上所述?|总之|总的来说|总而言之|简单来说)",
    rf"(?:很?抱歉|对不起)?(?:在?(?={_SOURCE}*{_NOUN}){_SOURCE}{{1,8}}|文|原文|文章)[中里内]?(?:均|都|并)?(?:没有?|未|无法|不能)(?:直接|明确|具体)*"
    r"(?:提[到及供]|说明|涉及|包含|找到|确定|回答|给出|得知|记载)(?:任何|相关|有关|具体|更多|这个|这一|您的?|的|问题|内容|信息|答案|资料)*",
    r"(?:希望(?:以上|这些|上述)?(?:信息|内容|回答|答案)?(?:能够?|可以)?(?:对?[您你]有所?帮助|帮[到助][您你]))|(?:谢谢|感谢)[您你]?(?:的提问)?|好的|不客气|当然可以为您解答",
    r"如(?:果|需)?[您你]?(?:还|需要)?(?:有)?(?:其他|更多|任何|别的)?(?:相关)?(?:问题|疑问|信息|帮助)?(?:请|欢迎)?(?:随时)?(?:告诉我|提问|问我|联系我|继续提问)",
)
_THE = r"(?:the|this|these|your|provided|given|cited|numbered|above|following|available|newspaper|news)"
_TEXT = r"(?:archive|sentences?|texts?|articles?|reports?|passages?|sources?|documents?|information|newspapers?|context|content)"
_ENGLISH = (
    # Based on the sentences provided, here is the answer:
    rf"(?:(?:sure|certainly|of course|okay|ok) )?(?:(?:based on|according to|from) (?:{_THE} )*{_TEXT}(?: provided| given| above)?)?"
    rf"(?: ?(?:here(?:'s| is| are)|below is|the following is) (?:(?:the|a|an|your|short|brief) )*(?:answers?|summary|information|list|overview|(?:what (?:{_THE} )*{_TEXT} says?)))?",
    r"the answer is(?: as follows)?|in (?:summary|conclusion|short)|to sum up|to summari[sz]e|sure|certainly|of course",
    rf"(?:(?:i'm |i am )?(?:sorry|unfortunately) (?:but )?)?(?:{_THE} )*{_TEXT}(?: provided| given| above)? (?:do|does|did)(?: not|n't)(?: (?:explicitly|directly|specifically))?"
    r" (?:say|mention|state|specify|answer|contain|provide|include|give)(?: (?:this|that|it|the|any|an|a|your|such|enough|relevant|specific|more|further|question|answer|information|details?|so))*",
    r"(?:i )?hope (?:this|that|it)(?: information| answer)? helps(?: you)?|thank you(?: for (?:your|the) question)?|you're welcome",
    r"(?:please )?(?:let me know|feel free to ask) if you (?:have|need) (?:any )?(?:more|other|further )?(?:questions?|information|help|details)",
)
# 没有找到 / 文中没有提到总投资 / 无法根据以上句子回答: a verb of finding or telling, denied at the head.
_FINDING = (
    r"(?:直接|明确|具体|能够?|任何)*(?:提[到及供]|说[明到]?|写[明到]?|讲到?|找[到出]|查[到出]|看[到出]|涉及|包含|确定|回答|作答|给出"
    r"|得[知出]|判断|记载|载明|交代|透露|公布|报道|答案|(?:相?关|关于).{0,30}(?:信息|内容|资料|答案|报道|记载))"
)
_DENIED = r"(?:并没有?|都没有?|均未|没有?能?|未能?|无法|不能|不足以|并未|找不到|查不到|看不出|无从)"
_REFUSING = re.compile(
    rf"(?:很?抱歉|对不起|不好意思)?(?:我)?(?:在|从|根据|依据|按照|就|仅凭|由于)?(?:所给的?|{_SOURCE}|{_NOUN}|目前|现有|文|中|里|内|上|所)*"
    rf"(?:我)?(?:{_DENIED}(?:(?:根据|从|由|依据){_SOURCE}*)?{_FINDING}|找不到|查不到|无从得知|未知|不详|不知道|不清楚|无可奉告|(?:没有|无)(?:答案|结果)).{{0,80}}"
    r"|(?:(?:the )?(?:answers?|information|question) (?:is|was|can) ?(?:not|n't)(?: be)?|not)"
    r" (?:found|given|stated|mentioned|specified|answered|available|known|in the)\b.{0,150}"
    r"|(?:no|none|nothing|unknown)(?: (?:answers?|information|mention)\b.{0,150})?"
    rf"|(?:(?:i'm |i am |we are )?(?:sorry|unfortunately|afraid) )?(?:but )?(?:(?:based on|from|according to|in) (?:{_THE} )*{_TEXT}(?: \w+)? )?"
    rf"(?:(?:{_THE} )*{_TEXT}(?: (?:provided|given|above|here|i was given))?|they|it|this|i|we|there)"
    r" (?:(?:do|does|did|can|could|is|are|was|were)(?: not|n't)|cannot)(?: \w+ly| be)?"
    r" (?:say|said|mention|state|specif|answer|contain|provide|include|give|find|found|tell|know|determin|hold|indicat|reveal|enough|sufficient|any|an answer|clear).{0,150}"
    rf"|(?:(?:none|nothing) (?:of|in)|no) (?:(?:{_THE} )*{_TEXT}).{{0,150}}|there is no (?:answer|information|mention).{{0,150}}",
    re.I,
)
_BUT = re.compile(r"但|不过|然而|只是|而是|却|\bbut\b|\bhowever\b|\bonly\b|\bexcept\b", re.I)
_APOLOGY = re.compile(r"^.{0,20}\b(?:sorry|unfortunately|afraid)\W+but\b", re.I)
_SILENT = re.compile("|".join(rf"(?:{pattern})" for pattern in (*_CHINESE, *_ENGLISH)), re.I)
_STOPS = re.compile(r"[，。：！？、,.:!?；;“”\"（）()\s]+")
_LONGEST = 120


def claims(text: str) -> bool:
    """Return whether a plain sentence claims anything that could be true or false."""
    bare = _bare(text)
    return len(text) > _LONGEST or (bool(bare) and not _SILENT.fullmatch(bare))


def refuses(text: str) -> bool:
    """Return whether a sentence says no more than that there is no answer to be found."""
    bare = _bare(plain(text))
    if len(bare) > _LONGEST * 2 or _BUT.search(_APOLOGY.sub("", bare)):
        return False
    return not bare or bool(_SILENT.fullmatch(bare) or _REFUSING.fullmatch(bare))


def _bare(text: str) -> str:
    words = _STOPS.sub(" ", text).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", words)
