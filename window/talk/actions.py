"""What can be done with a finished turn: retry, edit, copy, judge, as HTML below its answer.

Knows nothing of what happens then (script/turns.js and talk/tab.py).
"""

from qa import Answer
from qa.conversations.turn import Feedback, Turn
from qa.spans import reflow
from window.markup import both, escape, said

# A hand with its thumb up, in a square of 24; turned over by the style sheet for "down".
_THUMB = (
    '<svg viewBox="0 0 24 24" width="16" height="16" fill="currentColor" aria-hidden="true">'
    '<path d="M2 10h4v11H2zM8 20V10l4-8c2 0 3 1.2 2.6 3L14 9h6c1.5 0 2.3 1.2 2 2.6'
    'l-1.7 7.8C20 20.7 19.2 21 18 21H10c-1 0-1.5-.3-2-1z"/></svg>'
)
_JUDGED: dict[Feedback, tuple[str, str]] = {
    "up": ("有帮助", "Helpful"),
    "down": ("没有帮助", "Not helpful"),
}
_WHY = ("为什么？（可以不写）", "Why? (optional)")
_LONGEST_REASON = 2_000


def render_actions(turn: Turn, *, last: bool) -> str:
    """Return the row of buttons of a turn; only the last one can be asked again or changed."""
    buttons = [_button("retry", "重答", "Retry"), _button("edit", "改问题", "Edit")] if last else []
    if last and turn.scope and turn.answer is not None and not turn.answer.answered:
        buttons.insert(0, _button("whole", "问全部报道", "Ask the whole archive"))
    reason = ""
    if turn.answer is not None and turn.answer.text:
        buttons += [_copy(turn.answer), _thumb(turn, "up"), _thumb(turn, "down")]
        reason = _reason(turn)
    label = said(f"第 {turn.number} 问", f"Question {turn.number}")
    return (
        f'<div class="actions" role="group" aria-label="{label}" data-turn="{turn.number}">'
        f"{''.join(buttons)}</div>{reason}"
    )


def plain_answer(answer: Answer) -> str:
    """Return an answer as it is copied: its text, and a line for each source it cites."""
    cited = [
        f"[{each.marker}] {_headline(each.title)}"
        f"{'，'.join(filter(None, (each.source, each.date_text)))}：“{reflow(each.quote)}”"
        for each in answer.citations
    ]
    return "\n".join([answer.text, *([""] if cited else []), *cited])


def _headline(title: str) -> str:
    return f"《{title}》，" if title else ""


def _button(act: str, chinese: str, english: str) -> str:
    return f'<button type="button" data-act="{act}">{both(chinese, english)}</button>'


def render_edit(turn: Turn) -> str:
    """Return the form in which the question is changed, hidden until it is wanted."""
    label = said("改问题", "Edit the question")
    return (
        f'<form class="edit" hidden><textarea rows="3" aria-label="{label}">\n'
        f"{escape(turn.question)}</textarea>"
        f'<button type="submit">{both("再问", "Ask again")}</button>'
        f"{_button('leave', '不改', 'Cancel')}</form>"
    )


def _copy(answer: Answer) -> str:
    text = escape(plain_answer(answer))
    return (
        f'<button type="button" data-act="copy" data-text="{text}">{both("复制", "Copy")}</button>'
    )


def _thumb(turn: Turn, judged: Feedback) -> str:
    pressed = str(turn.feedback == judged).lower()
    label = said(*_JUDGED[judged])
    return (
        f'<button type="button" class="thumb {judged}" data-act="{judged}" '
        f'aria-pressed="{pressed}" aria-label="{label}" title="{label}">{_THUMB}</button>'
    )


def _reason(turn: Turn) -> str:
    hidden = "" if turn.feedback else " hidden"
    label = said(*_WHY)
    return (
        f'<form class="reason" data-turn="{turn.number}"{hidden}>'
        f'<input type="text" maxlength="{_LONGEST_REASON}" value="{escape(turn.reason)}" '
        f'aria-label="{label}" placeholder="{label}" />'
        f'<button type="submit">{both("存下", "Save")}</button></form>'
    )
