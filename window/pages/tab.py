"""The pages tab: bring files, look at how they are split, add them, remove others.

A visitor's state is one `Tray`. Knows the controls and when they act; what they show is
pages.py's and splits.py's, and what becomes of a file is the tray's.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from qa import Library, QAError
from qa.library.intake import usual_limits
from qa.library.writer import Outcome
from window.markup import said
from window.pages.held import PART, Shelf, holdings, render_held
from window.pages.lists import render_bring, render_notice, render_putting, render_tray
from window.pages.splits import render_split
from window.pages.tray import Entry, Limits, Tray, Trays
from window.problems import in_words

_SCRIPT = (Path(__file__).parents[1] / "script" / "pages.js").read_text(encoding="utf-8")
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# One after the other: a library has one writer at a time, and who waits here waits visibly.
_CHANGES = _QUIET | {"concurrency_id": "changing pages", "concurrency_limit": 1}
# Every file is one event, and the next is sent when it has been looked at.
_ARRIVES = _QUIET | {"concurrency_limit": 2, "trigger_mode": "multiple"}
# What is typed is looked for in turn, and the last is what stays.
_FINDS = _QUIET | {
    "trigger_mode": "multiple",
    "concurrency_id": "finding pages",
    "concurrency_limit": 1,
}
_LOOK_AGAIN = 0.3  # seconds between two pictures of the progress


class _Parts(NamedTuple):
    """Gradio's components; `tray` and `split` are what is seen of `state`, `held` of `shelf`."""

    state: Any
    shelf: Any
    bring: Any
    tray: Any
    putting: Any
    split: Any
    held: Any


class PagesTab:
    """What the rest of the page may tie to this tab."""

    def __init__(self, events: Sequence[Any] = ()) -> None:
        self._events = events

    def changed(self, act: Callable[..., Any], inputs: Any = None, outputs: Any = None) -> None:
        """Run `act` whenever pages were added, replaced or removed by this tab's visitor."""
        for event in self._events:
            event.then(act, inputs, outputs, **_QUIET)


def build_pages(
    library: Library,
    tab: Any = None,
    *,
    read_only: bool = False,
    limits: Limits | None = None,
) -> PagesTab:
    """Put the controls into the gradio tab that is open; choosing `tab` brings its list up to date.

    With `read_only` there is the list alone, and no event that could change anything.
    """
    import gradio as gr

    def held(shelf: Shelf) -> str:
        return render_held(holdings(library), shelf, read_only=read_only)

    def find(shelf: Shelf, event: gr.EventData) -> str:
        shelf.find(event.words)
        return held(shelf)

    def more(shelf: Shelf) -> str:
        shelf.most += PART
        return held(shelf)

    with gr.Column(elem_id="pages"):
        shelf = gr.State(Shelf())
        if read_only:
            listed, events = _part("held"), list[Any]()
        else:
            bounds = limits or Limits(reading=usual_limits())
            state = gr.State(Tray(bounds))
            bring, tray, putting = (
                _part("bring", render_bring(bounds)),
                _part("tray"),
                _part("putting"),
            )
            parts = _Parts(state, shelf, bring, tray, putting, _part("split"), _part("held"))
            listed, events = parts.held, _connect(library, parts)
    listed.find(find, shelf, listed, **_FINDS)
    listed.more(more, shelf, listed, **_FINDS)
    if tab is not None:
        tab.select(held, shelf, listed, **_QUIET)
    return PagesTab(events)


def _part(name: str, content: str = "") -> Any:
    import gradio as gr

    script = f'const PART = "{name}";\n{_SCRIPT}'
    return gr.HTML(content, elem_id=name, apply_default_css=False, js_on_load=script)


def _connect(library: Library, on: _Parts) -> list[Any]:
    """Tie the parts to the library; return the events that change it."""
    _connect_looking(library, on)
    shown = [on.tray, on.putting, on.split, on.held]
    put = on.tray.put(_putting(library), [on.state, on.shelf], shown, **_CHANGES)
    put.failure(_broken, on.state, [on.tray, on.putting], **_QUIET)
    return [put, on.held.remove(_removing(library), on.shelf, on.held, **_CHANGES)]


def _connect_looking(library: Library, on: _Parts) -> None:
    """Tie what changes only the tray."""
    import gradio as gr

    trays = Trays()

    def arrive(tray: Tray, event: gr.EventData) -> Iterator[list[Any]]:
        told = monotonic()
        came = event.name, event.size, event.content
        for _ in tray.receive(library, *came, trays.elsewhere(tray)):
            if monotonic() - told > _LOOK_AGAIN:  # an archive, whose files come one by one
                yield [render_tray(tray), gr.skip()]
                told = monotonic()
        yield [render_tray(tray), _split(tray)]

    def look(tray: Tray, event: gr.EventData) -> list[str]:
        tray.opened = None if tray.opened == event.file else event.file
        return [render_tray(tray), _split(tray)]

    def clear(tray: Tray) -> list[str]:
        tray.clear()
        return [render_tray(tray), "", ""]

    def lose(tray: Tray) -> str:
        tray.received += 1  # so that the browser goes on with the next file
        return render_tray(tray, _DEFECT)

    shown = [on.tray, on.split]
    arrived = on.bring.arrive(arrive, on.state, shown, **_ARRIVES)
    arrived.failure(lose, on.state, on.tray, **_QUIET)
    on.tray.look(look, on.state, shown, **_QUIET)
    on.tray.clear(clear, on.state, [*shown, on.putting], **_QUIET)


def _split(tray: Tray) -> str:
    entry = None if tray.opened is None else tray.entry(tray.opened)
    return render_split(entry.preview) if entry else ""


def _putting(library: Library) -> Callable[..., Iterator[list[Any]]]:
    """Return the generator that adds the chosen files and shows how far it is."""
    import gradio as gr

    def put(tray: Tray, shelf: Shelf, event: gr.EventData) -> Iterator[list[Any]]:
        chosen = tray.chosen(event.keys)
        added = _adding(library, chosen)
        still = gr.skip()
        try:
            while True:
                yield [still, render_putting(*next(added)), still, still]
        except StopIteration as end:
            tray.settle(chosen, end.value)
        except QAError as error:
            notice = render_notice(in_words(error, "没有加入。", "Nothing was added. "))
            yield [still, notice, still, still]
            return
        yield [render_tray(tray), "", _split(tray), _held(library, shelf)]

    return put


def _adding(
    library: Library, chosen: Sequence[Entry]
) -> Generator[tuple[int, int, str], None, list[Outcome]]:
    """Add files in a thread of its own, yield how far it is, and return what became of them.

    What was begun is finished when nobody looks any more.
    """
    told = [(0, 1, "reading")]
    pages = [entry.preview.ready() for entry in chosen]
    with ThreadPoolExecutor(1) as worker:
        work = worker.submit(
            library.add_pages, pages, lambda done, of, what: told.append((done, of, what))
        )
        while not wait([work], _LOOK_AGAIN).done:
            del told[:-1]
            yield told[-1]
    return work.result()


def _removing(library: Library) -> Callable[..., str]:
    """Return what removes the page of an event and shows the list."""
    import gradio as gr

    def remove(shelf: Shelf, event: gr.EventData) -> str:
        try:
            [name] = library.remove(event.page)
        except QAError as error:
            told = in_words(error, "没有移除。", "Not removed. ")
            return _held(library, shelf, render_notice(told))
        return _held(library, shelf, render_notice(said("已移除：", "Removed:"), name))

    return remove


def _held(library: Library, shelf: Shelf, notice: str = "") -> str:
    return render_held(holdings(library), shelf, notice)


def _broken(tray: Tray) -> list[str]:
    return [render_tray(tray), _DEFECT]


_DEFECT = render_notice(
    said("程序出错，这一步没有完成。", "A defect of the program: this step was not completed.")
)
