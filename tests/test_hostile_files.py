"""Any bytes at all: a file gives text or one clear line, in time, and nothing else."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_files import docx, packed, pdf

from qa.errors import PageError
from qa.formats.child import read_apart
from qa.formats.docx_text import read_docx
from qa.formats.extracted import Extracted
from qa.formats.html_text import read_html
from qa.formats.limits import DEFAULT
from qa.formats.markdown_text import read_markdown
from qa.formats.reading import read_archive, read_bytes

NEWS = "本报讯 8月21日，高新区召开会议，要求各部门抓好落实。"
PDF, DOCX = pdf(NEWS, "第二页"), docx(NEWS, "第二段")
ZIP = packed({"a.txt": NEWS.encode(), "二.md": NEWS.encode()})
quick = settings(deadline=2000, suppress_health_check=[HealthCheck.too_slow])
# Each of these starts a process.
few = settings(quick, max_examples=20, deadline=10_000)


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """Return `data` with some bytes changed, and perhaps its end cut off or doubled."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 12))):
        changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(0, len(data)))
    return bytes(changed[:end] + changed[start:] if start < end else changed[:end])


def refusal(read: Callable[[], Extracted]) -> str:
    """Return why a file is refused, "" where it gives text; anything else that is raised fails."""
    try:
        assert read().text.strip()
    except PageError as error:
        return str(error) or "refused without a word\n"
    return ""


def reads_or_refuses(data: bytes, name: str) -> None:
    assert "\n" not in refusal(lambda: read_bytes(data, name))


@quick
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.pdf", "a.docx", "a.zip"]))
def test_random_bytes_are_text_or_refused(data: bytes, name: str) -> None:
    reads_or_refuses(data, name)


@quick
@given(mutated(ZIP))
def test_a_damaged_archive_gives_members_or_one_line(data: bytes) -> None:
    with suppress(PageError):
        for member in read_archive(data):
            assert (member.extracted is None) == bool(member.problem)
            assert "\n" not in member.name + member.problem


@quick
@given(mutated(DOCX))
def test_a_damaged_word_document_is_read_or_refused(data: bytes) -> None:
    assert "\n" not in refusal(lambda: read_docx(data, DEFAULT))


@few
@given(mutated(PDF))
def test_a_damaged_pdf_is_read_or_refused(data: bytes) -> None:
    reads_or_refuses(data, "a.pdf")


_NAMES = ("p", "div", "table", "tr", "td", "pre", "svg", "template", "b", "script", "nav", "body")
_OTHERS = ("<div hidden>", "<br>", "<!--", "-->", "<li>", "<html>", "字", "&amp;", "\0", " ", "\n")
tags = st.sampled_from([f"<{end}{name}>" for name in _NAMES for end in ("", "/")] + list(_OTHERS))


@quick
@given(st.lists(tags, max_size=60).map("".join))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    for reader in (read_html, read_markdown):
        assert "\n" not in refusal(partial(reader, markup, "utf-8", DEFAULT))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<div>" * 8_000 + "字", "html"),
        ("<p>" + "<b>" * 3_000 + "字", "html"),
        ("字 " * 500_000, "html"),
        ("[" * 20_000 + "字", "md"),
        ("> " * 5_000 + "字", "md"),
        ("*字 _字 " * 20_000, "md"),
    ],
)
def test_deep_and_long_markup_ends_in_time(text: str, kind: str) -> None:
    limits = replace(DEFAULT, seconds=20)
    started = time.monotonic()
    assert "\n" not in refusal(lambda: read_apart(text.encode(), kind, "utf-8", limits))
    assert time.monotonic() - started < 25
