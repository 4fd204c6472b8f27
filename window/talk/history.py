"""The list of conversations as HTML, and an exported one on its way to the browser's downloads.

Knows nothing of where conversations are kept nor of what a click does (script/history.js).
"""

import re
from collections.abc import Sequence
from secrets import token_hex

from qa.conversations.turn import Entry
from window.markup import both, escape, in_both, said

_MOST = 100  # of more the search finds the others
_UNFIT = re.compile(r"[^\w\-]+")  # for a file's name
_LONGEST_NAME = 60
_TYPES = {"md": "text/markdown", "json": "application/json"}


def render_history(
    entries: Sequence[Entry], current: str, words: str = "", notice: str = ""
) -> str:
    """Return the list; `current` is the id of the conversation that is shown beside it.

    `words` are what was searched for, `notice` is one line about what went wrong.
    """
    listed = "".join(_entry(each, current) for each in entries[:_MOST])
    told = f'<p class="notice" role="alert">{in_both(notice)}</p>' if notice else ""
    return (
        f'<nav aria-label="{said("对话", "Conversations")}">{told}'
        f"{f'<ul>{listed}</ul>' if listed else _nothing(words)}{_more(len(entries))}</nav>"
        f"<template>{_menu()}</template>"
    )


def render_download(title: str, kind: str, text: str) -> str:
    """Return an element that holds a file to be saved; never the same twice."""
    name = _UNFIT.sub("-", title).strip("-")[:_LONGEST_NAME] or "conversation"
    kind = kind if kind in _TYPES else "md"
    return (
        f'<template data-name="{escape(name)}.{kind}" data-type="{_TYPES[kind]}" '
        f'data-text="{escape(text)}" data-once="{token_hex(4)}"></template>'
    )


def _entry(entry: Entry, current: str) -> str:
    state = ' aria-current="true"' if entry.id == current else ""
    turns = both(f"{entry.turns} 问", f"{entry.turns} question{'s' * (entry.turns != 1)}")
    actions = said("更多操作", "More actions")
    return (
        f'<li data-id="{escape(entry.id)}"><button type="button" class="open"{state}>'
        f'<span class="title">{escape(entry.title)}</span>'
        f'<span class="when"><time datetime="{escape(entry.changed)}"></time> {turns}</span>'
        f'</button><button type="button" class="more" aria-expanded="false" '
        f'aria-label="{actions}" title="{actions}">⋯</button></li>'
    )


def _nothing(words: str) -> str:
    if words.strip():
        told = both("没有找到这样的对话。", "No conversation holds these words.")
    else:
        told = both("问过的对话会列在这里。", "Conversations are listed here.")
    return f'<p class="none" role="status">{told}</p>'


def _more(count: int) -> str:
    if count <= _MOST:
        return ""
    rest = count - _MOST
    return f'<p class="none">{both(f"另有 {rest} 个，可以搜索。", f"{rest} more: search.")}</p>'


def _menu() -> str:
    """Return what opens below a conversation: its actions, and what two of them ask first."""
    buttons = (
        ("rename", "改名", "Rename"),
        ("md", "存为 Markdown", "Save as Markdown"),
        ("json", "存为 JSON", "Save as JSON"),
        ("delete", "删除", "Delete"),
    )
    listed = "".join(_button(*each) for each in buttons)
    name = said("对话的名字", "Name of the conversation")
    sure = said("删除这个对话？", "Delete this conversation?")
    return (
        f'<div class="menu"><div class="acts">{listed}</div>'
        f'<form class="rename" hidden><input type="text" maxlength="120" aria-label="{name}" />'
        f'<button type="submit">{both("存下", "Save")}</button></form>'
        f'<div class="confirm" role="alertdialog" aria-label="{sure}" hidden><p>'
        f"{both('删除后无法恢复。', 'This cannot be undone.')}</p>"
        f"{_button('delete-now', '删除', 'Delete')}{_button('keep', '不删', 'Keep')}</div></div>"
    )


def _button(act: str, chinese: str, english: str) -> str:
    return f'<button type="button" data-act="{act}">{both(chinese, english)}</button>'
