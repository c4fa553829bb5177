"""Rounds from a terminal: run one here, replay one, compare two."""

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.progress import Bar
from apps.matching import services
from apps.matching.forms import OBJECTIVES, POLICIES, POOLS
from apps.matching.models import Round
from apps.matching.services import running
from apps.matching.services.comparing import compare, proposals_of
from apps.matching.states import RoundState


class Command(BaseCommand):
    help = "Run a round in this terminal, replay a stored one, or compare two."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="what", required=True)
        run = verbs.add_parser("run", help="open a round and run it here, without a worker")
        run.add_argument("--dry-run", action="store_true", help="compute and show, propose nothing")
        for name, choices in (("objective", OBJECTIVES), ("policy", POLICIES), ("pool", POOLS)):
            codes = [code for code, _ in choices]
            run.add_argument(f"--{name}", choices=codes, default=codes[0])
        run.add_argument("--left", nargs="+", metavar="CODE", help="one side, with --pool list")
        run.add_argument("--reason", default="", help="why not the usual objective and policy")
        replay = verbs.add_parser("replay", help="solve a stored round again, byte for byte")
        replay.add_argument("number", type=int)
        diff = verbs.add_parser("diff", help="what a later round proposes that an earlier did not")
        diff.add_argument("earlier", type=int)
        diff.add_argument("later", type=int)

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        getattr(self, what)(**options)

    def run(self, *, dry_run: bool, reason: str, **options: Any) -> None:
        asked = {name: options[name] for name in ("objective", "policy", "pool", "left")}
        parameters = {name: value for name, value in asked.items() if value}
        try:
            opened = services.open_round(
                by=None,
                now=timezone.now(),
                parameters=parameters,
                reason=reason,
                is_dry_run=dry_run,
            )
        except DomainError as error:
            raise CommandError(str(error)) from None
        bar = Bar(sys.stderr)
        done = running.run_open_round(watch=bar)
        bar.close()
        if done is None or done.pk != opened.pk:
            raise CommandError(f"Another round is running; {opened} waits for the worker.")
        if done.state != RoundState.FINISHED:
            raise CommandError(f"{done} {done.state}: {done.state_reason}")
        self.stdout.write(
            f"{done}: {done.summary['pairings']} pairings, {done.summary['matches']} matches"
        )

    def replay(self, *, number: int, **options: Any) -> None:
        round = finished(number)
        bar = Bar(sys.stderr)
        is_same = running.replay(round, watch=bar)
        bar.close()
        if not is_same:
            raise CommandError(f"{round}: the result differs from the stored one.")
        self.stdout.write(f"{round}: the same, byte for byte ({len(round.result):,} characters).")

    def diff(self, *, earlier: int, later: int, **options: Any) -> None:
        difference = compare(proposals_of(finished(earlier)), proposals_of(finished(later)))
        for name, value in asdict(difference).items():
            if isinstance(value, tuple):
                lines = "".join(f"\n  {a} – {b}" for a, b in value)
                self.stdout.write(f"{name}: {len(value)}{lines}")
            else:
                self.stdout.write(f"{name}: {value}")


def finished(number: int) -> Round:
    round = Round.objects.filter(pk=number, state=RoundState.FINISHED).first()
    if round is None:
        raise CommandError(f"No finished round has the number {number}.")
    return round
