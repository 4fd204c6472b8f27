"""The named endpoints `ask`, `search` and `articles`: the window's answers for other programs.

The functions behind them are plain; `publish` makes them part of gradio's documented API, which
describes them from their type hints and docstrings. tools.py offers the same to language models.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from time import perf_counter
from typing import Any, TypeVar, cast

from anyio import sleep
from anyio.to_thread import run_sync

from qa import Library, QAError, Scope, retrieve, stream
from qa.answering.asking import BUILT_IN, Models
from qa.answering.followup import turns
from qa.answering.question import clean
from qa.answering.telling import told
from qa.contract import answer_json, article_json, hit_json
from qa.errors import QuestionError
from qa.library.listing import list_articles
from window.entrance.results import AnswerResult, ArticleResult, PassageResult
from window.naming import without_folders
from window.queueing import Gate

Endpoint = Callable[..., Awaitable[Any]]
_Step = TypeVar("_Step")
_MOST = 100
_LOOK = 0.1  # seconds between two looks at the line before the gate

# What each parameter means; tools.py shows it beside the parameter.
PARAMETERS = {
    "question": "what you want to know, in Chinese or English",
    "history": "the turns before it, oldest first, each [what was asked, what was answered]",
    "k": f"how many passages, 1 to {_MOST}",
    "words": "only articles that hold each of these words, in the headline or the text",
    "sources": "only articles of these files, by file name",
    "since": "only articles of this day or later, as 2020-12-31",
    "until": "only articles of this day or earlier, as 2020-12-31",
    "limit": f"how many articles, 1 to {_MOST}",
    "offset": "how many articles to pass over",
}


class Endpoints:
    """The three endpoints over one library; questions go through the same gate as the window's.

    Each raises QAError, with one line that says what to do, for arguments that it cannot take.
    """

    def __init__(self, library: Library, gate: Gate, models: Models = BUILT_IN) -> None:
        self._library = library
        self._gate = gate
        self._models = models

    def all(self) -> list[Endpoint]:
        """Return the endpoints; each is called as its function is."""
        return [self.ask, self.search, self.articles]

    async def ask(
        self,
        question: str,
        history: list[list[str]] | None = None,
        sources: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> AnswerResult:
        """Answer a question about the newspaper archive, with the exact sentences it rests on.

        The answer has [n] markers; citation n gives the sentence and where it stands, as character
        offsets in the text of its page. Where the archive does not hold the answer, "answered" is
        false and there are no citations.
        """
        scope = _scope(sources, since, until)
        asked, before = _text(question, "question"), turns(history)
        came = perf_counter()
        with self._gate.entered() as place:
            while place.before():
                await sleep(_LOOK)
            steps = stream(self._library, asked, before, models=self._models, scope=scope)
            async for answer in _stepped(told(steps, asked, "api", perf_counter() - came)):
                last = answer
        names = {part: without_folders(name) for part, name in last.models.items()}
        return cast(AnswerResult, {**answer_json(last), "models": names})

    async def search(
        self,
        question: str,
        k: int = 5,
        sources: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[PassageResult]:
        """Find the passages of the newspaper archive that are nearest to a question, best first."""
        scope, most = _scope(sources, since, until), _number(k, "k", 1)
        asked = clean(_text(question, "question"))
        hits = await run_sync(lambda: retrieve(self._library.snapshot(), asked, most, scope=scope))
        return [cast(PassageResult, hit_json(hit)) for hit in hits]

    async def articles(  # noqa: PLR0913, PLR0917 - each may be left out
        self,
        words: str = "",
        sources: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> list[ArticleResult]:
        """List the articles of the newspaper archive, page by page, with their whole text."""
        scope, typed = _scope(sources, since, until), _text(words, "words")
        first, most = _number(offset, "offset", 0), _number(limit, "limit", 1)
        snapshot = self._library.snapshot()
        listing = await run_sync(lambda: list_articles(snapshot, typed, scope))
        shown = listing.entries[first : first + most]
        return [cast(ArticleResult, article_json(snapshot.article(each.id))) for each in shown]


def publish(page: Any, endpoints: Endpoints) -> None:
    """Add the endpoints to a gradio Blocks that is built.

    Events of the page that gradio named like one of them get another name; nobody calls them by it.
    """
    import gradio as gr

    named = {endpoint.__name__: endpoint for endpoint in endpoints.all()}
    for event in page.fns.values():
        if event.api_name in named:
            event.api_name = f"page_{event.api_name}"
    with page:
        for endpoint in named.values():
            gr.api(_telling(endpoint), concurrency_limit=None)  # type: ignore[attr-defined]


def _telling(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint so that gradio tells its callers what was wrong, and prints nothing."""
    import gradio as gr

    @wraps(endpoint)
    async def told(*arguments: Any) -> Any:
        try:
            return await endpoint(*arguments)
        except QAError as error:
            raise gr.Error(without_folders(str(error)), print_exception=False) from error

    return told


async def _stepped(steps: Iterator[_Step]) -> AsyncIterator[_Step]:
    """Yield the steps, each made in a thread; what is cancelled ends between two of them."""
    nothing = object()
    while (step := await run_sync(next, steps, nothing)) is not nothing:
        yield cast(_Step, step)


def _scope(sources: object, since: object, until: object) -> Scope:
    files = [] if sources is None else sources
    if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        raise QuestionError('"sources" must be a list of file names')
    for day, name in ((since, "since"), (until, "until")):
        if day is not None:
            _text(day, name)
    return Scope(sources=tuple(files), since=cast(str, since), until=cast(str, until))


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise QuestionError(f'"{name}" must be text')
    return value


def _number(value: object, name: str, least: int) -> int:
    """Return a whole number from `least` on; only an offset may be as large as it likes."""
    most = None if name == "offset" else _MOST
    if (
        not isinstance(value, int)
        or isinstance(value, bool)
        or not least <= value <= (most or value)
    ):
        up_to = f"to {most}" if most else "on"
        raise QuestionError(f'"{name}" must be a whole number from {least} {up_to}')
    return value
