"""The command line: `qa …` and `python -m qa …`.

Calls the stages and prints; everything that is printed is printed here. Errors that a
user can cause are one line on standard error and exit code 1; wrong usage is exit code 2.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from qa import contract, logs, printing, settings
from qa.answering.answer import Answer
from qa.answering.asking import Models, stream
from qa.answering.question import clean
from qa.answering.retrieve import retrieve
from qa.answering.telling import told
from qa.arguments import parser
from qa.batch import answer_batch
from qa.chat.choosing import models_for, wished
from qa.doctor_command import doctor_command
from qa.errors import QAError
from qa.evaluation import report
from qa.evaluation.diagram import reliability_svg
from qa.evaluation.evaluate import evaluate
from qa.library.library import Library
from qa.library.printed import printed_page
from qa.library.scope import Scope
from qa.model_commands import model_command
from qa.spans import Span
from qa.terminal import (
    Bar,
    ended_tidily,
    flush_output,
    open_library,
    print_json,
    print_lines,
    unwritable,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 for an error, 2 for wrong usage."""
    options = parser().parse_args(arguments)
    settings.offline(downloads=getattr(options, "action", "") == "pull")
    try:
        with ended_tidily(), logs.begin(options) or nullcontext():
            code = _COMMANDS[options.command](options)
            flush_output()
            return code
    except QAError as error:
        print(printing.shown(f"qa: {error}"), file=sys.stderr)
        return 1
    except OSError as error:
        return unwritable(error)
    except KeyboardInterrupt:
        print("qa: stopped", file=sys.stderr)
        return 130


def _add(options: argparse.Namespace) -> int:
    with open_library(options) as library, Bar() as bar:
        outcomes = library.add(options.paths, bar)
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if options.json:
        print_json([asdict(outcome) for outcome in outcomes])
    else:
        for outcome in outcomes:
            if outcome.state != "failed":
                print(printing.shown(f"{outcome.state:<10}{outcome.source}  {outcome.message}"))
    for outcome in failed:
        print(printing.shown(f"qa: {outcome.message}"), file=sys.stderr)
    return 1 if failed else 0


def _remove(options: argparse.Namespace) -> int:
    with open_library(options) as library, Bar() as bar:
        removed = [name for source in options.sources for name in library.remove(source, bar)]
    if options.json:
        print_json(removed)
    else:
        print_lines(printing.shown(f"removed   {name}") for name in removed)
    return 0


def _articles(options: argparse.Namespace) -> int:
    with open_library(options) as library:
        articles = library.articles()
    if options.json:
        print_json([contract.article_json(article) for article in articles])
    else:
        print_lines(line for article in articles for line in printing.article_lines(article))
    return 0


def _search(options: argparse.Namespace) -> int:
    with open_library(options, seeded=True) as library:
        snapshot, question = library.snapshot(), clean(options.question)
        hits = retrieve(snapshot, question, options.k, scope=_scope(options))
    if options.json:
        print_json([contract.hit_json(hit) for hit in hits])
    else:
        print_lines(line for hit in hits for line in printing.hit_lines(hit))
        if not hits:
            print("qa: no passage has a word of it", file=sys.stderr)
    return 0


def _scope(options: argparse.Namespace) -> Scope:
    return Scope((), tuple(options.sources), options.since, options.until)


def _ask(options: argparse.Namespace) -> int:
    scope = _scope(options)
    with open_library(options, seeded=True) as library:
        with Bar() as bar:
            models = models_for(wished(options), bar)
        if options.batch:
            return _ask_batch(library, options.batch, models, scope)
        steps = stream(library, options.question, models=models, scope=scope)
        answers = told(steps, options.question, "command")
        answer = _last(answers) if options.json else _printed(answers)
        pages = _printed_pages(library, answer)
    if answer.notice:
        print(printing.shown(f"qa: {answer.notice}"), file=sys.stderr)
    if options.json:
        print_json(contract.answer_json(answer))
    else:
        print_lines(["", *printing.proof_lines(answer, sys.stdout.isatty(), pages)])
    return 0


def _printed_pages(library: Library, answer: Answer) -> dict[int, str]:
    """Return the printed page of each citation that has one, by its marker."""
    pages = {
        cited.marker: printed_page(library, cited.article_id, Span(cited.start, cited.end))
        for cited in answer.citations
    }
    return {marker: page for marker, page in pages.items() if page}


def _last(answers: Iterator[Answer]) -> Answer:
    *_, answer = answers
    return answer


def _printed(answers: Iterator[Answer]) -> Answer:
    """Print the text of an answer as it settles; return the whole answer."""
    printed = ""
    for answer in answers:
        settled = printing.settled(answer)
        if settled.startswith(printed):
            print(printing.shown(settled[len(printed) :]), end="", flush=True)
            printed = settled
    whole = answer.text.startswith(printed)
    print(printing.shown(answer.text[len(printed) :] if whole else f"\n\n{answer.text}"))
    return answer


def _ask_batch(library: Library, path: Path, models: Models, scope: Scope) -> int:
    problems = 0
    for line in answer_batch(library, path, models, scope=scope):
        print_json(line.answer)
        problems += bool(line.problem)
        if said := line.problem or line.notice:
            print(printing.shown(f"qa: {said}"), file=sys.stderr)
    return 1 if problems else 0


def _eval(options: argparse.Namespace) -> int:
    if options.retrieval_only and (options.without_gold or options.plot):
        options.misused("--retrieval-only answers nothing, so it knows no confidence to measure")
    named = [options.passages, options.questions, *filter(None, (options.out, options.plot))]
    if len({path.resolve() for path in named}) < len(named):
        options.misused("each of the files named must be another one: none is written over")
    for path in filter(None, (options.out, options.plot)):
        _write(path, [], "a")  # tells before the work whether it can be written
    with Bar() as bar:
        found = evaluate(
            options.passages,
            options.questions,
            bar,
            retrieval_only=options.retrieval_only,
            without_gold=options.without_gold,
        )
    if options.json:
        print_json(report.evaluation_json(found))
    else:
        print_lines(report.evaluation_lines(found))
    if options.out:
        _write(options.out, [json.dumps(asdict(p), ensure_ascii=False) for p in found.predictions])
    if options.plot:
        _write(options.plot, [reliability_svg(found.reliability)])
    return 0


def _write(path: Path, rows: Sequence[str], mode: Literal["w", "a"] = "w") -> None:
    """Write lines to `path`, or after what is there. Raises QAError where that cannot be done."""
    try:
        with path.open(mode, encoding="utf-8", errors="replace") as file:
            file.writelines(f"{row}\n" for row in rows)
    except OSError as error:
        raise QAError(f"{path}: cannot be written ({error.strerror})") from error


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": _add,
    "remove": _remove,
    "articles": _articles,
    "search": _search,
    "ask": _ask,
    "eval": _eval,
    "doctor": doctor_command,
    "models": model_command,
}
