"""Whole allocations against maximum flows and integer programmes."""

import os
from collections import Counter

import pytest

from apps.matching.engine import (
    AllocationProblem,
    AllocationResult,
    Match,
    check_allocation,
    solve_allocation,
)

from .flow_oracles import (
    classes,
    counted_arcs,
    filled_by,
    fits,
    greatest_filling,
    most_preferred_units,
)
from .instances import allocation_problem, quantities_only, without_lots
from .networks import network_allocation

Arcs = list[tuple[int, int]]


def counted(result: AllocationResult) -> list[Match]:
    return [match for match in result.matches if match.quantity is not None]


def own_arcs(problem: AllocationProblem, arcs: Arcs) -> Arcs:
    pairs = [set(pair) for pair in problem.counterparts]
    return [(o, n) for o, n in arcs if {problem.offers[o].city, problem.needs[n].city} in pairs]


BATCH = 100
BATCHES = int(os.environ.get("ALLOCATION_BATCHES", "26"))
"""Of a hundred problems for each policy, 5,200 in all; the long form sets 100."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_urgency_first_fills_the_most_on_random_problems(batch: int) -> None:
    for seed in range(batch * BATCH, batch * BATCH + BATCH):
        problem = without_lots(allocation_problem(seed, policy="urgency_first"))

        result = solve_allocation(problem)

        best = greatest_filling(problem, counted_arcs(problem), {})
        assert classes(problem, filled_by(counted(result))) == best
        assert check_allocation(problem, result) == ()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_pair_first_fills_the_pairs_and_then_the_network_the_most(batch: int) -> None:
    for seed in range(batch * BATCH, batch * BATCH + BATCH):
        problem = without_lots(allocation_problem(seed, policy="pair_first"))

        result = solve_allocation(problem)

        arcs = counted_arcs(problem)
        own = filled_by([match for match in counted(result) if match.relation == "counterpart"])
        fixed = {n: own.get(need.id, 0) for n, need in enumerate(problem.needs)}
        in_pairs = classes(problem, own)
        assert in_pairs == greatest_filling(problem, own_arcs(problem, arcs), {})
        network = classes(problem, filled_by(counted(result)))
        gained = [all_units - units for all_units, units in zip(network, in_pairs, strict=True)]
        assert gained == greatest_filling(problem, arcs, fixed)
        assert check_allocation(problem, result) == ()


@pytest.mark.parametrize("batch", range(5))
def test_equal_fillings_prefer_the_counterpart_then_ties_then_the_item_itself(batch: int) -> None:
    worth = {"counterpart": (1, 0), "tie": (0, 2), "state_tie": (0, 1), "network": (0, 0)}
    for seed in range(batch * 30, batch * 30 + 30):
        problem = without_lots(
            quantities_only(allocation_problem(seed, most=5, policy="urgency_first"))
        )
        arcs = counted_arcs(problem)
        if not arcs:
            continue

        result = solve_allocation(problem)

        relation = [worth[closest(problem, o, n)] for o, n in arcs]
        item = [problem.offers[o].item == problem.needs[n].item for o, n in arcs]
        worths = [[own for own, _ in relation], [tie for _, tie in relation], item]
        reached = [
            sum((match.quantity or 0) * worth[match.relation][stage] for match in result.matches)
            for stage in (0, 1)
        ]
        items = {each.id: each.item for each in (*problem.offers, *problem.needs)}
        reached.append(
            sum(m.quantity or 0 for m in result.matches if items[m.offer] == items[m.need])
        )
        assert reached == most_preferred_units(problem, arcs, worths)


def closest(problem: AllocationProblem, offer: int, need: int) -> str:
    """What joins giver and receiver, by the problem's own rows."""
    a, b = problem.offers[offer].city, problem.needs[need].city
    states = {city.code: city.state_code for city in problem.cities}
    ties = [{tie.a, tie.b} for tie in problem.ties]
    if {a, b} in [set(pair) for pair in problem.counterparts]:
        return "counterpart"
    if {a, b} in ties:
        return "tie"
    tied = states[a] and states[b] and {states[a], states[b]} in ties
    return "state_tie" if tied and states[a] != states[b] else "network"


@pytest.mark.parametrize("policy", ["pair_first", "urgency_first"])
def test_allocation_is_proved_on_a_network(policy: str) -> None:
    problem = network_allocation(60, policy=policy)

    result = solve_allocation(problem)

    assert check_allocation(problem, result) == ()
    assert result.summary.consignments_at_least <= result.summary.consignments


def test_matches_stay_within_what_is_allowed_on_random_problems() -> None:
    for seed in range(300):
        problem = allocation_problem(seed)
        offers = {offer.id: offer for offer in problem.offers}
        needs = {need.id: need for need in problem.needs}

        result = solve_allocation(problem)

        given: Counter[int] = Counter()
        for match in result.matches:
            assert fits(problem, offers[match.offer], needs[match.need])
            given[match.offer] += match.quantity or 0
        assert all(units <= (offers[o].quantity or 0) for o, units in given.items() if units)
        for outcome in result.needs:
            sources = outcome.from_counterpart + outcome.from_ties + outcome.from_network
            assert sources == outcome.filled <= outcome.quantity
            assert outcome.uncovered == outcome.quantity - outcome.filled
