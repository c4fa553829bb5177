"""What the objective and the policy gave, and what the others would have given on the same snapshot."""

from dataclasses import replace
from typing import Any, get_args

from django.conf import settings

from apps.matching.engine import compare_objectives, summarise_allocation
from apps.matching.engine.problem import Objective, Policy
from apps.matching.engine.progress import OnProgress, silent
from apps.matching.engine.result import (
    AllocationResult,
    AllocationSummary,
    PairingResult,
    PairingSummary,
)
from apps.matching.snapshot import Snapshot

Choices = dict[str, list[dict[str, Any]]]


def compare_choices(
    snapshot: Snapshot,
    pairing: PairingResult,
    allocation: AllocationResult,
    report: OnProgress = silent,
) -> Choices:
    """Figures of every objective and policy, as a round's summary keeps them.

    Those that were chosen alone for a round of more than COMPARED_CITIES, where the others would
    take several times its time.
    """
    pairings = {pairing.objective: pairing.summary}
    allocations = {allocation.policy: allocation.summary}
    if len(snapshot.allocation.cities) <= settings.COMPARED_CITIES:
        others = [each for each in get_args(Objective) if each not in pairings]
        pairings |= compare_objectives(snapshot.pairing, others, still(report, 0.0))
        for policy in set(get_args(Policy)) - allocations.keys():
            problem = replace(snapshot.allocation, policy=policy)
            allocations[policy] = summarise_allocation(problem, still(report, 2 / 3))
    return {
        "objectives": [figures_of(o, pairings[o]) for o in get_args(Objective) if o in pairings],
        "policies": [fillings_of(p, allocations[p]) for p in get_args(Policy) if p in allocations],
    }


def still(report: OnProgress, share: float) -> OnProgress:
    """Reports that share of the choices whatever the engine is at."""
    return lambda phase, done: report("choices", share)


def figures_of(objective: Objective, summary: PairingSummary) -> dict[str, Any]:
    return {
        "objective": objective,
        "total": summary.total_score,
        "paired": summary.paired,
        "cities": summary.cities,
        "critical_paired": summary.critical_paired,
        "critical": summary.critical,
        "lowest_benefit": summary.lowest_benefit,
        "blocking_pairs": summary.blocking_pairs,
    }


def fillings_of(policy: Policy, summary: AllocationSummary) -> dict[str, Any]:
    return {
        "policy": policy,
        "tiers": [
            {"tier": tier.tier, "needed": tier.needed, "filled": tier.filled}
            for tier in summary.tiers
        ],
        "from_counterpart": summary.from_counterpart,
        "from_ties": summary.from_ties,
        "from_network": summary.from_network,
        "consignments": summary.consignments,
    }
