"""The conversations at the left of the talk tab: new, open, search, rename, delete, export.

Knows the controls and when they act; what is kept is told by keeping.py, the list is made in
history.py, and what stands in the talk tab is the visit's (visit.py).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from qa import QAError
from window.conversation import Conversation
from window.entrance.porter import owner
from window.markup import said
from window.problems import in_words
from window.talk.history import render_download, render_history
from window.talk.keeping import Keeping
from window.talk.visit import Visit

_SCRIPTS = Path(__file__).parents[1] / "script"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class Rail(NamedTuple):
    """The rail's components; `saved` is not seen, it hands a file to the browser."""

    fresh: Any
    words: Any
    listed: Any
    saved: Any


def build_rail() -> Rail:
    """Put the rail's controls into the gradio row that is open."""
    import gradio as gr

    with gr.Column(elem_id="rail"):
        fresh = gr.Button(said("＋ 新对话", "+ New conversation"), elem_id="new")
        words = gr.Textbox(
            value="",
            label=said("搜索对话", "Search conversations"),
            placeholder=said("搜索对话", "Search conversations"),
            lines=1,
            max_lines=1,
            container=False,
            elem_id="history-words",
        )
        listed = _part("history")
        saved = _part("saved")
    return Rail(fresh, words, listed, saved)


def _part(name: str) -> Any:
    import gradio as gr

    reacts = (_SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
    return gr.HTML("", elem_id=name, apply_default_css=False, js_on_load=reacts)


def list_of(keeping: Keeping, visit: Visit, words: str | None, notice: str = "") -> str:
    """Return the list for the person whose visit it is; one line in it when it cannot be read."""
    now, words = visit.conversation, words or ""  # None before the page has loaded
    try:
        entries = keeping.entries(now.owner, words)
    except QAError as error:
        return render_history([], now.key, words, in_words(error))
    return render_history(entries, now.key, words, notice)


def connect_rail(
    rail: Rail, keeping: Keeping, visit: Any, shown: list[Any], show: Callable[[Visit], list[Any]]
) -> None:
    """Tie the rail to the talk tab, whose components `shown` are filled by `show(visit)`.

    `visit` is the gr.State of a Visit.
    """
    import gradio as gr

    def fresh(here: Visit, words: str, request: gr.Request) -> list[Any]:
        here.move(Conversation(owner=owner(request)))
        return [*show(here), list_of(keeping, here, words)]

    def open_one(here: Visit, words: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        try:
            here.move(keeping.opened(owner(request), str(event.id)))
        except QAError as error:
            return [*[gr.skip()] * len(shown), list_of(keeping, here, words, in_words(error))]
        return [*show(here), list_of(keeping, here, words)]

    def rename(here: Visit, words: str, event: gr.EventData, request: gr.Request) -> str:
        return _trying(keeping.renamed, here, words, owner(request), event.id, event.title)

    def delete(here: Visit, words: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        listed = _trying(keeping.deleted, here, words, owner(request), event.id)
        if event.id != here.conversation.key:
            return [*[gr.skip()] * len(shown), listed]
        return fresh(here, words, request)

    def export(here: Visit, words: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        try:
            title, text = keeping.exported(owner(request), str(event.id), str(event.kind))
        except QAError as error:
            return [gr.skip(), list_of(keeping, here, words, in_words(error))]
        return [render_download(title, str(event.kind), text), gr.skip()]

    def _trying(act: Callable[..., None], here: Visit, words: str, *values: object) -> str:
        try:
            act(*map(str, values))
        except QAError as error:
            return list_of(keeping, here, words, in_words(error))
        return list_of(keeping, here, words)

    def search(here: Visit, words: str) -> str:
        return list_of(keeping, here, words)

    given, every = [visit, rail.words], [*shown, rail.listed]
    rail.fresh.click(fresh, given, every, **_QUIET)
    rail.listed.open(open_one, given, every, **_QUIET)
    rail.listed.rename(rename, given, rail.listed, **_QUIET)
    rail.listed.remove(delete, given, every, **_QUIET)
    rail.listed.export(export, given, [rail.saved, rail.listed], **_QUIET)
    rail.words.change(search, given, rail.listed, trigger_mode="always_last", **_QUIET)
