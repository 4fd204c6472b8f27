"""Arguments: what may be written on the command line, and how it is explained."""

import argparse
from pathlib import Path
from typing import Any


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it returns has `command`, the name of the one that is meant."""
    # Taken before the command or behind it: there, what is not given leaves what was given before.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    whole = argparse.ArgumentParser(
        prog="qa", description="Answers questions about a newspaper archive, with exact citations."
    )
    for each in (whole, shared):
        each.add_argument("--library", type=Path, metavar="DIR", help="library folder (QA_LIBRARY)")
        each.add_argument("--json", action="store_true", help="print JSON and nothing else")
        add_log_options(each)
    add_version_option(whole)
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
    _add_scope_options(search)
    asking = command("ask", "answer a question, or a file of them")
    wanted = asking.add_mutually_exclusive_group(required=True)
    wanted.add_argument("question", nargs="?", metavar="QUESTION")
    wanted.add_argument(
        "--batch",
        type=Path,
        metavar="FILE.jsonl",
        help="one JSON object a line; - is standard input",
    )
    _add_scope_options(asking)
    add_model_options(asking)
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
    doctor = command("doctor", "prove that the library is whole")
    doctor.add_argument(
        "--repair",
        action="store_true",
        help="make anew what is derived, and save what can be read of a damaged library, whose "
        "file is kept under another name",
    )
    models = command("models", "list the models, fetch or try one, show the card")
    actions = ["list", "pull", "check", "card"]
    models.add_argument("action", nargs="?", choices=actions, default="list")
    models.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="OWNER/NAME of the hub, a folder, or a short name from the list; pull without it "
        "fetches all that is recommended for this machine, check tries the chat model in use",
    )
    models.set_defaults(misused=models.error)
    return whole


def add_model_options(to: argparse.ArgumentParser) -> None:
    """Let `to` take the options that name a chat model, for `qa.chat.choosing.Wish`."""
    to.add_argument(
        "--model",
        metavar="NAME",
        help="chat model by name or folder, of the server if one is given; auto (the default) "
        "takes the best that is on disk, built-in quotes without one (QA_CHAT_MODEL)",
    )
    to.add_argument("--server", metavar="URL", help="OpenAI-compatible server (QA_SERVER)")
    to.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="the server's key is the first line of FILE (QA_SERVER_KEY_FILE, QA_SERVER_KEY)",
    )


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: it may be run without being installed."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version  # costs every other command 30 ms

        print(f"gaoxin-qa {version('gaoxin-qa')}")
        parser.exit()


def add_version_option(to: argparse.ArgumentParser) -> None:
    """Let `to` take --version, which prints the version of the package and ends."""
    to.add_argument("--version", action=_Version, nargs=0, help="print the version and end")


def add_log_options(to: argparse.ArgumentParser) -> None:
    """Let `to` take the options of `qa.logs.begin`."""
    to.add_argument(
        "--log-level",
        choices=["debug", "info", "warning", "error"],
        metavar="LEVEL",
        help="write what happens from this level on to standard error, one JSON object a line: "
        "debug, info, warning or error (QA_LOG_LEVEL)",
    )
    to.add_argument(
        "--log-questions", action="store_true", help="write what is asked too, which logs leave out"
    )


def _add_scope_options(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--source",
        action="append",
        default=[],
        dest="sources",
        metavar="NAME",
        help="look only into this file, by its name or page id; may be given several times",
    )
    to.add_argument(
        "--since",
        metavar="DATE",
        help="look only into articles dated on or after YYYY-MM-DD; those whose year is not "
        "known are left out",
    )
    to.add_argument("--until", metavar="DATE", help="the same, on or before")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1 on")
    return int(text)
