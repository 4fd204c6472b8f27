"""All articles of the library → the archive tab: what to look for, and a table of what is found.

Knows HTML strings, not gradio; finding and ordering are the library's.
"""

from dataclasses import dataclass, replace
from math import ceil

from qa import Library, QAError, Scope
from qa.library.listing import Listing, Order, list_articles
from qa.library.records import Entry
from window.markup import both, escape, in_both, said
from window.problems import in_words

ROWS = 100  # of one page of the table
_FIRST, _LAST = "0001-01-01", "9999-12-31"
_COLUMNS: tuple[tuple[Order | None, str, str, str], ...] = (
    ("title", "headline", "标题", "Headline"),
    ("date", "date", "日期", "Date"),
    ("source", "file", "文件", "File"),
    (None, "byline", "署名", "By-line"),
    ("length", "length", "字数", "Length"),
)


@dataclass(frozen=True, slots=True)
class View:
    """What one visitor looks at: filled in above the table, its order and page (from 1).

    `at` is when that was filled in, by the browser's clock.
    """

    words: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    order: Order = "source"
    descending: bool = False
    page: int = 1
    at: int = 0

    def filtered(
        self, words: object, source: object, since: object, until: object, at: int = 0
    ) -> "View":
        """Return the view of what a browser sent, from the first page on.

        What was overtaken on its way by what was filled in later changes nothing.
        """
        if at < self.at:
            return self
        given = [str(value or "")[:1000] for value in (words, source, since, until)]
        return replace(
            self, words=given[0], source=given[1], since=given[2], until=given[3], page=1, at=at
        )

    def ordered(self, by: object) -> "View":
        """Return the view by that column; a second time, the other way round."""
        for order, *_ in _COLUMNS:
            if order is not None and order == by:
                turned = order == self.order and not self.descending
                return replace(self, order=order, descending=turned, page=1)
        return self

    def turned_to(self, page: object) -> "View":
        """Return the view of that page; whatever is not a number stays here."""
        number = str(page)[:9]
        return replace(self, page=int(number)) if number.isdecimal() else self

    def range(self) -> Scope:
        """Return the file and the dates. Raises QuestionError for dates that are none."""
        sources = (self.source,) if self.source else ()
        return Scope((), sources, self.since or None, self.until or None)

    @property
    def is_backwards(self) -> bool:
        """Whether the last day is before the first."""
        return bool(self.since and self.until and self.since > self.until)


def scope_of(library: Library, view: View) -> Scope:
    """Return what "ask about these" asks of: the file and dates or, of words, what they find."""
    if not view.words.strip():
        return view.range()
    found = list_articles(library.snapshot(), view.words, view.range())
    return Scope(articles=tuple(entry.id for entry in found.entries))


def render_filter(library: Library, view: View) -> str:
    """Return the fields above the table, filled in as in `view`."""
    held = {entry.source for entry in library.snapshot().entries()}
    files = sorted(held | {view.source} - {""})
    options = f'<option value="">{said("全部文件", "All files")}</option>' + "".join(
        f"<option{' selected' if name == view.source else ''}>{escape(name)}</option>"
        for name in files
    )
    return (
        f'<form class="filter" role="search" aria-label="{said("查找报道", "Find articles")}">'
        f'<label class="words">{both("词语", "Words")}<input type="search" name="words" '
        f'value="{escape(view.words)}" maxlength="100" autocomplete="off" '
        f'placeholder="{said("标题或正文里的词", "in headline or text")}"></label>'
        f'<label>{both("文件", "File")}<select name="source">{options}</select></label>'
        + _day("since", view.since, "起", "From")
        + _day("until", view.until, "止", "To")
        + f'<button type="reset">{both("清除", "Clear")}</button></form>'
    )


def _day(name: str, value: str, chinese: str, english: str) -> str:
    return (
        f'<label class="day">{both(chinese, english)}<input type="date" name="{name}" '
        f'value="{escape(value)}" min="{_FIRST}" max="{_LAST}"></label>'
    )


def render_list(library: Library, view: View) -> str:
    """Return the table of what is found: how many, one page of rows, the way to the others.

    One line on what is wrong instead, where dates are none or the library cannot be read.
    """
    if view.is_backwards:
        told = (
            "结束日期早于开始日期，请对调。",
            "The range ends before it begins: swap the dates.",
        )
        return f'<p class="notice" role="alert">{both(*told)}</p>'
    try:
        return _table(library, view)
    except QAError as error:
        return f'<p class="notice" role="alert">{in_both(in_words(error))}</p>'


def _table(library: Library, view: View) -> str:
    found = list_articles(
        library.snapshot(), view.words, view.range(), view.order, descending=view.descending
    )
    if not found.entries:
        return _head(view, found) + f'<p class="none">{_nothing(view)}</p>'
    last = ceil(len(found.entries) / ROWS)
    page = min(max(view.page, 1), last)
    shown = found.entries[(page - 1) * ROWS : page * ROWS]
    rows = "".join(map(_row, shown))
    return (
        f"{_head(view, found)}"
        f'<table role="table" aria-label="{said("报道", "Articles")}">'
        f'<thead role="rowgroup"><tr role="row">{_headings(view)}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>{_pager(page, last, len(found.entries))}'
    )


def _head(view: View, found: Listing) -> str:
    many = len(found.entries)
    counted = both(f"{many:,} 篇报道", f"{many:,} article{'s' if many != 1 else ''}")
    left_out = both(
        f"另有 {found.undated:,} 篇年份不详，不在任何日期范围内",
        f"{found.undated:,} more of unknown year are in no range of dates",
    )
    beside = f'<span class="undated">{left_out}</span>' if found.undated else ""
    asking = (
        f'<button type="button" data-event="these">{both("就这些报道提问", "Ask about these")}</button>'
        if many and (view.words.strip() or view.range())
        else ""
    )
    return f'<header class="found"><p role="status"><b>{counted}</b>{beside}</p>{asking}</header>'


def _nothing(view: View) -> str:
    if view.words.strip() or view.range():
        return both(
            "没有符合的报道：少写一个词，或放宽日期。",
            "Nothing fits: try fewer words or more days.",
        )
    return both("库里还没有报道：先在“版面”里添加。", "No articles yet: add pages first.")


def _headings(view: View) -> str:
    return "".join(_heading(view, *column) for column in _COLUMNS)


def _heading(view: View, order: Order | None, css: str, chinese: str, english: str) -> str:
    name = both(chinese, english)
    if order is None:
        return f'<th role="columnheader" scope="col" class="{css}">{name}</th>'
    way = ""
    if order == view.order:
        way = "descending" if view.descending else "ascending"
    arrow = {"": "", "ascending": "▲", "descending": "▼"}[way]
    sorted_ = f' aria-sort="{way}"' if way else ""
    return (
        f'<th role="columnheader" scope="col" class="{css}"{sorted_}>'
        f'<button type="button" data-event="sort" data-value="{order}">{name}'
        f'<span class="arrow" aria-hidden="true">{arrow}</span></button></th>'
    )


def _row(entry: Entry) -> str:
    date = entry.date or entry.date_text or ""
    return (
        '<tr role="row"><th role="rowheader" scope="row" class="headline">'
        f'<button type="button" data-event="open" data-value="{escape(entry.id)}">'
        f"{escape(entry.title) or both('（无标题）', '(no headline)')}</button></th>"
        f'<td role="cell" class="date">{escape(date)}</td>'
        f'<td role="cell" class="file" title="{escape(entry.source)}">{escape(entry.source)}</td>'
        f'<td role="cell" class="byline">{escape(entry.byline or "")}</td>'
        f'<td role="cell" class="length">{entry.length:,}</td></tr>'
    )


def _pager(page: int, last: int, many: int) -> str:
    if last == 1:
        return ""
    shown = f"{(page - 1) * ROWS + 1:,}–{min(page * ROWS, many):,} / {many:,}"
    return (
        f'<nav class="pager" aria-label="{said("翻页", "Pages of the table")}">'
        + _leaf(page - 1, page > 1, "← 上一页", "← Previous")
        + f"<span>{shown}</span>"
        + _leaf(page + 1, page < last, "下一页 →", "Next →")
        + "</nav>"
    )


def _leaf(page: int, there: bool, chinese: str, english: str) -> str:
    closed = "" if there else " disabled"
    return (
        f'<button type="button" data-event="turn" data-value="{page}"{closed}>'
        f"{both(chinese, english)}</button>"
    )
