"""Bad problems: every rejection, all at once, each with its path."""

import math
from dataclasses import replace
from datetime import date, datetime

import pytest

from apps.matching.engine import (
    FAULT_CODES,
    AllocationProblem,
    City,
    Help,
    Item,
    Need,
    Offer,
    PairingProblem,
    ProblemError,
    Tie,
    Weights,
    solve_allocation,
    solve_pairing,
)

CITIES = (
    City("a", side="left", state_code="S"),
    City("b", side="right"),
    City("c", side="right"),
    City("s", level="state", side="right"),
)
PAIRING = PairingProblem(cities=CITIES)
ALLOCATION = AllocationProblem(
    today=date(2020, 3, 1), cities=CITIES, items=(Item("mask", 3), Item("gown"))
)
HUGE = 10**12


def need(**changes: object) -> tuple[Need, ...]:
    return (replace(Need(1, "a", "mask", 10, 2), **changes),)


def offer(**changes: object) -> tuple[Offer, ...]:
    return (replace(Offer(2, "b", "mask", 10), **changes),)


def city(**changes: object) -> tuple[City, ...]:
    return (replace(City("a", side="left"), **changes),)


COMMON = [
    ({"cities": None}, [("cities", "wrong_type")]),
    ({"cities": ("a",)}, [("cities[0]", "wrong_type")]),
    ({"cities": (*CITIES, CITIES[0])}, [("cities[4].code", "duplicate")]),
    ({"cities": city(code="")}, [("cities[0].code", "wrong_type")]),
    ({"cities": city(code="\ud800")}, [("cities[0].code", "wrong_type")]),
    ({"cities": city(level="county")}, [("cities[0].level", "unknown_choice")]),
    ({"cities": city(side="up")}, [("cities[0].side", "unknown_choice")]),
    ({"cities": city(population=0)}, [("cities[0].population", "out_of_range")]),
    ({"cities": city(population=-5)}, [("cities[0].population", "out_of_range")]),
    ({"cities": city(population=math.nan)}, [("cities[0].population", "wrong_type")]),
    ({"cities": city(utc_offset_minutes=9999)}, [("cities[0].utc_offset_minutes", "out_of_range")]),
    ({"cities": city(state_code=3)}, [("cities[0].state_code", "wrong_type")]),
    ({"cities": city(languages="en")}, [("cities[0].languages", "wrong_type")]),
    ({"cities": city(topics=("x", 3))}, [("cities[0].topics[1]", "wrong_type")]),
    ({"needs": need(id=-1)}, [("needs[0].id", "out_of_range")]),
    ({"needs": need(id="1")}, [("needs[0].id", "wrong_type")]),
    ({"needs": need() + need()}, [("needs[1].id", "duplicate")]),
    ({"offers": offer() + offer()}, [("offers[1].id", "duplicate")]),
    ({"needs": need(city="x")}, [("needs[0].city", "unknown_city")]),
    ({"offers": offer(city="x")}, [("offers[0].city", "unknown_city")]),
    ({"needs": need(quantity=0)}, [("needs[0].quantity", "out_of_range")]),
    ({"needs": need(quantity=-4)}, [("needs[0].quantity", "out_of_range")]),
    ({"needs": need(quantity=math.nan)}, [("needs[0].quantity", "wrong_type")]),
    ({"needs": need(quantity=1.0)}, [("needs[0].quantity", "wrong_type")]),
    ({"needs": need(quantity=True)}, [("needs[0].quantity", "wrong_type")]),
    ({"offers": offer(quantity=0)}, [("offers[0].quantity", "out_of_range")]),
    ({"offers": offer(quantity=math.inf)}, [("offers[0].quantity", "wrong_type")]),
    ({"offers": offer(quantity=HUGE + 1)}, [("offers[0].quantity", "out_of_range")]),
    (
        {"needs": need(quantity=HUGE) + need(id=2)},
        [("needs", "total_too_large")],
    ),
    ({"needs": need(tier=0)}, [("needs[0].tier", "out_of_range")]),
    ({"needs": need(tier=5)}, [("needs[0].tier", "out_of_range")]),
    ({"needs": need(tier=None)}, [("needs[0].tier", "wrong_type")]),
    ({"needs": need(smallest_lot=0)}, [("needs[0].smallest_lot", "out_of_range")]),
    ({"needs": need(needed_by="soon")}, [("needs[0].needed_by", "wrong_type")]),
    ({"needs": need(needed_by=date.max)}, [("needs[0].needed_by", "out_of_range")]),
    ({"needs": need(accepts="gown")}, [("needs[0].accepts", "wrong_type")]),
    ({"needs": need(accepts=("mask",))}, [("needs[0].accepts[0]", "substitute_of_itself")]),
    ({"offers": offer(excluded=(1,))}, [("offers[0].excluded[0]", "wrong_type")]),
    (
        {"offers": offer(available_from=datetime(2020, 3, 1))},  # noqa: DTZ001
        [("offers[0].available_from", "wrong_type")],
    ),
    (
        {"offers": offer(available_from=date(2020, 3, 2), available_until=date(2020, 3, 1))},
        [("offers[0].available_until", "dates_reversed")],
    ),
    ({"ties": (Tie("a", "x"),)}, [("ties[0]", "unknown_city")]),
    ({"ties": (Tie("b", "b"),)}, [("ties[0]", "same_city")]),
    ({"ties": (Tie("b", None),)}, [("ties[0]", "wrong_type")]),
    ({"forbids": (("a",),)}, [("forbids[0]", "wrong_type")]),
    ({"forbids": (("a", "x"),)}, [("forbids[0]", "unknown_city")]),
    ({"forbids": (("a", "a"),)}, [("forbids[0]", "same_city")]),
]

ONLY_PAIRING = [
    ({"objective": "best"}, [("objective", "unknown_choice")]),
    ({"objective": ["widest"]}, [("objective", "unknown_choice")]),
    ({"sides": "three"}, [("sides", "unknown_choice")]),
    ({"floor": -1}, [("floor", "out_of_range")]),
    ({"floor": 0.05}, [("floor", "wrong_type")]),
    ({"weights": None}, [("weights", "wrong_type")]),
    ({"weights": Weights(coverage=450_001)}, [("weights", "weights_sum")]),
    ({"weights": Weights(tie=-1)}, [("weights.tie", "out_of_range")]),
    ({"weights": Weights(scale=math.nan)}, [("weights.scale", "wrong_type")]),
    ({"cities": city(side=None)}, [("cities[0].side", "side_missing")]),
    ({"helps": (Help("a", "x"),)}, [("helps[0]", "unknown_city")]),
    ({"helps": (Help("a", "a"),)}, [("helps[0]", "same_city")]),
    ({"pins": (("a", "x"),)}, [("pins[0]", "unknown_city")]),
    ({"pins": (("a", "a"),)}, [("pins[0]", "same_city")]),
    ({"pins": (("b", "c"),)}, [("pins[0]", "same_side")]),
    ({"pins": (("a", "s"),)}, [("pins[0]", "across_levels")]),
    ({"pins": (("a", "b"), ("c", "a"))}, [("pins[1]", "pinned_twice")]),
    (
        {"pins": (("a", "b"),), "forbids": (("b", "a"),)},
        [("pins[0]", "pinned_and_forbidden")],
    ),
]

ONLY_ALLOCATION = [
    ({"today": "2020-03-01"}, [("today", "wrong_type")]),
    ({"policy": "fair"}, [("policy", "unknown_choice")]),
    ({"items": (Item("mask"), Item("mask"))}, [("items[1].code", "duplicate")]),
    ({"items": (Item(""),)}, [("items[0].code", "wrong_type")]),
    ({"items": (Item("x", -1),)}, [("items[0].transport_days", "out_of_range")]),
    ({"items": (Item("x", 2, True),)}, [("items[0].transport_days", "remote_with_transport")]),
    ({"items": (Item("x", 0, 1),)}, [("items[0].remote", "wrong_type")]),
    ({"needs": need(item="x")}, [("needs[0].item", "unknown_item")]),
    ({"offers": offer(item="x")}, [("offers[0].item", "unknown_item")]),
    ({"needs": need(accepts=("x",))}, [("needs[0].accepts[0]", "unknown_item")]),
    ({"counterparts": (("a", "x"),)}, [("counterparts[0]", "unknown_city")]),
    ({"counterparts": (("a", "a"),)}, [("counterparts[0]", "same_city")]),
    ({"counterparts": (("a", "b"), ("c", "b"))}, [("counterparts[1]", "paired_twice")]),
]


@pytest.mark.parametrize(("changes", "faults"), COMMON + ONLY_PAIRING)
def test_pairing_problem_is_refused_when_a_row_is_bad(changes, faults) -> None:
    with pytest.raises(ProblemError) as refused:
        solve_pairing(replace(PAIRING, **changes))

    assert [(fault.path, fault.code) for fault in refused.value.faults] == faults
    assert {fault.code for fault in refused.value.faults} <= FAULT_CODES.keys()


@pytest.mark.parametrize(("changes", "faults"), COMMON + ONLY_ALLOCATION)
def test_allocation_problem_is_refused_when_a_row_is_bad(changes, faults) -> None:
    with pytest.raises(ProblemError) as refused:
        solve_allocation(replace(ALLOCATION, **changes))

    assert [(fault.path, fault.code) for fault in refused.value.faults] == faults
    assert {fault.code for fault in refused.value.faults} <= FAULT_CODES.keys()


def test_every_fault_is_listed_when_there_are_many() -> None:
    problem = replace(
        PAIRING,
        needs=need(quantity=-1, tier=9, city="x"),
        pins=(("a", "b"), ("a", "c"), ("a", "s")),
        floor=-1,
    )

    with pytest.raises(ProblemError) as refused:
        solve_pairing(problem)

    assert sorted((fault.path, fault.code) for fault in refused.value.faults) == [
        ("floor", "out_of_range"),
        ("needs[0].city", "unknown_city"),
        ("needs[0].quantity", "out_of_range"),
        ("needs[0].tier", "out_of_range"),
        ("pins[1]", "pinned_twice"),
        ("pins[2]", "across_levels"),
        ("pins[2]", "pinned_twice"),
    ]
    words = f"needs[0].quantity: {FAULT_CODES['out_of_range']} (-1)"
    assert words in str(refused.value)


def test_problem_is_accepted_when_it_names_strangers_only_to_keep_them_out() -> None:
    problem = replace(ALLOCATION, needs=need(), offers=offer(excluded=("elsewhere",)))

    assert solve_allocation(problem).summary.consignments == 1


def test_problem_is_accepted_when_a_tie_joins_states_that_have_no_row() -> None:
    cities = (City("a", side="left", state_code="S"), City("b", side="right", state_code="T"))

    result = solve_pairing(PairingProblem(cities, ties=(Tie("S", "T"),)))

    assert result.pairs[0].score == 125_000


def test_largest_quantities_are_solved_without_overflow() -> None:
    problem = replace(ALLOCATION, needs=need(quantity=HUGE), offers=offer(quantity=HUGE))

    assert solve_allocation(problem).matches[0].quantity == HUGE
    paired = replace(PAIRING, needs=need(quantity=HUGE), offers=offer(quantity=HUGE))
    assert solve_pairing(paired).pairs[0].benefit_a == 1_000_000
