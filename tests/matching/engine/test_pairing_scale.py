"""Pairings too large for one list: priced over all pairs, the same however the work is spread."""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from apps.matching.engine import check_pairing, solve_pairing, to_json
from apps.matching.engine.pairing import market, optimum, pricing
from apps.matching.engine.pairing.instance import prepare
from apps.matching.engine.pairing.market import Market
from apps.matching.engine.progress import silent

from .matching_oracles import heaviest_assignment
from .networks import network_pairing


def by_pickle(function: Callable[[Any], Any], blocks: Iterable[Any]) -> list[Any]:
    """Every block done from the last to the first, each by a copy that came over a wire."""
    wire = pickle.dumps(function)
    found = [pickle.loads(wire)(block) for block in reversed(list(blocks))]  # noqa: S301
    return found[::-1]


@pytest.mark.parametrize("sides", ["two", "one"])
@pytest.mark.parametrize("objective", ["widest", "egalitarian"])
def test_result_is_the_same_however_the_blocks_are_spread(sides: str, objective: str) -> None:
    problem = network_pairing(60, 3, sides=sides, objective=objective)

    answers = {to_json(solve_pairing(problem, spread=spread)) for spread in (map, by_pickle)}

    assert answers == {to_json(solve_pairing(problem))}


@pytest.mark.parametrize("objective", ["widest", "total", "egalitarian"])
@pytest.mark.parametrize("sides", ["two", "one"])
@pytest.mark.parametrize("floor", [0, 300_000])
def test_pairing_is_proved_over_all_pairs(sides: str, objective: str, floor: int) -> None:
    problem = network_pairing(90, 11, sides=sides, objective=objective, floor=floor)
    codes = [city.code for city in problem.cities]
    problem = replace(
        problem,
        pins=((codes[0], codes[90]),),
        forbids=tuple(zip(codes[1:60], codes[91:150], strict=True)),
    )

    assert check_pairing(problem, solve_pairing(problem)) == ()


def test_total_is_that_of_a_dense_solver_when_the_list_is_far_from_complete() -> None:
    problem = network_pairing(200, 5, objective="total")
    instance = prepare(problem)
    scores = {}
    for line in instance.dense(instance.groups[0].cols).lines(instance.groups[0].rows):
        keys = instance.keys(np.full(200, line.city), instance.groups[0].cols)
        everything = market.candidates_among(instance, np.sort(keys), map)
        scores |= dict(
            zip(
                zip(everything.first.tolist(), everything.second.tolist(), strict=True),
                everything.score.tolist(),
                strict=True,
            )
        )

    result = solve_pairing(problem)

    assert len(scores) == result.summary.candidates
    assert len(Market(instance, map, silent).known) < len(scores) / 2
    assert result.summary.total_score == heaviest_assignment(400, 400, scores)


@pytest.mark.parametrize("sides", ["two", "one"])
def test_later_looks_skip_nothing_that_matters(sides: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the narrowest looks the prices fall often, and most rows are skipped each time."""
    monkeypatch.setattr(market, "BEST", 4)
    narrow = {"BEST": 4, "WORST": 2, "SLACK": 3_000, "PARTS": (0.1, 1.0)}
    for name, value in narrow.items():
        monkeypatch.setattr(pricing, name, value)
    for seed in range(4):
        problem = network_pairing(70, seed, sides=sides, objective="widest")

        result = solve_pairing(problem)

        assert check_pairing(problem, result) == ()


def test_everybody_is_paired_when_all_scores_are_equal() -> None:
    problem = network_pairing(150, 1)
    cities = tuple(
        replace(city, population=None, languages=(), utc_offset_minutes=None, topics=("x",))
        for city in problem.cities
    )
    problem = replace(problem, cities=cities, needs=(), offers=(), ties=(), helps=())

    result = solve_pairing(problem)

    assert (result.summary.paired, result.summary.candidates) == (300, 22_500)
    assert check_pairing(problem, result) == ()


NOBODY = np.zeros(0, np.int64)

FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "prices are not looked at again": lambda patch: patch.setattr(
        pricing.Pricing,
        "_look",
        lambda self, dense, rows, bars: (NOBODY, np.full(len(rows), np.inf)),
    ),
    "the first list leaves too much out of sight": lambda patch: patch.setattr(
        Market, "_best", boastful(Market._best)
    ),
    "a look covers half of the columns": lambda patch: patch.setattr(
        pricing.Pricing, "_look", half_a_look(pricing.Pricing._look)
    ),
    "what is found is not added": lambda patch: patch.setattr(Market, "add", deaf(Market.add)),
    "prices are one too low": lambda patch: patch.setattr(
        optimum, "assign", cheaper(optimum.assign)
    ),
    "a pair is given up": lambda patch: patch.setattr(optimum, "assign", shy(optimum.assign)),
    "the step is too small": lambda patch: patch.setattr(optimum, "UNIT", 1),
    "scores are scored too low": lambda patch: patch.setattr(
        market, "candidates_among", lower(market.candidates_among)
    ),
    "the figures are not counted": lambda patch: patch.setattr(
        Market, "tally", lambda self, own: (len(self.known), 0)
    ),
}


def half_a_look(look: Callable[..., Any]) -> Callable[..., Any]:
    def half(self: Any, dense: Any, rows: Any, bars: Any) -> Any:
        keys, below = look(self, dense, rows, bars)
        return keys[keys % 2 == 0], below

    return half


def boastful(best: Callable[..., Any]) -> Callable[..., Any]:
    def boasted(*arguments: Any) -> Any:
        keys, below = best(*arguments)
        return keys, below + 400_000

    return boasted


def deaf(add: Callable[..., Any]) -> Callable[..., Any]:
    def added(self: Any, keys: Any) -> Any:
        return add(self, keys if len(self.known) == 0 else keys[:0])

    return added


def cheaper(assign: Callable[..., Any]) -> Callable[..., Any]:
    def assigned(*arguments: Any) -> Any:
        found = assign(*arguments)
        return replace(found, row_price=np.maximum(found.row_price - 1, 0))

    return assigned


def shy(assign: Callable[..., Any]) -> Callable[..., Any]:
    def assigned(*arguments: Any) -> Any:
        found = assign(*arguments)
        partner = found.partner.copy()
        partner[np.argmax(partner >= 0)] = -1
        return replace(found, partner=partner)

    return assigned


def lower(among: Callable[..., Any]) -> Callable[..., Any]:
    def found(*arguments: Any) -> Any:
        kept = among(*arguments)
        return replace(kept, score=kept.score - (kept.second % 3 == 0) * 50_000)

    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_checker_refuses_the_result_when_the_solver_has_a_fault(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = network_pairing(60, 6)
    monkeypatch.setattr(market, "BEST", 4)
    assert check_pairing(problem, solve_pairing(problem)) == ()

    FAULTS[fault](monkeypatch)

    assert check_pairing(problem, solve_pairing(problem)) != ()
