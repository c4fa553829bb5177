"""Reads the replay's table from the ledger and from the sister ties, in two queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.cities.models import City, Level, SisterTie
from apps.dashboard.replay2020.table import CodePair, Flow, Place, Table, table_of
from apps.ledger.models import EntryKind, LedgerEntry, Party
from apps.postings.models import Item

TABLE_1 = "Report of 2020, Table 1,"
DAY_OF_THE_LIST = date(2020, 5, 26)  # the table's one date
TOO_LATE = 2020  # a tie must be older than the spring of this year

LEFT_OUT: dict[str, Any] = {
    "not_in_table": _("told in the text of the two reports, outside the table"),
    "no_quantity": _("the quantity is not stated"),
    "no_place": _("the place of the giver or of the receiver is not known"),
    "no_population": _("the population of the receiving place is not known"),
}


@dataclass(frozen=True)
class TieCount:
    """Sister ties that join a giver of the table with a receiver: those that count, how many of
    them have no year, and those left out as of 2020 or younger, and as ended or uncertain."""

    counted: int
    without_year: int
    too_late: int
    not_live: int


@dataclass(frozen=True)
class Facts:
    """The table, and its rows as people read them; `left_out` are entries by a key of LEFT_OUT."""

    table: Table
    used: list[LedgerEntry]
    left_out: dict[str, list[LedgerEntry]]
    ties: TieCount
    cities: dict[str, City]
    items: dict[str, Item]


def read_facts() -> Facts | None:
    """None while the report's table is not in the ledger."""
    used: list[LedgerEntry] = []
    flows: list[Flow] = []
    left_out: dict[str, list[LedgerEntry]] = {reason: [] for reason in LEFT_OUT}
    for entry in sent_entries():
        found = flow_or_reason(entry)
        if isinstance(found, Flow):
            used.append(entry)
            flows.append(found)
        else:
            left_out[found].append(entry)
    if not used:
        return None
    places = [place_of(party) for entry in used for party in (entry.giver, entry.receiver)]
    cities = {place.code: place for place in places if place}
    ties, count = ties_between(cities)
    return Facts(
        table=table_of(DAY_OF_THE_LIST, flows, place_rows(cities), ties),
        used=used,
        left_out=left_out,
        ties=count,
        cities=cities,
        items={entry.item.code: entry.item for entry in used},
    )


def sent_entries() -> Iterable[LedgerEntry]:
    """What the two reports say was sent from China to the United States, none of it reversed."""
    sent = LedgerEntry.objects.countable().filter(
        source_kind="report",
        kind=EntryKind.SENT,
        giver__country="CN",
        receiver__country="US",
        reverses=None,
        reversed_by=None,
    )
    return sent.select_related("giver__city", "receiver__city", "item").order_by("number")


def flow_or_reason(entry: LedgerEntry) -> Flow | str:
    """What the entry adds to the table, or the key of LEFT_OUT that says why it adds nothing."""
    giver, receiver = place_of(entry.giver), place_of(entry.receiver)
    if not entry.source_text.startswith(TABLE_1):
        return "not_in_table"
    if entry.quantity is None:
        return "no_quantity"
    if giver is None or receiver is None:
        return "no_place"
    if not receiver.population:
        return "no_population"
    return Flow(entry.item.code, giver.code, receiver.code, entry.quantity)


def place_of(party: Party) -> City | None:
    """A company or a university counts for the city or state it is known to be in."""
    city = party.city
    return None if city is None or city.level == Level.COUNTRY else city


def place_rows(cities: dict[str, City]) -> dict[str, Place]:
    return {
        code: Place(code, "state" if city.level == Level.STATE else "city", city.population or 0)
        for code, city in cities.items()
    }


def ties_between(cities: dict[str, City]) -> tuple[list[CodePair], TieCount]:
    """Ties without a year count: most lists give none, and none of them says that a tie is young."""
    rows = SisterTie.objects.filter(city_a__code__in=cities, city_b__code__in=cities)
    live, late, not_live, without_year = [], 0, 0, 0
    for a, b, status, year in rows.values_list("city_a__code", "city_b__code", "status", "year"):
        if cities[a].country == cities[b].country:
            continue
        if status in SisterTie.COUNTS_FOR_NOTHING:
            not_live += 1
        elif year is not None and year >= TOO_LATE:
            late += 1
        else:
            live.append((a, b))
            without_year += year is None
    return live, TieCount(len(live), without_year, late, not_live)
