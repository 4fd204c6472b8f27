"""Records: a turn ↔ the bytes that are kept of it, exactly.

An answer keeps all that is shown of it: citations with the words that answer, the check of each
sentence, the nearest passages, models and timings. The whole text of an article is not kept,
because it is the library's and has to go when its page does; nor is the likeliest sentence of a
refused answer, which only an evaluation reads.
"""

import json
from dataclasses import asdict, replace
from typing import Any

from qa.answering.answer import Answer, Citation, Statement
from qa.answering.retrieve import Hit
from qa.conversations.turn import Turn
from qa.errors import LibraryError, QuestionError
from qa.library.records import blob_to_text, text_to_blob
from qa.library.scope import Scope
from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.passages import Passage

Json = dict[str, Any]


def turn_to_record(turn: Turn) -> bytes:
    """Return the bytes of a turn, its number and what the reader thinks of it left out."""
    fields = {
        "question": turn.question,
        "state": turn.state,
        "scope": asdict(turn.scope),
        "answer": _answer_json(turn.answer) if turn.answer else None,
    }
    # Not ASCII: any text comes back as it was, two lone surrogates side by side included.
    return text_to_blob(json.dumps(fields, ensure_ascii=False))


def record_to_turn(number: int, record: bytes) -> Turn:
    """Return the turn of `turn_to_record`'s bytes. Raises LibraryError when they are damaged."""
    try:
        fields = json.loads(blob_to_text(record))
        answer = _answer(fields["answer"]) if fields["answer"] is not None else None
        scope = _scope(fields["scope"])
        return Turn(number, fields["question"], answer, fields["state"], scope=scope)
    except (KeyError, TypeError, ValueError, QuestionError) as error:
        raise LibraryError("the file of conversations holds damaged records") from error


def as_kept(answer: Answer) -> Answer:
    """Return what is left of an answer when it has been kept."""
    hits = (replace(hit, article=replace(hit.article, text="")) for hit in answer.passages)
    return replace(answer, passages=tuple(hits), best=None)


def _answer_json(answer: Answer) -> Json:
    return asdict(as_kept(answer))  # spans stay tuples, which JSON writes as pairs


def _answer(fields: Json) -> Answer:
    fields["citations"] = tuple(_citation(each) for each in fields["citations"])
    fields["passages"] = tuple(_hit(each) for each in fields["passages"])
    fields["statements"] = tuple(_statement(each) for each in fields["statements"])
    return Answer(**fields)


def _scope(fields: Json) -> Scope:
    named = {name: tuple(fields[name]) for name in ("articles", "sources")}
    return Scope(**fields | named)


def _citation(fields: Json) -> Citation:
    return Citation(**fields | {"answer_spans": _spans(fields["answer_spans"])})


def _statement(fields: Json) -> Statement:
    return Statement(**fields | {"markers": tuple(fields["markers"])})


def _hit(fields: Json) -> Hit:
    return Hit(
        rank=fields["rank"],
        score=fields["score"],
        passage=_passage(fields["passage"]),
        article=_article(fields["article"]),
    )


def _passage(fields: Json) -> Passage:
    return Passage(**fields | {"sentences": _spans(fields["sentences"])})


def _article(fields: Json) -> Article:
    names = ("headline", "paragraphs", "spans")
    return Article(**fields | {name: _spans(fields[name]) for name in names})


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)
