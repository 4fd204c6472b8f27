"""Export: a conversation as Markdown for people and as JSON for programs, with numbered references.

References are numbered through the whole document, each belongs to the turn that made it, and
each tells where its words stand. Everything that pages, people or models wrote stays text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import NamedTuple

from qa.answering.answer import Answer, Citation
from qa.contract import Json, answer_json, citation_json
from qa.conversations.turn import Kept, Turn
from qa.grounding.plain import is_chinese
from qa.spans import reflow

_MARKER = re.compile(r"\[(\d{1,3})\]")
_SIGNS = re.compile(r"[\\`*_\[\]<>|~$&]")
_BREAK = re.compile(r"[^\S\r\n]*[\r\n]\s*")
# What would begin a heading or a list, or, right behind a footnote, make something else of it.
_OPENS = re.compile(r"^([^\S\n]*)([#+\-=:(]|\d+(?=[.)]))", re.MULTILINE)
_INDENT = re.compile(r"^(?: {4}| {0,3}\t)[ \t]*", re.MULTILINE)  # would make code of a line
_ADDRESS = re.compile(r":(?=//)")  # would become a link
_SUPPORT = {"quoted": "", "supported": "据原文改写 reworded", "unverified": "未经核实 unverified"}
_FEEDBACK = {"up": "有帮助 helpful", "down": "没有帮助 not helpful"}
_ENDED = {
    "asking": "（没有答完 not finished）",
    "stopped": "（已停止 stopped）",
    "broken": "（程序出错 the program failed）",
}


class Reference(NamedTuple):
    """A citation and its number in the document; `[marker]` is its number in its own answer."""

    number: int
    turn: int
    citation: Citation


def references(kept: Kept) -> list[Reference]:
    """Return all citations of a conversation, numbered from 1 in the order of their turns."""
    cited = [(t.number, c) for t in kept.turns if t.answer for c in t.answer.citations]
    return [Reference(number, *each) for number, each in enumerate(cited, start=1)]


def as_json(kept: Kept) -> str:
    """Return the conversation as a JSON object; answers are as `qa ask --json` prints them."""
    listed = references(kept)
    return json.dumps(
        {
            "id": kept.id,
            "title": kept.title,
            "created": kept.created,
            "changed": kept.changed,
            "turns": [_turn_json(turn) for turn in kept.turns],
            "references": [
                {"number": number, "turn": turn, **citation_json(citation)}
                for number, turn, citation in listed
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def _turn_json(turn: Turn) -> Json:
    return {
        "number": turn.number,
        "question": turn.question,
        "state": turn.state,
        "scope": asdict(turn.scope),
        "feedback": turn.feedback,
        "reason": turn.reason,
        "answer": answer_json(turn.answer, turn.number) if turn.answer else None,
    }


def as_markdown(kept: Kept) -> str:
    """Return the conversation as Markdown, with its references as footnotes `[^n]` at the end."""
    listed = references(kept)
    parts = [f"# {_plain(kept.title)}", f"gaoxin-qa · {kept.created} – {kept.changed}"]
    for turn in kept.turns:
        numbers = {r.citation.marker: r.number for r in listed if r.turn == turn.number}
        parts += _turn(turn, numbers)
    if listed:
        parts.append("## 引用 References")
        english = {turn.number for turn in kept.turns if not is_chinese(turn.question)}
        parts += [_reference(each, each.turn in english) for each in listed]
    return _INDENT.sub(" ", "\n\n".join(parts)) + "\n"


def _turn(turn: Turn, numbers: dict[int, int]) -> Iterator[str]:
    yield f"## {turn.number}. {_plain(reflow(turn.question))}"
    if turn.answer is not None:
        yield "".join(_pieces(turn.answer, numbers))
    if turn.state in _ENDED:
        yield _ENDED[turn.state]
    if turn.feedback:
        why = f"：{_plain(reflow(turn.reason))}" if turn.reason else ""
        yield f"> {_FEEDBACK[turn.feedback]}{why}"


def _pieces(answer: Answer, numbers: dict[int, int]) -> Iterator[str]:
    """Yield the answer with its own markers as footnotes, and why a sentence is in doubt."""
    at = 0
    for statement in answer.statements:
        yield _noted(answer.text[at : statement.end], numbers)
        at = statement.end
        if statement.support == "unverified":
            yield f"（{_SUPPORT['unverified']}：{_plain(statement.reason)}）"
    yield _noted(answer.text[at:], numbers)


def _noted(text: str, numbers: dict[int, int]) -> str:
    """Return plain text as Markdown; markers that the answer has are footnotes."""
    shown, at = "", 0
    for found in _MARKER.finditer(text):
        if (number := numbers.get(int(found[1]))) is not None:
            shown += f"{_plain(text[at : found.start()])}[^{number}]"
            at = found.end()
    return shown + _plain(text[at:])


def _reference(reference: Reference, english: bool) -> str:
    """Return a footnote, in the language in which its question was asked."""
    number, turn, cited = reference
    comma, colon = (", ", ": ") if english else ("，", "：")
    title = f"“{cited.title}”" if english else f"《{cited.title}》"
    facts = [title if cited.title else "", cited.date_text or "", cited.source]
    place = f"[{cited.start}, {cited.end})"
    told = comma.join(_plain(fact) for fact in [*facts, place] if fact)
    support = f"（{_SUPPORT[cited.support]}）" if _SUPPORT[cited.support] else ""
    asked = f"Question {turn}" if english else f"第 {turn} 问"
    own = _plain(f"{asked} [{cited.marker}]")
    return f"[^{number}]: {own}{colon}{told}{support}{colon}“{_plain(reflow(cited.quote))}”"


def _plain(text: str) -> str:
    """Return `text` so that Markdown shows it as it stands; each line is a paragraph."""
    signs = _SIGNS.sub(r"\\\g<0>", _BREAK.sub("\n\n", text))
    return _ADDRESS.sub(r"\\:", _OPENS.sub(_escaped, signs))


def _escaped(found: re.Match[str]) -> str:
    space, sign = found.groups()
    return space + (f"{sign}\\" if sign.isdigit() else f"\\{sign}")
