"""Smallest lots and whole packs: always respected, and nearly as good as can be."""

import os
from dataclasses import replace

import pytest

from apps.matching.engine import (
    AllocationProblem,
    AllocationResult,
    City,
    Item,
    Need,
    Offer,
    check_allocation,
    solve_allocation,
)

from .flow_oracles import LotProgramme, classes, counted_arcs, filled_by
from .instances import TODAY, allocation_problem, packed
from .networks import network_allocation

BASE = AllocationProblem(
    today=TODAY, cities=tuple(City(code) for code in "abcde"), items=(Item("mask", 10),)
)
PROBLEMS = int(os.environ.get("ALLOCATION_LOT_PROBLEMS", "120"))
"""The long form takes two thousand."""


def units(result: AllocationResult) -> dict[tuple[int, int], int | None]:
    return {(match.offer, match.need): match.quantity for match in result.matches}


def test_nothing_goes_out_when_it_would_be_less_than_a_lot() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 100, 1, smallest_lot=20),),
        offers=(Offer(2, "b", "mask", 19), Offer(3, "c", "mask", 60, smallest_lot=70)),
    )

    result = solve_allocation(problem)

    assert units(result) == {}
    assert result.summary.tiers[0].filled == 0
    assert sum(result.summary.tiers[0].without_lots) == 79
    assert result.relaxation == ((2, 1, 19), (3, 1, 60))


def test_lots_of_both_sides_count_and_the_larger_decides() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 1, smallest_lot=4), Need(2, "b", "mask", 3, 1)),
        offers=(Offer(3, "c", "mask", 8, smallest_lot=8),),
    )

    assert units(solve_allocation(problem)) == {(3, 1): 8}


def test_the_more_urgent_keeps_its_lot_when_there_is_not_enough_for_two() -> None:
    problem = replace(
        BASE,
        needs=(
            Need(1, "a", "mask", 10, 1, smallest_lot=6),
            Need(2, "b", "mask", 10, 1, smallest_lot=6),
            Need(3, "c", "mask", 10, 2, smallest_lot=6),
        ),
        offers=(Offer(4, "d", "mask", 10),),
    )

    result = solve_allocation(problem)

    ((match, quantity),) = units(result).items()
    assert match[1] in (1, 2)
    assert quantity == 10
    assert check_allocation(problem, result) == ()


@pytest.mark.parametrize(("needed", "packs"), [(3, 0), (4, 1), (7, 1), (10, 2), (12, 3)])
def test_packs_go_out_whole_and_rounded_down(needed: int, packs: int) -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", needed, 1),),
        offers=(Offer(2, "b", "mask", 14, pack=4),),
    )

    assert sum(quantity or 0 for quantity in units(solve_allocation(problem)).values()) == 4 * packs


def test_loose_units_fill_up_what_packs_leave_open() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 1),),
        offers=(Offer(2, "b", "mask", 40, pack=4), Offer(3, "c", "mask", 2)),
    )

    assert units(solve_allocation(problem)) == {(2, 1): 8, (3, 1): 2}


def test_units_change_places_when_a_lot_needs_more_room() -> None:
    """Offer 3 goes out by tens only: offer 2 makes room for it and the need is filled."""
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 20, 1),),
        offers=(Offer(2, "b", "mask", 15), Offer(3, "c", "mask", 10, smallest_lot=10)),
    )

    assert units(solve_allocation(problem)) == {(2, 1): 10, (3, 1): 10}


def test_repair_is_never_better_than_the_true_optimum_and_mostly_as_good() -> None:
    """On 2,000 problems lots or packs held units back in 817; the repair was optimal in 731."""
    held_back = equal = 0
    for seed in range(PROBLEMS):
        problem = allocation_problem(seed, most=5)
        if seed % 2:
            problem = packed(problem, seed)
        arcs = counted_arcs(problem)
        result = solve_allocation(problem)

        assert check_allocation(problem, result) == ()
        if result.relaxation:
            best, reached = LotProgramme(problem, arcs).best(), value(problem, result)
            assert reached <= best
            held_back += 1
            equal += reached == best

    assert held_back > PROBLEMS // 3
    assert equal >= 0.85 * held_back


def value(problem: AllocationProblem, result: AllocationResult) -> list[int]:
    """Units by class: those from counterparts if they come first, then all."""
    counted = [match for match in result.matches if match.quantity is not None]
    own = [match for match in counted if match.relation == "counterpart"]
    first = classes(problem, filled_by(own)) if problem.policy == "pair_first" else []
    return first + classes(problem, filled_by(counted))


@pytest.mark.parametrize("policy", ["pair_first", "urgency_first"])
def test_lots_are_respected_on_a_network(policy: str) -> None:
    problem = network_allocation(60, policy=policy)
    problem = replace(
        problem,
        needs=tuple(replace(need, smallest_lot=1 + need.id % 500) for need in problem.needs),
        offers=tuple(replace(o, pack=1 + o.id % 7 * 12) for o in problem.offers),
    )

    result = solve_allocation(problem)

    assert check_allocation(problem, result) == ()
    filled = [tier.filled / sum(tier.without_lots) for tier in result.summary.tiers]
    assert filled[0] > 0.98
