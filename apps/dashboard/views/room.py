from typing import Any

from django.db import models
from django.utils import timezone
from django.views.generic import DetailView

from apps.accounts.models import User
from apps.cities.models import City, SisterTie
from apps.dashboard.agenda import Group, grouped, tasks_of
from apps.dashboard.conflict import conflict
from apps.dashboard.decision import decision_on_pairing
from apps.dashboard.given import over_time
from apps.dashboard.health import health_of
from apps.dashboard.history import history_of
from apps.dashboard.wanted import Direction, directions
from apps.deliveries.models import Delivery
from apps.ledger.models import LedgerEntry
from apps.ledger.totals import totals_by_giver
from apps.matching.models import Match
from apps.pairings.consent import side_of
from apps.pairings.forms import MessageForm
from apps.pairings.models import Exchange, Message, Pairing
from apps.pairings.states import PairingState
from apps.postings.dates import today_in
from apps.postings.models import Posting

ROWS = 50
LATEST = 5
"""So many rows of a list stand open; the others are folded."""


class PairingDetail(DetailView):
    """The room of a pairing: its public part for everybody, all of it for those concerned."""

    template_name = "dashboard/pairing_detail.html"

    def get_queryset(self) -> models.QuerySet[Pairing]:
        return (
            Pairing.objects.visible_to(self.request.user)
            .described()
            .select_related("proposal", "decided_by", "proposed_by")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pairing, user = self.object, self.request.user
        left, right = pairing.cities
        may_follow = user.has_perm("pairings.follow_pairing", pairing)
        my_side = side_of(pairing, user) if user.is_authenticated else None
        both = directions(postings_of(left, right), left, right, own=my_side and my_side.city)
        has_room = pairing.is_live or pairing.active_since is not None
        context = {
            "left": left,
            "right": right,
            "my_side": my_side,
            "may_follow": may_follow,
            "has_room": has_room,
            "were_asked": pairing.state not in (PairingState.PROPOSED, PairingState.REJECTED)
            and pairing.decided_by is not None,
            "directions": both,
            "tie": SisterTie.objects.of(left).filter(pk__in=SisterTie.objects.of(right)).first(),
            "history": history_of(pairing) if may_follow else [],
            "in_conflict": conflict(user, pairing),
            "decision": decision_on_pairing(pairing, self.request),
        }
        if has_room:
            context |= moved_between(pairing, user, code=self.request.GET.get("item", ""))
        if has_room and may_follow:
            context |= for_those_concerned(pairing, user, my_side, both)
        return super().get_context_data(**context, **kwargs)


def postings_of(left: City, right: City) -> list[Posting]:
    found = Posting.objects.open().filter(city__in=[left, right]).described()
    return list(found.order_by("kind", "urgency", "pk"))


def moved_between(pairing: Pairing, user: Any, *, code: str) -> dict[str, Any]:
    """What everybody sees of what moved, and of what the person may see besides."""
    left, right = pairing.cities
    between = LedgerEntry.objects.between(left, right)
    entries = between.with_confirmation().select_related("giver", "receiver", "item")
    matches = Match.objects.visible_to(user).between(left, right).described().order_by("-pk")
    deliveries = Delivery.objects.visible_to(user).between(left, right).described()
    exchanges = Exchange.objects.visible_to(user).filter(pairing=pairing)
    given = totals_by_giver(between, with_demo=pairing.is_demo)
    return {
        "given": over_time(left, right, code=code, with_demo=pairing.is_demo),
        "flows": [(city, given.get(city.pk, [])) for city in (left, right)],
        "entries": folded(entries.order_by("-number")),
        "matches": folded(matches),
        "deliveries": folded(deliveries.order_by("-dispatched_on", "-pk")),
        "exchanges": folded(exchanges.order_by("-takes_place_on", "-pk")),
    }


def folded(rows: models.QuerySet[Any]) -> tuple[list[Any], list[Any]]:
    """The latest, and those before them."""
    found = list(rows[:ROWS])
    return found[:LATEST], found[LATEST:]


def for_those_concerned(
    pairing: Pairing, user: User, my_side: Any, both: list[Direction]
) -> dict[str, Any]:
    now = timezone.now()
    written = Message.objects.filter(pairing=pairing).select_related("author", "city")
    thread = list(written.order_by("-pk")[:ROWS])[::-1]
    unread = [
        message
        for message in thread
        if my_side and message.pk > my_side.read_up_to and message.city_id != my_side.city_id
    ]
    return {
        "thread": thread[-LATEST:],
        "earlier": thread[:-LATEST],
        "unread_here": unread,
        "message_form": MessageForm(initial={"language": user.language}),
        "agreements": pairing.agreements.select_related("added_by").order_by("-signed_on", "-pk"),
        "health": health_of(pairing, unmet=sum(len(way.fits) for way in both), now=now),
        "today": today_in(my_side.city, now) if my_side else now.date(),
        "groups": waiting_here(pairing, user, my_side) if my_side and pairing.is_live else [],
    }


def waiting_here(pairing: Pairing, user: User, my_side: Any) -> list[Group]:
    """What waits for the person, as far as it concerns the counterpart."""
    now, city = timezone.now(), my_side.city
    tasks = tasks_of(user, city, pairing=pairing, now=now)
    counterpart = pairing.counterpart_of(city)
    return grouped([task for task in tasks if task.concerns(counterpart)], today_in(city, now))
