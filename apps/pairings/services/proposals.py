"""From a proposal to the second yes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.notifications.services import notify
from apps.pairings.consent import ask_cities, give_answer, is_agreed, remind_silent, tell
from apps.pairings.models import Pairing, PairingSide
from apps.pairings.services.slots import claim_slots, free_slots, refuse_if_taken
from apps.pairings.states import Answer, PairingState


@transaction.atomic
def propose_pairing(
    left: City,
    right: City,
    *,
    by: User | None,
    now: datetime,
    note: str = "",
    is_demo: bool = False,
) -> Pairing:
    """Propose two cities as counterparts, for a coordinator to decide; `by` None is a round."""
    if by is not None:
        require(by, "pairings.propose_pairing", [left, right])
        is_demo = by.is_demo
    refuse_unfit(left, right, field="right")
    lock_cities(left, right)
    refuse_if_together(left, right)
    pairing = Pairing.objects.create(
        proposed_by=by,
        note=note,
        is_demo=is_demo,
        state_since=now,
        expires_at=now + timedelta(days=settings.PROPOSAL_DAYS),
    )
    for position, city in enumerate((left, right)):
        PairingSide.objects.create(pairing=pairing, position=position, city=city)
    proposed = record(by, "propose_pairing", pairing, at=now, after=pairing.state)
    if by is not None:
        notify("pairing_proposed", User.objects.deciders(), proposed)
    return pairing


def refuse_unfit(left: City, right: City, *, field: str) -> None:
    """Counterparts are two, of one level, and act; what is wrong belongs to `field`."""
    if left == right:
        raise DomainError(_("A city cannot be its own counterpart."), field)
    if left.level != right.level:
        raise DomainError(
            _("Cities pair with cities, and provinces or states with provinces or states."), field
        )
    for city in (left, right):
        if not city.acts:
            raise DomainError(_("%(city)s does not pair.") % {"city": city}, field)


def lock_cities(*cities: City) -> None:
    """So that of two who say something about the same pair at once, the second sees the first."""
    ids = [city.pk for city in cities]
    list(City.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def refuse_if_together(left: City, right: City) -> None:
    together = (
        Pairing.objects.of(left)
        .filter(pk__in=Pairing.objects.of(right).values("pk"))
        .filter(
            state__in=[
                PairingState.PROPOSED,
                PairingState.APPROVED,
                PairingState.ACTIVE,
                PairingState.SUSPENDED,
            ]
        )
        .first()
    )
    if together:
        raise DomainError(
            _("This pairing exists: %(pairing)s (number %(number)d, %(state)s).")
            % {
                "pairing": together,
                "number": together.pk,
                "state": together.get_state_display(),
            },
            "right",
        )


@transaction.atomic
def approve_pairing(pairing: Pairing, *, by: User, now: datetime, reason: str = "") -> Pairing:
    """Let the two cities answer; from here on neither can be in another pairing."""
    pairing = lock_pairing(pairing)
    check_approval(pairing, by=by, now=now)
    claim_slots(pairing)
    approved = transition(
        pairing,
        PairingState.APPROVED,
        verb="approve_pairing",
        by=by,
        now=now,
        reason=reason,
        decided_by=by,
        decided_at=now,
        expires_at=now + timedelta(days=settings.ANSWER_DAYS),
        term_until=now.date() + timedelta(days=settings.PAIRING_DAYS),
        review_on=now.date() + timedelta(days=settings.REVIEW_DAYS),
    )
    ask_cities(pairing, "pairing_approved", approved)
    return pairing


@transaction.atomic
def reject_pairing(pairing: Pairing, *, by: User, now: datetime, reason: str) -> Pairing:
    pairing = lock_pairing(pairing)
    require(by, "pairings.reject_pairing", pairing)
    refuse_unless_waiting(pairing, now=now)
    transition(
        pairing,
        PairingState.REJECTED,
        verb="reject_pairing",
        by=by,
        now=now,
        reason=reason,
        decided_by=by,
        decided_at=now,
    )
    return pairing


@transaction.atomic
def accept_pairing(pairing: Pairing, *, by: User, now: datetime) -> Pairing:
    """A city's yes; the second one makes the pairing active."""
    pairing = lock_pairing(pairing)
    require(by, "pairings.answer_pairing", pairing)
    give_answer(pairing, Answer.ACCEPTED, by=by, now=now)
    record(by, "accept_pairing", pairing, at=now, before=pairing.state, after=pairing.state)
    if is_agreed(pairing):
        activated = transition(
            pairing,
            PairingState.ACTIVE,
            verb="activate_pairing",
            by=by,
            now=now,
            active_since=now,
            expires_at=None,
        )
        notify("pairing_active", officers_of(*pairing.cities), activated)
    return pairing


@transaction.atomic
def decline_pairing(pairing: Pairing, *, by: User, now: datetime, reason: str) -> Pairing:
    pairing = lock_pairing(pairing)
    require(by, "pairings.answer_pairing", pairing)
    give_answer(pairing, Answer.DECLINED, by=by, now=now)
    declined = transition(
        pairing, PairingState.DECLINED, verb="decline_pairing", by=by, now=now, reason=reason
    )
    free_slots(pairing)
    tell(pairing, "pairing_declined", declined)
    return pairing


@transaction.atomic
def cancel_pairing(pairing: Pairing, *, by: User, now: datetime, reason: str) -> Pairing:
    """Take an approval back before both cities have answered."""
    pairing = lock_pairing(pairing)
    require(by, "pairings.cancel_pairing", pairing)
    cancelled = transition(
        pairing, PairingState.CANCELLED, verb="cancel_pairing", by=by, now=now, reason=reason
    )
    free_slots(pairing)
    tell(pairing, "pairing_cancelled", cancelled)
    return pairing


@transaction.atomic
def remind_pairing(pairing: Pairing, *, now: datetime) -> None:
    remind_silent(lock_pairing(pairing), "pairing_approved", now=now)


@transaction.atomic
def expire_pairing(pairing: Pairing, *, now: datetime) -> Pairing:
    """Close a proposal nobody decided on, or an approval a city left unanswered."""
    pairing = lock_pairing(pairing)
    if not pairing.may_become(PairingState.EXPIRED):
        return pairing
    if pairing.expires_at is None or pairing.expires_at > now:
        return pairing
    was_approved = pairing.state == PairingState.APPROVED
    expired = transition(pairing, PairingState.EXPIRED, verb="expire_pairing", by=None, now=now)
    if was_approved:
        free_slots(pairing)
        tell(pairing, "pairing_expired", expired)
    return pairing


def check_approval(pairing: Pairing, *, by: User, now: datetime) -> None:
    """Raises what approving it would raise."""
    require(by, "pairings.approve_pairing", pairing)
    refuse_unless_waiting(pairing, now=now)
    refuse_if_taken(pairing)


def refuse_unless_waiting(pairing: Pairing, *, now: datetime) -> None:
    if pairing.state != PairingState.PROPOSED:
        raise DomainError(
            _("%(person)s has decided already: %(pairing)s is %(state)s.")
            % {
                "person": pairing.decided_by or _("The system"),
                "pairing": pairing,
                "state": pairing.get_state_display(),
            }
        )
    if pairing.expires_at and pairing.expires_at <= now:
        raise DomainError(_("The proposal has expired; the next round proposes anew."))


def lock_pairing(pairing: Pairing) -> Pairing:
    Pairing.objects.select_for_update(no_key=True).get(pk=pairing.pk)
    return Pairing.objects.select_related("decided_by").described().get(pk=pairing.pk)
