"""The archive tab: all articles in a table, what to look for above it, one open beside it.

Knows the controls and when they act; what they show is in archive.py and archive/sheet.py.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qa import Library, QAError, Scope
from window.archive.sheet import render_article
from window.archive.table import View, render_filter, render_list, scope_of

_SCRIPT = Path(__file__).parents[1] / "script" / "archive.js"
_QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": 8,
}
# What is typed while a table is being made counts too, and the last is the one that stays: so each
# is made (gradio's "always_last" sends the first event again), one after the other.
_IN_TURN = _QUIET | {
    "trigger_mode": "multiple",
    "concurrency_id": "archive",
    "concurrency_limit": 1,
}
_TO_THE_QUESTION = "() => setTimeout(() => document.querySelector('#question textarea')?.focus())"


def build_archive(library: Library, scope: Any, tabs: Any, tab: Any) -> None:
    """Put the archive into the gradio tab that is open.

    `scope` is the visitor's gr.State of a Scope: "ask about …" sets it and goes to the tab "talk"
    of `tabs`, a gr.Tabs. `tab` is the gr.Tab itself, which fills the table whenever it is shown.
    """
    import gradio as gr

    view, drawn = gr.State(View()), gr.State(-1)  # the state of the library that is shown
    with gr.Column(elem_id="archive"):
        fields = _part("archive-filter")
        with gr.Row(elem_id="archive-columns"):
            found = _part("archive-list")
            sheet = _part("archive-sheet")

    def show(now: View) -> tuple[str, str, int]:
        generation = library.snapshot().generation
        return render_filter(library, now), render_list(library, now), generation

    def renew(now: View, before: int) -> Any:
        return gr.skip() if library.snapshot().generation == before else show(now)

    def open_article(now: View, event: gr.EventData) -> str:
        return render_article(library, str(event.value), now.words)

    def to_talk(chosen: Scope) -> tuple[Scope, Any]:
        return chosen, gr.Tabs(selected="talk")

    def ask_article(event: gr.EventData) -> tuple[Scope, Any]:
        return to_talk(Scope(articles=(str(event.value),)))

    def ask_these(now: View) -> Any:
        try:
            return to_talk(scope_of(library, now))
        except QAError:  # the table says what is wrong
            return gr.skip()

    tab.select(show, view, [fields, found, drawn], **_QUIET)
    found.renew(renew, [view, drawn], [fields, found, drawn], **_QUIET)
    fields.filter(_redrawing(library, _filtered), view, [view, found], **_IN_TURN)
    found.sort(_redrawing(library, _sorted), view, [view, found], **_IN_TURN)
    found.turn(_redrawing(library, _turned), view, [view, found], **_IN_TURN)
    found.open(open_article, view, sheet, **_IN_TURN)
    sheet.close(lambda: "", None, sheet, **_QUIET)
    asked = [
        found.these(ask_these, view, [scope, tabs], **_QUIET),
        sheet.ask(ask_article, None, [scope, tabs], **_QUIET),
    ]
    for each in asked:
        each.then(None, js=_TO_THE_QUESTION, api_visibility="private")


def _part(name: str) -> Any:
    import gradio as gr

    reacts = _SCRIPT.read_text(encoding="utf-8")
    return gr.HTML("", elem_id=name, apply_default_css=False, js_on_load=reacts)


def _redrawing(
    library: Library, step: Callable[[View, Any], View]
) -> Callable[[View, Any], tuple[View, str]]:
    """Return a listener that takes one step and draws the table anew."""
    import gradio as gr

    def listener(now: View, event: gr.EventData) -> tuple[View, str]:
        after = step(now, event)
        return after, render_list(library, after)

    return listener


def _filtered(now: View, event: Any) -> View:
    return now.filtered(event.words, event.source, event.since, event.until, event.at)


def _sorted(now: View, event: Any) -> View:
    return now.ordered(event.value)


def _turned(now: View, event: Any) -> View:
    return now.turned_to(event.value)
