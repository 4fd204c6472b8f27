"""Claims: does a sentence of an answer say anything about the world?

Only whole sentences of set phrases do not: an opening ("Here is the answer:"), a courtesy, or
that the archive does not say. Anything more is a claim, so that none passes as a courtesy; so
are a bare yes and no.
"""

import re

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
_SILENT = re.compile("|".join(rf"(?:{pattern})" for pattern in (*_CHINESE, *_ENGLISH)), re.I)
_STOPS = re.compile(r"[，。：！？、,.:!?；;“”\"（）()\s]+")
_LONGEST = 120


def claims(text: str) -> bool:
    """Return whether a plain sentence claims anything that could be true or false."""
    if len(text) > _LONGEST:
        return True
    words = _STOPS.sub(" ", text).strip()
    bare = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", words)
    return bool(bare) and not _SILENT.fullmatch(bare)
