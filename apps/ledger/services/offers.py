"""Companies, associations and persons offer; an officer of the city they name adopts it, or declines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.ledger.models import OutsideOffer, Party
from apps.ledger.services.parties import party_named
from apps.ledger.services.visitors import refuse_flood
from apps.ledger.states import OutsideState
from apps.notifications.services import notify
from apps.postings.models import Item, Kind
from apps.postings.services import draft_posting


@transaction.atomic
def offer_from_outside(
    city: City,
    item: Item,
    quantity: int | None,
    *,
    by: User | None,
    now: datetime,
    submission: UUID,
    **fields: Any,
) -> OutsideOffer:
    """Offer something through a city; its officers are told, or coordinators where it has none.

    `fields`: kind, name, may_be_named, email, phone, details, language. `by` is None for a visitor
    who has not signed in. Sent twice, it answers with the offer that the first sending made.
    """
    if earlier := OutsideOffer.objects.filter(submission=submission).first():
        return earlier
    if not city.acts:
        raise DomainError(_("%(city)s does not post.") % {"city": city}, "city")
    if quantity is None and not item.is_knowledge:
        raise DomainError(_("Enter a quantity."), "quantity")
    refuse_flood(OutsideOffer, by=by, now=now)
    offer = OutsideOffer.objects.create(
        city=city,
        item=item,
        quantity=quantity,
        sent_by=by,
        submission=submission,
        state_since=now,
        **fields,
    )
    offered = record(by, "offer_from_outside", offer, at=now, after=offer.state)
    notify("outside_offer_made", officers_of(city) or User.objects.deciders(), offered)
    return offer


@transaction.atomic
def adopt_outside_offer(offer: OutsideOffer, *, by: User, now: datetime) -> OutsideOffer:
    """Draft it as an offer of the city, and remember the party behind it."""
    offer = lock_outside_offer(offer)
    require(by, "ledger.adopt_outside_offer", offer)
    if not offer.may_become(OutsideState.ADOPTED):
        raise InvalidTransition(offer, OutsideState.ADOPTED)
    posting = draft_posting(
        offer.city,
        Kind.OFFER,
        by=by,
        now=now,
        item=offer.item,
        quantity=offer.quantity,
        details=offer.details,
        language=offer.language,
    )
    adopted = transition(
        offer,
        OutsideState.ADOPTED,
        verb="adopt_outside_offer",
        by=by,
        now=now,
        posting=posting,
        party=party_behind(offer),
        decided_by=by,
    )
    if offer.sent_by:
        notify("outside_offer_adopted", [offer.sent_by], adopted)
    return offer


@transaction.atomic
def decline_outside_offer(
    offer: OutsideOffer, *, by: User, now: datetime, reason: str
) -> OutsideOffer:
    offer = lock_outside_offer(offer)
    require(by, "ledger.decline_outside_offer", offer)
    declined = transition(
        offer,
        OutsideState.DECLINED,
        verb="decline_outside_offer",
        by=by,
        now=now,
        reason=reason,
        decided_by=by,
    )
    if offer.sent_by:
        notify("outside_offer_declined", [offer.sent_by], declined)
    return offer


def party_behind(offer: OutsideOffer) -> Party:
    """Who wants to stay unnamed gets a code of their own, which says nothing about them."""
    if offer.may_be_named:
        return party_named(offer.name, offer.kind, offer.city)
    return Party.objects.create(
        code=f"{offer.city.code}--outside-{offer.pk}"[-100:],
        kind=offer.kind,
        name=offer.name,
        city=offer.city,
        country=offer.city.country,
        may_be_named=False,
    )


def lock_outside_offer(offer: OutsideOffer) -> OutsideOffer:
    locked = OutsideOffer.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("city", "item", "sent_by").get(pk=offer.pk)
