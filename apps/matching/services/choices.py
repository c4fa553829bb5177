"""What the other objectives and the other policy would have given on the same snapshot."""

from dataclasses import replace
from typing import Any, get_args

from django.conf import settings

from apps.matching.engine import solve_allocation, solve_pairing
from apps.matching.engine.problem import Objective, Policy
from apps.matching.engine.progress import OnProgress, silent
from apps.matching.engine.result import AllocationResult, PairingResult
from apps.matching.snapshot import Snapshot

Choices = dict[str, list[dict[str, Any]]]


def compare_choices(
    snapshot: Snapshot,
    pairing: PairingResult,
    allocation: AllocationResult,
    report: OnProgress = silent,
) -> Choices:
    """Figures of every objective and policy, as a round's summary keeps them.

    Nothing for a round of more than COMPARED_CITIES, where it would take several times its time.
    """
    if len(snapshot.allocation.cities) > settings.COMPARED_CITIES:
        return {}
    pairings = {pairing.objective: pairing}
    for done, objective in enumerate(set(get_args(Objective)) - pairings.keys()):
        report("choices", done / 3)
        pairings[objective] = solve_pairing(replace(snapshot.pairing, objective=objective))
    allocations = {allocation.policy: allocation}
    for policy in set(get_args(Policy)) - allocations.keys():
        report("choices", 2 / 3)
        allocations[policy] = solve_allocation(replace(snapshot.allocation, policy=policy))
    return {
        "objectives": [figures_of(pairings[objective]) for objective in get_args(Objective)],
        "policies": [fillings_of(allocations[policy]) for policy in get_args(Policy)],
    }


def figures_of(pairing: PairingResult) -> dict[str, Any]:
    summary = pairing.summary
    return {
        "objective": pairing.objective,
        "total": summary.total_score,
        "paired": summary.paired,
        "cities": summary.cities,
        "critical_paired": summary.critical_paired,
        "critical": summary.critical,
        "lowest_benefit": summary.lowest_benefit,
        "blocking_pairs": summary.blocking_pairs,
    }


def fillings_of(allocation: AllocationResult) -> dict[str, Any]:
    summary = allocation.summary
    return {
        "policy": allocation.policy,
        "tiers": [
            {"tier": tier.tier, "needed": tier.needed, "filled": tier.filled}
            for tier in summary.tiers
        ],
        "from_counterpart": summary.from_counterpart,
        "from_ties": summary.from_ties,
        "from_network": summary.from_network,
        "consignments": summary.consignments,
    }
