"""The command line: `qa …` and `python -m qa …`.

Parses, calls the stages, and prints; everything that is printed is printed here. Errors that a
user can cause are one line on standard error and exit code 1; wrong usage is exit code 2.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa import contract, printing, settings
from qa.answering.answer import ask
from qa.answering.question import clean
from qa.answering.retrieve import retrieve
from qa.batch import answer_batch
from qa.errors import QAError
from qa.evaluation.evaluate import evaluate
from qa.library.doctor import diagnose
from qa.library.library import Library
from qa.models import RECOMMENDED_ENCODER, models_in_use, pull


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 for an error, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    settings.offline(downloads=getattr(options, "action", "") == "pull")
    try:
        return int(options.run(options))
    except QAError as error:
        print(f"qa: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print("qa: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--library", type=Path, metavar="DIR", help="library folder (QA_LIBRARY)")
    shared.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser = argparse.ArgumentParser(
        prog="qa", description="Answers questions about a newspaper archive, with exact citations."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Any, help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, parents=[shared], help=help_text, description=help_text)
        sub.set_defaults(run=run)
        return sub

    add = command("add", _add, "add pages, or folders of them")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    remove = command("remove", _remove, "remove pages by file name or page id")
    remove.add_argument("sources", nargs="+", metavar="SOURCE")
    command("articles", _articles, "list the articles, as split")
    search = command("search", _search, "show the passages nearest to a question")
    search.add_argument("question", metavar="QUESTION")
    search.add_argument("-k", type=_positive, default=5, help="how many passages (5)")
    asking = command("ask", _ask, "answer a question, or a file of them")
    wanted = asking.add_mutually_exclusive_group(required=True)
    wanted.add_argument("question", nargs="?", metavar="QUESTION")
    wanted.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="one JSON object a line")
    evaluation = command("eval", _eval, "measure on passages and questions with known answers")
    evaluation.add_argument("--passages", type=Path, required=True, metavar="P.jsonl")
    evaluation.add_argument("--questions", type=Path, required=True, metavar="Q.jsonl")
    evaluation.add_argument("--out", type=Path, metavar="PREDICTIONS.jsonl")
    evaluation.add_argument("--retrieval-only", action="store_true", help="do not answer")
    command("doctor", _doctor, "prove that the library is whole")
    models = command("models", _models, "show which models are in use, or fetch an encoder")
    models.add_argument("action", nargs="?", choices=["list", "pull"], default="list")
    models.add_argument("name", nargs="?", default=RECOMMENDED_ENCODER, metavar="NAME")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1 on")
    return int(text)


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
        if done < self._bar.n or total != self._bar.total:
            self._bar.reset(total)
        self._bar.set_description(name[:40], refresh=False)
        self._bar.update(done - self._bar.n)


def _print_json(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    # Half of a surrogate pair, which JSON may hold and UTF-8 may not, is printed as its escape.
    print(text if text.isascii() or _encodes(text) else json.dumps(value))


def _encodes(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


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
    if options.out:
        _write(options.out, [])  # tells before the work whether it can be written
    with Bar() as bar:
        found = evaluate(options.passages, options.questions, bar, options.retrieval_only)
    if options.json:
        _print_json(found.figures)
    else:
        _print_lines(printing.figure_lines(found.figures))
    if options.out:
        _write(options.out, [json.dumps(asdict(p), ensure_ascii=False) for p in found.predictions])
    return 0


def _write(path: Path, rows: Sequence[str]) -> None:
    try:
        path.write_text("".join(row + "\n" for row in rows), encoding="utf-8", errors="replace")
    except OSError as error:
        raise QAError(f"{path}: cannot be written ({error.strerror})") from error


def _doctor(options: argparse.Namespace) -> int:
    with _open(options) as library:
        report = diagnose(library)
    if options.json:
        _print_json({"ok": report.ok, **asdict(report)})
    else:
        for check in report.checks:
            print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}")
    return 0 if report.ok else 1


def _models(options: argparse.Namespace) -> int:
    if options.action == "pull":
        folder = pull(options.name)
        said = {"name": options.name, "folder": str(folder)}
        _print_json(said) if options.json else print(f"QA_ENCODER={options.name} uses {folder}")
        return 0
    with _open(options, seeded=True) as library:
        models = models_in_use(library)
    if options.json:
        _print_json([asdict(model) for model in models])
    else:
        _print_lines(f"{m.part:<10}{m.name}  ({m.note})  {m.where}" for m in models)
    return 0
