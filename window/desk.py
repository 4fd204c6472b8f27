"""What the window shows for each action of a visitor. Knows HTML strings, not gradio.

Everything comes through `qa`: nothing here searches, prompts or reads the library's files.
"""

from collections.abc import Iterator, Sequence

from qa import Library, QAError, stream
from qa.answering.asking import BUILT_IN, Models
from qa.models import models_in_use
from window.conversation import Choice, Conversation
from window.markup import both, escape
from window.sources import render_sources
from window.transcript import render_transcript

_PARTS = {
    "encoder": both("向量", "vectors"),
    "reranker": both("排序", "ranking"),
    "answerer": both("作答", "answers"),
}
_WARMING = "报纸上说了什么？"
_NO_QUESTION = "请先写下问题。 Please type a question first."


class Desk:
    """Answers for one library, safe to share: a visitor's state is passed in and handed back."""

    def __init__(
        self, library: Library, examples: Sequence[str] = (), models: Models = BUILT_IN
    ) -> None:
        self.library = library
        self.examples = tuple(examples)
        self.models = models

    def masthead(self) -> str:
        """Return the page's head: what the library holds now, and the models in use."""
        counts = self.library.counts()
        held = both(
            f"{counts['pages']} 版 · {counts['articles']} 篇报道",
            f"{counts['pages']} pages, {counts['articles']} articles",
        )
        used = [] if self.library.is_empty() else models_in_use(self.library)
        named = [
            f"{_PARTS[each.part]} "
            + escape(self.models.answerer.name if each.part == "answerer" else each.name)
            for each in used
        ]
        switches = (
            '<div class="switches"><button type="button" data-switch="language">'
            '<span class="zh" lang="en">English</span><span class="en" lang="zh-CN">中文</span>'
            '</button><button type="button" data-switch="light" aria-pressed="false">'
            f"{both('深色', 'Dark')}</button></div>"
        )
        status = f'<p class="status" role="status">{escape(s)}</p>' if (s := self.status()) else ""
        return (
            '<header class="masthead"><h1>报纸问答 <span class="name" lang="en">gaoxin-qa</span></h1>'
            f'<p>{held}</p><p class="models">{both("模型：", "Models: ")}{" · ".join(named)}</p>'
            f"{status}{switches}</header>"
        )

    def status(self) -> str:
        """Return one line on what is not ready yet; "" when everything is."""
        change = self.library.change
        moving = (change.problem or f"{change.what} {change.done}/{change.total}") if change else ""
        return " · ".join(filter(None, (self.models.answerer.status, moving)))

    def warm_up(self) -> None:
        """Ask a question and a follow-up, so that the first visitor does not wait for loading."""
        for history in ((), [[_WARMING, ""]]):
            list(stream(self.library, _WARMING, history))

    def transcript(self, conversation: Conversation) -> str:
        """Return the left column."""
        return render_transcript(conversation, self.examples)

    def sources(self, conversation: Conversation, choice: Choice) -> str:
        """Return the right column; one line in it when the article has left the library."""
        try:
            return render_sources(self.library, conversation, choice)
        except QAError as error:
            return f'<div class="panel"><p class="notice">{escape(str(error))}</p></div>'

    def answers(self, question: str, before: Conversation) -> Iterator[Conversation]:
        """Yield the conversation as the answer grows; it ends without the turn on a QAError.

        The last one is no longer `asking()`, whatever happened.
        """
        if not question.strip():
            yield before.failed(_NO_QUESTION)
            return
        now = before.asked(question)
        yield now
        try:
            answers = stream(self.library, question, before.history(), models=self.models)
            for answer in answers:
                now = now.answered(answer)
                yield now
        except QAError as error:
            yield now.failed(f"未能作答。 Not answered: {error}")
            return
        yield now.finished()
