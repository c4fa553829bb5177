"""What the first page says: the figures, what moved in both directions, what is lacking."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from apps.cities.models import City
from apps.dashboard.gap import Gap, gaps
from apps.dashboard.map import Place, places, taking_part
from apps.deliveries.models import Delivery
from apps.ledger.models import LedgerEntry
from apps.ledger.totals import Total, totals
from apps.matching.models import Round
from apps.matching.states import RoundState
from apps.pairings.models import Pairing
from apps.postings.models import Posting

TOP = 5
ON_THE_MAP = 150  # of the first page; the list of cities shows all


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


class Network:
    """The figures of the first page, each asked for when it is first shown."""

    @cached_property
    def paired(self) -> int:
        return Pairing.objects.active().count()

    @cached_property
    def directions(self) -> list[Direction]:
        return directions()

    @cached_property
    def lacking(self) -> list[Gap]:
        return gaps()

    @property
    def uncovered(self) -> int:
        return sum(gap.needs for gap in self.lacking)

    @property
    def underway(self) -> int:
        return Delivery.objects.underway().count()

    @property
    def places(self) -> list[Place]:
        return places(taking_part(City.objects.acting(), ON_THE_MAP))

    @property
    def has_demo(self) -> bool:
        return Posting.objects.filter(is_demo=True).exists()

    @cached_property
    def gaps(self) -> list[Gap]:
        return [gap for gap in self.lacking if gap.uncovered][:TOP]

    @cached_property
    def latest(self) -> list[LedgerEntry]:
        """What was given and moved since Counterpart is there, not the history it was filled with."""
        return list(
            LedgerEntry.objects.filter(reverses=None, reversed_by=None)
            .exclude(source_kind="report")
            .select_related("giver", "receiver", "item")
            .order_by("-number")[:TOP]
        )

    @cached_property
    def last_round(self) -> Round | None:
        finished = Round.objects.filter(state=RoundState.FINISHED, is_dry_run=False)
        return finished.defer("snapshot", "result").order_by("-pk").first()
