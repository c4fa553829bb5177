from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.cities.models import City
from apps.core.errors import DomainError
from apps.seeding.demo import DEMO_PASSWORD, Demo, load_demo, open_first_round
from apps.seeding.files import FIXTURES, FixtureError, Row
from apps.seeding.sheets import PEOPLE, read_people


class Command(BaseCommand):
    help = "Adds the demo of spring 2020: people to sign in as, needs and offers dated from today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="read and check the file of people, write nothing"
        )
        parser.add_argument(
            "--password", default=DEMO_PASSWORD, help="of the demo people that are new"
        )
        parser.add_argument("--folder", type=Path, default=FIXTURES, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, password = options["folder"], options["password"]
        try:
            people = read_people(folder)
            if options["check"]:
                self.stdout.write(f"{PEOPLE.file}: {len(people)} rows, all good")
                return
            self.refuse_known(password)
            demo = load_demo(timezone.now(), password=password, folder=folder)
            if options["verbosity"]:
                self.report(demo)
            if open_first_round(timezone.now()):
                self.stdout.write(
                    "A round is waiting: the worker will propose pairings and matches."
                )
            self.show(people, password)
        except FixtureError as bad:
            raise CommandError("\n".join([*bad.faults, "Nothing was written."])) from None
        except DomainError as error:
            raise CommandError(str(error)) from None

    def refuse_known(self, password: str) -> None:
        if settings.SECURE_HSTS_SECONDS and password == DEMO_PASSWORD:
            raise CommandError(
                "This server is public and everybody knows the demo's password: nothing was written."
                " Choose one with --password."
            )

    def report(self, demo: Demo) -> None:
        tallies = (demo.people, demo.postings)
        for tally in tallies:
            self.stdout.write(str(tally))
        rows = ", ".join(demo.left_out)
        self.stdout.write(f"{len(demo.left_out)} donations left out, a place is not known: {rows}")
        if not any(tally.created or tally.updated for tally in tallies):
            self.stdout.write("Nothing changed: the demo is there and dated from today.")

    def show(self, people: list[Row], password: str) -> None:
        self.stdout.write(f"Sign in with the password {password} as:")
        cities = City.objects.in_bulk(field_name="code")
        for row in people:
            role = row["role"] if row["role"] != "member" else f"officer of {cities[row['city']]}"
            self.stdout.write(f"  {row['email']:<36} {role}")
