"""Without gold: questions with a known answer → the same questions when nothing answers them.

A library is asked as if some of its articles, the gold ones, had never been added. Both indexes
are made without their passages, so their words count for nothing either; the other passages and
the encoder stay as they are. The encoder was fitted with them, which gives nothing away: it holds
no passage.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from embeddings.vectors import VectorIndex
from qa.answering.asking import ask
from qa.answering.followup import turns
from qa.errors import QuestionError
from qa.evaluation.figures import Outcome
from qa.library.indexes import Indexes
from qa.library.library import Library
from qa.library.snapshot import Snapshot
from qa.progress import Progress

# An index without a few articles costs as much as the whole, so they go in at most this many
# rounds, 2 % of them in each. On 240 and 256 passages that refused as many as one at a time did;
# with half of them gone, what is left tempts less: up to 3 points more were refused.
_ROUNDS = 50


def ask_without_gold(
    library: Library,
    names: Mapping[str, Sequence[str]],
    asked: Sequence[Mapping[str, Any]],
    progress: Progress,
) -> list[Outcome]:
    """Return how the questions go, each without its gold passage and so unanswerable.

    `names` are the passages' ids by source. Questions without a gold passage are left out.
    """
    sources = {own: source for source, ids in names.items() for own in ids}
    questions = defaultdict(list)
    for record in asked:
        if record.get("gold") is not None and str(record["gold"]) in sources:
            questions[sources[str(record["gold"])]].append(record)
    outcomes: list[Outcome] = []
    total = sum(map(len, questions.values()))
    for some, remaining in libraries_without(library, list(questions)):
        for record in (record for source in some for record in questions[source]):
            with suppress(QuestionError):  # is no question with its passage either
                found = ask(remaining, str(record["question"]), turns(record.get("history")))
                sure = round(found.confidence, 4)
                outcomes.append(Outcome(False, answered=found.answered, confidence=sure))
        progress(len(outcomes), total, "questions without gold")
    return outcomes


class Remaining(Library):
    """What is left of a library, to be asked and nothing else."""

    def __init__(self, snapshot: Snapshot):
        self.folder = snapshot.store.folder
        self._remaining = snapshot

    def snapshot(self) -> Snapshot:
        """Return the one state that there is."""
        return self._remaining


def libraries_without(
    library: Library, sources: Sequence[str]
) -> Iterator[tuple[list[str], Remaining]]:
    """Yield some of `sources`, until all were, with the library that lacks their articles."""
    snapshot = library.snapshot()
    passages = _passages(snapshot)
    ids, vectors = snapshot.store.vectors()
    for start in range(min(_ROUNDS, len(sources))):
        some = list(sources[start::_ROUNDS])  # neighbours, which are often alike, lie apart
        gone = [passage for source in some for passage in passages[source]]
        kept = ~np.isin(ids, gone)
        indexes = Indexes(
            snapshot.state.token,
            snapshot.words.changed(gone),
            VectorIndex.build(ids[kept].tolist(), vectors[kept]),
        )
        yield some, Remaining(Snapshot(snapshot.store, snapshot.state, indexes, snapshot.encoder))


def _passages(snapshot: Snapshot) -> dict[str, list[int]]:
    """Return the ids of the passages of each source."""
    sources = {article.id: article.source for article in snapshot.articles()}
    found = defaultdict(list)
    for _, passage in snapshot.store.titled(snapshot.words.ids.tolist()):
        found[sources[passage.article_id]].append(passage.id)
    return found
