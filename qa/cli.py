"""The command line: `qa …` and `python -m qa …`.

Calls the stages and prints; everything that is printed is printed here. Errors that a
user can cause are one line on standard error and exit code 1; wrong usage is exit code 2.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from qa import contract, printing, settings
from qa.answering.asking import ask
from qa.answering.question import clean
from qa.answering.retrieve import retrieve
from qa.arguments import parser
from qa.batch import answer_batch
from qa.errors import QAError
from qa.evaluation import report
from qa.evaluation.diagram import reliability_svg
from qa.evaluation.evaluate import evaluate
from qa.library.doctor import diagnose
from qa.library.library import Library
from qa.models import dictionary, model_card, models_in_use, pull


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 for an error, 2 for wrong usage."""
    options = parser().parse_args(arguments)
    settings.offline(downloads=getattr(options, "action", "") == "pull")
    try:
        return _COMMANDS[options.command](options)
    except QAError as error:
        print(f"qa: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print("qa: stopped", file=sys.stderr)
        return 130


def _open(options: argparse.Namespace, seeded: bool = False) -> Library:
    """Open the library that is meant; an empty one is first given the seeds if `seeded`."""
    folder = settings.library_folder(options.library)
    library = Library.open(folder, settings.encoder_name())
    if seeded and library.is_empty():
        print(f"qa: the library in {folder} is empty: adding the seeds", file=sys.stderr)
        with Bar() as bar:
            library.add([settings.seeds_folder()], bar)
    return library


class Bar:
    """A progress bar on standard error, moved by `bar(done, total, name)`."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self._bar: tqdm[Any] = tqdm(disable=None, leave=False, file=sys.stderr)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Show that `done` of `total` steps are done, the last of them `name`."""
        if self._bar.disable:
            return
        self._bar.set_description(name[:40], refresh=False)
        if done < self._bar.n or total != self._bar.total:
            self._bar.reset(total)
        self._bar.update(done - self._bar.n)


def _print_json(value: Any) -> None:
    print(printing.json_line(value))


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _add(options: argparse.Namespace) -> int:
    with _open(options) as library, Bar() as bar:
        outcomes = library.add(options.paths, bar)
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if options.json:
        _print_json([asdict(outcome) for outcome in outcomes])
    else:
        for outcome in outcomes:
            if outcome.state != "failed":
                print(f"{outcome.state:<10}{outcome.source}  {outcome.message}")
    for outcome in failed:
        print(f"qa: {outcome.message}", file=sys.stderr)
    return 1 if failed else 0


def _remove(options: argparse.Namespace) -> int:
    with _open(options) as library:
        removed = [name for source in options.sources for name in library.remove(source)]
    if options.json:
        _print_json(removed)
    else:
        _print_lines(f"removed   {name}" for name in removed)
    return 0


def _articles(options: argparse.Namespace) -> int:
    with _open(options) as library:
        articles = library.articles()
    if options.json:
        _print_json([contract.article_json(article) for article in articles])
    else:
        _print_lines(line for article in articles for line in printing.article_lines(article))
    return 0


def _search(options: argparse.Namespace) -> int:
    with _open(options, seeded=True) as library:
        hits = retrieve(library.snapshot(), clean(options.question), options.k)
    if options.json:
        _print_json([contract.hit_json(hit) for hit in hits])
    else:
        _print_lines(line for hit in hits for line in printing.hit_lines(hit))
    return 0


def _ask(options: argparse.Namespace) -> int:
    with _open(options, seeded=True) as library:
        if options.batch:
            return _ask_batch(library, options.batch)
        answer = ask(library, options.question)
    if options.json:
        _print_json(contract.answer_json(answer))
    else:
        _print_lines(printing.answer_lines(answer, colour=sys.stdout.isatty()))
    return 0


def _ask_batch(library: Library, path: Path) -> int:
    problems = 0
    for answered, problem in answer_batch(library, path):
        _print_json(answered)
        if problem:
            problems += 1
            print(f"qa: {problem}", file=sys.stderr)
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
        _print_json(report.evaluation_json(found))
    else:
        _print_lines(report.evaluation_lines(found))
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


def _doctor(options: argparse.Namespace) -> int:
    with _open(options) as library:
        health = diagnose(library)
    if options.json:
        _print_json({"ok": health.ok, **asdict(health)})
    else:
        _print_lines(printing.report_lines(health))
    return 0 if health.ok else 1


def _models(options: argparse.Namespace) -> int:
    if options.action == "pull":
        folder = pull(options.name)
        said = {"name": options.name, "folder": str(folder)}
        _print_json(said) if options.json else print(f"QA_ENCODER={options.name} uses {folder}")
        return 0
    if options.action == "card":
        _print_json({"card": model_card()}) if options.json else print(model_card(), end="")
        return 0
    with _open(options, seeded=True) as library:
        models = [*models_in_use(library), dictionary()]
    if options.json:
        _print_json([asdict(model) for model in models])
    else:
        _print_lines(printing.model_lines(models))
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": _add,
    "remove": _remove,
    "articles": _articles,
    "search": _search,
    "ask": _ask,
    "eval": _eval,
    "doctor": _doctor,
    "models": _models,
}
