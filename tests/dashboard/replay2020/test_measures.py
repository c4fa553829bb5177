"""The measures, worked out by hand and by their definitions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dashboard.replay2020.measures import gini, measure
from apps.dashboard.replay2020.table import Flow

NEEDS = {("a", "mask"): 60, ("a", "gown"): 20, ("b", "mask"): 40, ("c", "mask"): 10}
FLOWS = [
    Flow("mask", "x", "a", 10),
    Flow("mask", "y", "a", 20),
    Flow("mask", "x", "b", 90),
    Flow("gown", "x", "b", 5),
]


def test_measures_are_those_worked_out_by_hand():
    found = measure(FLOWS, NEEDS, ties=[("x", "a"), ("y", "b")])

    assert found.coverage == Fraction(30 + 40, 130)
    assert found.filled == (("a", Fraction(30, 80)), ("b", Fraction(1)), ("c", Fraction(0)))
    assert found.by_item == (("gown", Fraction(0)), ("mask", Fraction(70, 110)))
    assert found.worst == 0
    assert found.gini == Fraction(16, 33)
    assert found.needs_without == Fraction(2, 4)
    assert found.receivers_without == Fraction(1, 3)
    assert found.tied == Fraction(10, 125)


def test_what_goes_beyond_a_need_does_not_count():
    once, twice = (
        measure([Flow("mask", "x", "b", units)], NEEDS, []).coverage for units in (40, 80)
    )

    assert once == twice == Fraction(40, 130)


@given(st.lists(st.fractions(0, 1), min_size=1, max_size=12))
def test_gini_is_the_mean_difference_by_twice_the_mean(values):
    n, whole = len(values), sum(values)
    differences = sum(abs(x - y) for x in values for y in values)

    assert gini(values) == (differences / (2 * n * whole) if whole else 0)


@pytest.mark.parametrize(
    ("values", "expected"), [([1, 1, 1], 0), ([0, 0, 0], 0), ([0, 0, 0, 1], Fraction(3, 4))]
)
def test_gini_is_nought_where_all_are_alike_and_near_one_where_one_has_all(values, expected):
    assert gini([Fraction(value) for value in values]) == expected
