"""The rows of a page of the queue: what each is about, and in words what is at stake."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.cities.models import City, Liaison
from apps.cities.officers import cities_in_conflict
from apps.core.templatetags.ui import percent
from apps.dashboard.streams import Row
from apps.matching.models import Match
from apps.pairings.models import Pairing
from apps.postings.models import Posting, Urgency

KINDS: dict[str, Any] = {
    "match": gettext_lazy("match"),
    "pairing": gettext_lazy("pairing"),
    "liaison": gettext_lazy("officer to confirm"),
    "posting": gettext_lazy("posting on hold"),
}
IN_BULK = ("match", "pairing")  # what may be approved together with others

SUBJECTS: dict[str, Callable[[], QuerySet[Any]]] = {
    "match": lambda: Match.objects.listed("need__item"),
    "pairing": lambda: Pairing.objects.described().select_related("proposal"),
    "liaison": lambda: Liaison.objects.described(),
    "posting": lambda: Posting.objects.described(),
}


@dataclass(frozen=True)
class Waiting:
    """One thing to decide; `urgency` is None where none is stated, `barred` a city that the reader
    serves, for which somebody else decides."""

    kind: str
    subject: Any
    name: str
    urgency: Urgency | None
    days: int
    stake: str
    barred: City | None

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.subject.pk}"

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    def get_urgency_display(self) -> str:
        return str(self.urgency.label) if self.urgency else ""

    @property
    def may_be_chosen(self) -> bool:
        return self.kind in IN_BULK and self.barred is None

    @property
    def age(self) -> str:
        if not self.days:
            return _("since today")
        return ngettext("for %(days)d day", "for %(days)d days", self.days) % {"days": self.days}


@dataclass(frozen=True)
class Beside:
    """What the rows do not say themselves: (needs, critical ones) of cities, and who has officers."""

    today: date
    needs: Mapping[int, tuple[int, int]]
    staffed: frozenset[int]


def describe(rows: Iterable[Row], user: User, *, now: datetime) -> list[Waiting]:
    """What stands behind rows of the queue; as many queries for a hundred rows as for one."""
    rows = list(rows)
    ids = {kind: [row.pk for row in rows if row.kind == kind] for kind in KINDS}
    found = {kind: SUBJECTS[kind]().in_bulk(keys) if keys else {} for kind, keys in ids.items()}
    barred = set(cities_in_conflict(user, now=now).values_list("pk", flat=True))
    beside = Beside(
        now.date(),
        open_needs([c.pk for pairing in found["pairing"].values() for c in pairing.cities]),
        with_officers([liaison.city_id for liaison in found["liaison"].values()]),
    )
    return [
        Waiting(
            kind=row.kind,
            subject=subject,
            name=str(subject),
            urgency=None if row.kind == "liaison" else Urgency(row.tier),
            days=max((beside.today - row.since).days, 0),
            stake=STAKES[row.kind](subject, beside),
            barred=next((city for city in CITIES[row.kind](subject) if city.pk in barred), None),
        )
        for row in rows
        for subject in (found[row.kind][row.pk],)
    ]


def open_needs(cities: list[int]) -> dict[int, tuple[int, int]]:
    """Of each city the number of open needs, and of critical ones among them."""
    if not cities:
        return {}
    rows = (
        Posting.objects.open()
        .needs()
        .with_free()
        .filter(city__in=cities)
        .values_list("city")
        .annotate(all=Count("pk"), critical=Count("pk", filter=Q(urgency=Urgency.CRITICAL)))
        .order_by()
    )
    return {city: (all_, critical) for city, all_, critical in rows}


def with_officers(cities: list[int]) -> frozenset[int]:
    if not cities:
        return frozenset()
    confirmed = Liaison.objects.confirmed().filter(city__in=cities)
    return frozenset(confirmed.values_list("city_id", flat=True))


def stake_of_match(match: Match, beside: Beside) -> str:
    need = match.need
    parts = [
        need.item.amount(match.quantity),
        _("%(share)d %% of the need") % {"share": percent(match.quantity, need.quantity)},
        *needed_in(need.needed_by, beside.today),
    ]
    return _(", ").join(parts)


def stake_of_pairing(pairing: Pairing, beside: Beside) -> str:
    counts = [beside.needs.get(city.pk, (0, 0)) for city in pairing.cities]
    needs, critical = sum(n for n, __ in counts), sum(c for __, c in counts)
    parts = [ngettext("%(n)d open need", "%(n)d open needs", needs) % {"n": needs}]
    if critical:
        parts.append(_("%(n)d of them critical") % {"n": critical})
    if proposal := getattr(pairing, "proposal", None):
        parts.insert(0, _("score %(score)d %%") % {"score": percent(proposal.score, 1_000_000)})
    return _(", ").join(parts)


def stake_of_officer(liaison: Liaison, beside: Beside) -> str:
    if liaison.city_id in beside.staffed:
        return _("%(office)s; the city has an officer already") % {"office": liaison.office}
    return _("%(office)s; nobody speaks for the city yet") % {"office": liaison.office}


def stake_of_posting(posting: Posting, beside: Beside) -> str:
    amount = "" if posting.free is None else posting.item.amount(posting.free)
    return _(", ").join(
        part
        for part in (
            posting.get_kind_display(),
            amount,
            *needed_in(posting.needed_by, beside.today),
            posting.state_reason,
        )
        if part
    )


def needed_in(day: date | None, today: date) -> list[str]:
    if day is None:
        return []
    days = (day - today).days
    if days > 0:
        return [
            ngettext("needed in %(days)d day", "needed in %(days)d days", days) % {"days": days}
        ]
    return [_("needed today") if days == 0 else _("the day needed is past")]


STAKES: dict[str, Callable[[Any, Beside], str]] = {
    "match": stake_of_match,
    "pairing": stake_of_pairing,
    "liaison": stake_of_officer,
    "posting": stake_of_posting,
}
CITIES: dict[str, Callable[[Any], list[City]]] = {
    "match": lambda match: match.cities,
    "pairing": lambda pairing: pairing.cities,
    "liaison": lambda liaison: [],
    "posting": lambda posting: [],
}
