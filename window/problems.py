"""What went wrong or is in doubt → one line in both languages.

An error of `qa` is told by its kind, never by its words: English is what the error itself says,
Chinese says of each kind what to do. What an answer says of itself in the question's language is
looked up.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any

from qa import QAError
from qa.answering.question import MAX_QUESTION
from qa.errors import (
    DamagedError,
    LibraryError,
    ModelError,
    NotFoundError,
    PageError,
    QuestionError,
)
from qa.grounding.reasons import known
from window.markup import said
from window.naming import loading_in_chinese, without_folders

_KINDS: tuple[tuple[type[QAError], str], ...] = (  # the first that fits
    (QuestionError, f"问题要有内容，最多 {MAX_QUESTION:,} 字；日期写成 2020-12-31，先早后晚。"),
    (NotFoundError, "所选的内容已不在库中，或没有一篇在所选日期内：请换一个，或放宽范围。"),
    (DamagedError, "库的文件已损坏：请管理员停下程序，运行 qa doctor --repair。"),
    (
        LibraryError,
        "库现在读写不了：请稍后再试；还不行，请管理员看看磁盘是否已满、文件夹能否写入。",
    ),
    (ModelError, "模型现在用不了：请稍后再试；还不行，请管理员用 qa models 查看。"),
    (PageError, "这个文件读不成版面：请换成文字文件。"),
)
_OTHER = "没有做成：请稍后再试；还不行，请告诉管理员。"


def in_words(error: QAError, chinese: str = "", english: str = "") -> str:
    """Return the line that tells of an error as plain text in both languages (`markup.said`).

    `chinese` and `english` say what failed and stand before it.
    """
    told = next((words for kind, words in _KINDS if isinstance(error, kind)), _OTHER)
    return said(f"{chinese}{told}", f"{english}{without_folders(str(error))}")


def in_either(line: str) -> str:
    """Return an answer's notice or the reason of a doubt as plain text in both languages.

    A line that `qa` has in one language only is returned as it is.
    """
    line = without_folders(line)
    reason = known(line)
    return said(loading_in_chinese(reason.zh), reason.en) if reason else line


def telling(act: Callable[..., Any]) -> Callable[..., Any]:
    """Return a listener of the page that tells the visitor of errors of `qa` it does not expect.

    A library can be damaged or moved away under a window that shows it. Of any other exception
    gradio prints where in the program it was raised.
    """
    if isgeneratorfunction(act):

        @wraps(act)
        def steps(*given: Any) -> Iterator[Any]:
            try:
                yield from act(*given)
            except QAError as error:
                raise _shown(error) from error

        return steps

    @wraps(act)
    def once(*given: Any) -> Any:
        try:
            return act(*given)
        except QAError as error:
            raise _shown(error) from error

    return once


def _shown(error: QAError) -> Exception:
    import gradio as gr

    return gr.Error(in_words(error), title=said("没有做成", "Not done"), print_exception=False)
