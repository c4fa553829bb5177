"""Goods on their way, and the city's own postings."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.cities.models import City
from apps.dashboard.agenda.task import Kind, Task, amount_of, doing, opening
from apps.deliveries.models import Delivery
from apps.deliveries.states import DeliveryState
from apps.matching.models import Match
from apps.matching.states import MatchState
from apps.postings.dates import today_in
from apps.postings.models import Posting, Urgency
from apps.postings.states import PostingState

WARN = timedelta(days=5)


def deliveries_to_receive(city: City, today: date) -> Kind:
    """Confirming takes one click where all arrived that was sent."""
    underway = Delivery.objects.underway().filter(match__need__city=city)

    def task(delivery: Any) -> Task:
        return Task(
            _("Confirm what arrived"),
            delivery,
            about=amount_of(delivery.quantity, delivery.match.offer.item),
            partner=delivery.match.offer.city,
            since=delivery.dispatched_on,
            urgency=delivery.match.need.urgency,
            verbs=(
                doing(
                    _("All of it arrived"),
                    "deliveries:delivery_receive",
                    delivery,
                    quantity=delivery.quantity,
                    received_on=today,
                ),
                opening(_("Say what arrived"), "deliveries:delivery_receive", delivery),
            ),
        )

    return Kind(underway.in_brief(), task)


def deliveries_to_distribute(city: City) -> Kind:
    """Received, and not all of it noted yet where it went."""
    gone = Coalesce(Sum("distributions__quantity"), 0)
    received = (
        Delivery.objects.filter(state=DeliveryState.RECEIVED, match__need__city=city)
        .annotate(left=F("received_quantity") - gone)
        .filter(left__gt=0)
    )

    def task(delivery: Any) -> Task:
        return Task(
            _("Note where it went"),
            delivery,
            about=amount_of(delivery.left, delivery.match.offer.item),
            partner=delivery.match.offer.city,
            since=delivery.received_on,
            urgency=Urgency.PLANNED,
            verbs=(opening(_("Note where it went"), "deliveries:delivery_distribute", delivery),),
        )

    return Kind(received.in_brief(), task)


def matches_to_dispatch(city: City) -> Kind:
    accepted = Match.objects.filter(
        state=MatchState.ACCEPTED, offer__city=city, dispatched__lt=F("quantity")
    )

    def task(match: Any) -> Task:
        return Task(
            _("Dispatch"),
            match,
            about=amount_of(match.to_dispatch, match.offer.item),
            partner=match.need.city,
            since=today_in(city, match.state_since),
            due=match.need.needed_by,
            urgency=match.need.urgency,
            verbs=(opening(_("Dispatch"), "deliveries:delivery_dispatch", match),),
        )

    return Kind(accepted.in_brief(), task)


def postings_to_renew_or_publish(city: City, today: date) -> Kind:
    """Open ones that end within WARN, and drafts."""
    ending = Q(state=PostingState.OPEN, expires_on__lte=today + WARN)
    postings = Posting.objects.filter(ending | Q(state=PostingState.DRAFT), city=city)

    def task(posting: Any) -> Task:
        is_draft = posting.state == PostingState.DRAFT
        return publish(posting, city) if is_draft else renew(posting, city)

    return Kind(postings.select_related("item").without_texts(), task)


def renew(posting: Posting, city: City) -> Task:
    return Task(
        _("Renew, or let it end"),
        posting,
        about=amount_of(posting.free, posting.item),
        since=today_in(city, posting.created_at),
        due=posting.expires_on,
        verbs=(
            doing(_("Renew"), "postings:posting_renew", posting),
            opening(_("Withdraw"), "postings:posting_withdraw", posting),
        ),
    )


def publish(posting: Posting, city: City) -> Task:
    return Task(
        _("Publish the draft"),
        posting,
        about=amount_of(posting.quantity, posting.item),
        since=today_in(city, posting.created_at),
        urgency=Urgency.PLANNED,
        verbs=(
            doing(_("Publish"), "postings:posting_publish", posting),
            opening(_("Change"), "postings:posting_edit", posting),
        ),
    )
