"""Examples: questions with known answers → what the reader sees of each, to learn from.

Every question goes down the same road as a user's: once as it is, and again with its article
out of reach or its answering sentence cut out. Knows no networks.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np
from tqdm import tqdm

from qa.answering.candidates import Candidate, candidates
from qa.answering.features import features
from qa.answering.finding import PASSAGES, wanted_from
from qa.answering.query import roads_of
from qa.answering.question import understand
from qa.answering.retrieve import retrieve
from qa.answering.wanted import Floats, Wanted
from qa.evaluation.evaluate import indexed
from qa.evaluation.sets import holds, records
from qa.library.library import Library
from qa.spans import Span
from qa.splitting.sentences import split_sentences

Kind = Literal["there", "article gone", "sentence gone", "never there"]
# How often another question of an article has its answering sentence cut out.
_VARIANTS = 2
_Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its candidates and their features; `right` marks the answering ones.

    `kind` says whether the library holds the answer, and if not, why; `group` keeps an article's
    questions in one fold.
    """

    set_name: str
    group: str
    kind: Kind
    want: Wanted
    found: list[Candidate]
    rows: Floats
    right: Floats


def examples(folders: Iterable[Path]) -> list[Example]:
    """Return the examples of every set in `folders`, two sets at a time.

    Raises QAError when a file cannot be read or a line lacks a field.
    """
    paths = [path for folder in folders for path in sorted(folder.glob("*.questions.jsonl"))]
    # Started afresh: a process forked beside the threads of other libraries may never wake up.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return [example for found in pool.map(_of_set, paths) for example in found]


def _of_set(path: Path) -> list[Example]:
    name = path.name.removesuffix(".questions.jsonl")
    source = name.replace("-en-to-zh", "-zh").replace("-zh-to-en", "-en")
    texts = records(path.with_name(f"{source}.passages.jsonl"), ("id", "title", "text"))
    asked = [r for r in records(path, ("id", "question")) if _stands_alone(r)]
    with_gold = [r for r in asked if r.get("gold") is not None]
    found: list[Example] = []
    with indexed(texts) as (library, names, _):
        for record in tqdm(asked, desc=name, disable=None):
            found += _with_and_without(name, library, names, record)
    for variant in range(_VARIANTS):
        changed, victims = _without_sentences(texts, with_gold, variant)
        with indexed(changed) as (library, names, _):
            for record in tqdm(victims, desc=f"{name}, cut", disable=None):
                found.append(_example(name, "sentence gone", library, names, record))
    return [example for example in found if example.found and example.want.terms]


def _stands_alone(record: _Record) -> bool:
    return not record.get("history") and any(c.isalnum() for c in record["question"])


def _with_and_without(
    name: str, library: Library, names: dict[str, list[str]], record: _Record
) -> Iterator[Example]:
    if record.get("gold") is None:
        yield _example(name, "never there", library, names, record)
        return
    yield _example(name, "there", library, names, record)
    if zlib.crc32(str(record["id"]).encode()) % 2:
        yield _example(name, "article gone", library, names, record)


def _example(
    name: str, kind: Kind, library: Library, names: dict[str, list[str]], record: _Record
) -> Example:
    question, snapshot = understand(record["question"]), library.snapshot()
    roads = roads_of(snapshot.words, question)
    hits = retrieve(snapshot, question.text, PASSAGES * 3, roads=roads)
    gold = str(record["gold"])
    if kind == "article gone":
        hits = [hit for hit in hits if gold not in names[hit.article.source]]
    hits = [replace(hit, rank=rank) for rank, hit in enumerate(hits[:PASSAGES], start=1)]
    want = wanted_from(snapshot.words, question, roads, hits)
    found = candidates(hits)
    right = [
        kind == "there" and gold in names[c.hit.article.source] and _answers(c.text, record)
        for c in found
    ]
    group = gold if record["gold"] is not None else str(record.get("about") or record["id"])
    return Example(
        name, group, kind, want, found, features(want, found), np.array(right, np.float32)
    )


def _answers(text: str, record: _Record) -> bool:
    """Return whether a sentence answers: it is one that the record names, or holds an answer."""
    if named := record.get("sentences"):
        said = "".join(text.split())
        return any(said in whole or whole in said for whole in ("".join(s.split()) for s in named))
    return holds(text, record)


def _without_sentences(
    texts: Sequence[_Record], asked: Sequence[_Record], variant: int
) -> tuple[list[_Record], list[_Record]]:
    """Return the passages with one question's answer cut from each, and those questions."""
    questions = defaultdict(list)
    for record in asked:
        questions[str(record["gold"])].append(record)
    victims = {gold: own[-1 - variant] for gold, own in questions.items() if len(own) > variant}
    changed = []
    for passage in texts:
        victim = victims.get(str(passage["id"]))
        text = _cut(passage["text"], victim) if victim else passage["text"]
        if text.strip():
            changed.append({**passage, "text": text})
        else:
            victims.pop(str(passage["id"]), None)
    return changed, list(victims.values())


def _cut(text: str, victim: _Record) -> str:
    spans = split_sentences(text, Span(0, len(text)))
    kept = [span.of(text) for span in spans if not holds(span.of(text), victim)]
    return " ".join(kept) if len(kept) < len(spans) else ""
