"""Questions to a newspaper archive, answered by the exact sentences they rest on.

from qa import Library, ask

with Library.open("library") as library:
    library.add(["seeds"])
    answer = ask(library, "郑州市中心医院高新医院提供多少张床位？")
"""

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
