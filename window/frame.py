"""The page: masthead and tabs, each part's controls put into its tab; the login's colours.

What a part shows and does is its own affair (`*_tab.py`). The page loads nothing from anywhere:
styles and the script that chooses language and light stand in its head.
"""

from pathlib import Path
from typing import Any

from qa import Scope
from window.archive.tab import build_archive
from window.desk import Desk
from window.entrance.porter import owner
from window.markup import said
from window.pages.tab import PagesTab, build_pages
from window.problems import telling
from window.starting import import_gradio
from window.talk.tab import build_talk

_FOLDER = Path(__file__).parent
_STYLES = ("theme", "frame", "talk", "sources", "archive", "pages", "history")
_SCRIPTS = ("frame", "preview")
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_PAPER, _INK, _RED = ("#faf7f0", "#181613"), ("#1d1a16", "#ece5d8"), ("#9c2a1c", "#f0907c")
_COLOURS = {  # gradio's name → (light, dark), as in style/theme.css
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


def _head() -> str:
    styles = "".join(
        (_FOLDER / "style" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES
    )
    scripts = "".join(
        (_FOLDER / "script" / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS
    )
    return f"<style>{styles}</style><script>{scripts}</script>"


# Not given to gradio as css, because it rewrites the selectors of that.
HEAD = _head()


def build(desk: Desk, *, read_only: bool = False) -> Any:
    """Return the gradio Blocks of the window, not yet served.

    With `read_only` no pages can be added or removed.
    """
    import_gradio()
    import gradio as gr

    with gr.Blocks(title="报纸问答 gaoxin-qa", fill_width=True, analytics_enabled=False) as page:
        masthead = gr.HTML(desk.masthead(), elem_id="masthead", apply_default_css=False)
        scope = gr.State(Scope())
        with gr.Tabs(elem_id="parts", selected="talk", overflow_behavior="wrap") as tabs:
            with _tab("talk", "问答", "Ask"):
                build_talk(desk, scope, tabs)
            with _tab("archive", "报道", "Archive") as tab:
                build_archive(desk.library, scope, tabs, tab)
            with _tab("pages", "版面", "Pages") as tab:
                pages = build_pages(desk.library, tab, read_only=read_only)
        _watch(desk, page, masthead, pages)
    for event in page.fns.values():
        # What the parts are given is what they show. Where gradio made sure of that it would keep,
        # until a page is forgotten, a copy of each part for each event that had left it as it was.
        event.postprocess = False
        if event.fn is not None:
            event.fn = telling(event.fn)
    return page


def _tab(name: str, chinese: str, english: str) -> Any:
    import gradio as gr

    return gr.Tab(said(chinese, english), id=name, elem_id=f"{name}-tab")


def _watch(desk: Desk, page: Any, masthead: Any, pages: PagesTab) -> None:
    """Bring the masthead up to date for each visitor, and while something is not ready yet."""
    import gradio as gr

    clock = gr.Timer(1.0, active=False)

    def look(request: gr.Request) -> list[Any]:
        return [desk.masthead(owner(request)), gr.Timer(active=bool(desk.status()))]

    for event in (page.load, clock.tick):
        event(look, outputs=[masthead, clock], **_QUIET)
    pages.changed(look, outputs=[masthead, clock])


def theme() -> Any:
    """Return the colours of what the style sheet does not reach: the login and the first paint."""
    import gradio as gr

    system = ["system-ui", "sans-serif"]
    colours = {name: light for name, (light, _) in _COLOURS.items()}
    colours |= {f"{name}_dark": dark for name, (_, dark) in _COLOURS.items()}
    base = gr.themes.Base(font=system, font_mono=["monospace"])
    return base.set(input_border_width="1px", **colours)
