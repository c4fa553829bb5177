"""Everything that waits for a coordinator's decision, in one list of one order.

The most urgent first, then by the day needed, then the longest waiting, then the larger. A pairing is
as urgent as the most urgent open need of its two cities. Of what states no urgency, officers to
confirm count as urgent, since their city can do nothing before, and offers on hold as for soon.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from apps.accounts.models import User
from apps.cities.models import City, Liaison
from apps.cities.officers import cities_in_conflict
from apps.cities.states import LiaisonState
from apps.matching.models import Match
from apps.matching.states import MatchState
from apps.pairings.models import Pairing
from apps.pairings.states import PairingState
from apps.postings.models import Item, Posting, Urgency
from apps.postings.states import PostingState

NO_DAY = date.max
COLUMNS = ("what", "pk", "tier", "day", "since", "size")
ORDER = ("tier", "day", "since", "-size", "what", "pk")


@dataclass(frozen=True)
class Filter:
    """What the reader wants to see of the queue; what is empty leaves nothing out."""

    kind: str = ""
    urgency: int | None = None
    city: str = ""
    item: Item | None = None
    mine: bool = False


def waiting(wanted: Filter, user: User, *, now: datetime) -> QuerySet[Any]:
    """Rows of COLUMNS in order; `mine` leaves out what the person may not decide."""
    barred = cities_in_conflict(user, now=now)
    found = City.objects.search(wanted.city)
    kinds: dict[str, QuerySet[Any]] = {
        "match": matches(wanted, found, barred),
        "pairing": pairings(wanted, found, barred),
        "liaison": liaisons(wanted, found, user),
        "posting": held(wanted, found),
    }
    chosen = [
        rows.annotate(what=Value(kind, CharField()))
        .filter(**({"tier": wanted.urgency} if wanted.urgency else {}))
        .order_by()
        .values_list(*COLUMNS)
        for kind, rows in kinds.items()
        if wanted.kind in ("", kind)
    ]
    return chosen[0].union(*chosen[1:], all=True).order_by(*ORDER)


def matches(wanted: Filter, found: Any, barred: Any) -> QuerySet[Match]:
    rows = Match.objects.filter(state=MatchState.PROPOSED)
    if wanted.city:
        rows = rows.filter(Q(need__city__in=found) | Q(offer__city__in=found))
    if wanted.item:
        rows = rows.filter(Q(need__item=wanted.item) | Q(offer__item=wanted.item))
    if wanted.mine:
        rows = rows.exclude(Q(need__city__in=barred) | Q(offer__city__in=barred))
    return rows.annotate(
        tier=whole(F("need__urgency")),
        day=day(F("need__needed_by")),
        since=TruncDate(Coalesce("need__opened_at", "created_at"), tzinfo=UTC),
        size=Cast("quantity", BigIntegerField()),
    )


def pairings(wanted: Filter, found: Any, barred: Any) -> QuerySet[Pairing]:
    rows = Pairing.objects.filter(state=PairingState.PROPOSED)
    needs = Posting.objects.open().needs().with_free()
    if wanted.city:
        rows = rows.filter(pk__in=Pairing.objects.filter(sides__city__in=found).values("pk"))
    if wanted.item:
        needing = needs.filter(item=wanted.item).values("city")
        rows = rows.filter(pk__in=Pairing.objects.filter(sides__city__in=needing).values("pk"))
    if wanted.mine:
        rows = rows.exclude(pk__in=Pairing.objects.filter(sides__city__in=barred).values("pk"))
    of_both = (
        needs.filter(city__pairing_sides__pairing=OuterRef("pk"))
        .order_by()
        .values("city__pairing_sides__pairing")
    )
    return rows.annotate(
        tier=whole(Coalesce(least(of_both, "urgency"), Urgency.PLANNED)),
        day=day(least(of_both, "needed_by")),
        since=TruncDate("created_at", tzinfo=UTC),
        size=Cast(Coalesce("proposal__score", 0), BigIntegerField()),
    )


def liaisons(wanted: Filter, found: Any, user: User) -> QuerySet[Liaison]:
    rows = Liaison.objects.filter(state=LiaisonState.REQUESTED)
    if wanted.city:
        rows = rows.filter(city__in=found)
    if wanted.item:
        rows = rows.none()
    if wanted.mine:
        rows = rows.exclude(user=user)
    return rows.annotate(
        tier=whole(Value(Urgency.URGENT)),
        day=day(Value(NO_DAY)),
        since=TruncDate("created_at", tzinfo=UTC),
        size=Value(0, BigIntegerField()),
    )


def held(wanted: Filter, found: Any) -> QuerySet[Posting]:
    rows = Posting.objects.filter(state=PostingState.HELD)
    if wanted.city:
        rows = rows.filter(city__in=found)
    if wanted.item:
        rows = rows.filter(item=wanted.item)
    return rows.annotate(
        tier=whole(Coalesce("urgency", Urgency.SOON)),
        day=day(F("needed_by")),
        since=TruncDate("state_since", tzinfo=UTC),
        size=Cast(Coalesce(F("quantity") - F("allocated"), 0), BigIntegerField()),
    )


def whole(value: Any) -> Cast:
    """Of one type on all floors: a union has one type a column."""
    return Cast(value, IntegerField())


def day(value: Any) -> Coalesce:
    return Coalesce(value, Value(NO_DAY), output_field=DateField())


def least(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.annotate(least=Min(column)).values("least"))
