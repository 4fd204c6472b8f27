"""The talk tab: questions and answers at the left, the sentences they rest on at the right.

A visitor's state is one `Conversation`, which gradio keeps per session. Knows the controls and
when they act; what they show is the desk's (desk.py).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from window.conversation import Choice, Conversation
from window.desk import Desk
from window.markup import said

_SCRIPTS = Path(__file__).parent / "script"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Gradio may report an answer that was stopped as failed too: the two must not run at once.
_ONE_BY_ONE = _QUIET | {"concurrency_id": "ending", "concurrency_limit": 1}
# Questions that are answered at the same time; others wait in gradio's queue.
_LIMITED = _QUIET | {"concurrency_limit": 8}


class _Controls(NamedTuple):
    """Gradio's components, by what they are to a visitor; `conversation` is not seen."""

    conversation: Any
    transcript: Any
    sources: Any
    question: Any
    send: Any
    stop: Any
    clear: Any


def build_talk(desk: Desk) -> None:
    """Put the talk tab's controls into the gradio tab that is open."""
    import gradio as gr

    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="talk"):
            transcript = _column(desk.transcript(Conversation()), "transcript", "talk.js")
            question, *buttons = _composer()
        with gr.Column(elem_id="reading"):
            sources = _column(desk.sources(Conversation(), Choice(0)), "sources", "sources.js")
    state = gr.State(Conversation())
    _connect(desk, _Controls(state, transcript, sources, question, *buttons))


def _column(content: str, name: str, script: str) -> Any:
    import gradio as gr

    reacts = (_SCRIPTS / script).read_text(encoding="utf-8")
    return gr.HTML(content, elem_id=name, apply_default_css=False, js_on_load=reacts)


def _composer() -> tuple[Any, Any, Any, Any]:
    """Return the text box and the buttons send, stop and clear."""
    import gradio as gr

    with gr.Row(elem_id="composer"):
        question = gr.Textbox(
            label=said("问题", "Question"),
            placeholder=said("就报纸提问", "Ask a question"),
            lines=1,
            max_lines=6,
            autofocus=True,
            container=False,
            elem_id="question",
        )
        send = gr.Button(said("发送", "Send"), variant="primary", elem_id="send")
        stop = gr.Button(said("停止", "Stop"), interactive=False, elem_id="stop")
        clear = gr.Button(said("清空", "Clear"), elem_id="clear")
    return question, send, stop, clear


def _connect(desk: Desk, on: _Controls) -> None:
    """Tie the controls to the desk. Stop and clear end an answer that is being streamed."""
    import gradio as gr

    shown = [on.transcript, on.conversation, on.sources, on.question, on.stop]
    ended = [on.transcript, on.conversation, on.stop]
    idle = gr.update(interactive=False)
    # The last turn that each visitor stopped: a step of the answer that is still on its way may
    # write over the stopped state, and gradio reports a stopped answer as failed.
    stops: dict[str, int] = {}
    ask = _asking(desk, stops)

    def ask_example(before: Conversation, event: gr.EventData) -> Iterator[list[Any]]:
        yield from ask(str(event.question), before)

    def choose(now: Conversation, event: gr.EventData) -> str:
        return desk.sources(now, Choice.made(event.turn, event.kind, event.place))

    def end(now: Conversation) -> list[Any]:
        stops[now.key] = len(now.turns)
        return [desk.transcript(now.stopped()), now.stopped(), idle]

    def break_off(now: Conversation) -> list[Any]:
        if stops.get(now.key) == len(now.turns):
            return end(now)
        return [desk.transcript(now.broken()), now.broken(), idle]

    def begin_anew() -> list[Any]:
        new = Conversation()
        return [desk.transcript(new), new, desk.sources(new, Choice(0)), "", idle]

    sent = [on.question.submit, on.send.click]
    asking = [
        gr.on(sent, ask, [on.question, on.conversation], shown, **_LIMITED),
        on.transcript.example(ask_example, on.conversation, shown, **_LIMITED),
    ]
    for each in asking:
        each.failure(break_off, on.conversation, ended, **_ONE_BY_ONE)
    for column in (on.transcript, on.sources):
        column.select(choose, on.conversation, on.sources, **_QUIET)
    on.stop.click(end, on.conversation, ended, cancels=asking, **_ONE_BY_ONE)
    on.clear.click(begin_anew, None, shown, cancels=asking, **_QUIET)


def _asking(
    desk: Desk, stops: dict[str, int]
) -> Callable[[str, Conversation], Iterator[list[Any]]]:
    """Return the generator that streams an answer into the window.

    The text box is emptied when the question is taken, never later: the visitor may already be
    writing the next one. A question that fails is given back to be changed.
    """
    import gradio as gr

    def ask(question: str, before: Conversation) -> Iterator[list[Any]]:
        stops.pop(before.key, None)
        last = before
        for now in desk.answers(question, before):
            if before.key in stops:
                return
            if now == last and now.asking():  # a sign of life, so that Stop can be noticed
                yield [gr.skip()] * 5
                continue
            last, asking = now, now.asking()
            panel = box = gr.skip()
            if now.notice:
                box = question
            elif asking and now.turns[-1].answer is None:
                box = ""
            elif not asking:
                panel = desk.sources(now, now.newest())
            yield [desk.transcript(now), now, panel, box, gr.update(interactive=asking)]

    return ask
