"""Spring 2020 as needs and offers: derived from the ledger's entries of the reports, dated from today."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from apps.audit.services import record, transition
from apps.cities.models import City
from apps.core.errors import DomainError
from apps.ledger.models import LedgerEntry, Party
from apps.matching.models import Match, Round
from apps.matching.services import open_round
from apps.matching.states import MatchState, RoundState
from apps.pairings.models import Exchange
from apps.postings.dates import today_in
from apps.postings.models import Item, Kind, Posting, Urgency
from apps.postings.states import PostingState
from apps.seeding.facts import SOURCE
from apps.seeding.files import FIXTURES
from apps.seeding.people import REASON, load_people
from apps.seeding.sheets import read_people
from apps.seeding.sync import Tally, by_code

DEMO_PASSWORD = "counterpart-2020"  # noqa: S105 - shared by all demo people, and meant to be known
TABLE_1 = "Report of 2020, Table 1,"
BESIDE_TABLE_1 = ("d098", "d099", "d100", "d101", "d102")  # Ohio to Hubei; the pledge of Wuxi
EXPERTS = "expert_exchange"
PREFIX = "demo:"
RENEW = "renew_posting"
DETAILS = "Reconstructed for the demo from the report of 2020; no city posted this."
HALF = "Half of what the report names is offered here, so that something lacks in the demo."
HALVED = frozenset(["respirator_n95", "coverall", "goggles", "glove_pair"])

URGENCY = {
    "respirator_n95": Urgency.CRITICAL,
    "respirator_ffp2": Urgency.CRITICAL,
    "coverall": Urgency.CRITICAL,
    "mask_surgical": Urgency.URGENT,
    "mask_unspecified": Urgency.URGENT,
    "goggles": Urgency.URGENT,
}  # all others: soon
DAYS = {Urgency.CRITICAL: 21, Urgency.URGENT: 30, Urgency.SOON: 45}
LAST_DAY = 60
OPENED = timedelta(days=30)  # so long before the loading, to leave the story its time


@dataclass(frozen=True)
class Wanted:
    """A posting the demo asks for; `source` is its natural key, `quantity` what the report names."""

    kind: str
    city: City
    item: Item
    quantity: int

    @property
    def source(self) -> str:
        return f"{PREFIX}{self.kind}:{self.city.code}:{self.item.code}"

    @property
    def is_halved(self) -> bool:
        return self.kind == Kind.OFFER and self.item.code in HALVED

    @property
    def posted(self) -> int:
        return (self.quantity + 1) // 2 if self.is_halved else self.quantity

    @property
    def details(self) -> str:
        return f"{DETAILS} {HALF}" if self.is_halved else DETAILS

    @property
    def urgency(self) -> Urgency | None:
        return URGENCY.get(self.item.code, Urgency.SOON) if self.kind == Kind.NEED else None


@dataclass(frozen=True)
class Demo:
    """What a loading did; `left_out` are the report's rows whose giver or receiver has no place."""

    people: Tally
    postings: Tally
    left_out: list[str]


def load_demo(now: datetime, *, password: str = DEMO_PASSWORD, folder: Path = FIXTURES) -> Demo:
    """Create the demo's people and postings, and move the dates of those nobody has used to `now`.

    Raises FixtureError before anything is written, DomainError if the facts are not there.
    """
    rows = read_people(folder)
    with transaction.atomic():
        wanted, left_out = wanted_postings()
        people = load_people(rows, now=now, password=password)
        return Demo(people, load_postings(wanted, now=now), left_out)


def wanted_postings() -> tuple[list[Wanted], list[str]]:
    """Every gift as an offer of the giver's place and a need of the receiver's, summed per item."""
    entries = LedgerEntry.objects.filter(
        Q(source_text__startswith=TABLE_1) | Q(source_id__in=BESIDE_TABLE_1),
        source_kind=SOURCE,
        reverses=None,
        reversed_by=None,
    ).select_related("giver__city", "receiver__city", "item")
    if not entries:
        raise DomainError("The demo is made from the facts: run load_facts first.")
    places, left_out = acting_places(), []
    amounts: Counter[tuple[str, City, Item]] = Counter(expert_sessions())
    for entry in entries.order_by("number"):
        giver, receiver = (place(party, places) for party in (entry.giver, entry.receiver))
        if giver and receiver and entry.quantity:
            amounts[Kind.OFFER, giver, entry.item] += entry.quantity
            amounts[Kind.NEED, receiver, entry.item] += entry.quantity
        else:
            left_out.append(entry.source_id)
    wanted = [Wanted(*key, quantity) for key, quantity in amounts.items()]
    return sorted(wanted, key=lambda posting: posting.source), left_out


def acting_places() -> dict[int | None, City]:
    """Of a municipality only the city row acts: it stands in for the state row."""
    return {city.parent_id: city for city in City.objects.filter(acts=True, parent__acts=False)}


def place(party: Party, places: Mapping[int | None, City]) -> City | None:
    """Where a party's posting belongs: its place, or its province or state where no more is known."""
    city = party.city
    return city if city is None or city.acts else places.get(city.pk)


def expert_sessions() -> Iterator[tuple[str, City, Item]]:
    """An exchange of a report that joins two acting places: each asks for a session and offers one."""
    item = by_code(Item)[EXPERTS]
    exchanges = Exchange.objects.exclude(code=None).prefetch_related("cities").order_by("code")
    for exchange in exchanges:
        cities = list(exchange.cities.all())
        if len(cities) == 2 and all(city.acts for city in cities):
            yield from ((kind, city, item) for city in cities for kind in Kind.values)


def load_postings(wanted: list[Wanted], *, now: datetime) -> Tally:
    tally = Tally("demo postings")
    earlier = Posting.objects.filter(source__startswith=PREFIX).select_related("city", "item")
    found = {posting.source: posting for posting in earlier}
    new = []
    for one in wanted:
        if one.source not in found:
            new.append(open_posting(one, now=now))
        elif renew(found[one.source], dates(one, now), now=now):
            tally.updated += 1
        else:
            tally.unchanged += 1
    for posting in Posting.objects.bulk_create(new):
        record(None, "load_demo", posting, at=now - OPENED, after=posting.state, reason=REASON)
        tally.created += 1
    return tally


def open_posting(wanted: Wanted, *, now: datetime) -> Posting:
    return Posting(
        kind=wanted.kind,
        city=wanted.city,
        item=wanted.item,
        quantity=wanted.posted,
        urgency=wanted.urgency,
        details=wanted.details,
        language="en",
        state=PostingState.OPEN,
        state_since=now - OPENED,
        opened_at=now - OPENED,
        is_demo=True,
        source=wanted.source,
        **dates(wanted, now),
    )


def dates(wanted: Wanted, now: datetime) -> dict[str, date]:
    today = today_in(wanted.city, now)
    last = today + timedelta(days=LAST_DAY)
    if wanted.urgency is None:
        first = today_in(wanted.city, now - OPENED)
        return {"available_from": first, "available_until": last, "expires_on": last}
    return {"needed_by": today + timedelta(days=DAYS[wanted.urgency]), "expires_on": last}


def renew(posting: Posting, new: dict[str, date], *, now: datetime) -> bool:
    """Date a demo posting anew, unless it is closed, was edited, or is in use and past its day."""
    last = posting.needed_by or posting.available_until
    in_use_and_past = posting.allocated and last and last < today_in(posting.city, now)
    if posting.version > 1 or in_use_and_past or all(getattr(posting, n) == new[n] for n in new):
        return False
    if posting.state == PostingState.EXPIRED and not posting.allocated:
        transition(posting, PostingState.OPEN, verb=RENEW, by=None, now=now, reason=REASON, **new)
    elif posting.state == PostingState.OPEN:
        before, after = posting.expires_on, new["expires_on"]
        Posting.objects.filter(pk=posting.pk, state=posting.state).update(**new)
        record(None, RENEW, posting, at=now, before=before, after=after, reason=REASON)
    else:
        return False
    Posting.objects.filter(pk=posting.pk).update(opened_at=now, updated_at=now)
    return True


def open_first_round(now: datetime) -> bool:
    """Ask for a round unless proposals wait for a decision, or a round is under way already."""
    waiting = Match.objects.filter(state=MatchState.PROPOSED, expires_at__gt=now)
    underway = Round.objects.filter(state__in=[RoundState.OPEN, RoundState.RUNNING])
    if waiting.exists() or underway.exists():
        return False
    open_round(by=None, now=now, parameters={})
    return True
