"""Finding: a question over a library → the sentences that may answer it, and how surely.

The first half of the road, whoever answers afterwards: follow-up → terms → passages → sentences →
enough evidence? Makes no answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from embeddings.words import WordIndex
from qa.answering.candidates import candidates
from qa.answering.evidence import ENOUGH, confidence
from qa.answering.followup import Standalone, Turn, standalone
from qa.answering.query import Road, in_script, road_to, roads_of
from qa.answering.question import Question, understand
from qa.answering.reader import Reading, read
from qa.answering.retrieve import Hit, retrieve
from qa.answering.wanted import Wanted, wanted
from qa.library.snapshot import Snapshot
from qa.spans import reflow

# Passages that the reader looks at, and that an answer shows.
PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for `question`, which is `asked` once it stands on its own.

    `hits` are the nearest passages, of which the reader looked at the first PASSAGES; `readings`
    are their sentences, the likeliest first, and `confidence` (0–1) is how likely that one
    answers. `began` and `retrieved` are seconds of `time.perf_counter`.
    """

    question: str
    asked: Question
    standalone_question: str
    want: Wanted
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    confidence: float
    encoder: str
    began: float
    retrieved: float

    @property
    def enough(self) -> bool:
        """Whether the question may be answered at all."""
        return bool(self.readings) and self.confidence >= ENOUGH


def understood(snapshot: Snapshot, question: str, history: Sequence[Turn] = ()) -> Standalone:
    """Return what `question` asks after `history`, by rules and with a look into the articles.

    Raises QuestionError for a question that cannot be asked.
    """
    return standalone(question, history, partial(_nearest, snapshot))


def find(
    snapshot: Snapshot, question: str, alone: Standalone, passages: int, began: float
) -> Finding:
    """Return what `snapshot` holds about `question`, which asks `alone`.

    `passages` is how many of the nearest are given back; the reader looks at PASSAGES of them.
    Raises QuestionError when `alone` cannot be asked.
    """
    asked = in_script(snapshot.words, understand(alone.text))
    roads = roads_of(snapshot.words, asked)
    hits = retrieve(
        snapshot, asked.text, max(passages, PASSAGES), roads=roads, context=alone.context
    )
    retrieved = perf_counter()
    want = wanted_from(snapshot.words, asked, roads, hits[:PASSAGES])
    readings = read(want, candidates(hits[:PASSAGES]))
    return Finding(
        question=question,
        asked=asked,
        standalone_question=alone.text,
        want=want,
        hits=tuple(hits[:passages]),
        readings=tuple(readings),
        confidence=confidence(want, readings),
        encoder=snapshot.encoder_name or "built-in",
        began=began,
        retrieved=retrieved,
    )


def wanted_from(
    words: WordIndex, asked: Question, roads: Sequence[Road], hits: Sequence[Hit]
) -> Wanted:
    """Return what to look for in `hits`, in the language of the best of them."""
    road = road_to(hits[0].passage.text if hits else "", roads, asked)
    return wanted(asked, road.terms, words.weights(road.terms), road.translated)


def _nearest(snapshot: Snapshot, text: str) -> str:
    """Return the headline and text of the article nearest to `text`, as one line; "" if none."""
    hits = retrieve(snapshot, text, 1)
    return reflow(f"{hits[0].article.title} {hits[0].article.text}") if hits else ""
