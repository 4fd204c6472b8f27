"""Pages: bytes of one source file → its text.

Knows encodings and what is not text at all; knows nothing of articles. Line ends are kept as
they are, so that offsets into `Page.text` hold for whoever decodes the same bytes.
"""

import codecs
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.errors import PageError


@dataclass(frozen=True, slots=True)
class Page:
    """One source file.

    `id` is made from the SHA-256 of the content (16 hex digits; the text's UTF-8 bytes, so the
    same text is one page whatever its encoding). `source` is the file name shown to people.
    `text` is the decoded content without a byte order mark. `encoding` names the codec used.
    """

    id: str
    source: str
    text: str
    encoding: str


# The longer mark comes first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "cp950", "big5hkscs")
_SAMPLE = 100_000  # characters that are looked at to tell one legacy encoding from another
_CONVINCING = 0.7  # a wrong decoding of Chinese stays near or below one half
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MOST_CONTROLS = 0.01  # share of control characters that stray into real text at most
_WIDE_MARKS = frozenset("　，。、；：？！“”‘’（）《》〈〉「」『』【】—…·～％／－＋．□■◎●○▲△◆")


@cache
def _common() -> frozenset[str]:
    """Return the everyday characters: GB 2312 level 1, Big5 level 1, punctuation, digits."""
    gb = bytes(b for hi in range(0xB0, 0xD8) for lo in range(0xA1, 0xFF) for b in (hi, lo))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    big5 = bytes(b for hi in range(0xA4, 0xC7) for lo in trails for b in (hi, lo))
    letters = gb.decode("gb2312", "ignore") + big5.decode("big5", "ignore")
    digits = "".join(chr(c) for c in range(0xFF10, 0xFF1A))
    return frozenset(letters + digits) | _WIDE_MARKS


def _familiarity(text: str) -> float:
    """Return the share of everyday characters among the non-ASCII ones of `text`."""
    foreign = [c for c in text[:_SAMPLE] if c > "\x7f"]
    common = _common()
    return sum(c in common for c in foreign) / len(foreign) if foreign else 0.0


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _legacy(data: bytes) -> tuple[str, str]:
    """Return the most familiar strict decoding of `data` by a legacy encoding."""
    best, found = 0.0, ("", "")
    for encoding in _LEGACY:
        text = _decoded(data, encoding)
        share = _familiarity(text) if text is not None else 0.0
        if text is not None and share > best:
            best, found = share, (text, encoding)
    if best < _CONVINCING:
        raise PageError("is not text in UTF-8, UTF-16, GB18030 or Big5: save it as UTF-8")
    return found


def _is_binary(text: str) -> bool:
    return "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text)


def decode(data: bytes) -> tuple[str, str]:
    """Return `(text, codec)` of `data`, line ends untouched, without a byte order mark.

    A byte order mark decides; else UTF-8; else, of GB18030 and Big5, the strict decoding with
    the largest share of everyday characters. Raises PageError when the data is binary or no
    decoding is convincing.
    """
    text, encoding = None, "utf-8"
    for mark, codec in _MARKS:
        if data.startswith(mark):
            text, encoding = _decoded(data, codec), codec
            break
    else:
        text = _decoded(data, encoding)
    if text is None:
        if b"\0" in data:
            raise PageError("is binary, not text: add a plain text file instead")
        text, encoding = _legacy(data)
    if _is_binary(text):
        raise PageError("is binary, not text: add a plain text file instead")
    return text, encoding


def page_from_text(source: str, text: str, encoding: str = "utf-8") -> Page:
    """Return the page of a text that is already decoded; any text makes a page."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Page(digest[:16], source, text, encoding)


def read_page(path: Path, source: str | None = None) -> Page:
    """Read one file as a page; `source` (the file's name if None) is what people are shown.

    Raises PageError, naming the file, when it is missing, a folder, unreadable, binary or blank.
    """
    if path.is_dir():
        raise PageError(f"{path}: is a folder, not a page: name a text file in it")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise PageError(f"{path}: no such file: check the name") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise PageError(f"{path}: cannot be read ({reason}): check the file") from error
    try:
        text, encoding = decode(data)
    except PageError as error:
        raise PageError(f"{path}: {error}") from error
    if not text.strip():
        raise PageError(f"{path}: is empty: add a page that has text")
    return page_from_text(source or path.name, text, encoding)
