"""The rules of allocation on problems small enough to solve by hand."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from apps.matching.engine import (
    AllocationProblem,
    AllocationResult,
    City,
    Item,
    Need,
    Offer,
    Tie,
    check_allocation,
    solve_allocation,
    summarise_allocation,
)

from .flow_oracles import (
    classes,
    filled_by,
)
from .instances import TODAY, allocation_problem, quantities_only, without_lots
from .networks import network_allocation

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

    before = classes(problem, filled_by(solve_allocation(problem).matches))
    after = classes(more, filled_by(solve_allocation(more).matches))

    assert after >= before


@pytest.mark.parametrize("policy", ["pair_first", "urgency_first"])
@pytest.mark.parametrize("seed", range(40))
def test_the_most_urgent_tier_gets_no_less_when_one_offer_grows(seed: int, policy: str) -> None:
    problem = without_lots(quantities_only(allocation_problem(seed, policy=policy)))
    before = solve_allocation(problem).summary.tiers[0].filled

    for row, offer in enumerate(problem.offers):
        offers = list(problem.offers)
        offers[row] = replace(offer, quantity=(offer.quantity or 0) + 7)
        after = solve_allocation(replace(problem, offers=tuple(offers))).summary.tiers[0].filled
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


def test_one_giver_serves_a_need_when_there_is_plenty() -> None:
    problem = replace(
        BASE,
        needs=tuple(Need(i, "a", "mask", 60, 1) for i in range(4)),
        offers=tuple(Offer(10 + i, code, "mask", 100) for i, code in enumerate("bcdbcd")),
    )

    summary = solve_allocation(problem).summary

    assert summary.consignments == summary.consignments_at_least == 4


@pytest.mark.parametrize("batch", range(4))
def test_figures_alone_are_those_of_the_whole_answer_on_random_problems(batch: int) -> None:
    for seed in range(batch * 50, batch * 50 + 50):
        problem = allocation_problem(seed)

        assert summarise_allocation(problem) == solve_allocation(problem).summary
