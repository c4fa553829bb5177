"""The published schema: made from the engine's rows, and of one mind with its validator."""

import json
from pathlib import Path

import pytest

from apps.matching.engine import (
    ProblemError,
    from_json,
    solve_allocation,
    solve_pairing,
    to_json,
)
from apps.matching.exchange_format.schema import build_schema
from apps.matching.exchange_format.solving import read_problem
from tests.matching.engine.instances import allocation_problem, pairing_problem

from .json_schema import is_valid

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = build_schema()
NEED = {"id": 1, "city": "a", "item": "mask", "quantity": 5, "tier": 1}
OFFER = {"id": 1, "city": "b", "item": "mask", "quantity": 5}
GOOD = {
    "kind": "allocation_problem",
    "schema": 1,
    "today": "2020-03-01",
    "cities": [{"code": "a"}, {"code": "b"}],
    "items": [{"code": "mask"}],
    "needs": [NEED],
    "offers": [OFFER],
}
PAIRING = {
    "kind": "pairing_problem",
    "schema": 1,
    "cities": [{"code": "a", "side": "left"}, {"code": "b", "side": "right"}],
}
GOOD_CHANGES = [
    {},
    {"needs": [], "offers": []},
    {"needs": [NEED | {"quantity": None}]},
    {"needs": [NEED | {"needed_by": "2020-05-01", "smallest_lot": 7, "accepts": []}]},
    {"offers": [OFFER | {"quantity": 10**12, "pack": 50, "excluded": ["elsewhere"]}]},
    {"counterparts": [["a", "b"]], "forbids": [["a", "b"]]},
    {"cities": [{"code": "a", "population": None}, {"code": "b", "utc_offset_minutes": -300}]},
    {"policy": "urgency_first"},
]
BAD_SHAPES: list[tuple[dict[str, object], str]] = [
    ({"today": "soon"}, "today"),
    ({"today": None}, "today"),
    ({"today": "2020-13-01"}, "today"),
    ({"colour": "red"}, "colour"),
    ({"policy": "fair"}, "policy"),
    ({"cities": {}}, "cities"),
    ({"cities": [{"code": ""}]}, "cities[0].code"),
    ({"cities": [{"code": "a", "population": 0}]}, "cities[0].population"),
    ({"cities": [{"code": "a", "population": 2.5}]}, "cities[0].population"),
    ({"cities": [{"code": "a", "mayor": "x"}]}, "cities[0].mayor"),
    ({"cities": [{"side": "left"}]}, "cities[0].code"),
    ({"items": [{"code": "mask", "transport_days": -1}]}, "items[0].transport_days"),
    ({"items": [{"code": "mask", "remote": 1}]}, "items[0].remote"),
    ({"needs": [NEED | {"id": -1}]}, "needs[0].id"),
    ({"needs": [NEED | {"id": True}]}, "needs[0].id"),
    ({"needs": [NEED | {"quantity": 0}]}, "needs[0].quantity"),
    ({"needs": [NEED | {"quantity": -4}]}, "needs[0].quantity"),
    ({"needs": [NEED | {"quantity": 10**18}]}, "needs[0].quantity"),
    ({"needs": [NEED | {"quantity": 1e18}]}, "needs[0].quantity"),
    ({"needs": [NEED | {"quantity": "5"}]}, "needs[0].quantity"),
    ({"needs": [NEED | {"tier": 5}]}, "needs[0].tier"),
    ({"needs": [NEED | {"accepts": "gown"}]}, "needs[0].accepts"),
    ({"offers": [OFFER | {"pack": 0}]}, "offers[0].pack"),
    ({"offers": [OFFER | {"smallest_lot": None}]}, "offers[0].smallest_lot"),
    ({"offers": [7]}, "offers[0]"),
    ({"counterparts": [["a"]]}, "counterparts[0]"),
    ({"counterparts": [["a", "b", "b"]]}, "counterparts[0]"),
    ({"schema": 2}, "schema"),
    ({"kind": "riddle"}, "kind"),
]
BAD_SENSE: list[tuple[dict[str, object], str]] = [
    ({"cities": [{"code": "a"}]}, "offers[0].city"),
    ({"needs": [NEED, NEED]}, "needs[1].id"),
    ({"needs": [NEED | {"item": "gown"}]}, "needs[0].item"),
    ({"forbids": [["a", "a"]]}, "forbids[0]"),
    (
        {"offers": [OFFER | {"available_from": "2020-03-02", "available_until": "2020-03-01"}]},
        "offers[0].available_until",
    ),
]


def faults(body: object) -> list[str]:
    """Paths at which the engine refuses the problem."""
    try:
        read_problem(json.dumps(body).encode(), {}, "allocation", None)
    except ProblemError as error:
        return [fault.path for fault in error.faults]
    return []


def test_published_schema_is_the_one_that_the_engine_obeys() -> None:
    published = (ROOT / "docs/engine.schema.json").read_text(encoding="utf-8")

    assert json.loads(published) == SCHEMA


@pytest.mark.parametrize("change", GOOD_CHANGES)
def test_schema_and_engine_agree_when_a_problem_is_good(change: dict[str, object]) -> None:
    assert is_valid(GOOD | change, SCHEMA, SCHEMA)
    assert faults(GOOD | change) == []


@pytest.mark.parametrize(("change", "path"), BAD_SHAPES)
def test_schema_and_engine_agree_when_a_value_is_bad(change: dict[str, object], path: str) -> None:
    assert not is_valid(GOOD | change, SCHEMA, SCHEMA)
    assert path in faults(GOOD | change)


@pytest.mark.parametrize(("change", "path"), BAD_SENSE)
def test_engine_alone_objects_when_values_do_not_fit_together(
    change: dict[str, object], path: str
) -> None:
    assert is_valid(GOOD | change, SCHEMA, SCHEMA)
    assert faults(GOOD | change) == [path]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"floor": -1}, "floor"),
        ({"weights": {"coverage": 2_000_000}}, "weights.coverage"),
        ({"objective": "best"}, "objective"),
        ({"sides": None}, "sides"),
    ],
)
def test_schema_and_engine_agree_on_pairings(change: dict[str, object], path: str) -> None:
    assert is_valid(PAIRING, SCHEMA, SCHEMA)
    assert faults(PAIRING) == []
    assert not is_valid(PAIRING | change, SCHEMA, SCHEMA)
    assert path in faults(PAIRING | change)


def test_problems_and_solutions_obey_the_schema_as_they_are_written() -> None:
    for seed in range(60):
        allocation, pairing = allocation_problem(seed), pairing_problem(seed)
        for value in (
            allocation,
            pairing,
            solve_allocation(allocation),
            solve_pairing(pairing),
        ):
            assert is_valid(json.loads(to_json(value)), SCHEMA, SCHEMA)
            assert from_json(to_json(value).encode()) is not None
