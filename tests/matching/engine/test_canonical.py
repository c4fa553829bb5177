"""One form for equal problems: JSON both ways, the hash, the order drawn."""

import json
from dataclasses import replace

import pytest

from apps.matching.engine import (
    AllocationProblem,
    City,
    PairingProblem,
    ProblemError,
    Tie,
    from_json,
    problem_hash,
    solve_allocation,
    solve_pairing,
    to_json,
)
from apps.matching.engine.canonical import drawn_order

from .instances import (
    allocation_problem,
    pairing_problem,
    shuffled_allocation,
    shuffled_pairing,
)
from .networks import network_allocation, network_pairing

FORMS = [
    (pairing_problem, shuffled_pairing, solve_pairing),
    (allocation_problem, shuffled_allocation, solve_allocation),
]


@pytest.mark.parametrize(("make", "shuffle", "solve"), FORMS)
def test_json_is_the_same_whatever_the_order_of_rows(make, shuffle, solve) -> None:
    for seed in range(60):
        problem = make(seed)
        other = shuffle(problem, seed)

        assert to_json(other) == to_json(problem)
        assert problem_hash(other) == problem_hash(problem)
        assert to_json(solve(other)) == to_json(solve(problem))


@pytest.mark.parametrize(
    ("make", "shuffle", "solve"),
    [
        (network_pairing, shuffled_pairing, solve_pairing),
        (network_allocation, shuffled_allocation, solve_allocation),
    ],
)
def test_networks_are_solved_the_same_whatever_the_order_of_rows(make, shuffle, solve) -> None:
    problem = make(40)

    assert to_json(solve(shuffle(problem, 1))) == to_json(solve(problem))


@pytest.mark.parametrize(("make", "shuffle", "solve"), FORMS)
def test_json_comes_back_as_it_went(make, shuffle, solve) -> None:
    for seed in range(40):
        problem = make(seed)
        result = solve(problem)

        assert from_json(to_json(result)) == result
        assert to_json(from_json(to_json(problem))) == to_json(problem)
        assert solve(from_json(to_json(problem))) == result


def test_json_is_canonical_to_the_letter() -> None:
    problem = PairingProblem(
        cities=(City("武汉", topics=("b", "a", "b")), City("Åbo")), ties=(Tie("武汉", "Åbo"),)
    )

    text = to_json(problem)

    assert text.startswith('{"cities":[{"code":"Åbo","languages":[],"level":"city",')
    assert '"topics":["a","b"]' in text
    assert '"ties":[{"a":"Åbo","b":"武汉"}]' in text
    assert '"kind":"pairing_problem"' in text
    assert '"schema":1' in text
    assert " " not in text


def test_hash_changes_when_anything_of_the_problem_does() -> None:
    problem = network_pairing(3)

    others = [
        replace(problem, objective="total"),
        replace(problem, floor=1),
        replace(problem, needs=problem.needs[1:]),
        replace(problem, forbids=(("CN-00000", "US-00000"),)),
    ]

    assert len({problem_hash(each) for each in (problem, *others)}) == 5


def test_rows_may_leave_out_what_has_a_default() -> None:
    text = '{"kind":"pairing_problem","schema":1,"cities":[{"code":"a","side":"left"}]}'

    assert from_json(text) == PairingProblem(cities=(City("a", side="left"),))


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"kind": "riddle"}, [("kind", "unknown_choice")]),
        ({"schema": 2}, [("schema", "unknown_choice")]),
        ({"cities": 7}, [("cities", "wrong_type")]),
        ({"cities": [7]}, [("cities[0]", "wrong_type")]),
        ({"cities": [{"side": "left"}]}, [("cities[0].code", "missing_field")]),
        ({"cities": [{"code": "a", "size": 1}]}, [("cities[0].size", "unknown_field")]),
        ({"cities": [{"code": 5}]}, [("cities[0].code", "wrong_type")]),
        ({"cities": [{"code": "a", "side": "top"}]}, [("cities[0].side", "unknown_choice")]),
        ({"cities": [{"code": "a", "side": ["left"]}]}, [("cities[0].side", "unknown_choice")]),
        ({"cities": [{"code": "a", "population": 1.5}]}, [("cities[0].population", "wrong_type")]),
        ({"cities": [{"code": "a", "population": True}]}, [("cities[0].population", "wrong_type")]),
        ({"pins": [["a"]]}, [("pins[0]", "wrong_type")]),
        ({"floor": float("nan")}, [("floor", "wrong_type")]),
        ({"weights": None}, [("weights", "wrong_type")]),
        (
            {"floor": "0", "objective": "best"},
            [("objective", "unknown_choice"), ("floor", "wrong_type")],
        ),
    ],
)
def test_json_is_refused_with_every_fault_when_it_is_not_a_problem(change, faults) -> None:
    body = {"kind": "pairing_problem", "schema": 1, "cities": []} | change

    with pytest.raises(ProblemError) as refused:
        from_json(json.dumps(body))

    assert [(fault.path, fault.code) for fault in refused.value.faults] == faults


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "7", '"x"'])
def test_json_is_refused_when_it_is_not_an_object(text: str) -> None:
    with pytest.raises(ProblemError) as refused:
        from_json(text)

    assert [fault.code for fault in refused.value.faults] in (["not_json"], ["wrong_type"])


@pytest.mark.parametrize("day", ["soon", 7, None, "2020-02-30"])
def test_json_is_refused_when_a_day_is_none(day: object) -> None:
    body = {"kind": "allocation_problem", "schema": 1, "today": day, "cities": [], "items": []}

    with pytest.raises(ProblemError) as refused:
        from_json(json.dumps(body))

    assert [(fault.path, fault.code) for fault in refused.value.faults] == [("today", "wrong_type")]


def test_order_is_drawn_anew_for_another_seed_and_kept_for_the_same() -> None:
    codes = [f"city{i}" for i in range(50)]

    drawn = drawn_order("a", codes)

    assert drawn == drawn_order("a", reversed(codes))
    assert sorted(drawn) == sorted(codes)
    assert drawn != drawn_order("b", codes)
    assert drawn != tuple(codes)


def test_equal_cities_take_turns_when_the_seed_changes() -> None:
    """Of two equal left cities now one, now the other gets the only right one."""
    winners = set()
    for floor in range(20):
        problem = PairingProblem(
            cities=(
                City("a", side="left", topics=("x",)),
                City("b", side="left", topics=("x",)),
                City("c", side="right", topics=("x",)),
            ),
            floor=floor,
        )
        winners.add(solve_pairing(problem).pairs[0].a)

    assert winners == {"a", "b"}


def test_kinds_are_told_apart_when_read_back() -> None:
    assert isinstance(from_json(to_json(allocation_problem(1))), AllocationProblem)
    assert isinstance(from_json(to_json(pairing_problem(1))), PairingProblem)
