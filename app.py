"""The chat window's command line: open the library, index the seeds if it is empty, serve.

Knows nothing of what the window shows (see `window/`) nor of how answers are made (see `qa/`).
"""

from qa.__main__ import ended_at_once

with ended_at_once():  # loading all this takes a second
    import argparse
    import getpass
    import sys
    import threading
    from collections.abc import Sequence
    from contextlib import nullcontext
    from pathlib import Path
    from typing import Any

    from qa import Library, QAError, logs
    from qa.arguments import add_log_options, add_model_options, add_version_option
    from qa.chat.choosing import models_for, wished
    from qa.conversations.store import Conversations
    from qa.events import tell
    from qa.settings import encoder_name, library_folder, offline, seeds_folder
    from qa.terminal import Bar, ended_tidily
    from window.desk import PLACES, Desk
    from window.entrance.address import free_port, is_local, names_of, taken
    from window.entrance.endpoints import Endpoints
    from window.entrance.entrance import OPEN_HOUSE, House, entrance
    from window.entrance.health import Health
    from window.entrance.listening import steady
    from window.entrance.passwords import hash_password
    from window.entrance.porter import Porter
    from window.entrance.tools import check_installed
    from window.examples import examples_for
    from window.frame import HEAD, build, theme
    from window.metrics import Metrics
    from window.starting import share_memory

AUTH_HELP = """\
FILE for --auth holds one line per person, `NAME:scrypt$salt$hash`; lines that begin with # are
skipped. Make a line with `python app.py --hash-password` and write the name instead of NAME.
Plain passwords are refused. The file is read again when it changes: whoever is struck out, or
given another password, is logged out."""
_THREADS = 128  # at most; each question that is answered or waits takes one
_VISITS = 256  # kept, those used last; of each page load gradio keeps half a megabyte

# No link to the outside, no record of what is asked, nothing that the window does not need.
_PLAIN: dict[str, Any] = {
    "share": False,
    "quiet": True,
    "footer_links": [],
    "run_history": False,
    "enable_monitoring": False,
    "ssr_mode": False,
    "mcp_server": False,
    "pwa": False,
    "inbrowser": False,
    "prevent_thread_lock": True,
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of `python app.py`."""
    made = argparse.ArgumentParser(
        prog="app.py",
        description="Ask a newspaper archive in the browser and read the cited sentences.",
        epilog=AUTH_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    made.add_argument("--port", type=_port, default=7860, help="port, 0 to 65535 (%(default)s)")
    made.add_argument("--auth", type=Path, metavar="FILE", help="let in only the people of FILE")
    made.add_argument(
        "--questions",
        type=_count,
        default=PLACES,
        metavar="N",
        help="answer at most N questions at once, the others wait in line (%(default)s)",
    )
    made.add_argument(
        "--read-only", action="store_true", help="let nobody add or remove pages in the window"
    )
    made.add_argument(
        "--mcp", action="store_true", help="offer ask, search and articles as an MCP server too"
    )
    made.add_argument(
        "--name",
        action="append",
        default=[],
        dest="names",
        help="a name under which a proxy serves the window, may be given several times; other "
        "names are refused then, as they are with a --host that only this machine can reach",
    )
    made.add_argument(
        "--metrics",
        action="store_true",
        help="serve counters and timings for Prometheus at /metrics",
    )
    add_version_option(made)
    add_log_options(made)
    made.add_argument("--library", type=Path, metavar="DIR", help="folder of the library")
    add_model_options(made)
    made.add_argument(
        "--hash-password", action="store_true", help="ask for a password, print its line and end"
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window until it is interrupted; return the exit code."""
    asked = parser().parse_args(arguments)
    try:
        if asked.hash_password:
            _say(f"NAME:{hash_password(_new_password())}")
            return 0
        with ended_tidily():
            _open(asked)
    except QAError as error:
        _complain(str(error))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    return 0


def _open(asked: argparse.Namespace) -> None:
    """Open the library that is asked for, and serve it until it is interrupted."""
    if asked.mcp:
        check_installed()
    porter = Porter(asked.auth, _complain) if asked.auth else None
    house = House(
        porter, asked.mcp, is_local(asked.host), asked.read_only, names_of(asked.host, asked.names)
    )
    port = free_port(asked.host, asked.port)
    if not (house.local or porter):
        _complain(f"Whoever reaches {asked.host} can use this window; see --auth")
    share_memory()
    offline()  # before any heavy package is imported
    folder = library_folder(asked.library)
    with (
        logs.begin(asked) or nullcontext(),
        Library.open(folder, encoder_name(), background=True) as library,
        Conversations.open(folder) as conversations,
    ):
        models = models_for(wished(asked))
        fill(library)
        examples = examples_for(library.articles())
        desk = Desk(library, examples, models, conversations, asked.questions)
        with Metrics(library, desk.gate) if asked.metrics else nullcontext() as metrics:
            serve(desk, asked.host, port, house._replace(metrics=metrics))


def fill(library: Library) -> None:
    """Index the seed pages into an empty library, with a progress bar."""
    if library.is_empty():
        sys.stderr.write(f"The library in {library.folder} is empty: adding the seeds\n")
        with Bar() as bar:
            library.add([seeds_folder()], bar)


def serve(desk: Desk, host: str, port: int, house: House = OPEN_HOUSE) -> None:
    """Serve the window of a desk, by the rules of the house, until it is interrupted.

    Raises PortError when the port has been taken meanwhile.
    """
    page = build(desk, read_only=house.read_only)
    endpoints = Endpoints(desk.library, desk.gate, desk.models)
    house = house._replace(health=Health(desk.library), head=HEAD)
    try:
        page.launch(
            server_name=host,
            server_port=port,
            auth_message="报纸问答 gaoxin-qa",
            head=house.head,
            theme=theme(),
            max_threads=_THREADS,
            state_session_capacity=_VISITS,
            **_PLAIN,
            **entrance(page, endpoints, house),
        )
    except OSError as error:
        raise taken(host, port) from error
    steady(page.server)
    tell("serving", host=host, port=port, login=house.porter is not None)
    threading.Thread(target=desk.warm_up, daemon=True).start()
    _say(f"gaoxin-qa is at {page.local_url} (stop with Ctrl+C)")
    try:
        threading.Event().wait()
    finally:
        page.close(verbose=False)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1 on")
    return int(text)


def _new_password() -> str:
    try:
        password = getpass.getpass("Password: ")
        again = getpass.getpass("Again: ")
    except EOFError as error:
        raise QAError("no password was typed: run it in a terminal, and type it twice") from error
    if not password or again != password:
        raise QAError("the two entries are empty or differ; run it again")
    return password


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
