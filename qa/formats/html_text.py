"""HTML: a web page's markup → the text that a reader sees. The one door to selectolax.

selectolax (MIT, with lexbor, Apache-2.0) parses as browsers do and fetches nothing; scripts are
not run, they are left out, as is all that a browser would not show.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

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


def _is_unseen(node: LexborNode) -> bool:
    tag, attributes = node.tag or "", node.attributes
    return (
        _UNSEEN.fullmatch(tag) is not None
        or "hidden" in attributes
        or attributes.get("role") == "navigation"
        or _HIDDEN.search(_REMARK.sub("", attributes.get("style") or "")) is not None
    )


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


def _shown(root: LexborNode) -> Iterator[str]:
    """Yield the text below `root` and the breaks of its blocks, without recursion."""
    node: LexborNode | None = root
    as_typed = 0
    end = root.mem_id  # two nodes are compared by all that is in them, which takes long
    while node is not None:
        unseen = node.is_element_node and _is_unseen(node)
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
    body = "".join(_shown(tree.body)) if tree.body is not None else ""
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
