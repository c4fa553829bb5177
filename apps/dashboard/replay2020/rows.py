"""The rows behind the page, as CSV: every need of every allocation with what went to it."""

import csv
from collections.abc import Iterator
from typing import TextIO

from apps.dashboard.replay2020.facts import Facts
from apps.dashboard.replay2020.replay import Allocation, Replay

HEADER = (
    "allocation",
    "item",
    "item_name",
    "unit",
    "giver",
    "giver_name",
    "receiver",
    "receiver_name",
    "receiver_population",
    "estimated_need",
    "quantity",
    "tied",
    "counterpart",
)
Cell = str | int


def write_csv(file: TextIO, replay: Replay, facts: Facts) -> None:
    writer = csv.writer(file)
    writer.writerow(HEADER)
    writer.writerows(csv_rows(replay, facts))


def csv_rows(replay: Replay, facts: Facts) -> Iterator[tuple[Cell, ...]]:
    """One row per allocation, item, giver and receiver. A need that got nothing has no giver and the
    quantity 0; an estimated need of 0 is a place's share that came to less than a unit."""
    for allocation in replay.allocations:
        for item, receiver, giver, quantity in deliveries(allocation, replay):
            yield (
                allocation.name,
                item,
                str(facts.items[item]),
                facts.items[item].unit,
                giver,
                str(facts.cities[giver]) if giver else "",
                receiver,
                str(facts.cities[receiver]),
                facts.cities[receiver].population or "",
                replay.needs.get((receiver, item), 0),
                quantity,
                yes_or_no((giver, receiver) in replay.table.ties),
                yes_or_no((giver, receiver) in replay.counterparts),
            )


def deliveries(allocation: Allocation, replay: Replay) -> list[tuple[str, str, str, int]]:
    """(item, receiver, giver, units), sorted; with an empty giver where nobody gave."""
    served = {(flow.receiver, flow.item) for flow in allocation.flows}
    rows = [(flow.item, flow.receiver, flow.giver, flow.quantity) for flow in allocation.flows]
    rows += [(item, receiver, "", 0) for receiver, item in replay.needs.keys() - served]
    return sorted(rows)


def yes_or_no(truth: bool) -> str:
    return "yes" if truth else "no"
