from typing import Any

from django.core.management import BaseCommand, CommandError

from apps.dashboard.invariants import check_invariants


class Command(BaseCommand):
    help = "Ask the database whether anything that must never be false is false."

    def handle(self, *args: Any, **options: Any) -> None:
        if found := check_invariants():
            raise CommandError("\n".join(found))
        self.stdout.write("Every invariant holds.")
