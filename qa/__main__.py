"""`python -m qa` and `qa`: help and wrong usage are told at once, before any command is loaded."""

import sys
from importlib import import_module

from qa.arguments import parser


def main() -> int:
    """Run the command line; return its exit code, as `qa.cli.main` does."""
    parser().parse_args()  # ends here when it is asked for help or cannot be understood
    return int(import_module("qa.cli").main())  # half a second


if __name__ == "__main__":
    sys.exit(main())
