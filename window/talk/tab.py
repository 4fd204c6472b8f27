"""The talk tab: conversations, questions and answers, the sentences they rest on.

A visitor's state is one `Visit`, which gradio keeps per session. Knows the controls and when
they act; what they show is the desk's (desk.py).
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from qa import QAError, Scope
from qa.conversations.turn import Feedback
from window.conversation import Choice, Conversation
from window.desk import Desk
from window.entrance.porter import owner
from window.markup import both, said
from window.talk.asking import Controls, connect_asking, show
from window.talk.chips import render_chips, without
from window.talk.keeping import not_kept
from window.talk.rail import build_rail, connect_rail, list_of
from window.talk.visit import Visit

_SCRIPTS = Path(__file__).parents[1] / "script"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_RAIL_SWITCH = (
    '<button type="button" class="rail-open" aria-controls="rail" aria-expanded="false">'
    f'<span aria-hidden="true">☰</span> {both("对话", "Conversations")}</button>'
)


def build_talk(desk: Desk, scope: Any = None, tabs: Any = None) -> None:
    """Put the talk tab's controls into the gradio tab that is open.

    `scope` is the visitor's gr.State of a Scope, if other tabs change it too; `tabs` the gr.Tabs
    in which "archive" is one, if there is one.
    """
    import gradio as gr

    scope = gr.State(Scope()) if scope is None else scope
    with gr.Row(elem_id="columns"):
        rail = build_rail()
        with gr.Column(elem_id="talk"):
            _part(_RAIL_SWITCH, "rail-switch", "rail.js")
            with gr.Column(elem_id="turns"):
                earlier = _part("", "transcript", "turns.js")
                current = _part(desk.current(Conversation()), "current", "turns.js", "talk.js")
            chips = _part(render_chips(desk.library, Scope()), "scope", "scope.js")
            question, *buttons = _composer()
        with gr.Column(elem_id="reading"):
            sources = _part(desk.sources(Conversation(), Choice(0)), "sources", "sources.js")
    parts = (earlier, current, sources, chips, question, *buttons, rail)
    on = Controls(gr.State(Visit()), scope, *parts)
    connect_asking(desk, on)
    _connect_turns(desk, on)
    _connect_scope(desk, on, tabs)


def _part(content: str, name: str, *scripts: str) -> Any:
    import gradio as gr

    reacts = "\n".join((_SCRIPTS / each).read_text(encoding="utf-8") for each in scripts)
    return gr.HTML(content, elem_id=name, apply_default_css=False, js_on_load=reacts)


def _composer() -> tuple[Any, Any, Any]:
    """Return the text box and the buttons send and stop."""
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
    return question, send, stop


def _connect_turns(desk: Desk, on: Controls) -> None:
    """Tie what can be done with the turns that are shown, and with other conversations."""
    import gradio as gr

    def choose(visit: Visit, event: gr.EventData) -> str:
        choice = Choice.made(event.turn, event.kind, event.place)
        return desk.sources(visit.conversation, choice)

    def judge(visit: Visit, event: gr.EventData) -> Any:
        judged = _judged(event.turn, event.feedback, event.reason, visit.conversation)
        if judged is None:
            return gr.skip()
        try:
            desk.keeping.judged(visit.conversation, *judged)
        except QAError as error:
            told = not_kept(error)
            visit.change(lambda now: now.noticed(told))
            return desk.current(visit.conversation)
        visit.change(lambda now: now.judged(*judged))
        return gr.skip()

    def more(visit: Visit) -> str:
        visit.show_earlier()
        return desk.earlier(visit.conversation, visit.earlier)

    def arrive(visit: Visit, words: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        visit.belongs_to(owner(request))
        if event.id and not visit.conversation.turns:
            with suppress(QAError):  # deleted or another's: a new conversation begins
                visit.move(desk.keeping.opened(owner(request), str(event.id)))
        listed = list_of(desk.keeping, visit, words)
        if not visit.conversation.turns or visit.busy():
            return [*[gr.skip()] * 5, listed]
        return [*show(desk, visit), listed]

    for part in (on.earlier, on.current):
        part.select(choose, on.visit, on.sources, **_QUIET)
        part.judge(judge, on.visit, on.current, **_QUIET)
    on.sources.select(choose, on.visit, on.sources, **_QUIET)
    on.earlier.more(more, on.visit, on.earlier, **_QUIET)
    given, every = [on.visit, on.rail.words], [*on.shown(), on.rail.listed]
    on.current.arrive(arrive, given, every, **_QUIET)
    connect_rail(on.rail, desk.keeping, on.visit, on.shown(), lambda visit: show(desk, visit))


def _judged(
    number: object, feedback: object, reason: object, now: Conversation
) -> tuple[int, Feedback, str] | None:
    """Return the judgement that a browser sent; None where it is none of a turn that is there."""
    told: dict[str, Feedback] = {"": "", "up": "up", "down": "down"}
    if not isinstance(number, int) or not isinstance(reason, str) or now.turn(number) is None:
        return None
    return (number, told[str(feedback)], reason) if str(feedback) in told else None


def _connect_scope(desk: Desk, on: Controls, tabs: Any) -> None:
    """Keep the chips as the scope is, and let them change it."""
    import gradio as gr

    def drop(scope: Scope, event: gr.EventData) -> Scope:
        return without(scope, str(event.chip))

    on.scope.change(lambda s: render_chips(desk.library, s), on.scope, on.chips, **_QUIET)
    on.chips.without(drop, on.scope, on.scope, **_QUIET)
    if tabs is not None:
        on.chips.narrow(lambda: gr.Tabs(selected="archive"), None, tabs, **_QUIET)
