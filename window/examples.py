"""Questions to begin with: written for the seed pages, else made from the library's headlines."""

from collections.abc import Sequence

from qa import Article

# What a question speaks of, which the library must hold, and the question.
_WRITTEN = (
    ("郑州市中心医院高新医院", "郑州市中心医院高新医院提供多少张床位？"),
    ("祥营村", "张红军到哪个村调研？"),
    ("徐立毅", "徐立毅在调研高新区时强调了什么？"),
    ("人才数据", "平台共聚集多少条人才数据？"),
)
_OFFERED = 4
_FITTING = range(6, 25)  # characters of a headline that reads well inside a question


def examples_for(articles: Sequence[Article]) -> list[str]:
    """Return up to four questions that the articles can answer."""
    text = "\n".join(f"{article.title}\n{article.text}" for article in articles)
    questions = [question for about, question in _WRITTEN if about in text]
    titles = [article.title for article in articles if len(article.title) in _FITTING]
    return (questions + [f"《{title}》说了什么？" for title in titles])[:_OFFERED]
