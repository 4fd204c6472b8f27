"""Blocks: a page's lines → headings, paragraphs, by-lines and page furniture, in page order.

Joins the lines of wrapped columns. Knows the shape of lines that stand together; knows nothing
of what is above or below them, or of which blocks make an article.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.spans import Span
from qa.splitting.bylines import Lead, byline_at_end, is_byline, is_photo_credit, lead_of, runs_on
from qa.splitting.lines import WIDEST_COLUMN, Line, column_width, ends_sentence, read_lines

Kind = Literal["heading", "text", "byline", "caption", "furniture"]

_FURNITURE = re.compile(
    r"星期[一二三四五六日天]|责任?编辑?[:： 　]|責任編輯|责编|美编|本版编辑|校对|版式|组版|新闻热线|"
    r"投稿邮箱|广告热线|第\s*\d+\s*[期版]|中華民國.{1,8}年|国内统一|邮发代号|https?://|www\.|"
    r"^[^，。]{2,20}(?:主管|主办|主辦|承办|协办|编印|出版|出品)$|^[A-Z]?\d{1,3}版?$|^\d{4}[./年-]\d{1,2}[./月-]\d{1,2}日?$|^[（(]?(?:下转|上接)|"
    r"^.{0,8}(?:日报|晚报|晨报|时报|商报|早报|周报|周刊|要闻|新闻|专版|专刊|特刊|副刊|時報|日報|專刊)"
    r"(?:[ 　].{0,12})?$|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?:\d{1,2} )?[A-Z][a-z]+ \d|"
    r"^[A-Z][a-z]{2,5}day \d{1,2} [A-Z][a-z]+ \d{4}$|^Vol(?:\.|ume) ?\d+\W+(?:No|Issue)|^Est(?:\.|ablished)(?: in)? \d{4}$"
)
_CAPTION = re.compile(
    r"^(?:[图圖](?:为|為|[①-⑳\d一二三四])|[上下左右題题資资][图圖]|[▲△↑↓►◀]|资料图|图片)|"
    r"[^ 　。]{2,4}\s*[/／ 　]?(?:[摄攝]|供[图圖])[）)]?$"
)
MOST_LINES = 4  # of one headline
_NO_HEADING = 60  # half-widths; a line that is wider is the first of a paragraph
_BULLETS = "●▲■◆★"  # each begins a paragraph of its own
_PART = re.compile(r"[\s　]+")
_SPEAKER = re.compile(r"(?:问|問|答|记者|記者|编者|网友|Q|A)\s?\d{0,2}[：:]")
# The names of columns and sections, which stand above headlines and are none.
_LABEL = re.compile(
    r"(?:[【\[(（<《◆■●▲|｜·•:：/-]*(?:[一两]?[句分]?简讯|簡訊|短讯|快讯|[图圖]片新[闻聞]|"
    r"新[闻聞]速[递遞览]|速[览读遞递]|导读|導讀|要[闻聞]|[綜综]合新[闻聞]|"
    r"综合|頭條|头条|国际|国内|國際|國內|社会|社會|时政|政务|民生|经济|財經|财经|法治|教育|健康|卫生|体育|體育|文化|文娱|"
    r"娱乐|副刊|时评|评论|關注|关注|聚焦|热点|焦点|视点|特写|专题|资讯|动态|公告|声音|一线|基层|本地|地方|"
    r"讯息|看点)[】\])）>》◆■●▲|｜·•:：/-]*){1,3}$"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together.

    `span` runs from the first line to the last, for a text without the by-line at its end, which
    is `byline`. `lead` is the formula that opens it. `column` is the width of its column in
    half-widths, 0 if it was never wrapped. `signs` tells that it is the name under a notice.
    """

    kind: Kind
    lines: tuple[Line, ...]
    span: Span
    lead: Lead | None = None
    byline: Span | None = None
    signs: bool = False

    @property
    def begins_inside(self) -> bool:
        """Tell whether the first line is a full one: a paragraph's first has lost its indent."""
        nexts = sorted(line.width for line in self.lines[1:4])
        if not self.column or self.lead or self.lines[0].indented or not self.lines[0].gap:
            return False
        first, usual = self.lines[0], nexts[len(nexts) // 2]
        return first.width - (first.hang if first.width > usual else 0) >= usual - 2

    @property
    def column(self) -> int:
        """Return the width of its widest line, 0 if the block was never wrapped."""
        widest = max(line.width for line in self.lines)
        return widest if len(self.lines) > 1 and widest <= WIDEST_COLUMN else 0


def opens_with_lead(text: str, line: Line) -> bool:
    """Tell whether a lead begins with `line`; a narrow column may break it in two."""
    lead = lead_of(text, Span(line.span.start, min(len(text), line.span.end + 60)))
    return lead is not None and lead.span.start < line.span.end


def headline_like(text: str, lines: Sequence[Line]) -> bool:
    """Tell whether the lines could be a headline: short, and not running text."""
    if len(lines) > MOST_LINES or sum(line.width for line in lines) > 160:
        return False
    words = " ".join(line.span.of(text) for line in lines)
    if (
        _SPEAKER.match(words)
        or "。" in words
        or "；" in words
        or words[-1] in "，、；：,;:.（("
        or words[0] in "，、。；：）)”"
    ):
        return False
    if ends_sentence(words) and (len(words) > 40 or words[-1] in "：:；;…"):
        return False
    parts = _PART.split(words)
    latin = sum(c.isascii() and c.isalpha() for c in words) > len(words) // 2
    if not latin and max(map(len, parts)) > 34:
        return False
    if words.count("、") > 2 or len(re.findall("[，,]", words)) > 3:
        return False
    return sum(c.isalpha() for c in words) >= 2


def _parts_by_gaps(groups: list[list[Line]]) -> bool:
    """Tell whether blank lines part the paragraphs of a page: hardly a short line is inside."""
    inside = short = 0
    for lines in groups:
        column = max(line.width for line in lines)
        if len(lines) > 2 and column <= WIDEST_COLUMN:
            inside += len(lines) - 1
            short += sum(line.width < 0.8 * column for line in lines[:-1])
    return inside > 0 and short <= 0.03 * inside


def _flows(text: str, lines: list[Line], i: int, parted: bool) -> bool:
    """Tell whether line `i` of a group runs on in the next one as the same paragraph.

    A full line that ends a sentence tells nothing but on a page whose paragraphs are `parted` by
    blank lines.
    """
    line, after = lines[i], lines[i + 1]
    if (after.indented and not line.indented) or text[after.span.start] in _BULLETS:
        return False
    done = ends_sentence(line.span.of(text))
    if max(near.width for near in lines[max(0, i - 1) : i + 3]) > WIDEST_COLUMN:
        # Paragraphs are not wrapped here, so a short line is a heading or a paragraph.
        return not done and line.width > _NO_HEADING
    column = column_width(lines, i)
    if done:
        full = line.width if parted else min(line.width, after.width)
        return full >= column - 3 and len(lines) > 2
    return line.width >= 0.72 * column


def block_of(text: str, kind: Kind, lines: Sequence[Line]) -> Block:
    """Return the block of some lines, its lead and its closing by-line told apart."""
    span = Span(lines[0].span.start, lines[-1].span.end)
    if kind != "text":
        return Block(kind, tuple(lines), span)
    lead = lead_of(text, span)
    byline = byline_at_end(text, span)
    if byline is not None:
        end = len(text[span.start : byline.start].rstrip()) + span.start
        span = Span(span.start, end)
    return Block(kind, tuple(lines), span, lead, byline)


def _is_furniture(words: str) -> bool:
    if len(words) < 16 and _LABEL.match(_PART.sub("", words)):
        return True
    return (
        len(words) < 120
        and "。" not in words
        and words[-1] not in ",.，"
        and _FURNITURE.search(words) is not None
    )


def _kind_of(text: str, lines: list[Line]) -> Kind:
    """Classify lines that flow into one another."""
    words = text[lines[0].span.start : lines[-1].span.end]
    if is_byline(words):
        return "byline"
    if _is_furniture(words):
        return "furniture"
    if len(words) < 120 and _CAPTION.search(words):
        return "caption"
    if not opens_with_lead(text, lines[0]) and headline_like(text, lines):
        return "heading"
    return "text"


def _in_group(text: str, lines: list[Line], parted: bool) -> list[Block]:
    """Cut lines between two blank lines into blocks."""
    whole = _kind_of(text, lines)
    if whole in ("heading", "byline"):
        return [block_of(text, whole, lines)]
    parts: list[tuple[Kind, list[Line]]] = []
    start = 0
    for i in range(len(lines)):
        if i + 1 < len(lines) and _flows(text, lines, i, parted):
            continue
        part = lines[start : i + 1]
        kind = whole if len(part) == len(lines) else _kind_of(text, part)
        if kind == "heading" and parts and parts[-1][0] == "heading":
            parts[-1][1].extend(part)
        else:
            parts.append((kind, part))
        start = i + 1
    # Many short lines together are a list or a poem.
    return [
        block_of(text, "text" if kind == "heading" and len(part) > MOST_LINES else kind, part)
        for kind, part in parts
    ]


def _groups(text: str, lines: list[Line]) -> list[list[Line]]:
    """Cut the page at blank lines, and before and behind lines that stand for themselves."""
    groups: list[list[Line]] = []
    alone = True
    for line in lines:
        words = line.span.of(text) if line.width <= 160 else ""
        # A photo's credit may be the last line of its caption.
        credit = not line.gap and words.endswith(("摄", "攝")) and is_photo_credit(words)
        apart = bool(words) and not credit and (is_byline(words) or _is_furniture(words))
        held = groups and groups[-1][-1].span.of(text)[-1] in "，、"
        opens = not held and opens_with_lead(text, line)
        if alone and words and groups and not line.gap:
            above = text[groups[-1][0].span.start : groups[-1][-1].span.end]
            if runs_on(above, words):
                groups[-1].append(line)
                continue
        if line.gap or alone or apart or opens:
            groups.append([])
        groups[-1].append(line)
        alone = apart
    return groups


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of a page's text, in page order; every line is in exactly one."""
    groups = _groups(text, read_lines(text))
    parted = _parts_by_gaps(groups)
    return [block for group in groups for block in _in_group(text, group, parted)]
