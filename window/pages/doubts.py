"""Doubts about a page → HTML: one line each, in both languages, that says what to do."""

from collections.abc import Sequence

from qa.library.doubts import Doubt, Reason
from window.markup import both

_LINES: dict[Reason, tuple[str, str]] = {
    "loose": (
        "{n}% 的文字不属于任何报道，请看原文中虚线标出的部分",
        "{n} % of the text belongs to no article: look at what is dotted in the text",
    ),
    "untitled": ("没有标题", "has no headline"),
    "bodiless": ("只有标题，没有正文", "has a headline and no text"),
    "short": (
        "正文只有 {n} 字，也许是别的报道的一部分",
        "has only {n} characters: a part of another?",
    ),
    "long": ("正文长达 {n} 字，也许是几篇报道", "has {n} characters: several articles in one?"),
    "controls": (
        "有 {n} 个看不见的控制字符，原文中显示为 ␀ 一类的符号",
        "{n} unseen control characters; in the text they are shown as signs like ␀",
    ),
    "lost": (
        "有 {n} 个字符已经丢失或无法显示，请核对原文件",
        "{n} characters are lost or cannot be shown: compare the original file",
    ),
    "mixed": (
        "{n} 行像是用另一种编码写的，会成乱码，请统一另存为 UTF-8",
        "{n} lines look like another encoding and may be garbled: save all of it as UTF-8",
    ),
    "little_kept": (
        "与将被替换的那一版只有 {n}% 相同；若是另外一版，请改名后再加",
        "only {n} % of the page that it would replace is in it: "
        "if it is another page, rename the file and add it again",
    ),
    "namesake": (
        "库里另有同名的版面，会保留；这一版将换个名字",
        "another page has this name and stays; this one gets a longer name",
    ),
}


def render_doubts(doubts: Sequence[Doubt]) -> str:
    """Return the doubts as a list; nothing when there are none."""
    listed = "".join(f"<li>{_line(doubt)}</li>" for doubt in doubts)
    return f'<ul class="doubts">{listed}</ul>' if listed else ""


def _line(doubt: Doubt) -> str:
    chinese, english = (line.format(n=f"{doubt.amount:,}") for line in _LINES[doubt.reason])
    if not doubt.article:
        return both(chinese, english)
    return both(f"第 {doubt.article} 篇：{chinese}", f"Article {doubt.article} {english}")
