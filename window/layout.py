"""The page and its controls, tied to the desk. The one file that imports gradio.

A visitor's state is one `Conversation`, which gradio keeps per session.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from window.conversation import Choice, Conversation
from window.desk import Desk

_FOLDER = Path(__file__).parent
_SCRIPT = (_FOLDER / "script.js").read_text(encoding="utf-8")
# In the page's head, because gradio rewrites the selectors of what it is given as css.
STYLE = f"<style>{(_FOLDER / 'style.css').read_text(encoding='utf-8')}</style>"

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Gradio may report an answer that was stopped as failed too: the two must not run at once.
_ONE_BY_ONE = _QUIET | {"concurrency_id": "ending", "concurrency_limit": 1}
# Questions that are answered at the same time; others wait in gradio's queue.
_LIMITED = _QUIET | {"concurrency_limit": 8}
_PAPER, _INK, _RED = ("#faf7f0", "#181613"), ("#1d1a16", "#ece5d8"), ("#9c2a1c", "#f0907c")
_COLOURS = {  # gradio's name → (light, dark), as in style.css
    "body_background_fill": _PAPER,
    "body_text_color": _INK,
    "background_fill_primary": _PAPER,
    "background_fill_secondary": _PAPER,
    "block_background_fill": _PAPER,
    "input_background_fill": ("#fffdf8", "#1f1c18"),
    "input_border_color": ("#5f574c", "#b0a695"),
    "button_primary_background_fill": _RED,
    "button_primary_background_fill_hover": _RED,
    "button_primary_text_color": _PAPER,
}


class _Controls(NamedTuple):
    """Gradio's components, by what they are to a visitor; `conversation` is not seen."""

    conversation: Any
    transcript: Any
    sources: Any
    question: Any
    send: Any
    stop: Any
    clear: Any


def build(desk: Desk) -> Any:
    """Return the gradio Blocks of the window, not yet served."""
    import gradio as gr

    with gr.Blocks(title="报纸问答 gaoxin-qa", fill_width=True, analytics_enabled=False) as page:
        masthead = gr.HTML(desk.masthead(), elem_id="masthead", apply_default_css=False)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk"):
                transcript = _column(desk.transcript(Conversation()), "transcript")
                question, *buttons = _composer()
            with gr.Column(elem_id="reading"):
                sources = _column(desk.sources(Conversation(), Choice(0)), "sources")
        state = gr.State(Conversation())
        _connect(desk, _Controls(state, transcript, sources, question, *buttons))
        _watch(desk, page, masthead)
    return page


def _watch(desk: Desk, page: Any, masthead: Any) -> None:
    """Bring the masthead up to date for each visitor, and while something is not ready yet."""
    import gradio as gr

    clock = gr.Timer(1.0, active=False)

    def look() -> list[Any]:
        return [desk.masthead(), gr.Timer(active=bool(desk.status()))]

    for event in (page.load, clock.tick):
        event(look, outputs=[masthead, clock], **_QUIET)


def theme() -> Any:
    """Return the colours of what the style sheet does not reach: the login and the first paint."""
    import gradio as gr

    system = ["system-ui", "sans-serif"]
    colours = {name: light for name, (light, _) in _COLOURS.items()}
    colours |= {f"{name}_dark": dark for name, (_, dark) in _COLOURS.items()}
    base = gr.themes.Base(font=system, font_mono=["monospace"])
    return base.set(input_border_width="1px", **colours)


def _column(content: str, name: str) -> Any:
    import gradio as gr

    return gr.HTML(content, elem_id=name, apply_default_css=False, js_on_load=_SCRIPT)


def _composer() -> tuple[Any, Any, Any, Any]:
    """Return the text box and the buttons send, stop and clear."""
    import gradio as gr

    with gr.Row(elem_id="composer"):
        question = gr.Textbox(
            label="问题 Question",
            placeholder="就报纸提问 Ask a question",
            lines=1,
            max_lines=6,
            autofocus=True,
            container=False,
            elem_id="question",
        )
        send = gr.Button("发送 Send", variant="primary", elem_id="send")
        stop = gr.Button("停止 Stop", interactive=False, elem_id="stop")
        clear = gr.Button("清空 Clear", elem_id="clear")
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
