"""Arguments: what may be written on the command line, and how it is explained."""

import argparse
from pathlib import Path

from qa.models import RECOMMENDED_ENCODER


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it returns has `command`, the name of the one that is meant."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--library", type=Path, metavar="DIR", help="library folder (QA_LIBRARY)")
    shared.add_argument("--json", action="store_true", help="print JSON and nothing else")
    whole = argparse.ArgumentParser(
        prog="qa", description="Answers questions about a newspaper archive, with exact citations."
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[shared], help=help_text, description=help_text)

    add = command("add", "add pages, or folders of them")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    remove = command("remove", "remove pages by file name or page id")
    remove.add_argument("sources", nargs="+", metavar="SOURCE")
    command("articles", "list the articles, as split")
    search = command("search", "show the passages nearest to a question")
    search.add_argument("question", metavar="QUESTION")
    search.add_argument("-k", type=_positive, default=5, help="how many passages (5)")
    asking = command("ask", "answer a question, or a file of them")
    wanted = asking.add_mutually_exclusive_group(required=True)
    wanted.add_argument("question", nargs="?", metavar="QUESTION")
    wanted.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="one JSON object a line")
    evaluation = command("eval", "measure on passages and questions with known answers")
    evaluation.add_argument("--passages", type=Path, required=True, metavar="P.jsonl")
    evaluation.add_argument("--questions", type=Path, required=True, metavar="Q.jsonl")
    evaluation.add_argument("--out", type=Path, metavar="PREDICTIONS.jsonl")
    evaluation.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the reliability")
    evaluation.add_argument("--retrieval-only", action="store_true", help="do not answer")
    evaluation.add_argument(
        "--without-gold",
        action="store_true",
        help="ask once more without the gold passages: what is refused then?",
    )
    evaluation.set_defaults(misused=evaluation.error)
    command("doctor", "prove that the library is whole")
    models = command("models", "show the models in use or their card; fetch an encoder")
    models.add_argument("action", nargs="?", choices=["list", "card", "pull"], default="list")
    models.add_argument("name", nargs="?", default=RECOMMENDED_ENCODER, metavar="NAME")
    return whole


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1 on")
    return int(text)
