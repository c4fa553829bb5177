"""Whole allocations against maximum flows and integer programmes."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from apps.matching.engine import (
    AllocationProblem,
    AllocationResult,
    City,
    Item,
    Match,
    Need,
    Offer,
    Tie,
    check_allocation,
    solve_allocation,
)

from .instances import TODAY, allocation_problem, network_allocation, quantities_only
from .oracles import (
    band_edges,
    counted_arcs,
    fits,
    greatest_filling,
    most_preferred_units,
)

Arcs = list[tuple[int, int]]


def classes(problem: AllocationProblem, filled: dict[int, int]) -> list[int]:
    """Units filled by class: tier 1 band 1, tier 1 band 2, ... of the needs given."""
    sums = [0] * 40
    for need in problem.needs:
        edges = band_edges(need.quantity or 1)
        for k in range(10):
            units = min(filled.get(need.id, 0), edges[k + 1]) - edges[k]
            sums[(need.tier - 1) * 10 + k] += max(units, 0)
    return sums


def counted(result: AllocationResult) -> list[Match]:
    return [match for match in result.matches if match.quantity is not None]


def filled_by(matches: list[Match]) -> dict[int, int]:
    filled: Counter[int] = Counter()
    for match in matches:
        filled[match.need] += match.quantity or 0
    return filled


def own_arcs(problem: AllocationProblem, arcs: Arcs) -> Arcs:
    pairs = [set(pair) for pair in problem.counterparts]
    return [(o, n) for o, n in arcs if {problem.offers[o].city, problem.needs[n].city} in pairs]


@pytest.mark.parametrize("batch", range(10))
def test_urgency_first_fills_the_most_on_random_problems(batch: int) -> None:
    for seed in range(batch * 40, batch * 40 + 40):
        problem = allocation_problem(seed, policy="urgency_first")

        result = solve_allocation(problem)

        best = greatest_filling(problem, counted_arcs(problem), {})
        assert classes(problem, filled_by(counted(result))) == best
        assert check_allocation(problem, result) == ()


@pytest.mark.parametrize("batch", range(10))
def test_pair_first_fills_the_pairs_and_then_the_network_the_most(batch: int) -> None:
    for seed in range(batch * 40, batch * 40 + 40):
        problem = allocation_problem(seed, policy="pair_first")

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
def test_equal_fillings_prefer_the_counterpart_and_then_ties(batch: int) -> None:
    worth = {"counterpart": (1, 0), "tie": (0, 2), "state_tie": (0, 1), "network": (0, 0)}
    for seed in range(batch * 30, batch * 30 + 30):
        problem = quantities_only(allocation_problem(seed, most=5, policy="urgency_first"))
        arcs = counted_arcs(problem)
        if not arcs:
            continue

        result = solve_allocation(problem)

        relation = [worth[closest(problem, o, n)] for o, n in arcs]
        worths = [[own for own, _ in relation], [tie for _, tie in relation]]
        reached = [
            sum((match.quantity or 0) * worth[match.relation][stage] for match in result.matches)
            for stage in (0, 1)
        ]
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


CITIES = tuple(City(code) for code in "abcd")
BASE = AllocationProblem(today=TODAY, cities=CITIES, items=(Item("mask", 10), Item("gown", 3)))


def units(result: AllocationResult) -> dict[tuple[int, int], int | None]:
    return {(match.offer, match.need): match.quantity for match in result.matches}


def test_tiers_are_filled_in_turn_when_there_is_too_little() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2), Need(2, "b", "mask", 10, 1)),
        offers=(Offer(3, "c", "mask", 14),),
    )

    assert units(solve_allocation(problem)) == {(3, 2): 10, (3, 1): 4}


def test_equal_tiers_share_band_by_band_when_there_is_too_little() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 100, 1), Need(2, "b", "mask", 1000, 1)),
        offers=(Offer(3, "c", "mask", 550),),
    )

    assert units(solve_allocation(problem)) == {(3, 1): 50, (3, 2): 500}


def test_units_of_the_counterpart_count_when_the_network_is_shared() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 100, 1), Need(2, "b", "mask", 100, 1)),
        offers=(Offer(3, "c", "mask", 40), Offer(4, "d", "mask", 60)),
        counterparts=(("a", "c"),),
    )

    assert units(solve_allocation(problem)) == {(3, 1): 40, (4, 1): 10, (4, 2): 50}


def test_pairs_come_first_only_when_the_policy_says_so() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 3), Need(2, "b", "mask", 10, 1)),
        offers=(Offer(3, "c", "mask", 10),),
        counterparts=(("c", "a"),),
    )

    assert units(solve_allocation(problem)) == {(3, 1): 10}
    assert units(solve_allocation(replace(problem, policy="urgency_first"))) == {(3, 2): 10}


def test_totals_of_the_pair_are_fixed_and_not_its_flows() -> None:
    """c's counterpart a can take either offer; only offer 4 can still reach b in time."""
    problem = replace(
        BASE,
        needs=(
            Need(1, "a", "mask", 10, 2),
            Need(2, "b", "mask", 10, 2, needed_by=TODAY + timedelta(10)),
        ),
        offers=(
            Offer(3, "c", "mask", 10, available_from=TODAY + timedelta(1)),
            Offer(4, "c", "mask", 10),
        ),
        counterparts=(("a", "c"),),
    )

    assert units(solve_allocation(problem)) == {(3, 1): 10, (4, 2): 10}


@pytest.mark.parametrize("days", range(8, 13))
def test_goods_flow_when_they_can_arrive_by_the_day(days: int) -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 5, 1, needed_by=TODAY + timedelta(days)),),
        offers=(Offer(2, "b", "mask", 5),),
    )

    assert len(solve_allocation(problem).matches) == (days >= 10)


def test_remote_help_needs_no_days_and_an_ended_offer_never_leaves() -> None:
    problem = replace(
        BASE,
        items=(Item("course", remote=True),),
        needs=(Need(1, "a", "course", 5, 1, needed_by=TODAY),),
        offers=(Offer(2, "b", "course", 5),),
    )
    ended = replace(problem, offers=(Offer(2, "b", "course", 5, None, TODAY - timedelta(1)),))

    assert units(solve_allocation(problem)) == {(2, 1): 5}
    assert units(solve_allocation(ended)) == {}


def test_substitutes_count_one_for_one_when_they_are_accepted() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 1, accepts=("gown",)), Need(2, "b", "gown", 10, 2)),
        offers=(Offer(3, "c", "gown", 12), Offer(4, "d", "mask", 3)),
    )

    assert units(solve_allocation(problem)) == {(3, 1): 7, (4, 1): 3, (3, 2): 5}


def test_a_need_without_a_quantity_takes_one_unit() -> None:
    problem = replace(
        BASE, needs=(Need(1, "a", "mask", None, 1),), offers=(Offer(2, "b", "mask", 9),)
    )

    assert units(solve_allocation(problem)) == {(2, 1): 1}
    assert solve_allocation(problem).needs[0].quantity == 1


def test_knowledge_serves_every_need_and_competes_with_nobody() -> None:
    problem = replace(
        BASE,
        needs=(
            Need(1, "a", "mask", 10, 4),
            Need(2, "b", "mask", 70, 1),
            Need(3, "c", "gown", 5, 1),
        ),
        offers=(Offer(4, "d", "mask", None), Offer(5, "d", "gown", 5), Offer(6, "c", "mask", 80)),
    )

    result = solve_allocation(problem)

    assert units(result) == {(4, 1): None, (4, 2): None, (5, 3): 5}
    assert [(need.filled, need.from_network) for need in result.needs] == [
        (10, 10),
        (70, 70),
        (5, 5),
    ]
    assert result.summary.knowledge_matches == 2
    assert result.summary.tiers[0].needed == 5


def test_knowledge_comes_from_the_closest_when_several_have_it() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 1),),
        offers=tuple(Offer(2 + i, code, "mask", None) for i, code in enumerate("bcd")),
        ties=(Tie("a", "c"),),
    )

    tied = solve_allocation(problem)
    paired = solve_allocation(replace(problem, counterparts=(("d", "a"),)))

    assert [(match.offer, match.relation) for match in tied.matches] == [(3, "tie")]
    assert [(match.offer, match.relation) for match in paired.matches] == [(4, "counterpart")]


def test_knowledge_is_asked_of_several_when_all_are_equally_close() -> None:
    problem = replace(
        BASE,
        needs=tuple(Need(i, "a", "mask", None, 1) for i in range(9)),
        offers=tuple(Offer(20 + i, code, "mask", None) for i, code in enumerate("bcd")),
    )

    asked = Counter(match.offer for match in solve_allocation(problem).matches)

    assert asked == {20: 3, 21: 3, 22: 3}


def test_few_consignments_are_sent_when_the_filling_allows_it() -> None:
    problem = replace(
        BASE,
        needs=tuple(Need(i, "a", "mask", size, 1) for i, size in enumerate((7, 11, 13, 19))),
        offers=tuple(Offer(9 + i, "b", "mask", size) for i, size in enumerate((19, 7, 13, 11))),
    )

    summary = solve_allocation(problem).summary

    assert summary.consignments == summary.consignments_at_least == 4


@pytest.mark.parametrize("policy", ["pair_first", "urgency_first"])
def test_allocation_is_empty_when_there_is_nothing_to_give(policy: str) -> None:
    empty = AllocationProblem(today=TODAY, cities=(), items=(), policy=policy)
    only_needs = replace(BASE, needs=(Need(1, "a", "mask", 3, 1),), policy=policy)
    forbidden = replace(
        only_needs, offers=(Offer(2, "b", "mask", 3),), forbids=(("a", "b"),), policy=policy
    )

    for problem in (empty, only_needs, forbidden):
        result = solve_allocation(problem)

        assert result.matches == ()
        assert check_allocation(problem, result) == ()


@pytest.mark.parametrize("seed", range(40))
def test_nobody_urgent_loses_when_an_offer_grows(seed: int) -> None:
    problem = quantities_only(allocation_problem(seed, policy="urgency_first"))
    more = replace(
        problem, offers=tuple(replace(o, quantity=(o.quantity or 0) + 5) for o in problem.offers)
    )

    before = classes(problem, filled_by(counted(solve_allocation(problem))))
    after = classes(more, filled_by(counted(solve_allocation(more))))

    assert after >= before


def test_progress_is_told_and_may_stop_the_work() -> None:
    heard: list[tuple[str, float]] = []

    def stop(phase: str, done: float) -> None:
        if phase == "flows":
            raise InterruptedError(phase)

    solve_allocation(network_allocation(5), lambda phase, done: heard.append((phase, done)))

    assert list(dict.fromkeys(phase for phase, _ in heard)) == [
        "arcs",
        "flows",
        "reasons",
    ]
    assert ("flows", 1.0) in heard
    with pytest.raises(InterruptedError):
        solve_allocation(network_allocation(5), stop)
