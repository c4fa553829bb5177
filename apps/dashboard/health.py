"""How a pairing fares: when its cities were last in touch, how fast they answer, what stays unmet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from apps.cities.models import City
from apps.deliveries.models import Delivery
from apps.matching.models import Match, MatchSide
from apps.pairings.models import Pairing
from apps.pairings.states import ExchangeState

QUIET = timedelta(days=30)
SILENT = timedelta(days=90)
ANSWERS = 50
"""So many of the latest answers count."""


@dataclass(frozen=True)
class Health:
    """`answers` are (city, median hours from being asked to answering, or None without an answer).

    `unmet` counts open needs of the one city for which the other has an open offer.
    """

    last_contact: date | None
    tone: str
    word: str
    answers: list[tuple[City, int | None]]
    unmet: int


def health_of(pairing: Pairing, *, unmet: int, now: datetime) -> Health:
    """In five queries."""
    left, right = pairing.cities
    answers = list(answers_between(left, right)) + answers_of(pairing)
    last = last_contact(pairing, left, right, [answer[2] for answer in answers])
    tone, word = how_close(last, now.date())
    return Health(
        last,
        tone,
        word,
        [(city, hours_of(city, answers)) for city in (left, right)],
        unmet,
    )


def answers_between(left: City, right: City) -> Iterable[Any]:
    """(city, asked, answered) of the latest matches of the two."""
    return (
        MatchSide.objects.filter(
            match__in=Match.objects.between(left, right).values("pk"),
            answered_at__isnull=False,
            match__decided_at__isnull=False,
        )
        .order_by("-answered_at")
        .values_list("city_id", "match__decided_at", "answered_at")[:ANSWERS]
    )


def answers_of(pairing: Pairing) -> list[tuple[int, datetime, datetime]]:
    return [
        (side.city_id, pairing.decided_at, side.answered_at)
        for side in pairing.ordered_sides
        if side.answered_at and pairing.decided_at
    ]


def hours_of(city: City, answers: Iterable[tuple[int, datetime, datetime]]) -> int | None:
    taken = [(at - asked).total_seconds() / 3600 for pk, asked, at in answers if pk == city.pk]
    return round(median(taken)) if taken else None


def last_contact(
    pairing: Pairing, left: City, right: City, answered: Iterable[datetime]
) -> date | None:
    """The latest day on which something was written, held, sent, received or answered."""
    written = pairing.messages.aggregate(at=Max("at"))["at"]
    held = pairing.exchanges.filter(state=ExchangeState.HELD)
    moved: dict[str, Any] = Delivery.objects.between(left, right).aggregate(
        sent=Max(F("dispatched_on")), received=Max(F("received_on"))
    )
    moments = [at for at in (written, *answered) if at]
    days = [held.aggregate(day=Max("takes_place_on"))["day"], *moved.values()]
    return max([*(at.date() for at in moments), *filter(None, days)], default=None)


def how_close(last: date | None, today: date) -> tuple[str, str]:
    """The tone and the word of a badge."""
    if last is None:
        return "warning", _("no contact yet")
    if last > today - QUIET:
        return "success", _("in touch")
    if last > today - SILENT:
        return "warning", _("quiet for a month")
    return "danger", _("silent for three months")
