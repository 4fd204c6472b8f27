"""The contract: articles, passages and answers → the JSON objects that other programs rely on.

Field names are fixed; whoever reads the command line's `--json` output reads these.
"""

from typing import Any

from qa.answering.answer import Answer, Citation
from qa.answering.retrieve import Hit
from qa.splitting.articles import Article

Json = dict[str, Any]


def article_json(article: Article) -> Json:
    """Return the object that `qa articles --json` lists."""
    return {
        "id": article.id,
        "source": article.source,
        "title": article.title,
        "date_text": article.date_text,
        "date": article.date,
        "byline": article.byline,
        "text": article.text,
        "spans": [list(span) for span in article.spans],
    }


def hit_json(hit: Hit) -> Json:
    """Return one entry of "passages"."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "source": hit.article.source,
        "article_id": hit.article.id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
    }


def citation_json(citation: Citation) -> Json:
    """Return one entry of "citations"."""
    return {
        "marker": citation.marker,
        "source": citation.source,
        "article_id": citation.article_id,
        "title": citation.title,
        "date_text": citation.date_text,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "support": citation.support,
    }


def answer_json(answer: Answer, identity: Any = None) -> Json:
    """Return the object that `qa ask --json` prints. `identity` is given back as "id"."""
    return {
        "id": identity,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "citations": [citation_json(citation) for citation in answer.citations],
        "passages": [hit_json(hit) for hit in answer.passages],
        "models": answer.models,
        "timings_ms": answer.timings_ms,
    }
