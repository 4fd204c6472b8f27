"""A conversation → the left column: questions, answers with clickable markers, notices.

Answers are plain text in which `[n]` is a link only where the answer has a citation n.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from qa import Answer, Citation
from qa.answering.answer import Statement
from qa.spans import Span, reflow
from window.conversation import Choice, Conversation, Turn
from window.markup import both, emphasised, escape, in_both, said
from window.naming import model_name
from window.problems import in_either
from window.reading.excerpts import preview
from window.talk.actions import render_actions, render_edit
from window.talk.chips import scope_in_words

_MARKER = re.compile(r"\[(\d{1,3})\]")
_BROKEN = both("程序出错，终端里有原因。", "The program failed; its terminal shows why.")
_STOPPED = both(
    "已停止，没有答完；点“重答”再问一次。", "Stopped before it was finished; Retry asks again."
)
_LEAD = (
    "问一个问题，回答里的每一句都标明出自哪篇报道。",
    "Ask a question; every sentence of the answer shows the article that it comes from.",
)
_LINE = re.compile(r"[^\n]+")
_DOT = '<span class="dot">·</span>'
_LONGEST_SHOWN = 600


def render_earlier(conversation: Conversation, most: int = 30) -> str:
    """Return the turns before the last one as HTML, `most` of them and a button for more."""
    before = conversation.turns[:-1]
    hidden = max(0, len(before) - most)
    label = both(f"更早的 {hidden} 问", f"{hidden} earlier question{'s' * (hidden > 1)}")
    button = f'<button type="button" class="earlier">{label}</button>' if hidden else ""
    shown = "".join(_turn(turn, last=False) for turn in before[hidden:])
    return f'<div class="turns">{button}{shown}</div>' if shown else ""


def render_current(conversation: Conversation, examples: Sequence[str] = ()) -> str:
    """Return the last turn as HTML and what went wrong; greet, with examples, where is none.

    The element tells the browser which conversation it is, so that a reload comes back to it.
    """
    last = _turn(conversation.turns[-1], last=True) if conversation.turns else _greeting(examples)
    busy = str(conversation.asking()).lower()
    kept = escape(conversation.key) if conversation.turns else ""
    return (
        f'<div class="turns" role="log" aria-live="polite" aria-busy="{busy}" '
        f'data-conversation="{kept}" aria-label="{said("问答", "Conversation")}">'
        f"{last}{_notice(conversation.notice)}</div>"
    )


def _notice(notice: str) -> str:
    return f'<p class="notice" role="alert">{in_both(notice)}</p>' if notice else ""


def link_to(choice: Choice) -> str:
    """Return the fragment that names a turn's citation or nearest passage, without the `#`."""
    return f"turn-{choice.turn}-{choice.kind}-{choice.place}"


def _greeting(examples: Sequence[str]) -> str:
    offered = "".join(
        f'<li><button type="button" class="example">{escape(question)}</button></li>'
        for question in examples
    )
    listed = (
        f'<h2 class="small-head">{both("可以这样问", "Try asking")}</h2><ul>{offered}</ul>'
        if offered
        else ""
    )
    return f'<section class="greeting"><p class="lead">{both(*_LEAD)}</p>{listed}</section>'


def _turn(turn: Turn, *, last: bool) -> str:
    question = turn.question
    if len(question) > _LONGEST_SHOWN:
        question = question[:_LONGEST_SHOWN] + "……"
    return (
        f'<article class="turn" id="turn-{turn.number}">'
        f'<h2 class="asked"><span class="who" aria-hidden="true">{both("问", "Q")}</span>'
        f"{escape(question)}</h2>"
        f"{render_edit(turn) if last and turn.state != 'asking' else ''}"
        f'<div class="answered {turn.state}">{_answer(turn)}</div>'
        f"{render_actions(turn, last=last) if turn.state != 'asking' else ''}</article>"
    )


def _answer(turn: Turn) -> str:
    answer = turn.answer
    searched = _asked_of(turn) + (_searched(answer) if answer else "")
    if (answer is None or not answer.text) and turn.state == "asking":
        return f'{searched}<p class="waiting">{_waiting(turn)}</p>'
    paragraphs = searched + "".join(_paragraphs(turn, answer) if answer else ())
    if turn.state == "stopped":
        paragraphs += f'<p class="colophon">{_STOPPED}</p>'
    elif turn.state == "broken":
        paragraphs += f'<p class="notice" role="alert">{_BROKEN}</p>'
    elif turn.state == "done" and answer:
        paragraphs += _colophon(answer)
    return paragraphs


def _waiting(turn: Turn) -> str:
    if not turn.ahead:
        return both("正在查阅报纸……", "Reading the pages…")
    questions = "question" if turn.ahead == 1 else "questions"
    return both(f"前面还有 {turn.ahead} 个问题", f"{turn.ahead} {questions} before yours")


def _asked_of(turn: Turn) -> str:
    """Return what was looked through, where that was not the whole archive."""
    if not turn.scope:
        return ""
    return f'<p class="searched">{both("只问", "Asked only of")} {scope_in_words(turn.scope)}</p>'


def _searched(answer: Answer) -> str:
    """Return what a follow-up was understood to ask, where that is not what was typed."""
    if answer.standalone_question == " ".join(answer.question.split()):
        return ""
    asked = escape(answer.standalone_question)
    return f'<p class="searched">{both("检索：", "Searched for: ")}{asked}</p>'


def _paragraphs(turn: Turn, answer: Answer) -> Iterator[str]:
    for line in (Span(*found.span()) for found in _LINE.finditer(answer.text) if found[0].strip()):
        sentences = [s for s in answer.statements if line.start <= s.start and s.end <= line.end]
        shown, at = "", line.start
        for statement in sentences:
            shown += _linked(escape(answer.text[at : statement.start]), turn, answer)
            shown += _statement(turn, answer, statement)
            at = statement.end
        yield f"<p>{shown}{_linked(escape(answer.text[at : line.end]), turn, answer)}</p>"


def _statement(turn: Turn, answer: Answer, statement: Statement) -> str:
    """Return a sentence with links; quotations with their answering words, doubts with why."""
    shown = escape(answer.text[statement.start : statement.end])
    for citation in (c for c in answer.citations if c.marker in statement.markers):
        words = [Span(a - citation.start, b - citation.start) for a, b in citation.answer_spans]
        quote = emphasised(citation.quote, words)
        shown = shown.replace(escape(reflow(citation.quote)), quote, 1)
    linked = _linked(shown, turn, answer)
    if statement.support != "unverified":
        return linked
    reason = escape(in_either(statement.reason))
    return (
        f'<span class="unverified" data-reason="{reason}">{linked}</span>'
        f'<button type="button" class="doubt" data-reason="{reason}" '
        f'aria-label="{said("为什么未经核实？", "Why unverified?")}">?</button>'
    )


def _linked(shown: str, turn: Turn, answer: Answer) -> str:
    """Return escaped text whose markers are links where the answer has that citation."""
    known = {citation.marker: citation for citation in answer.citations}
    return _MARKER.sub(lambda found: _link(found, turn, known), shown)


def _link(found: re.Match[str], turn: Turn, known: Mapping[int, Citation]) -> str:
    marker = int(found[1])
    if marker not in known:
        return found[0]
    target = link_to(Choice(turn.number, "source", marker))
    label = said(
        f"出处 {marker}（第 {turn.number} 问）", f"Source {marker} of question {turn.number}"
    )
    return (
        f'<a class="cite" href="#{target}" aria-label="{label}" '
        f"{preview(known[marker])}>[{marker}]</a>"
    )


def _colophon(answer: Answer) -> str:
    seconds = answer.timings_ms.get("total", 0) / 1000
    if answer.citations:
        count = len(answer.citations)
        what = both(f"引用 {count} 处", f"{count} cited")
    else:
        what = both("没有引用", "nothing cited")
    facts = [what, model_name(answer.models.get("answerer", "")), f"{seconds:.2f} s"]
    told = in_both(in_either(answer.notice))
    notice = f'<p class="notice">{told}</p>' if told else ""
    return f'{notice}<p class="colophon">{_DOT.join(filter(None, facts))}</p>'
