"""Quoting: what was found → an answer in the newspaper's own sentences, by the built-in reader."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answering.answer import Answer, Citation, Statement, answer_of, citation_of
from qa.answering.finding import Finding
from qa.answering.followup import Turn
from qa.answering.question import Language
from qa.answering.reader import Reading
from qa.answering.selection import answering_words, selection


class Reader:
    """The answerer that needs no model: quotes sentences, never writes its own."""

    name = "built-in reader"
    status = ""

    def rewriting(self, question: str, history: Sequence[Turn], by_rules: str) -> Iterator[str]:  # noqa: ARG002
        """Yield nothing: the rules' version of a follow-up stays."""
        return iter(())

    def answers(self, finding: Finding) -> Iterator[Answer]:
        """Yield the answer as it grows, sentence by sentence; the last one is complete."""
        answer = self.answer(finding)
        for part in re.finditer(r"\[\d+\]|\n", answer.text) if answer.answered else ():
            shown = answer.text[: part.end()]
            cited = tuple(c for c in answer.citations if f"[{c.marker}]" in shown)
            said = tuple(s for s in answer.statements if s.end <= len(shown))
            yield replace(answer, text=shown, citations=cited, statements=said)
        yield answer

    def answer(self, finding: Finding) -> Answer:
        """Return the whole answer at once."""
        chosen = selection(finding.asked, finding.readings) if finding.enough else []
        ordered = _ordered(chosen)
        citations = [
            citation_of(r.candidate, marker, "quoted", answering_words(finding.want, r))
            for marker, r in enumerate(ordered, start=1)
        ]
        text, statements = _text(finding.asked.language, ordered, citations)
        return answer_of(finding, self.name, text, citations, statements)


def _ordered(chosen: Sequence[Reading]) -> list[Reading]:
    """Return the chosen sentences article by article, in the text's order."""
    articles = list(dict.fromkeys(r.candidate.hit.article.id for r in chosen))
    return sorted(
        chosen,
        key=lambda r: (articles.index(r.candidate.hit.article.id), r.candidate.sentence.span),
    )


def _text(
    language: Language, readings: Sequence[Reading], citations: Sequence[Citation]
) -> tuple[str, list[Statement]]:
    """Return the answer's text, a line for each article, and the places of the quotations."""
    text, article = "", ""
    statements = []
    for reading, cited in zip(readings, citations, strict=True):
        if cited.article_id != article:
            text += ("\n" if text else "") + _frame(language, cited)
            article = cited.article_id
        elif language == "en":
            text += " "
        start = len(text)
        text += f"{reading.candidate.text}[{cited.marker}]"
        statements.append(Statement(start, len(text), (cited.marker,), "quoted"))
    return text, statements


def _frame(language: Language, cited: Citation) -> str:
    """Return the words that introduce the quotation, in the language of the question."""
    if language == "en":
        dated = f" ({cited.date_text})" if cited.date_text else ""
        return f"According to “{cited.title or cited.source}”{dated}: "
    dated = f"（{cited.date_text}）" if cited.date_text else ""
    return f"据《{cited.title or cited.source}》{dated}："
