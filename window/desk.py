"""What the window shows for each action of a visitor. Knows HTML strings, not gradio.

Everything comes through `qa`: nothing here searches, prompts or reads the library's files.
"""

from collections.abc import Generator, Iterator, Sequence
from threading import Event
from time import perf_counter

from qa import Library, QAError, stream
from qa.answering.asking import BUILT_IN, Models
from qa.answering.telling import told
from qa.conversations.store import Conversations
from qa.library.scope import EVERYTHING, Scope
from qa.models import models_in_use
from window.conversation import Choice, Conversation
from window.markup import both, escape, in_both, said
from window.naming import PARTS, change_status, model_name, model_status
from window.problems import in_words
from window.queueing import Gate
from window.reading.panel import render_sources
from window.talk.keeping import Keeping, not_kept
from window.talk.transcript import render_current, render_earlier

PLACES = 8  # questions that are answered at once, the others wait

_WARMING = "报纸上说了什么？"
_SIGN_OF_LIFE = 0.3  # seconds
_NO_QUESTION = said("请先写下问题。", "Please type a question first.")


class Desk:
    """Answers for one library, safe to share: a visitor's state is passed in and handed back."""

    def __init__(
        self,
        library: Library,
        examples: Sequence[str] = (),
        models: Models = BUILT_IN,
        conversations: Conversations | None = None,
        places: int = PLACES,
    ) -> None:
        self.library = library
        self.examples = tuple(examples)
        self.models = models
        self.keeping = Keeping(conversations)
        self.gate = Gate(places)
        self._warm = Event()
        self._warm.set()

    def masthead(self, owner: str = "") -> str:
        """Return the page's head: what the library holds now, the models in use, who is here."""
        counts = self.library.counts()
        held = both(
            f"{counts['pages']} 版 · {counts['articles']} 篇报道",
            f"{counts['pages']} pages, {counts['articles']} articles",
        )
        reranker = self.models.reranker.name if self.models.reranker else None
        used = [] if self.library.is_empty() else models_in_use(self.library, reranker)
        named = [
            f"{PARTS[each.part]} {model_name(each.name)}"
            for each in used
            if each.part != "answerer" and not each.name.startswith("built-in")
        ]
        named.insert(0, model_name(self.models.answerer.name))
        switches = (
            '<div class="switches"><button type="button" data-switch="language">'
            '<span class="zh" lang="en">English</span><span class="en" lang="zh-CN">中文</span>'
            '</button><button type="button" data-switch="light">'
            f'<span class="if-light">{both("深色", "Dark")}</span>'
            f'<span class="if-dark">{both("浅色", "Light")}</span></button>{_way_out(owner)}</div>'
        )
        status = f'<p class="status" role="status">{s}</p>' if (s := self.status()) else ""
        return (
            '<header class="masthead"><h1>报纸问答 <span class="name" lang="en">gaoxin-qa</span></h1>'
            f'<p>{held}</p><p class="models">{both("作答：", "Answers by ")}{" · ".join(named)}</p>'
            f"{status}{switches}</header>"
        )

    def status(self) -> str:
        """Return one line of HTML on what is not ready yet; "" when everything is."""
        model, change = self.models.answerer.status, self.library.change
        told = [model_status(model) if model else "", change_status(change) if change else ""]
        return " · ".join(filter(None, told))

    def warm_up(self) -> None:
        """Ask a question and a follow-up, so that the first visitor does not wait for loading.

        Whoever asks before it is done waits for it, and can stop meanwhile as at any other time.
        """
        self._warm.clear()
        try:
            for history in ((), [[_WARMING, ""]]):
                list(stream(self.library, _WARMING, history))
        finally:
            self._warm.set()

    def earlier(self, conversation: Conversation, most: int) -> str:
        """Return the turns before the last one, `most` of them."""
        return render_earlier(conversation, most)

    def current(self, conversation: Conversation) -> str:
        """Return the last turn, all of the left column that changes while it is answered."""
        return render_current(conversation, self.examples)

    def sources(self, conversation: Conversation, choice: Choice) -> str:
        """Return the right column; one line in it when the article has left the library."""
        try:
            return render_sources(self.library, conversation, choice)
        except QAError as error:
            return f'<div class="panel"><p class="notice">{in_both(in_words(error))}</p></div>'

    def answers(
        self,
        question: str,
        before: Conversation,
        scope: Scope = EVERYTHING,
        *,
        again: bool = False,
    ) -> Generator[Conversation, None, None]:
        """Yield the conversation as the answer grows; it ends without the turn on a QAError.

        With `again` the question takes the place of the last turn, which stays if it fails. What
        is yielded last is no longer `asking()`, whatever happened. A turn is kept when it was
        asked (unless `again`) and when it ended, also where whoever reads closes this before.
        """
        if not question.strip():
            yield before.failed(_NO_QUESTION)
            return
        now = (before.without_last() if again else before).asked(question, scope)
        try:
            if not again:
                self.keeping.begun(now)
        except QAError as error:
            yield before.noticed(not_kept(error))
            return
        yield now
        steps = self._growing(now)
        try:
            for now in steps:
                yield now
        except QAError as error:
            if not again:
                self.keeping.taken_back(now)
            yield (before if again else now).failed(_not_answered(error))
        except GeneratorExit:
            self.keeping.ended(now.stopped())
            raise
        else:
            yield self.keeping.ended(now.finished())

    def _growing(self, now: Conversation) -> Iterator[Conversation]:
        """Yield the conversation while others are answered, then as its last turn is."""
        asked = now.turns[-1]
        history = now.without_last().history(asked.scope)
        came = perf_counter()
        with self.gate.entered() as place:
            for ahead in place.waiting():
                now = now.waiting(ahead)
                yield now
            while not self._warm.wait(_SIGN_OF_LIFE):
                yield now
            steps = stream(
                self.library, asked.question, history, models=self.models, scope=asked.scope
            )
            for answer in told(steps, asked.question, "window", perf_counter() - came):
                now = now.answered(answer)
                yield now


def _not_answered(error: QAError) -> str:
    return in_words(error, "未能作答：", "Not answered: ")


def _way_out(owner: str) -> str:
    """Return the link to log out for somebody who has logged in."""
    if not owner:
        return ""
    return f'<a class="logout" href="logout">{both("退出", "Log out")} <b>{escape(owner)}</b></a>'
