"""Plain text: one sentence → the form in which two sentences are compared.

Widths, scripts, quotation marks, white space and Markdown are made alike; case stays, since it
tells English names. Offsets of the plain text lead nowhere else.
"""

import re
from functools import lru_cache

from embeddings.scripts import simplified
from embeddings.tokens import CJK

# Full-width signs become narrow, save those that set clauses apart.
_NARROW = {n + 0xFEE0: chr(n) for n in range(0x21, 0x7F) if chr(n) not in "!(),:;?[]"}
_ALIKE = str.maketrans(
    {
        "℃": "摄氏度",
        "㎡": "平方米",
        "㎏": "公斤",
        "㎞": "公里",
        "’": "'",
        "‘": "'",
        "〜": "~",
        "－": "-",
    }
    | {"–": "-", "—": "-", "−": "-", "～": "~", "・": "·", "‧": "·", "○": "〇"}
)
_MARKS = re.compile(
    r"[*`]+|^\s*#+\s|(?<![\w])_+|_+(?!\w)|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_GAP = re.compile(rf"(?<=[{CJK}，。、；：！？”“])\s+|\s+(?=[{CJK}，。、；：！？”“])")
# Numerals as they stand on cheques; a single one is mostly a name (陆, 伍).
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FORMAL_NUMBER = re.compile("[壹贰叁肆伍陆柒捌玖][零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+")
HAN = re.compile(r"[\u3007\u3400-\u9fff]")


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """Return `text` in narrow digits and letters, simplified characters and single spaces."""
    text = _MARKS.sub("", text.translate(_NARROW).translate(_ALIKE))
    text = simplified(_GAP.sub("", " ".join(text.split())))
    return _FORMAL_NUMBER.sub(lambda found: found[0].translate(_FORMAL), text)


def is_chinese(text: str) -> bool:
    """Return whether more of `text` is Chinese than English, a word of which counts as two."""
    return len(HAN.findall(text)) >= 2 * len(re.findall(r"[A-Za-z]+", text))
