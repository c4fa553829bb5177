"""How a part is made smaller before it is solved, and how its flow is read back."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from apps.matching.engine import AllocationProblem, City, Item, Need, Offer, solve_allocation
from apps.matching.engine.allocation import consignments
from apps.matching.engine.allocation.hubs import build_hubs
from apps.matching.engine.allocation.rows import prepare

from .instances import TODAY, allocation_problem, packed
from .networks import network_allocation

BASE = AllocationProblem(
    today=TODAY, cities=tuple(City(code) for code in "abcdef"), items=(Item("mask"),)
)


def quantities(problem: AllocationProblem) -> list[tuple[int, int, int | None]]:
    return [(m.offer, m.need, m.quantity) for m in solve_allocation(problem).matches]


def test_hubs_stand_only_on_days_that_are_the_last_in_time_for_a_need() -> None:
    offers = tuple(
        Offer(i, "b", "mask", 10, available_from=TODAY + timedelta(i)) for i in range(1, 9)
    )
    needs = tuple(
        Need(10 + day, "a", "mask", 10, 2, needed_by=TODAY + timedelta(day)) for day in (3, 5, 5)
    )
    _, rows = prepare(replace(BASE, needs=needs, offers=offers))

    hubs = build_hubs(rows, np.arange(3))

    day = rows.arrival[hubs.enter_offer] - TODAY.toordinal()
    entered = sorted(zip(day.tolist(), hubs.enter_hub.tolist(), strict=True))
    assert entered == [(1, 0), (2, 0), (3, 0), (4, 1), (5, 1)]
    assert sorted(hubs.leave_hub.tolist()) == [0, 1, 1]


def test_needs_take_the_offers_that_fit_exactly_when_there_are_such() -> None:
    needs = tuple(Need(i, "a", "mask", units, 2) for i, units in enumerate((30, 50, 70)))
    offers = tuple(Offer(10 + i, "b", "mask", units) for i, units in enumerate((70, 30, 50)))

    found = quantities(replace(BASE, needs=needs, offers=offers))

    assert found == [(11, 0, 30), (12, 1, 50), (10, 2, 70)]


def test_offers_change_places_when_the_only_one_left_is_barred() -> None:
    """Units of a and b meet needs of a and b at one hub: each has to get the other's."""
    needs = (Need(1, "a", "mask", 40, 2), Need(2, "b", "mask", 60, 2))
    offers = (Offer(3, "a", "mask", 60), Offer(4, "b", "mask", 40))

    found = quantities(replace(BASE, needs=needs, offers=offers))

    assert found == [(4, 1, 40), (3, 2, 60)]


def test_a_forbidden_giver_gives_nothing_when_it_would_be_the_only_choice() -> None:
    needs = (Need(1, "a", "mask", 40, 2), Need(2, "c", "mask", 40, 2))
    offers = (Offer(3, "b", "mask", 80, excluded=("c",)), Offer(4, "d", "mask", 10))

    found = quantities(replace(BASE, needs=needs, offers=offers, forbids=(("a", "d"),)))

    assert found == [(3, 1, 40), (4, 2, 10)]


@pytest.mark.parametrize("looked_at", [1, 2, 3])
def test_the_bound_is_the_same_however_few_offers_are_looked_at_first(
    monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    problems = [packed(allocation_problem(seed, most=9), seed) for seed in range(80)]
    problems.append(network_allocation(40))
    bounds = [bound(problem) for problem in problems]
    monkeypatch.setattr(consignments, "LOOKED_AT", looked_at)

    assert [bound(problem) for problem in problems] == bounds


def bound(problem: AllocationProblem) -> int:
    return solve_allocation(problem).summary.consignments_at_least
