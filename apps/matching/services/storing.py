"""A round is finished: its result, figures and proposals are stored in one transaction."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import transition
from apps.matching.engine.result import AllocationResult, PairingResult
from apps.matching.models import Round
from apps.matching.services.choices import Choices
from apps.matching.services.comparing import compare, last_finished_before, proposals, proposals_of
from apps.matching.services.proposing import plain, propose, supersede
from apps.matching.snapshot import Snapshot
from apps.matching.states import RoundState
from apps.notifications.services import notify

EXPLAINED = 100  # cities alone, and open needs, that a summary explains


@transaction.atomic
def store_result(
    round: Round,
    snapshot: Snapshot,
    pairing: PairingResult,
    allocation: AllocationResult,
    *,
    now: datetime,
    choices: Choices | None = None,
) -> None:
    """Finish the round; unless it is a dry run, replace what is undecided by its proposals."""
    summary = {**summarise(snapshot, pairing, allocation), "choices": choices or {}}
    if earlier := last_finished_before(round):
        difference = compare(proposals_of(earlier), proposals(pairing, allocation))
        summary["against"] = difference.to_summary(earlier)
    finished = transition(
        round,
        RoundState.FINISHED,
        verb="finish_round",
        by=None,
        now=now,
        result=round.result,
        summary=summary,
        phase="",
        progress=100,
        finished_at=now,
    )
    if round.is_dry_run:
        return
    supersede(now=now)
    propose(round, snapshot, pairing.pairs, allocation.matches, now=now)
    notify("round_finished", User.objects.deciders(), finished)


def summarise(
    snapshot: Snapshot, pairing: PairingResult, allocation: AllocationResult
) -> dict[str, Any]:
    """The figures that lists and pages show without reading the whole result."""
    with_tie = sum(
        any(r.code == "tie" and r.values.get("kind") == "own" for r in pair.reasons)
        for pair in pairing.pairs
    )
    figures = allocation.summary
    return {
        "pairings": len(pairing.pairs),
        "pairings_with_tie": with_tie,
        "cities": pairing.summary.cities,
        "cities_alone": len(pairing.alone),
        "matches": len(allocation.matches),
        "consignments_at_least": figures.consignments_at_least,
        "needs": len(allocation.needs),
        "needs_filled": sum(need.uncovered == 0 for need in allocation.needs),
        "tiers": [
            {
                "tier": tier.tier,
                "needed": tier.needed,
                "filled": tier.filled,
                "more_without_lots": sum(tier.without_lots) - sum(tier.bands),
            }
            for tier in figures.tiers
        ],
        "units_needed": sum(need.quantity for need in allocation.needs),
        "units_allocated": sum(need.filled for need in allocation.needs),
        "units_uncovered": sum(need.uncovered for need in allocation.needs),
        "from_counterpart": figures.from_counterpart,
        "from_ties": figures.from_ties,
        "from_network": figures.from_network,
        "alone": [
            {"city": alone.city, "reasons": plain(alone.reasons)}
            for alone in pairing.alone[:EXPLAINED]
        ],
        "open_needs": [
            {"need": need.need, "uncovered": need.uncovered, "reasons": plain(need.reasons)}
            for need in allocation.needs
            if need.uncovered
        ][:EXPLAINED],
        "left_out": [{"posting": pk, "why": why} for pk, why in snapshot.left_out.items()],
        "pins_left_out": snapshot.pins_left_out,
    }
