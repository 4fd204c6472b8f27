"""HTML: a web page's markup → the text that a reader sees. The one door to selectolax.

selectolax (MIT, with lexbor, Apache-2.0) parses as browsers do and fetches nothing; scripts are
not run, they are left out, as is what the page tells a browser not to show. What is shown in the
colour of its background, outside of the page or behind something else is not told apart.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from qa.errors import PageError
from qa.formats.extracted import Extracted
from qa.formats.limits import Limits

_UNSEEN = re.compile(
    "script|style|template|noscript|head|nav|svg|math|iframe|object|embed|audio|video|canvas|map"
    "|select|textarea|button|datalist|dialog|frameset|noframes|noembed"
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|(?:opacity|font-size)\s*:\s*0*\.?0+(?![\d.])",
    re.IGNORECASE,
)
# In a style sheet the others of these are mostly of text that is shown after all.
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_SHOWN = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.IGNORECASE)
_FIRMLY = re.compile(r"!\s*important", re.IGNORECASE)
_MARKS = re.compile("[{};]")
_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_PARAGRAPHS = re.compile(
    "address|article|aside|blockquote|body|caption|details|div|dl|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hgroup|hr|main|ol|p|pre|section|summary|table|ul"
)
_LINES = re.compile("br|dd|dt|li|tr|legend")
_CELLS = frozenset({"td", "th"})
_SPACE = re.compile(r"[ \t\n\f\r]+")
_WIDE = "[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SOURCE_BREAK = "\x1f"  # a line end of the markup; no text of a web page holds this control
_BROKEN = re.compile(rf"(?<={_WIDE}){_SOURCE_BREAK}(?={_WIDE})")  # as CSS Text 3 (4.1.3) joins
_AGAIN = re.compile(rf" *{_SOURCE_BREAK}[ {_SOURCE_BREAK}]*")
_AROUND = re.compile(r" *\n *")
_BLANKS = re.compile(r"\n{3,}")


def _is_unseen(node: LexborNode, hidden: set[int]) -> bool:
    tag, attributes = node.tag or "", node.attributes
    style = _REMARK.sub("", attributes.get("style") or "")
    return (
        _UNSEEN.fullmatch(tag) is not None
        or "hidden" in attributes
        or attributes.get("role") == "navigation"
        or _HIDDEN.search(style) is not None
        or (node.mem_id in hidden and _SHOWN.search(style) is None)
    )


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations of a style sheet that count whatever shows the page."""
    depth, start, selectors = 0, 0, ""
    for mark in _MARKS.finditer(sheet):
        if mark[0] == "{":
            if depth == 0:
                selectors, start = sheet[start : mark.start()].strip(), mark.end()
            depth += 1
        elif depth == 0:
            start = mark.end()  # of an @import
        elif mark[0] == "}":
            depth -= 1
            if depth == 0:
                if not selectors.startswith("@"):
                    yield selectors, sheet[start : mark.start()]
                start = mark.end()


def _hidden(tree: LexborHTMLParser) -> set[int]:
    """Return what the page's own style sheets hide, by `mem_id`.

    The last rule counts, or the last important one; how closely each names its elements does not.
    """
    hidden, firmly = set[int](), set[int]()
    sheets = (s for s in tree.css("style") if s.parent is None or s.parent.tag != "noscript")
    for sheet in sheets:
        if (sheet.attributes.get("media") or "all").strip().lower() not in ("all", "screen"):
            continue
        for selectors, declared in _rules(_REMARK.sub("", sheet.text())):
            hides = _NOT_SHOWN.search(declared) is not None
            if not hides and (not hidden or _SHOWN.search(declared) is None):
                continue
            try:
                named = {node.mem_id for node in tree.css(selectors)}
            except SelectolaxError:  # a selector of states and the like
                continue
            if _FIRMLY.search(declared):
                firmly = firmly | named if hides else firmly - named
            hidden = hidden | named if hides else (hidden - named) | firmly
    return hidden


def _break_before(tag: str) -> str:
    if _PARAGRAPHS.fullmatch(tag):
        return "\n\n"
    return "\n" if _LINES.fullmatch(tag) else " " if tag in _CELLS else ""


def _break_behind(tag: str) -> str:
    return "\n\n" if _PARAGRAPHS.fullmatch(tag) else ""


def _flowed(text: str) -> str:
    return _SPACE.sub(lambda space: _SOURCE_BREAK if "\n" in space[0] else " ", text)


def _unbroken(text: str) -> str:
    """Join the lines of the markup: with a space, but none between Chinese characters."""
    return _BROKEN.sub("", _AGAIN.sub(_SOURCE_BREAK, text)).replace(_SOURCE_BREAK, " ")


def _shown(root: LexborNode, hidden: set[int]) -> Iterator[str]:
    """Yield the text below `root` and the breaks of its blocks, without recursion."""
    node: LexborNode | None = root
    as_typed = 0
    end = root.mem_id  # two nodes are compared by all that is in them, which takes long
    while node is not None:
        unseen = node.is_element_node and _is_unseen(node, hidden)
        if node.is_text_node:
            text = node.text_content or ""
            yield text if as_typed else _flowed(text)
        elif not unseen:
            yield _break_before(node.tag or "")
            as_typed += node.tag == "pre"
        child = None if unseen else node.child
        while child is None and node is not None and node.mem_id != end:
            if node.is_element_node and not unseen:
                yield _break_behind(node.tag or "")
                as_typed -= node.tag == "pre"
            child, unseen = node.next, False
            node = node.parent if child is None else node
        node = child


def _title(tree: LexborHTMLParser) -> str:
    """Return the page's own name where its body has no headline."""
    named = tree.css_first("head > title")
    if named is None or tree.css_first("h1, h2, h3") is not None:
        return ""
    return _SPACE.sub(" ", named.text()).strip()


def visible_text(markup: str) -> str:
    """Return what a browser would show of `markup`: a blank line between its blocks."""
    tree = LexborHTMLParser(markup)
    body = "".join(_shown(tree.body, _hidden(tree))) if tree.body is not None else ""
    body = _BLANKS.sub("\n\n", _AROUND.sub("\n", _unbroken(body))).strip(" \n")
    text = f"{_title(tree)}\n\n{body}".strip(" \n")
    return text.replace("\u00a0", " ")


def read_html(markup: str, encoding: str, limits: Limits) -> Extracted:
    """Return the visible text of a web page without its navigation.

    Raises PageError when it shows no text or more than the limit.
    """
    text = visible_text(markup)
    if not text.strip():
        raise PageError("is a web page without text of its own: save the page as it is shown")
    if len(text) > limits.characters:
        raise PageError(f"holds more than {limits.characters} characters: split it")
    return Extracted(text, "html", encoding)
