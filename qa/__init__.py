"""Questions to a newspaper archive, answered by the exact sentences they rest on.

from qa import Library, ask

with Library.open("library") as library:
    library.add(["seeds"])
    answer = ask(library, "郑州市中心医院高新医院提供多少张床位？")

Each name is loaded when it is first used, so that `qa --help` need not load what answers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.answering.answer import Answer, Citation
    from qa.answering.asking import ask, stream
    from qa.answering.retrieve import Hit, retrieve
    from qa.errors import QAError
    from qa.library.library import Library
    from qa.library.scope import Scope as Scope
    from qa.splitting.articles import Article, split_articles
    from qa.splitting.pages import Page, read_page

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Hit",
    "Library",
    "Page",
    "QAError",
    "ask",
    "read_page",
    "retrieve",
    "split_articles",
    "stream",
]
_HOMES = {
    "qa.answering.answer": ("Answer", "Citation"),
    "qa.answering.asking": ("ask", "stream"),
    "qa.answering.retrieve": ("Hit", "retrieve"),
    "qa.errors": ("QAError",),
    "qa.library.library": ("Library",),
    "qa.library.scope": ("Scope",),
    "qa.splitting.articles": ("Article", "split_articles"),
    "qa.splitting.pages": ("Page", "read_page"),
}

if not TYPE_CHECKING:  # a type checker knows the names from above, and refuses others

    def __getattr__(name: str) -> Any:
        """Return a name from the module that it is at home in (PEP 562)."""
        for home, names in _HOMES.items():
            if name in names:
                return globals().setdefault(name, getattr(import_module(home), name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
