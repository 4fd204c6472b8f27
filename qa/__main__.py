"""`python -m qa` and `qa`: help and wrong usage are told at once, before any command is loaded."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


def main() -> int:
    """Run the command line; return its exit code, as `qa.cli.main` does."""
    with ended_at_once():
        import_module("qa.arguments").parser().parse_args()  # may end here, for help or a mistake
        command_line = import_module("qa.cli")  # half a second
    return int(command_line.main())


@contextmanager
def ended_at_once() -> Iterator[None]:
    """Let Ctrl-C end the program silently: nothing is begun that would have to be tidied up."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    sys.exit(main())
