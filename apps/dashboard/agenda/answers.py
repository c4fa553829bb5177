"""What others wait for: a yes or no, or a confirmation."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.cities.models import City
from apps.dashboard.agenda.task import Kind, Task, Verb, amount_of, doing, opening, partner_in
from apps.ledger.models import Gift, OutsideOffer
from apps.matching.models import Match
from apps.matching.states import MatchState
from apps.pairings.consent import cities_are_asked
from apps.pairings.models import Pairing
from apps.pairings.states import Answer, PairingState
from apps.postings.dates import today_in
from apps.postings.models import Urgency


def pairings_to_answer(city: City, now: datetime) -> Kind:
    waiting = Pairing.objects.filter(
        cities_are_asked(now),
        state=PairingState.APPROVED,
        sides__city=city,
        sides__answer=Answer.NONE,
    )

    def task(pairing: Any) -> Task:
        return Task(
            _("Answer the pairing"),
            pairing,
            about="",
            partner=pairing.counterpart_of(city),
            since=today_in(city, pairing.state_since),
            due=today_in(city, pairing.expires_at),
            urgency=Urgency.URGENT,
            verbs=(
                doing(_("Accept"), "pairings:pairing_accept", pairing),
                opening(_("Decline"), "pairings:pairing_decline", pairing),
            ),
        )

    return Kind(waiting.described(), task)


def matches_to_answer(city: City, now: datetime) -> Kind:
    waiting = Match.objects.filter(
        cities_are_asked(now),
        state=MatchState.APPROVED,
        sides__city=city,
        sides__answer=Answer.NONE,
    )

    def task(match: Any) -> Task:
        return Task(
            _("Answer the match: you give")
            if match.offer.city_id == city.pk
            else _("Answer the match: you receive"),
            match,
            about=amount_of(match.quantity, match.offer.item),
            partner=partner_in(match, city),
            since=today_in(city, match.state_since),
            due=today_in(city, match.expires_at),
            urgency=match.need.urgency,
            verbs=(
                doing(_("Accept"), "matching:match_accept", match),
                opening(_("Decline"), "matching:match_decline", match),
            ),
        )

    return Kind(waiting.in_brief(), task)


def gifts_to_confirm(user: User, city: City) -> Kind:
    """Not those that the person recorded themselves: another officer confirms them."""
    waiting = Gift.objects.waiting_for(user).exclude(recorded_by=user)

    def task(gift: Any) -> Task:
        return Task(
            _("Confirm the gift"),
            gift,
            about=amount_of(gift.quantity, gift.item),
            partner=gift.giver,
            since=today_in(city, gift.created_at),
            verbs=ways_to_confirm(gift),
        )

    return Kind(waiting.described(), task)


def offers_from_outside(city: City) -> Kind:
    def task(offer: Any) -> Task:
        return Task(
            _("Adopt or decline what is offered"),
            offer,
            about=amount_of(offer.quantity, offer.item),
            partner=offer.get_kind_display(),
            since=today_in(city, offer.created_at),
            verbs=(
                opening(_("Adopt"), "ledger:outside_offer_adopt", offer),
                opening(_("Decline"), "ledger:outside_offer_decline", offer),
            ),
        )

    return Kind(OutsideOffer.objects.waiting_for(city).described(), task)


def ways_to_confirm(gift: Gift) -> tuple[Verb, ...]:
    asking = opening(_("Say what arrived"), "ledger:gift_confirm", gift)
    if gift.quantity is None:
        return (asking,)
    return (
        doing(_("All of it arrived"), "ledger:gift_confirm", gift, quantity=gift.quantity),
        asking,
    )
