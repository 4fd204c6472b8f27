"""Any text, wherever it is shown or kept: it is text there, and references lead where they led."""

import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_conversations import COUNT, TEXT, TURNS
from test_window import Seen

from qa.conversations.export import as_json, as_markdown, references
from qa.conversations.turn import Entry, Kept, Turn
from qa.spans import Span, reflow
from window.conversation import Conversation
from window.markup import Mark, emphasised, escape, marked
from window.talk.history import render_history
from window.talk.transcript import render_current, render_earlier

HOSTILE = [
    *("<script>alert(1)</script>", "</textarea>", "\"><img src=x onerror=alert(1)>", "<!--", "-->", "&lt;", "&#60;"),
    *("javascript:alert(1)", "[x](javascript:alert(1))", "![x](http://evil.example/x)", "<http://evil.example>"),
    *("http://evil.example", "[1]", "[^1]", "[^1]: x", "# 标题", "\n", "\n\n", "\r\n", "- ", "> ", "    code", "```"),
    *("|a|b|\n|-|-|\n", "***", "---", "===", "~~x~~", "$x$", "\\", "\\[", "1. ", "1) ", "\x00", "\u202e", "\u2028", "`"),
]  # fmt: skip
WRITTEN = st.lists(st.sampled_from(HOSTILE) | TEXT, max_size=6).map("".join)


def hostile(turn: Turn, text: str) -> Turn:
    if turn.answer is None:
        return replace(turn, question=text, reason=text)
    cited = tuple(
        replace(one, marker=n, quote=text, title=text, source=text)
        for n, one in enumerate(turn.answer.citations, start=1)
    )
    answer = replace(turn.answer, text=f"{text}[1][2]{text}", statements=(), citations=cited)
    return replace(turn, question=text, reason=text, feedback="down", answer=answer)


KEPT = st.builds(
    lambda turns, text, title: Kept(
        "id", title, "2026-01-01", "2026-01-02", tuple(hostile(turn, text) for turn in turns)
    ),
    st.lists(TURNS, min_size=1, max_size=3).map(
        lambda turns: [replace(turn, number=n) for n, turn in enumerate(turns, start=1)]
    ),
    WRITTEN,
    WRITTEN,
)
OURS = {"heading", "paragraph", "inline", "text", "softbreak", "hardbreak", "blockquote", "text_special"}  # fmt: skip


@given(kept=KEPT)
def test_in_an_exported_conversation_only_what_is_ours_is_markup(kept: Kept) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(as_markdown(kept))
    inner = [child for token in tokens for child in token.children or []]
    kinds = {re.sub(r"_(?:open|close)$", "", token.type) for token in [*tokens, *inner]}
    assert kinds <= OURS
    headings = [token for token in tokens if token.type == "heading_open"]
    assert len(headings) == 1 + len(kept.turns) + bool(references(kept))


@given(kept=KEPT)
def test_each_reference_of_an_export_is_the_citation_of_its_own_turn(kept: Kept) -> None:
    told = json.loads(as_json(kept))
    by_turn = {turn["number"]: turn["answer"] for turn in told["turns"]}
    assert [one["number"] for one in told["references"]] == list(
        range(1, len(told["references"]) + 1)
    )
    for one in told["references"]:
        cited = by_turn[one["turn"]]["citations"]
        assert {k: v for k, v in one.items() if k not in ("number", "turn")} in cited
    notes = re.findall(r"^\[\^(\d+)\]: ", as_markdown(kept), re.MULTILINE)
    assert [int(number) for number in notes] == [one["number"] for one in told["references"]]


SHOWN = {"article", "button", "div", "h2", "p", "span", "a", "strong", "mark", "textarea", "form", "label", "ul", "li", "svg", "path", "details", "summary", "time", "input", "ol", "nav", "section", "header", "footer", "br"}  # fmt: skip


@given(turns=st.lists(TURNS, min_size=1, max_size=2), text=WRITTEN)
def test_whatever_was_asked_and_answered_the_window_shows_text(
    turns: list[Turn], text: str
) -> None:
    numbered = tuple(hostile(replace(t, number=n), text) for n, t in enumerate(turns, start=1))
    conversation = Conversation(turns=numbered)
    for html in (render_current(conversation), render_earlier(conversation)):
        seen = Seen(html)
        assert seen.names() <= SHOWN
        assert not any(name.startswith("on") for _, attrs in seen.tags for name in attrs)
        assert all(re.fullmatch(r"#[\w-]+", link or "") for link in seen.links())


@given(text=WRITTEN)
def test_the_names_of_conversations_are_text(text: str) -> None:
    html = render_history([Entry("c1", text, "2026-01-01T00:00:00+00:00", 2)], "c1")
    seen = Seen(html)
    assert not seen.names() & {"script", "img"}
    assert not any(name.startswith("on") for _, attrs in seen.tags for name in attrs)


@given(text=WRITTEN, start=COUNT, length=COUNT)
def test_text_that_is_marked_or_stressed_reads_as_it_did(
    text: str, start: int, length: int
) -> None:
    place = Span(start % (len(text) + 1), start % (len(text) + 1) + length)
    [shown] = marked(text, [Span(0, len(text))], [Mark(place, "here")])
    for html in (shown, emphasised(text, [place]), escape(reflow(text))):
        seen = Seen(html)
        assert seen.names() <= {"mark", "strong"}
        assert seen.text == reflow(text)
