"""Encodings: bytes of a text file → its characters, or a refusal rather than a guess.

A library such as charset-normalizer is not used: it weighs a hundred encodings, most of them
never seen in Chinese archives, and its verdict may change with its version, and with it offsets.
"""

import codecs
import re
from functools import cache

from qa.errors import PageError

# The longer mark comes first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "cp950", "big5hkscs")
_UNMARKED = ("utf-16-le", "utf-16-be")
_SAMPLE = 100_000  # characters that are looked at to tell one encoding from another
_CONVINCING = 0.7  # a wrong decoding of Chinese stays near or below one half
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MOST_CONTROLS = 0.01  # share of control characters that stray into real text at most
_MOST_LOST = 0.02  # share of U+FFFD, which an earlier conversion left for what it could not read
_WIDE_MARKS = frozenset("　，。、；：？！“”‘’（）《》〈〉「」『』【】—…·～％／－＋．□■◎●○▲△◆")
_BOPOMOFO = frozenset(map(chr, range(0x3105, 0x312A)))
_HAN = re.compile(r"[\u3400-\u9fff]")
# About four hundred of the most frequent characters of written Chinese, many with their
# traditional forms: a third of any prose and more, but a tenth of GB 2312's level 1, and so of
# what a wrong decoding makes.
_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军"
    "者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见"
    "被利什二等产或新己制身果加西月话合回特代内信表化老给世位次度门任常先海通教儿原东提立及比员解水名真论处"
    "市区县省镇村会报讯记者局院校路工程项目建设服务管理发展企业经济安全社群众党"
    "這個們來為國說時會後對經過發無動學種當現與長機關從將於間點體見問實開還進邊書員頭並區縣鎮報訊記業務"
)
_ENOUGH = 40  # Han characters that make a share of them mean something
_LEAST_FREQUENT = 0.15
_SURE = 12  # characters beyond ASCII that do not fit another encoding by chance


@cache
def _common() -> frozenset[str]:
    """Return the everyday characters: GB 2312 level 1, Big5 level 1, punctuation, digits."""
    gb = bytes(b for hi in range(0xB0, 0xD8) for lo in range(0xA1, 0xFF) for b in (hi, lo))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    big5 = bytes(b for hi in range(0xA4, 0xC7) for lo in trails for b in (hi, lo))
    letters = _HAN.findall(gb.decode("gb2312", "ignore") + big5.decode("big5", "ignore"))
    digits = "".join(chr(c) for c in range(0xFF10, 0xFF1A))
    return frozenset(letters) | frozenset(digits) | _WIDE_MARKS | _BOPOMOFO


def _familiarity(text: str) -> float:
    """Return the share of everyday characters among the non-ASCII ones of `text`."""
    foreign = [c for c in text[:_SAMPLE] if c > "\x7f"]
    common = _common()
    return sum(c in common for c in foreign) / len(foreign) if foreign else 0.0


def _readability(text: str) -> float:
    """Return the share of everyday characters, ASCII ones among them, in all of `text`."""
    sample, common = text[:_SAMPLE], _common()
    known = sum(" " <= c <= "~" or c in common or c in "\t\r\n" for c in sample)
    return known / len(sample) if sample else 0.0


def _is_prose(text: str) -> bool:
    """Tell whether the frequent characters are as frequent as in Chinese; few tell nothing.

    Korean in EUC-KR and Russian in KOI8-R decode as everyday Chinese characters throughout.
    """
    han = _HAN.findall(text[:_SAMPLE])
    return len(han) < _ENOUGH or sum(c in _FREQUENT for c in han) >= _LEAST_FREQUENT * len(han)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _legacy(data: bytes) -> tuple[str, str] | None:
    """Return the most familiar strict decoding of `data` by a legacy encoding, if it convinces."""
    best, found = 0.0, ("", "")
    for encoding in _LEGACY:
        text = _decoded(data, encoding)
        share = _familiarity(text) if text is not None else 0.0
        if text is not None and share > best:
            best, found = share, (text, encoding)
    return found if best >= _CONVINCING and _is_prose(found[0]) else None


def _is_cut(data: bytes) -> bool:
    """Tell whether `data` is text but for a character at its very end that is not whole."""
    for encoding in ("utf-8", *_LEGACY):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start > 0 and error.start >= len(data) - 3:
                text = _decoded(data[: error.start], encoding)
                return text is not None and _familiarity(text) >= _CONVINCING and _is_prose(text)
    return False


def _unmarked(data: bytes) -> tuple[str, str] | None:
    """Return the decoding of `data` as UTF-16 without a byte order mark, if it convinces."""
    if len(data) % 2 or not data:
        return None
    texts = [(_decoded(data, encoding), encoding) for encoding in _UNMARKED]
    ranked = [(_readability(text), text, name) for text, name in texts if text is not None]
    best, text, encoding = max(ranked, default=(0.0, "", ""))
    return (text, encoding) if best >= _CONVINCING and _is_prose(text) else None


def _hz(data: bytes) -> tuple[str, str] | None:
    """Return the decoding of `data` as HZ (RFC 1843), which looks like ASCII, if it convinces."""
    text = _decoded(data, "hz")
    return (text, "hz") if text is not None and _familiarity(text) >= _CONVINCING else None


def _is_binary(text: str) -> bool:
    return "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text)


def _was_misread(text: str) -> bool:
    """Tell whether `text` is UTF-8 that some program read as GB18030 or Western and saved again.

    Written back in that encoding it is UTF-8; of real text beyond a few characters that is never
    true, because the bytes of the two hardly ever fit.
    """
    sample = text[:4000]
    if sum(c > "\x7f" for c in sample) < _SURE:
        return False
    for encoding in ("gb18030", "cp1252", "latin-1"):
        try:
            bytes_before = sample.encode(encoding)
            before = codecs.getincrementaldecoder("utf-8")().decode(bytes_before)
        except UnicodeError:
            continue
        if len(before) < len(sample) and len(_HAN.findall(before)) * 2 >= _SURE / 2:
            return True
    return False


def _refuse_damaged(text: str) -> None:
    if text.count("\N{REPLACEMENT CHARACTER}") > _MOST_LOST * len(text):
        raise PageError("lost characters when it was converted earlier: take the original file")
    if _was_misread(text):
        raise PageError("was read in a wrong encoding and saved again: take the original file")


def decode(data: bytes) -> tuple[str, str]:
    """Return `(text, codec)` of `data`, line ends untouched, without a byte order mark.

    A byte order mark decides; else UTF-8; else, of GB18030 and Big5, the strict decoding with
    the largest share of everyday characters; else UTF-16 by the same measure. Raises PageError
    when the data is binary, when no decoding is convincing, or when the text was damaged before.
    """
    text, encoding = None, "utf-8"
    for mark, codec in _MARKS:
        if data.startswith(mark):
            text, encoding = _decoded(data, codec), codec
            break
    else:
        text = _decoded(data, encoding)
    if text is None or "\0" in text:
        guess = _unmarked(data) if b"\0" in data else _legacy(data) or _unmarked(data)
        if guess is None and b"\0" in data:
            raise PageError("is binary, not text: add a plain text file instead")
        if guess is None and _is_cut(data):
            raise PageError("ends in the middle of a character: take the whole file")
        if guess is None:
            raise PageError("is not text in UTF-8, UTF-16, GB18030 or Big5: save it as UTF-8")
        text, encoding = guess
    elif "~{" in text and text.isascii():
        text, encoding = _hz(data) or (text, encoding)
    _refuse_damaged(text)
    if _is_binary(text):
        raise PageError("is binary, not text: add a plain text file instead")
    return text, encoding


_NAMED = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "big5-hkscs": "big5hkscs"}
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)


def decode_markup(data: bytes) -> tuple[str, str]:
    """Return `(text, codec)` of a web page: by the encoding that it declares, if that fits.

    What is declared is believed only of data that is not UTF-8 or marked, as it is often wrong.
    """
    declared = _DECLARED.search(data[:4096])
    name = declared[1].decode("ascii", "replace").lower() if declared else ""
    codec = _NAMED.get(name, name)
    if codec in _LEGACY and _decoded(data, "utf-8") is None:
        text = _decoded(data, codec)
        if text is not None and _familiarity(text) >= _CONVINCING and not _is_binary(text):
            return text, codec
    return decode(data)
