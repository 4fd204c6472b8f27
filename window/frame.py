"""The page: masthead and tabs, each part's controls put into its tab; the login's colours.

What a part shows and does is its own affair (`*_tab.py`). The page loads nothing from anywhere:
styles and the script that chooses language and light stand in its head.
"""

from pathlib import Path
from typing import Any

from window.desk import Desk
from window.markup import said
from window.talk_tab import build_talk

_FOLDER = Path(__file__).parent
_STYLES = ("theme", "frame", "talk", "sources", "archive", "pages", "history")
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
    script = (_FOLDER / "script" / "frame.js").read_text(encoding="utf-8")
    return f"<style>{styles}</style><script>{script}</script>"


# Not given to gradio as css, because it rewrites the selectors of that.
HEAD = _head()


def build(desk: Desk) -> Any:
    """Return the gradio Blocks of the window, not yet served."""
    import gradio as gr

    with gr.Blocks(title="报纸问答 gaoxin-qa", fill_width=True, analytics_enabled=False) as page:
        masthead = gr.HTML(desk.masthead(), elem_id="masthead", apply_default_css=False)
        with (
            gr.Tabs(elem_id="parts", selected="talk", overflow_behavior="wrap"),
            gr.Tab(said("问答", "Ask"), id="talk", elem_id="talk-tab"),
        ):
            build_talk(desk)
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
