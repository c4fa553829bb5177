from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from apps.dashboard.replay2020.facts import LEFT_OUT, Facts, read_facts
from apps.dashboard.replay2020.page import NAMES, item_lines, measure_lines
from apps.dashboard.replay2020.replay import Replay, replay_of
from apps.dashboard.replay2020.rows import write_csv

NOTE = (
    "The need is estimated: of every item as much as was given, split by the population of the\n"
    "receiving places. So whatever wastes nothing meets all of it; the report states no needs."
)


class Command(BaseCommand):
    help = "Compares the gifts of the report's table of 2020 with what the engine makes of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--csv", type=Path, metavar="FILE", help="also write the rows to a file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        facts = read_facts()
        if facts is None:
            raise CommandError("The report's table is not in the ledger: run load_facts first.")
        replay = replay_of(facts.table)
        self.show_facts(facts, replay)
        self.show_figures(facts, replay)
        if options["csv"]:
            with options["csv"].open("w", encoding="utf-8-sig", newline="") as file:
                write_csv(file, replay, facts)

    def show_facts(self, facts: Facts, replay: Replay) -> None:
        table, ties = replay.table, facts.ties
        self.stdout.write(
            f"{len(facts.used)} entries, listed {table.day}: {len(table.givers)} giving places,"
            f" {len(table.receivers)} receiving places, {len(table.totals)} items,"
            f" {len(replay.needs)} estimated needs, {len(replay.counterparts)} counterparts"
        )
        for why, entries in facts.left_out.items():
            if entries:
                names = " ".join(entry.source_id for entry in entries)
                self.stdout.write(f"left out, {LEFT_OUT[why]}: {len(entries)} ({names})")
        self.stdout.write(
            f"ties: {ties.counted} count, {ties.without_year} of them without a year;"
            f" left out: {ties.too_late} too young, {ties.not_live} ended or uncertain"
        )
        self.stdout.write(NOTE)

    def show_figures(self, facts: Facts, replay: Replay) -> None:
        self.show_line("", map(str, (NAMES[a.name] for a in replay.allocations)))
        for line in measure_lines(replay):
            self.show_line(line.label, line.cells)
        self.stdout.write("Estimated need that is met, by item:")
        for row in item_lines(replay, facts):
            self.show_line(f"  {row.item} ({row.units:,})", row.cells)

    def show_line(self, label: str, cells: Any) -> None:
        self.stdout.write(f"{label:<46}" + "".join(f"{cell:>28}" for cell in cells))
