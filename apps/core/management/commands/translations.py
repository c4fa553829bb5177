from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from apps.core import translations

SHOWN = 20


class Command(BaseCommand):
    help = "Translations: `update` the catalogues, `check` that nothing is missing, `compile` them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["update", "check", "compile"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "update":
            translations.update(settings.ROOT)
        if action == "compile":
            translations.compile_catalogues(settings.ROOT / "locale")
        if action == "check" and (gaps := translations.gaps(settings.ROOT)):
            more = f"\n... and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
            raise CommandError("\n".join(gaps[:SHOWN]) + more)
