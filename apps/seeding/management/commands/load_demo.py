from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.cities.models import City
from apps.cities.states import LiaisonState
from apps.core.errors import DomainError
from apps.seeding.demo import DEMO_PASSWORD, Demo, load_demo, open_first_round
from apps.seeding.files import FIXTURES, FixtureError, Row
from apps.seeding.sheets import PEOPLE, read_people
from apps.seeding.story import SCRIPT, Told, read_script, renew_story, tell_story
from apps.seeding.sync import Tally


class Command(BaseCommand):
    help = (
        "Adds the demo of spring 2020: people to sign in as, needs and offers dated from today,"
        " and what they have done with them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="read and check the files of the demo, write nothing",
        )
        parser.add_argument(
            "--password", default=DEMO_PASSWORD, help="of the demo people that are new"
        )
        parser.add_argument("--folder", type=Path, default=FIXTURES, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, password = options["folder"], options["password"]
        try:
            people, script = read_people(folder), read_script(folder)
            if options["check"]:
                for file, rows in ((PEOPLE.file, people), (SCRIPT, script)):
                    self.stdout.write(f"{file}: {len(rows)} rows, all good")
                return
            self.refuse_known(password)
            now = timezone.now()
            demo = load_demo(now, password=password, folder=folder)
            told, renewed = tell_story(script, now=now), renew_story(now)
            if options["verbosity"]:
                self.report(demo, told, renewed)
            if open_first_round(now):
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

    def report(self, demo: Demo, told: Told | None, renewed: Tally) -> None:
        tallies = (demo.people, demo.postings, renewed)
        for tally in tallies:
            self.stdout.write(str(tally))
        rows = ", ".join(demo.left_out)
        self.stdout.write(f"{len(demo.left_out)} donations left out, a place is not known: {rows}")
        if told:
            self.stdout.write("\n".join([str(told), *told.left_out]))
        if not told and not any(tally.created or tally.updated for tally in tallies):
            self.stdout.write("Nothing changed: the demo is there and dated from today.")

    def show(self, people: list[Row], password: str) -> None:
        self.stdout.write(f"Sign in with the password {password} as:")
        cities = City.objects.in_bulk(field_name="code")
        for row in people:
            speaks = row["liaison"] == LiaisonState.CONFIRMED
            role = f"officer of {cities[row['city']]}" if speaks else row["role"]
            self.stdout.write(f"  {row['email']:<36} {role}")
