"""Need is estimated by population, in whole units that add up."""

from hypothesis import given
from hypothesis import strategies as st

from apps.dashboard.replay2020.estimate import estimated_needs, split
from tests.dashboard.replay2020.conftest import small_table

WEIGHTS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.integers(0, 10**8), min_size=1, max_size=30
).filter(lambda weights: any(weights.values()))


@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_split_adds_up_exactly_and_is_less_than_a_unit_from_the_quota(total, weights):
    units, whole = split(total, weights), sum(weights.values())

    assert sum(units.values()) == total
    assert all(abs(units[c] * whole - total * weights[c]) < whole for c in weights)


@given(total=st.integers(0, 10**6), weights=WEIGHTS, seed=st.randoms())
def test_split_is_the_same_whatever_the_order(total, weights, seed):
    shuffled = list(weights.items())
    seed.shuffle(shuffled)

    assert split(total, dict(shuffled)) == split(total, weights)


def test_split_gives_the_last_units_to_the_largest_remainders_then_by_code():
    assert split(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert split(10, {"a": 26, "b": 33, "c": 41}) == {"a": 3, "b": 3, "c": 4}
    assert split(1, {"a": 1, "b": 2}) == {"a": 0, "b": 1}


def test_every_receiving_place_needs_every_item_by_its_population():
    table = small_table(
        [("mask", "g", "big", 90), ("gown", "g", "small", 10)], people={"big": 90, "small": 10}
    )

    assert estimated_needs(table) == {
        ("big", "mask"): 81,
        ("small", "mask"): 9,
        ("big", "gown"): 9,
        ("small", "gown"): 1,
    }


def test_place_whose_share_is_less_than_a_unit_has_no_need():
    table = small_table(
        [("meter", "g", "big", 1), ("meter", "g", "small", 1)], people={"big": 999, "small": 1}
    )

    assert estimated_needs(table) == {("big", "meter"): 2}


def test_needs_of_the_report_add_up_to_what_was_given(facts):
    needs = estimated_needs(facts.table)

    sums = {
        item: sum(units for (__, other), units in needs.items() if other == item)
        for item in facts.table.totals
    }
    assert sums == facts.table.totals
