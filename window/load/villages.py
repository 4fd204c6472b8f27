"""Villages: stories that are alike but for their names and numbers, and questions about them.

An answer of the wrong village, or one that was made up, is told by its number or what it cites.
"""

import re

NAMES = [a + b for a in "云石柳枫桐梅松竹兰荷桂杏" for b in "岭桥湾塘坡溪泉渡岗坪洲峪"]
FACTS = (
    ("水库能蓄水", "立方米"),
    ("小学有座位", "个"),
    ("果园收苹果", "公斤"),
    ("修路花费", "元"),
)
_QUOTED = re.compile(r'data-quote="([^"]*)"')
_ANSWER = re.compile(r'<div class="answered done">.*?<p class="colophon">', re.DOTALL)


def amount(number: int, fact: int) -> int:
    """Return what the story of village `number` tells of its `fact`: no other number is like it."""
    return 10_000 + 137 * (len(FACTS) * number + fact)


def story(number: int) -> str:
    """Return a page of one story, about the village `number`."""
    name = NAMES[number]
    facts = "".join(
        f"{name}村{subject}{amount(number, fact)}{unit}。"
        for fact, (subject, unit) in enumerate(FACTS)
    )
    day = number % 28 + 1
    return f"{name}村公布今年的账目\n\n本报讯 5月{day}日，{name}村开会公布了账目。{facts}\n"


def question(number: int, fact: int) -> str:
    """Return the question that one sentence of one story answers."""
    subject, unit = FACTS[fact]
    return f"{NAMES[number]}村{subject}多少{unit}？"


def problem(turn: str, number: int, fact: int) -> str:
    """Return what is wrong with the HTML of a turn about a village; "" when nothing is."""
    answer = _ANSWER.search(turn)
    told = re.sub("<[^>]*>", "", answer[0] if answer else turn)
    if answer is None or str(amount(number, fact)) not in told:
        return f"{question(number, fact)} {told[-200:]!r}, not {amount(number, fact)}"
    quoted = _QUOTED.findall(answer[0])
    if not quoted or any(NAMES[number] not in each for each in quoted):
        return f"{question(number, fact)} {quoted!r} is cited"
    return ""
