"""The chat window's command line: open the library, index the seeds if it is empty, serve.

Knows nothing of what the window shows (see `window/`) nor of how answers are made (see `qa/`).
"""

import argparse
import getpass
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qa import Library, QAError
from qa.arguments import add_model_options
from qa.chat.choosing import models_for, wished
from qa.settings import encoder_name, library_folder, offline, seeds_folder
from qa.terminal import Bar
from window.desk import Desk
from window.doors import Doors
from window.examples import examples_for
from window.frame import HEAD, build, theme
from window.passwords import gatekeeper, hash_password, read_passwords

AUTH_HELP = """\
FILE for --auth holds one line per person, `user:scrypt$salt$hash`; lines that begin with # are
skipped. Make a line with `python app.py --hash-password` and put the name before the colon.
Plain passwords are refused."""


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

Admits = Callable[[str, str], bool]


class PortError(QAError):
    """The address cannot be listened on."""


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
        admits = gatekeeper(read_passwords(asked.auth)) if asked.auth else None
        port = free_port(asked.host, asked.port)
        offline()  # before any heavy package is imported
        folder = library_folder(asked.library)
        with Library.open(folder, encoder_name(), background=True) as library:
            models = models_for(wished(asked))
            fill(library)
            desk = Desk(library, examples_for(library.articles()), models)
            serve(desk, asked.host, port, admits)
    except QAError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    return 0


def free_port(host: str, port: int) -> int:
    """Return the port to listen on (a free one for 0); raise PortError when it is taken."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise _taken(host, port) from error


def fill(library: Library) -> None:
    """Index the seed pages into an empty library, with a progress bar."""
    if library.is_empty():
        sys.stderr.write(f"The library in {library.folder} is empty: adding the seeds\n")
        with Bar() as bar:
            library.add([seeds_folder()], bar)


def serve(desk: Desk, host: str, port: int, admits: Admits | None = None) -> None:
    """Serve the window of a desk until it is interrupted; `admits` checks user and password.

    Raises PortError when the port has been taken meanwhile.
    """
    from starlette.middleware import Middleware

    page = build(desk)
    try:
        page.launch(
            server_name=host,
            server_port=port,
            auth=admits,
            auth_message="报纸问答 gaoxin-qa",
            head=HEAD,
            theme=theme(),
            app_kwargs={"middleware": [Middleware(Doors)]},
            **_PLAIN,
        )
    except OSError as error:
        raise _taken(host, port) from error
    threading.Thread(target=desk.warm_up, daemon=True).start()
    _say(f"gaoxin-qa is at {page.local_url} (stop with Ctrl+C)")
    try:
        threading.Event().wait()
    finally:
        page.close(verbose=False)


def _taken(host: str, port: int) -> PortError:
    return PortError(f"cannot listen on {host}:{port}; choose another with --port or --host")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return int(text)


def _new_password() -> str:
    password = getpass.getpass("Password: ")
    if not password or getpass.getpass("Again: ") != password:
        raise QAError("the two entries are empty or differ; run it again")
    return password


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
