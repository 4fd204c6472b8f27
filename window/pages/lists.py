"""Adding pages → HTML: where files are put, and what came.

Knows the values of the tray and of a preview; knows neither gradio nor how a page is split.
"""

from qa.library.sources import SUFFIXES
from qa.library.writer import Outcome
from window.markup import both, escape, in_both, said
from window.naming import work
from window.pages.doubts import render_doubts
from window.pages.problems import render_problem
from window.pages.tray import Entry, Limits, Tray

_STATES = {
    "added": ("已加入", "added"),
    "replaced": ("已替换旧版", "replaced its old self"),
    "unchanged": ("库里已有", "already in the library"),
    "failed": ("未能加入", "not added"),
}


def render_bring(limits: Limits) -> str:
    """Return where files are dropped or chosen, and the question asked before one is removed."""
    megabytes = f"{limits.file / 1_000_000:g} MB"
    bounds = both(
        f"{' '.join(SUFFIXES)}，每个不超过 {megabytes}，一次最多 {limits.files} 个",
        f"{' '.join(SUFFIXES)}, up to {megabytes} each, {limits.files} at once",
    )
    return (
        f'<section class="bring" data-file-limit="{limits.file}" data-files="{limits.files}"'
        f' data-suffixes="{" ".join(SUFFIXES)}">'
        f'<h2>{both("加入版面", "Add pages")}</h2><div class="drop">'
        f'<p class="lead">{both("把文件或文件夹拖到这里", "Drag files or a folder here")}</p><p>'
        f'<button type="button" class="choose">{both("选择文件", "Choose files")}</button> '
        f'<button type="button" class="choose folder">{both("选择文件夹", "Choose a folder")}'
        f'</button></p><p class="bounds">{bounds}</p>'
        f'<p class="reading" role="status" hidden>{both("正在读取", "Reading")} '
        '<b class="at"></b> / <b class="of"></b></p>'
        f'<p class="notice over" role="alert" hidden>{_over(limits)}</p></div>'
        f'<input type="file" class="files" multiple accept="{",".join(SUFFIXES)}" hidden>'
        f'<input type="file" class="tree" webkitdirectory hidden></section>{_confirmation()}'
    )


def _over(limits: Limits) -> str:
    return both(
        f"一次最多 {limits.files} 个文件：只收下了前面的。请先加入这些，再加其余的。",
        f"At most {limits.files} files at once: only the first were taken. "
        "Add these, then the rest.",
    )


def _confirmation() -> str:
    return (
        '<dialog class="confirm" aria-labelledby="confirm-head" aria-describedby="confirm-what">'
        f'<form method="dialog"><h3 id="confirm-head">{both("移除这一版？", "Remove this page?")}'
        '</h3><div id="confirm-what"><p class="named"></p><p>'
        f"{both('其中的报道：', 'Articles in it: ')}<b class='count'></b>{both('。', '.')} "
        f"{both('移除后不再能检索到，文件本身不受影响。', 'They are no longer found then; the file itself stays where it is.')}"
        '</p></div><p class="choices"><button value="keep" autofocus>'
        f"{both('保留', 'Keep it')}</button>"
        f'<button value="remove" class="grave">{both("移除", "Remove")}</button></p></form></dialog>'
    )


def render_tray(tray: Tray, notice: str = "") -> str:
    """Return the files that came, each with what is known of it, and what can be done now.

    `data-received` tells the browser how many were looked at, so that it sends the next.
    """
    rows = "".join(_row(entry, tray.opened == entry.key) for entry in tray.entries)
    listed = f"{_tally(tray)}<ol>{rows}</ol>{_actions(tray)}" if tray.entries else ""
    return f'<section class="tray" data-received="{tray.received}">{notice}{listed}</section>'


def _tally(tray: Tray) -> str:
    waiting = sum(entry.waiting for entry in tray.entries)
    said_so = both(
        f"共 {len(tray.entries)} 个文件，{waiting} 个可以加入",
        f"Files: {len(tray.entries)}, ready to be added: {waiting}",
    )
    return f'<p class="tally" role="status">{said_so}</p>'


def _actions(tray: Tray) -> str:
    if any(entry.waiting for entry in tray.entries):
        buttons = (
            f'<button type="button" class="put" data-key="put">{both("加入所选", "Add the ticked")}'
            ' <b class="chosen"></b></button>'
            f'<button type="button" class="clear" data-key="clear">{both("都不要了", "Discard all")}'
            "</button>"
        )
    else:
        buttons = (
            f'<button type="button" class="clear" data-key="clear">{both("收起", "Clear the list")}'
            "</button>"
        )
    return f'<p class="actions">{buttons}</p>'


def _row(entry: Entry, opened: bool) -> str:
    state = entry.outcome.state if entry.outcome else entry.preview.state
    name = escape(entry.preview.source)
    tick = label = ""
    if entry.waiting:
        ticked = "" if _is_doubtful(entry) else " checked"
        tick = (
            f'<input type="checkbox" id="take-{entry.key}" data-key="take-{entry.key}"'
            f' data-file="{entry.key}"{ticked}>'
        )
        label = f'<label for="take-{entry.key}" class="named">{name}</label>'
    return (
        f'<li class="file {state}">{tick}{label or f"<span class=named>{name}</span>"}'
        f'<span class="outcome">{_outcome(entry)}</span>{_look(entry, opened)}'
        f"{'' if entry.outcome else render_doubts(entry.preview.doubts)}</li>"
    )


def _is_doubtful(entry: Entry) -> bool:
    """Whether adding it should be a person's own decision."""
    seen = entry.preview
    return seen.state == "known" or any(d.reason == "little_kept" for d in seen.doubts)


def _look(entry: Entry, opened: bool) -> str:
    if entry.preview.page is None:
        return ""
    return (
        f'<button type="button" class="look" data-key="look-{entry.key}" data-file="{entry.key}"'
        f' aria-expanded="{str(opened).lower()}" aria-controls="split">'
        f"{both('看切分', 'Review')}</button>"
    )


def _outcome(entry: Entry) -> str:
    if entry.refused:
        return both(*entry.refused)
    if entry.outcome:
        return _done(entry.outcome)
    seen = entry.preview
    if seen.page is None:
        return render_problem(seen.problem or "", seen.source)
    found = count_articles(len(seen.articles))
    if seen.page.printed:
        pages = len(seen.page.printed)
        found += f" · {both(f'{pages} 页', f'{pages} printed page' + 's' * (pages > 1))}"
    found += "".join(f" · {render_problem(remark)}" for remark in seen.page.remarks)
    if seen.known_as is not None:
        found += f" · {both('库里已有：', 'already in the library: ')}{escape(seen.known_as)}"
    if seen.replaces is not None:
        found += f" · {both('将替换：', 'will replace: ')}{escape(seen.replaces)}"
    return found


def count_articles(number: int) -> str:
    """Return a number of articles as HTML in both languages."""
    return both(f"{number} 篇报道", f"{number} article{'' if number == 1 else 's'}")


def _done(outcome: Outcome) -> str:
    told = both(*_STATES[outcome.state])
    more = (
        escape(outcome.message) if outcome.state == "failed" else count_articles(outcome.articles)
    )
    return f"{told} · {more}"


def render_putting(done: int, total: int, what: str) -> str:
    """Return how far adding is, as a bar of the stage that it is in."""
    label = said("加入的进度", "Progress of adding")
    return (
        f'<p class="putting" role="status">{work(what or "adding")}…</p>'
        f'<progress max="{max(total, 1)}" value="{done}" aria-label="{label}"></progress>'
    )


def render_notice(line: str, detail: str = "") -> str:
    """Return one line, `said` in both languages, that says what happened."""
    more = f" {escape(detail)}" if detail else ""
    return f'<p class="notice" role="alert">{in_both(line)}{more}</p>'
