from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.seeding.facts import load_facts
from apps.seeding.files import FIXTURES, FixtureError
from apps.seeding.sheets import read_facts


class Command(BaseCommand):
    help = (
        "Puts places, ties, the catalogue and the reports' donations and exchanges into the tables."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="read and check the files, write nothing"
        )
        parser.add_argument("--folder", type=Path, default=FIXTURES, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self.check_files(options["folder"])
            else:
                self.load(options["folder"])
        except FixtureError as bad:
            raise CommandError("\n".join([*bad.faults, "Nothing was written."])) from None

    def check_files(self, folder: Path) -> None:
        for file, rows in read_facts(folder).items():
            self.stdout.write(f"{file}: {len(rows)} rows, all good")

    def load(self, folder: Path) -> None:
        tallies = load_facts(now=timezone.now(), folder=folder)
        for tally in tallies:
            self.stdout.write(str(tally))
            for difference in tally.differences:
                self.stderr.write(f"  {difference}")
        if any(tally.differences for tally in tallies):
            self.stdout.write("These rows stay as they are; fixtures/README.md says what to do.")
        elif not any(tally.created or tally.updated for tally in tallies):
            self.stdout.write("Nothing changed: the tables hold these facts already.")
