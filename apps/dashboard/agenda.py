"""What waits for an officer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.cities.models import City
from apps.deliveries.models import Delivery
from apps.ledger.models import Gift
from apps.matching.models import Match
from apps.matching.states import MatchState
from apps.pairings.models import Pairing
from apps.pairings.states import Answer, PairingState
from apps.postings.models import Posting
from apps.postings.states import PostingState

WARN_DAYS = 5


@dataclass(frozen=True)
class Task:
    """One thing to do about one subject; `due` is None where nothing presses."""

    what: str
    subject: Any
    due: datetime | date | None = None

    @property
    def url(self) -> str:
        return self.subject.get_absolute_url()


def tasks_of(user: User, city: City, *, now: datetime) -> list[Task]:
    """Everything that waits for the officers of a city: answers first, then goods, then papers."""
    return [
        *pairings_to_answer(city),
        *matches_to_answer(city),
        *deliveries_to_receive(city),
        *matches_to_dispatch(city),
        *gifts_to_confirm(user),
        *postings_to_renew(city, now=now),
    ]


def pairings_to_answer(city: City) -> list[Task]:
    waiting = (
        Pairing.objects.filter(
            state=PairingState.APPROVED, sides__city=city, sides__answer=Answer.NONE
        )
        .described()
        .order_by("expires_at")
    )
    return [Task(_("Answer the pairing"), pairing, pairing.expires_at) for pairing in waiting]


def matches_to_answer(city: City) -> list[Task]:
    waiting = (
        Match.objects.filter(state=MatchState.APPROVED, sides__city=city, sides__answer=Answer.NONE)
        .described()
        .order_by("need__urgency", "expires_at")
    )
    return [Task(_("Answer the match"), match, match.expires_at) for match in waiting]


def deliveries_to_receive(city: City) -> list[Task]:
    waiting = (
        Delivery.objects.underway()
        .filter(match__need__city=city)
        .described()
        .order_by("dispatched_on", "pk")
    )
    return [Task(_("Confirm what arrived"), delivery) for delivery in waiting]


def matches_to_dispatch(city: City) -> list[Task]:
    accepted = (
        Match.objects.filter(state=MatchState.ACCEPTED, offer__city=city)
        .described()
        .order_by("need__urgency", "need__needed_by", "pk")
    )
    return [
        Task(_("Dispatch"), match, match.need.needed_by) for match in accepted if match.to_dispatch
    ]


def gifts_to_confirm(user: User) -> list[Task]:
    waiting = Gift.objects.waiting_for(user).select_related("giver", "receiver", "item")
    return [Task(_("Confirm the gift"), gift) for gift in waiting.order_by("created_at")]


def postings_to_renew(city: City, *, now: datetime) -> list[Task]:
    until = now.date() + timedelta(days=WARN_DAYS)
    ending = (
        Posting.objects.filter(city=city, state=PostingState.OPEN, expires_on__lte=until)
        .select_related("city", "item")
        .order_by("expires_on", "pk")
    )
    return [Task(_("Renew, or let it end"), posting, posting.expires_on) for posting in ending]
