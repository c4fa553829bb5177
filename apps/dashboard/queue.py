"""Everything that waits for a coordinator's decision, in one list of one order.

The most urgent first, then by the day needed, then the longest waiting, then the larger. A pairing is
as urgent as the most urgent open need of its two cities. Of what states no urgency, officers to
confirm count as urgent, since their city can do nothing before, and offers on hold as for soon.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import DateField, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from apps.accounts.models import User
from apps.cities.models import City, Liaison
from apps.cities.officers import cities_in_conflict
from apps.cities.states import LiaisonState
from apps.dashboard.streams import NO_DAY, Stream, Streams
from apps.matching.models import Match, MatchSide
from apps.matching.states import MatchState
from apps.pairings.models import Pairing
from apps.pairings.states import PairingState
from apps.postings.models import Item, Posting, Urgency
from apps.postings.states import PostingState


@dataclass(frozen=True)
class Filter:
    """What the reader wants to see of the queue; what is empty leaves nothing out."""

    kind: str = ""
    urgency: int | None = None
    city: str = ""
    item: Item | None = None
    mine: bool = False


def waiting(wanted: Filter, user: User, *, now: datetime) -> Streams:
    """Rows in order; `mine` leaves out what the person may not decide."""
    barred = cities_in_conflict(user, now=now) if wanted.mine else None
    found = City.objects.search(wanted.city) if wanted.city else None
    kinds: dict[str, Callable[[], Stream]] = {
        "match": lambda: matches(wanted, found, barred),
        "pairing": lambda: pairings(wanted, found, barred),
        "liaison": lambda: liaisons(wanted, found, user),
        "posting": lambda: held(wanted, found),
    }
    chosen = {kind: stream for kind, stream in kinds.items() if wanted.kind in ("", kind)}
    item = wanted.item and wanted.item.pk
    reader = user.pk if wanted.mine else None
    return Streams((*chosen, wanted.urgency, wanted.city, item, reader), chosen, wanted.urgency)


def matches(wanted: Filter, found: Any, barred: Any) -> Stream:
    rows = Match.objects.filter(state=MatchState.PROPOSED)
    if wanted.city:
        rows = rows.filter(pk__in=MatchSide.objects.filter(city__in=found).values("match"))
    if wanted.item:
        rows = rows.filter(Q(need__item=wanted.item) | Q(offer__item=wanted.item))
    if wanted.mine:
        rows = rows.exclude(pk__in=MatchSide.objects.filter(city__in=barred).values("match"))
    return Stream(
        rows,
        tier=F("need__urgency"),
        day=F("need__needed_by"),
        since=TruncDate(Coalesce("need__opened_at", "created_at"), tzinfo=UTC),
        size=F("quantity"),
    )


def pairings(wanted: Filter, found: Any, barred: Any) -> Stream:
    rows = Pairing.objects.filter(state=PairingState.PROPOSED)
    needs = Posting.objects.open().needs().with_free()
    if wanted.city:
        rows = rows.filter(pk__in=Pairing.objects.filter(sides__city__in=found).values("pk"))
    if wanted.item:
        needing = needs.filter(item=wanted.item).values("city")
        rows = rows.filter(pk__in=Pairing.objects.filter(sides__city__in=needing).values("pk"))
    if wanted.mine:
        rows = rows.exclude(pk__in=Pairing.objects.filter(sides__city__in=barred).values("pk"))
    of_city = needs.filter(city=OuterRef("sides__city")).order_by()
    return Stream(
        rows,
        tier=Coalesce(least(of_city, "urgency"), Value(Urgency.PLANNED)),
        day=least(of_city, "needed_by"),
        since=TruncDate("created_at", tzinfo=UTC),
        size=Coalesce("proposal__score", 0),
    )


def least(of_city: QuerySet[Posting], column: str) -> Min:
    """Of the postings of both cities of a pairing."""
    return Min(Subquery(of_city.values("city").annotate(least=Min(column)).values("least")))


def liaisons(wanted: Filter, found: Any, user: User) -> Stream:
    rows = Liaison.objects.filter(state=LiaisonState.REQUESTED)
    if wanted.city:
        rows = rows.filter(city__in=found)
    if wanted.item:
        rows = rows.none()
    if wanted.mine:
        rows = rows.exclude(user=user)
    return Stream(
        rows,
        tier=Value(Urgency.URGENT, IntegerField()),
        day=Value(NO_DAY, DateField()),
        since=TruncDate("created_at", tzinfo=UTC),
        size=Value(0, IntegerField()),
    )


def held(wanted: Filter, found: Any) -> Stream:
    rows = Posting.objects.filter(state=PostingState.HELD)
    if wanted.city:
        rows = rows.filter(city__in=found)
    if wanted.item:
        rows = rows.filter(item=wanted.item)
    return Stream(
        rows,
        tier=Coalesce("urgency", Value(Urgency.SOON)),
        day=F("needed_by"),
        since=TruncDate("state_since", tzinfo=UTC),
        size=Coalesce(F("quantity") - F("allocated"), 0),
    )
