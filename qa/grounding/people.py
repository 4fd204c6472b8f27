"""People: where a sentence names them, in Chinese characters or in pinyin.

A surname and what follows it, by what stands around them: no list of given names is kept. Names
of small places look the same. Knows neither who they are nor what they do.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from embeddings.names import NameReader
from qa.grounding.facts import Facts
from qa.spans import Span

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时"
    "舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车"
    "冉房边辜闫连慎邰蒙农尚计郁戚栾佟闻滕乌冀厉岑窦巴宫麻尉郎"
)
# What stands right before a name: the end of a title or relation, or what sets words apart.
_BEFORE = frozenset(
    "长任记员席师授士者裁表监导理家友手兵生民户工医警娘人妈爷婆总女男子亲徒岁的由被对向让把请和与"
    "、，。：；！？“）\n,.;:!?\"'()"
)
# Characters inside a name that are no words elsewhere: 丁一帆, 李中雨.
INNER = frozenset("一二三四五六七八九十百千万中上下有为由时会能")
# What a name of three characters does not end in: 邰亮说 is 邰亮.
_BEHIND = frozenset("说称在是和等的与及向对把将被给为也还又就都从到于任当兼作带率宣表")
_PLACE_ENDS = frozenset("区县市镇乡村省州路街")  # 高新区
CAPITALS = re.compile(r"[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")


def people(facts: Facts) -> list[Span]:
    """Return where Chinese text seems to name people; no other text names any."""
    found: list[Span] = []
    for nth, (word, span) in enumerate(zip(facts.words, facts.spans, strict=True)):
        before = facts.text[max(0, span.start - 1) : span.start]
        if word not in SURNAMES or (before and before not in _BEFORE):
            continue
        end = span.end
        for other in facts.spans[nth + 1 : nth + 3]:
            inner = facts.text[end : other.start]
            if (other.start == end or inner in INNER) and end < other.end <= span.start + 3:
                end = other.end
        if end - span.start == 3 and facts.text[end - 1] in _BEHIND:
            end -= 1
        if end - span.start > 1 and facts.text[end - 1] not in _PLACE_ENDS:
            found.append(Span(span.start, end))
    return found


def named(stated: Facts, held: Facts) -> list[tuple[Span, list[Span]]]:
    """Return the people that `stated` names, and where `held` names each; in Chinese text."""
    if stated.chinese:
        names = {span.of(facts.text) for facts in (stated, held) for span in people(facts)}
        every = [(span, {name}) for name in sorted(names) for span in places(stated.text, {name})]
    else:
        every = [
            (Span(*match.span()), _spellings(match[0].split(" "), reader(held.text)))
            for match in CAPITALS.finditer(stated.text)
        ]
    found = [(span, places(held.text, names)) for span, names in every]
    return [(span, where) for span, where in found if where]


def places(text: str, names: Iterable[str]) -> list[Span]:
    """Return where any of some names stands in `text`."""
    return [Span(*match.span()) for name in names for match in re.finditer(re.escape(name), text)]


def _spellings(words: list[str], read: NameReader) -> set[str]:
    """Return the Chinese names that two or three neighbouring words are the pinyin of."""
    return {
        pairs[:2] + "".join(pair[1] for pair in pairs.split(" ")[1:])
        for size in (3, 2)
        for at in range(len(words) - size + 1)
        for pairs, _ in read.in_pinyin(letters("".join(words[at : at + size])))
    }


def letters(word: str) -> str:
    """Return a word in the letters that pinyin is written with."""
    return re.sub(r"[^a-z]", "", word.lower().replace("ü", "v"))


@lru_cache(maxsize=64)
def reader(text: str) -> NameReader:
    """Return a reader of names in the characters of `text`."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return NameReader(pairs, lambda every: (t for t in every if set(t.split(" ")) <= pairs))
