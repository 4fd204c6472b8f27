"""The command `qa doctor`: is the library whole, and with `--repair`, make it so."""

import argparse
from dataclasses import asdict

from qa import printing, settings
from qa.conversations.mending import faults, mend
from qa.library.doctor import Report, check, diagnose, must_exist
from qa.library.repair import repair
from qa.terminal import Bar, open_library, print_json, print_lines


def doctor_command(options: argparse.Namespace) -> int:
    """Print what was repaired and what was found; return 1 unless all is well."""
    folder = settings.library_folder(options.library)
    must_exist(folder)
    done: list[str] = []
    if options.repair:
        with Bar() as bar:
            done = [*repair(folder, settings.encoder_name(), bar), *mend(folder)]
    with open_library(options) as library:
        found = diagnose(library)
    kept = check("conversations", lambda: faults(folder), "those that are kept can be read")
    health = Report([*found.checks, kept])
    if options.json:
        print_json({"ok": health.ok, "repaired": done, **asdict(health)})
    else:
        print_lines(printing.shown(f"done  {line}") for line in done)
        print_lines(printing.shown(line) for line in printing.report_lines(health))
    return 0 if health.ok else 1
