"""What the first page says: the figures, what moved in both directions, what is lacking."""

from dataclasses import dataclass

from django.conf import settings

from apps.ledger.models import LedgerEntry
from apps.ledger.totals import Total, totals

TOP = 5


@dataclass(frozen=True)
class Direction:
    """What went from one country to the other: the totals with the most entries first."""

    giver: str
    receiver: str
    totals: list[Total]

    @property
    def entries(self) -> int:
        return sum(total.entries for total in self.totals)

    @property
    def top(self) -> list[Total]:
        return self.totals[:TOP]


def directions() -> list[Direction]:
    """From the left countries to each other one and back; help that stayed on one side is left out."""
    left = settings.LEFT_COUNTRIES
    found: dict[tuple[str, str], list[Total]] = {}
    for total in totals(LedgerEntry.objects.all()):
        ways = (total.giver_country, total.receiver_country)
        if all(ways) and (ways[0] in left) != (ways[1] in left):
            found.setdefault(ways, []).append(total)
    both = [
        Direction(*ways, sorted(rows, key=lambda total: (-total.entries, total.item.code)))
        for ways, rows in found.items()
    ]
    return sorted(both, key=lambda way: -way.entries)[:2]
