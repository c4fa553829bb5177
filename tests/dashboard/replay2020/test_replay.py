"""The engine's allocations are lawful, use the same goods, and do not depend on any order."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.dashboard.replay2020.allocations import (
    POLICIES,
    allocation_problem,
    counterparts_of,
    solve,
)
from apps.dashboard.replay2020.estimate import estimated_needs
from apps.dashboard.replay2020.page import measure_lines
from apps.dashboard.replay2020.replay import replay_of
from apps.matching import engine
from tests.dashboard.replay2020.conftest import small_table

GIFTS = st.lists(
    st.tuples(
        st.sampled_from(["mask", "gown", "meter"]),
        st.sampled_from(["g1", "g2", "g3", "g4"]),
        st.sampled_from(["r1", "r2", "r3", "r4"]),
        st.integers(1, 500),
    ),
    min_size=1,
    max_size=12,
)
TIES = st.sets(st.tuples(st.sampled_from(["g1", "g2", "g3"]), st.sampled_from(["r1", "r2", "r3"])))
PEOPLE = {"r1": 7, "r2": 1_000, "r3": 333, "r4": 90}


def goods(flows):
    """Units by giver and item."""
    found = Counter()
    for flow in flows:
        found[flow.giver, flow.item] += flow.quantity
    return found


def arrivals(flows):
    """Units by receiver and item."""
    found = Counter()
    for flow in flows:
        found[flow.receiver, flow.item] += flow.quantity
    return found


@pytest.mark.parametrize("policy", POLICIES)
def test_engine_passes_its_checker_when_it_splits_the_goods_of_the_report(policy, facts):
    needs = estimated_needs(facts.table)
    problem = allocation_problem(facts.table, needs, counterparts_of(facts.table), policy)

    result = engine.solve_allocation(problem)

    assert engine.check_allocation(problem, result) == ()
    assert arrivals(solve(problem)) == needs


def test_every_allocation_moves_exactly_the_same_goods(replay):
    given_, *engines = (goods(a.flows) for a in replay.allocations)

    assert engines == [given_, given_]


@settings(max_examples=60, deadline=None)
@given(gifts=GIFTS, ties=TIES)
def test_any_table_is_split_whole_as_needed_and_with_the_same_measures(gifts, ties):
    replay = replay_of(small_table(gifts, ties, PEOPLE))
    given_, pair_first, urgency_first = replay.allocations

    assert goods(pair_first.flows) == goods(urgency_first.flows) == goods(given_.flows)
    assert arrivals(pair_first.flows) == arrivals(urgency_first.flows) == replay.needs
    assert pair_first.measures == urgency_first.measures


@settings(max_examples=40, deadline=None)
@given(gifts=GIFTS, ties=TIES, random=st.randoms())
def test_replay_is_the_same_whatever_the_order_of_rows_and_ends(gifts, ties, random):
    shuffled, turned = list(gifts), [random.sample(pair, 2) for pair in ties]
    random.shuffle(shuffled)
    random.shuffle(turned)
    table, other = small_table(gifts, ties, PEOPLE), small_table(shuffled, turned, PEOPLE)

    assert replay_of.__wrapped__(table) == replay_of.__wrapped__(other)


def test_counterparts_are_ties_one_to_one_and_as_many_as_can_be(replay):
    givers, receivers = zip(*replay.counterparts, strict=True)

    assert set(replay.counterparts) <= set(replay.table.ties)
    assert (len(set(givers)), len(set(receivers))) == (23, 23)
    assert largest_matching(replay.table.ties) == 23


def largest_matching(pairs):
    """By augmenting paths."""
    partner = {}

    def place(giver, seen):
        for one, other in pairs:
            if one == giver and other not in seen:
                seen.add(other)
                if other not in partner or place(partner[other], seen):
                    partner[other] = giver
                    return True
        return False

    return sum(place(giver, set()) for giver in {one for one, __ in pairs})


def test_figures_of_the_report(replay):
    assert {line.label: line.cells for line in measure_lines(replay)} == {
        "Estimated need that is met": ("19.3 %", "100 %", "100 %"),
        "Filled share of the worst-off place": ("0.2 %", "100 %", "100 %"),
        "Gini coefficient of the filled shares": ("0.35", "0.00", "0.00"),
        "Needs that got nothing": ("81.2 %", "0 %", "0 %"),
        "Receiving places that got nothing": ("0 %", "0 %", "0 %"),
        "Units between tied places": ("42.4 %", "11.7 %", "11.7 %"),
        "Sendings (one item from one place to another)": ("84", "463", "463"),
    }
