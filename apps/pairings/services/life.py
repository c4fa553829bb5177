"""What administrators do with a live pairing, and their word to the engine about two cities."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City
from apps.core.errors import DomainError
from apps.pairings.consent import tell
from apps.pairings.models import Pairing, PairingRule
from apps.pairings.services.proposals import lock_cities, lock_pairing, refuse_unfit
from apps.pairings.services.slots import free_slots
from apps.pairings.states import PairingState


@transaction.atomic
def suspend_pairing(pairing: Pairing, *, by: User, now: datetime, reason: str) -> Pairing:
    """Rest a pairing: the cities keep their places, and rounds no longer put the pair first."""
    pairing = lock_pairing(pairing)
    require(by, "pairings.manage_pairing", pairing)
    suspended = transition(
        pairing, PairingState.SUSPENDED, verb="suspend_pairing", by=by, now=now, reason=reason
    )
    tell(pairing, "pairing_suspended", suspended)
    return pairing


@transaction.atomic
def resume_pairing(pairing: Pairing, *, by: User, now: datetime, reason: str = "") -> Pairing:
    pairing = lock_pairing(pairing)
    require(by, "pairings.manage_pairing", pairing)
    if pairing.state != PairingState.SUSPENDED:
        raise DomainError(_("Only a suspended pairing can be resumed."))
    resumed = transition(
        pairing, PairingState.ACTIVE, verb="resume_pairing", by=by, now=now, reason=reason
    )
    tell(pairing, "pairing_resumed", resumed)
    return pairing


@transaction.atomic
def end_pairing(pairing: Pairing, *, by: User, now: datetime, reason: str) -> Pairing:
    """End a pairing for good; its history stays, and both cities are free for another."""
    pairing = lock_pairing(pairing)
    require(by, "pairings.manage_pairing", pairing)
    ended = transition(
        pairing, PairingState.ENDED, verb="end_pairing", by=by, now=now, reason=reason
    )
    free_slots(pairing)
    tell(pairing, "pairing_ended", ended)
    return pairing


@transaction.atomic
def review_pairing(
    pairing: Pairing, *, by: User, now: datetime, review_on: date, term_until: date
) -> Pairing:
    """Note that the two cities looked at their pairing, and until when it is agreed from now on."""
    pairing = lock_pairing(pairing)
    require(by, "pairings.review_pairing", pairing)
    if pairing.state not in (PairingState.ACTIVE, PairingState.SUSPENDED):
        raise DomainError(_("Only a pairing that lives is reviewed."))
    if review_on <= now.date():
        raise DomainError(_("Choose a day to come."), "review_on")
    if term_until < review_on:
        raise DomainError(_("The term ends before the next review."), "term_until")
    before, after = pairing.term_until, term_until
    pairing.review_on, pairing.term_until = review_on, term_until
    pairing.save(update_fields=["review_on", "term_until", "updated_at"])
    record(by, "review_pairing", pairing, at=now, before=before or "", after=after)
    return pairing


@transaction.atomic
def set_rule(
    kind: str, city: City, other: City, *, by: User, now: datetime, reason: str
) -> PairingRule:
    """Pin two cities (the engine must pair them) or forbid it; one word in force per pair."""
    require(by, "pairings.set_rule")
    refuse_unfit(city, other, field="city_b")
    first, second = sorted((city, other), key=lambda place: place.pk)
    lock_cities(first, second)
    in_force = PairingRule.objects.filter(lifted_at=None)
    if earlier := in_force.filter(city_a=first, city_b=second).first():
        raise DomainError(_("Lift this first: %(rule)s.") % {"rule": earlier}, "city_b")
    if kind == "pin":
        refuse_second_pin(first, second)
    rule = PairingRule.objects.create(
        kind=kind, city_a=first, city_b=second, reason=reason, set_by=by
    )
    record(by, f"{kind}_pair", rule, at=now, after=kind, reason=reason)
    return rule


def refuse_second_pin(*cities: City) -> None:
    pins = PairingRule.objects.filter(kind="pin", lifted_at=None)
    for city in cities:
        if earlier := (pins.filter(city_a=city) | pins.filter(city_b=city)).first():
            raise DomainError(
                _("%(city)s is pinned already: %(rule)s.") % {"city": city, "rule": earlier},
                "city_b",
            )


@transaction.atomic
def lift_rule(rule: PairingRule, *, by: User, now: datetime, reason: str = "") -> PairingRule:
    require(by, "pairings.set_rule")
    rule = PairingRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if rule.lifted_at is None:
        rule.lifted_at = now
        rule.save()
        record(by, "lift_rule", rule, at=now, before=rule.kind, reason=reason)
    return rule
