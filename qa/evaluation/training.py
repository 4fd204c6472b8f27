"""Training: public question sets → the weights of the reader and of its confidence.

    python -m qa.evaluation.training FOLDER [--out reader.json]

`FOLDER` holds pairs `NAME.passages.jsonl` and `NAME.questions.jsonl` in the format of `qa eval`.
Every question goes down the same road as a user's; nothing is sampled at random, so the same
sets give the same weights. Prints cross-validated figures.
"""

import argparse
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from qa.answering.candidates import Candidate, candidates
from qa.answering.evidence import EVIDENCE_NAMES, evidence
from qa.answering.features import NAMES, features
from qa.answering.query import terms_of
from qa.answering.question import understand
from qa.answering.reader import WEIGHTS, Network, ranked
from qa.answering.retrieve import retrieve
from qa.answering.wanted import Floats, Wanted, wanted
from qa.evaluation.evaluate import holds, indexed, records
from qa.evaluation.fitting import fit_ranking, fit_yes_no
from qa.library.library import Library
from qa.spans import Span
from qa.splitting.sentences import split_sentences

_PASSAGES = 5
_FOLDS = 3
_VARIANTS = 2
_HIDDEN = {"sentence": 24, "evidence": 12}


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its candidates and their features; `right` marks the answering ones.

    `kind` is "there", "article gone" or "sentence gone"; `group` keeps an article's questions
    in one fold.
    """

    set_name: str
    group: str
    kind: str
    want: Wanted
    found: list[Candidate]
    rows: Floats
    right: Floats


def examples(folder: Path) -> Iterator[Example]:
    """Yield the examples of every set in `folder`."""
    for path in sorted(folder.glob("*.questions.jsonl")):
        name = path.name.removesuffix(".questions.jsonl")
        asked = [r for r in records(path, ("id", "question")) if _usable(r)]
        source = name.replace("-en-to-zh", "-zh").replace("-zh-to-en", "-en")
        texts = records(folder / f"{source}.passages.jsonl", ("id", "title", "text"))
        with indexed(texts) as (library, names, _):
            for record in tqdm(asked, desc=name, disable=None):
                yield from _with_and_without(name, library, names, record)
        for variant in range(_VARIANTS):
            changed, victims = _without_sentences(texts, asked, variant)
            with indexed(changed) as (library, names, _):
                for record in tqdm(victims, desc=f"{name}, cut", disable=None):
                    yield _example(name, "sentence gone", library, names, record)


def _usable(record: dict[str, Any]) -> bool:
    return record.get("gold") is not None and any(c.isalnum() for c in record["question"])


def _with_and_without(
    name: str, library: Library, names: dict[str, list[str]], record: dict[str, Any]
) -> Iterator[Example]:
    yield _example(name, "there", library, names, record)
    if zlib.crc32(str(record["id"]).encode()) % 2:
        yield _example(name, "article gone", library, names, record)


def _example(
    name: str, kind: str, library: Library, names: dict[str, list[str]], record: dict[str, Any]
) -> Example:
    question, snapshot = understand(record["question"]), library.snapshot()
    terms = terms_of(snapshot.words, question)
    hits = retrieve(snapshot, question.text, _PASSAGES * 3, terms=terms)
    gold = str(record["gold"])
    if kind == "article gone":
        hits = [hit for hit in hits if gold not in names[hit.article.source]]
    hits = [replace(hit, rank=rank) for rank, hit in enumerate(hits[:_PASSAGES], start=1)]
    want = wanted(question, terms, snapshot.words.weights(terms))
    found = candidates(hits)
    right = [
        kind == "there" and gold in names[c.hit.article.source] and holds(c.text, record)
        for c in found
    ]
    rows = features(want, found)
    return Example(name, gold, kind, want, found, rows, np.array(right, np.float32))


def _without_sentences(
    texts: Sequence[dict[str, Any]], asked: Sequence[dict[str, Any]], variant: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
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


def _cut(text: str, victim: dict[str, Any]) -> str:
    spans = split_sentences(text, Span(0, len(text)))
    kept = [span.of(text) for span in spans if not holds(span.of(text), victim)]
    return " ".join(kept) if len(kept) < len(spans) else ""


def _fold(example: Example) -> int:
    return zlib.crc32(example.group.encode()) % _FOLDS


def _sentence_network(some: Sequence[Example]) -> Network:
    usable = [e for e in some if e.kind == "there" and e.right.any() and not e.right.all()]
    rows, right = [e.rows for e in usable], [e.right for e in usable]
    return fit_ranking(rows, right, NAMES, _HIDDEN["sentence"])


@dataclass(frozen=True, slots=True)
class Judged:
    """An example, its evidence row, whether an answer is there (None: unsure), the best's truth."""

    example: Example
    row: Floats
    label: float | None
    best: bool


def _judged(example: Example, network: Network) -> Judged:
    readings = ranked(example.found, example.rows, network)
    truth = {id(c): bool(r) for c, r in zip(example.found, example.right, strict=True)}
    top = [truth[id(reading.candidate)] for reading in readings[:3]]
    label = 0.0 if example.kind != "there" else (1.0 if any(top) else None)
    return Judged(example, evidence(example.want, readings), label, top[0])


def train(every: Sequence[Example]) -> tuple[dict[str, Network], list[str]]:
    """Return the networks "sentence" and "evidence" fitted on `every`, and lines of figures.

    The figures are cross-validated: no network judges an article that it was fitted on.
    """
    usable = [e for e in every if e.found and e.want.terms]
    folds = [_sentence_network([e for e in usable if _fold(e) != n]) for n in range(_FOLDS)]
    judged = [_judged(e, folds[_fold(e)]) for e in usable]
    sure = [j for j in judged if j.label is not None]
    rows, labels = np.stack([j.row for j in sure]), np.array([j.label for j in sure], np.float32)
    fold = np.array([_fold(j.example) for j in sure])
    scores = np.zeros(len(rows), np.float32)
    for n in range(_FOLDS):
        scores[fold == n] = _evidence_network(rows[fold != n], labels[fold != n])(rows[fold == n])
    networks = {
        "sentence": _sentence_network(usable),
        "evidence": _evidence_network(rows, labels),
    }
    return networks, list(_report(judged, sure, scores, labels))


def _evidence_network(rows: Floats, labels: Floats) -> Network:
    return fit_yes_no(rows, labels, EVIDENCE_NAMES, _HIDDEN["evidence"])


def _report(
    judged: Sequence[Judged], sure: Sequence[Judged], scores: Floats, labels: Floats
) -> Iterator[str]:
    for name in sorted({j.example.set_name for j in judged}):
        own = [j for j in judged if j.example.set_name == name]
        best = np.mean([j.best for j in own if j.example.kind == "there"])
        here = np.array([j.example.set_name == name for j in sure])
        floor = np.quantile(scores[here & (labels == 1)], 0.05)
        line = f"{name:<16} best sentence right {100 * best:.1f} %; refused at 95 % kept:"
        for kind in ("article gone", "sentence gone"):
            of_kind = here & np.array([j.example.kind == kind for j in sure])
            line += f" {kind} {100 * np.mean(scores[of_kind] < floor):.1f} %"
        yield line


def main() -> None:
    """Fit on the sets in the folder that is named and write the weights."""
    cli = argparse.ArgumentParser(description="Fit the reader's weights on public question sets.")
    cli.add_argument("folder", type=Path)
    cli.add_argument("--out", type=Path, default=WEIGHTS)
    given = cli.parse_args()
    networks, figures = train(list(examples(given.folder)))
    weights = {name: network.to_json() for name, network in networks.items()}
    given.out.write_text(json.dumps(weights) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(figures) + "\n")


if __name__ == "__main__":
    main()
