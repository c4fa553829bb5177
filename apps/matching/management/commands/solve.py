import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, get_args

from django.core.management import BaseCommand, CommandError

from apps.core.progress import Bar
from apps.matching.engine.canonical import to_json
from apps.matching.engine.faults import FAULT_CODES, ProblemError
from apps.matching.engine.problem import Objective, Policy
from apps.matching.engine.progress import silent
from apps.matching.exchange_format.schema import build_schema
from apps.matching.exchange_format.sentences import explain
from apps.matching.exchange_format.solving import (
    Options,
    RefusedError,
    WrongUseError,
    read_problem,
    solve,
    with_options,
)
from apps.matching.exchange_format.tables import KINDS, locate

BAD_INPUT, WRONG_USE, REFUSED = 1, 2, 3
STATUS = {OverflowError: BAD_INPUT, WrongUseError: WRONG_USE, RefusedError: REFUSED}


class Command(BaseCommand):
    help = (
        "Solve a problem of the engine without a database: JSON in, JSON out. Exit status 0: "
        "solved and checked; 1: the input is bad, every fault is listed; 2: wrong use, or a file "
        "that cannot be read; 3: the checker refused the result. See docs/engine.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("problem", nargs="?", help="a JSON file, - for standard input")
        for name in KINDS:
            parser.add_argument(f"--{name}", metavar="CSV", help=f"table of {name} to use instead")
        parser.add_argument(
            "--kind",
            choices=("pairing", "allocation"),
            default="allocation",
            help="what tables alone ask (default: allocation)",
        )
        parser.add_argument("--today", help="the day of an allocation, as 2020-03-01")
        parser.add_argument("--objective", choices=get_args(Objective))
        parser.add_argument("--policy", choices=get_args(Policy))
        parser.add_argument("--weights", help="millionths, as coverage=600000,tie=400000")
        parser.add_argument(
            "--schema", action="store_true", help="print the JSON Schema of problem and solution"
        )
        parser.add_argument(
            "--explain",
            action="store_true",
            help="also say every reason as a sentence, on standard error",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(build_schema(), indent=2))
            return
        files = {name: options[name] for name in KINDS if options[name]}
        if not options["problem"] and not files:
            raise CommandError("Name a problem or tables.", returncode=WRONG_USE)
        text = read(options["problem"]) if options["problem"] else None
        tables = {name: read(path) for name, path in files.items()}
        instead = Options(options["objective"], options["policy"], options["weights"])
        try:
            problem = read_problem(text, tables, options["kind"], options["today"])
            bar = Bar(sys.stderr)
            result = solve(with_options(problem, instead), bar if bar.is_live else silent)
            bar.close()
        except ProblemError as error:
            for fault in error.faults:
                place = locate(fault, files)
                self.stderr.write(f"{place}: {FAULT_CODES[fault.code]} ({fault.value})")
            raise CommandError(f"Faults: {len(error.faults)}.", returncode=BAD_INPUT) from None
        except (OverflowError, WrongUseError, RefusedError) as error:
            raise CommandError(str(error), returncode=STATUS[type(error)]) from None
        if options["explain"]:
            self.stderr.write("\n".join(explain(result)), self.style.NOTICE)
        self.stdout.write(to_json(result))


def read(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=WRONG_USE) from None
