"""One turn's sources → the right column: cards, tools, and the articles with the words marked.

All cited articles of the turn stand in the panel, so that choosing among their citations needs
no server (script/sources.js). Passages that are merely near are shown apart from citations and
never look like them.
"""

from collections.abc import Sequence
from dataclasses import replace

from qa import Answer, Library
from qa.library.printed import printed_page
from window.conversation import Choice, Conversation, Turn
from window.markup import both, escape, in_both, said
from window.problems import in_either
from window.reading.cards import render_cards, render_nearest
from window.reading.chart import render_evidence
from window.reading.excerpts import Excerpt, cited, near
from window.reading.sheet import render_sheets

_LONGEST_QUESTION = 60


def render_sources(library: Library, conversation: Conversation, choice: Choice) -> str:
    """Return the panel for the chosen citation or nearest passage of a turn.

    A choice that leads nowhere (a turn that was cleared, a marker never given) shows the hint or
    the turn's first citation.
    """
    turn = conversation.turn(choice.turn)
    if turn is None or turn.answer is None:
        return _panel(choice, _hint())
    answer = turn.answer
    if choice.kind == "near" or not answer.citations:
        shown = _near(library, turn, answer, choice)
    else:
        shown = _cited(library, turn, answer, choice)
    return shown


def _panel(choice: Choice, inside: str) -> str:
    clicked = str(choice.clicked).lower()
    back = f'<a class="back" href="#turn-{choice.turn}">{both("↑ 回到回答", "↑ Back to the answer")}</a>'
    return (
        f'<div class="panel" data-turn="{choice.turn}" data-kind="{choice.kind}" '
        f'data-place="{choice.place}" data-clicked="{clicked}">{back if choice.turn else ""}'
        f'{inside}<p class="told" role="status"></p></div>'
    )


def _hint() -> str:
    words = both(
        "点击回答里的编号，报道全文会在这里展开，并标出所引的句子。",
        "Click a number in an answer to read the cited sentence in its article.",
    )
    return (
        f'<header class="panel-head"><h2>{both("出处", "Sources")}</h2></header>'
        f'<div class="hint"><p>{words} <span class="cite sample">[1]</span></p></div>'
    )


def _head(turn: Turn, title: str) -> str:
    question = turn.question
    if len(question) > _LONGEST_QUESTION:
        question = question[:_LONGEST_QUESTION] + "……"
    return (
        f'<header class="panel-head"><h2>{title}</h2><p class="of">{escape(question)}</p></header>'
    )


def _cited(library: Library, turn: Turn, answer: Answer, choice: Choice) -> str:
    excerpts = _placed(library, cited(answer))
    chosen = next((each for each in excerpts if each.place == choice.place), excerpts[0])
    original = choice.kind == "original"
    return _panel(
        Choice(turn.number, choice.kind, chosen.place, choice.clicked),
        _head(turn, both("出处", "Sources"))
        + render_cards(turn.number, answer, excerpts, chosen)
        + f'<div class="tools">{_pager(excerpts, chosen)}{_copy()}{_toggle(original)}</div>'
        + "".join(_reason(each, each is chosen) for each in excerpts)
        + render_sheets(library, excerpts, chosen, "original" if original else "article")
        + render_evidence(turn.number, answer),
    )


def _placed(library: Library, excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Return the excerpts with the printed page of each, where its file has such."""
    return [replace(e, page=printed_page(library, e.article_id, e.span)) for e in excerpts]


def _near(library: Library, turn: Turn, answer: Answer, choice: Choice) -> str:
    """Return the nearest passages: the list of them, or the one that was chosen in its article."""
    excerpts = _placed(library, near(answer))
    chosen = [e for e in excerpts if (choice.kind, choice.place) == ("near", e.place)]
    if not excerpts:
        inside = _hint()
    elif chosen:
        inside = (
            _head(turn, both("参见", "See also"))
            + _caution(turn, answer)
            + render_cards(turn.number, answer, excerpts, chosen[0])
            + f'<div class="tools">{_pager(excerpts, chosen[0])}</div>'
            + render_sheets(library, excerpts, chosen[0], "article")
        )
    else:
        inside = (
            _head(turn, both("参见", "See also"))
            + _caution(turn, answer)
            + render_nearest(turn.number, excerpts)
        )
    shown = Choice(turn.number, "near", chosen[0].place if chosen else 0, choice.clicked)
    return _panel(shown, inside + render_evidence(turn.number, answer))


def _caution(turn: Turn, answer: Answer) -> str:
    if not answer.citations:
        words = both(
            "没有找到足够的依据。以下只是最接近的段落，不是引用。",
            "Not enough evidence was found. These are only the nearest passages, not citations.",
        )
        return f'<p class="caution">{words}</p>'
    words = both(
        "这是检索时找到的段落，不是引用。", "This is a passage that was found, not a citation."
    )
    first = f"#turn-{turn.number}-source-{answer.citations[0].marker}"
    link = f'<a href="{first}">{both("回到引用", "Back to the citations")}</a>'
    return f'<p class="caution">{words} {link}</p>'


def _pager(excerpts: Sequence[Excerpt], chosen: Excerpt) -> str:
    if len(excerpts) < 2:
        return ""
    return (
        f'<div class="pager" role="group" aria-label="{said("逐条查看", "One by one")}">'
        + _step(-1, "‹", said("上一条（Alt+↑ 或 k）", "Previous (Alt+↑ or k)"), "Alt+ArrowUp k")
        + f'<span class="count" role="status"><b>{excerpts.index(chosen) + 1}</b>'
        f" / {len(excerpts)}</span>"
        + _step(1, "›", said("下一条（Alt+↓ 或 j）", "Next (Alt+↓ or j)"), "Alt+ArrowDown j")
        + '<kbd class="keys" aria-hidden="true">Alt ↑ ↓</kbd></div>'
    )


def _step(by: int, sign: str, name: str, keys: str) -> str:
    return (
        f'<button type="button" class="step" data-step="{by}" aria-label="{name}" title="{name}" '
        f'aria-keyshortcuts="{keys}">{sign}</button>'
    )


def _copy() -> str:
    return f'<button type="button" class="copy">{both("复制引文", "Copy the quotation")}</button>'


def _toggle(original: bool) -> str:
    words = both("看原版面", "Original page")
    return (
        f'<button type="button" class="original" aria-pressed="{str(original).lower()}">'
        f"{words}</button>"
    )


def _reason(excerpt: Excerpt, shown: bool) -> str:
    """Return why what rests on a citation is unverified, seen while that one is chosen."""
    if excerpt.support != "unverified":
        return ""
    hidden = "" if shown else " hidden"
    return (
        f'<p class="why" data-place="{excerpt.place}"{hidden}>'
        f"<b>{both('未经核实', 'Unverified')}</b> {in_both(in_either(excerpt.reason))}</p>"
    )
