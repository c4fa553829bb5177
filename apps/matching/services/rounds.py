"""A round's life outside the worker: opened, cancelled, run again, given up."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.core.errors import DomainError
from apps.matching.models import Round
from apps.matching.services.parameters import refuse_unfit
from apps.matching.services.sharing import forget_ended
from apps.matching.states import RoundState
from apps.notifications.services import notify


@transaction.atomic
def open_round(
    *,
    by: User | None,
    now: datetime,
    parameters: dict[str, Any],
    reason: str = "",
    is_dry_run: bool = False,
    retry_of: Round | None = None,
) -> Round:
    """Write down that a round is wanted; the worker picks it up. One can wait at a time.

    Another objective or policy than the usual one is stored with its `reason`.
    """
    if by is not None:
        require(by, "matching.open_round")
    refuse_unfit(parameters, reason)
    snapshot = (
        {}
        if retry_of is None
        else {
            "snapshot": retry_of.snapshot,
            "snapshot_hash": retry_of.snapshot_hash,
        }
    )
    try:
        with transaction.atomic():
            opened = Round.objects.create(
                opened_by=by,
                parameters=parameters,
                choice_reason=reason,
                is_dry_run=is_dry_run,
                retry_of=retry_of,
                state_since=now,
                **snapshot,
            )
    except IntegrityError:
        raise DomainError(_("A round is waiting to start already.")) from None
    record(by, "open_round", opened, at=now, after=opened.state, reason=reason)
    return opened


def retry_round(round: Round, *, by: User, now: datetime) -> Round:
    """A new round on the same snapshot and parameters as one that failed or was cancelled."""
    if round.state not in (RoundState.FAILED, RoundState.CANCELLED):
        raise DomainError(_("Only a round that failed or was cancelled is run again."))
    return open_round(
        by=by,
        now=now,
        parameters=round.parameters,
        reason=round.choice_reason,
        is_dry_run=round.is_dry_run,
        retry_of=round,
    )


@transaction.atomic
def cancel_round(round: Round, *, by: User, now: datetime, reason: str) -> Round:
    """Stop a waiting or running round; the worker notices and stores nothing."""
    round = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    require(by, "matching.open_round")
    transition(
        round,
        RoundState.CANCELLED,
        verb="cancel_round",
        by=by,
        now=now,
        reason=reason,
        finished_at=now,
    )
    return round


@transaction.atomic
def fail_round(round: Round, *, now: datetime, reason: str, error: str = "") -> Round:
    """Nothing of the round is stored; coordinators are told why."""
    round = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    if round.state != RoundState.RUNNING:
        return round
    failed = transition(
        round,
        RoundState.FAILED,
        verb="fail_round",
        by=None,
        now=now,
        reason=reason[:500],
        error=error,
        finished_at=now,
    )
    notify("round_failed", User.objects.deciders(), failed)
    return round


def sweep_rounds(*, now: datetime) -> int:
    """Give up running rounds whose worker has not been heard of within its lease."""
    silent = Round.objects.filter(state=RoundState.RUNNING, lease_until__lt=now)
    reason = gettext_noop("The worker stopped answering.")
    given_up = sum(
        fail_round(round, now=now, reason=reason).state == RoundState.FAILED for round in silent
    )
    forget_ended()
    return given_up
