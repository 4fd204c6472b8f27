"""Asking in the talk tab: by the text box, by an example, again, changed, of
the whole archive; and stopping.

Knows the tab's controls and what an answer that grows does to them; talk/tab.py puts them there.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from qa import Scope
from window.conversation import Choice
from window.desk import Desk
from window.entrance.porter import owner
from window.talk.rail import Rail, list_of
from window.talk.visit import Visit

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Every question reaches the visit, which knows better than the browser whether one is being
# answered: a browser that has not heard yet that an answer ended would drop the next question.
# How many are answered at once is the desk's affair.
_ASKING = _QUIET | {"concurrency_limit": None, "trigger_mode": "multiple"}


class Controls(NamedTuple):
    """Gradio's components, by what they are to a visitor; `visit` and `scope` are not seen."""

    visit: Any
    scope: Any
    earlier: Any
    current: Any
    sources: Any
    chips: Any
    question: Any
    send: Any
    stop: Any
    rail: Rail

    def shown(self) -> list[Any]:
        """Return what changes when another conversation is shown."""
        return [self.earlier, self.current, self.sources, self.question, self.stop]


def show(desk: Desk, visit: Visit, *, panel: bool = True, box: Any = "") -> list[Any]:
    """Return what fills `Controls.shown` for the conversation of a visit."""
    import gradio as gr

    now = visit.conversation
    sources = gr.skip()
    if panel:
        sources = desk.sources(now, now.newest() if now.turns else Choice(0))
    stop = gr.update(interactive=visit.busy())
    return [desk.earlier(now, visit.earlier), desk.current(now), sources, box, stop]


def connect_asking(desk: Desk, on: Controls) -> None:
    """Tie asking, in its five ways, and stopping to the desk."""
    import gradio as gr

    shown = [*on.shown(), on.rail.listed]
    ask = _asking(desk)

    def ask_written(
        question: str, visit: Visit, scope: Scope, words: str, request: gr.Request
    ) -> Iterator[list[Any]]:
        yield from ask(_Wish(question, scope), visit, words, request)

    def ask_example(
        visit: Visit, scope: Scope, words: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[list[Any]]:
        yield from ask(_Wish(str(event.question), scope), visit, words, request)

    def ask_edited(
        visit: Visit, scope: Scope, words: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[list[Any]]:
        yield from ask(_Wish(str(event.question), scope, True), visit, words, request)

    def ask_again(visit: Visit, _: Scope, words: str, request: gr.Request) -> Iterator[list[Any]]:
        for last in visit.conversation.turns[-1:]:
            yield from ask(_Wish(last.question, last.scope, True), visit, words, request)

    def ask_whole(visit: Visit, _: Scope, words: str, request: gr.Request) -> Iterator[list[Any]]:
        for last in visit.conversation.turns[-1:]:
            yield from ask(_Wish(last.question, Scope(), True), visit, words, request)

    def broken(visit: Visit) -> list[Any]:
        return [desk.current(visit.conversation), gr.update(interactive=visit.busy())]

    given = [on.visit, on.scope, on.rail.words]
    written = [on.question.submit, on.send.click]
    asking = [
        gr.on(written, ask_written, [on.question, *given], shown, **_ASKING),
        on.current.example(ask_example, given, shown, **_ASKING),
        on.current.edit(ask_edited, given, shown, **_ASKING),
        on.current.retry(ask_again, given, shown, **_ASKING),
        on.current.whole(ask_whole, given, shown, **_ASKING),
    ]
    for each in asking:  # a defect: the visit knows already which turn it ended
        each.failure(broken, on.visit, [on.current, on.stop], **_QUIET)
    on.sources.reading(lambda visit: visit.read(), on.visit, None, **_QUIET)
    on.stop.click(lambda visit: visit.stop(), on.visit, None, **_QUIET)


class _Wish(NamedTuple):
    """A question to be asked; with `again` in the place of the last one."""

    question: str
    scope: Scope
    again: bool = False


def _asking(desk: Desk) -> Callable[..., Iterator[list[Any]]]:
    """Return the generator that streams an answer into the window.

    The text box is emptied when the question is taken, never later: the visitor may already be
    writing the next one. A question that fails is given back to be changed.
    """
    import gradio as gr

    def ask(wish: _Wish, visit: Visit, words: str, request: Any) -> Iterator[list[Any]]:
        visit.belongs_to(owner(request))
        asking = visit.begin()
        if asking is None:
            yield [gr.skip()] * 6
            return
        last = before = visit.conversation
        steps = desk.answers(wish.question, before, wish.scope, again=wish.again)
        for now in visit.follow(asking, steps):
            if now == last and now.asking():  # a sign of life, so that Stop can be noticed
                yield [gr.skip()] * 6
            elif now.asking() and now.turns[-1].answer is None and not last.asking():
                yield [*show(desk, visit, panel=False), list_of(desk.keeping, visit, words)]
            elif now.asking():
                # Stop again: what the page's loading had shown may arrive after the first step.
                stop = gr.update(interactive=True)
                yield [gr.skip(), desk.current(now), gr.skip(), gr.skip(), stop, gr.skip()]
            last = now
        mine = last.key == before.key
        panel = mine and not visit.reading
        box = wish.question if last.notice and mine else gr.skip()
        shown = show(desk, visit, panel=panel, box=box)
        yield [*shown, list_of(desk.keeping, visit, words)]

    return ask
