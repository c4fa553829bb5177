"""Several objectives over one market give what each gives alone."""

from dataclasses import replace
from itertools import permutations
from typing import get_args

import pytest

from apps.matching.engine import PairingProblem, compare_objectives, solve_pairing
from apps.matching.engine.problem import Objective

from .instances import any_pairing
from .networks import network_pairing

OBJECTIVES = get_args(Objective)


def summaries_alone(problem: PairingProblem) -> dict[str, object]:
    return {each: solve_pairing(replace(problem, objective=each)).summary for each in OBJECTIVES}


@pytest.mark.parametrize("batch", range(10))
def test_objectives_compared_are_those_solved_alone_on_random_problems(batch: int) -> None:
    for seed in range(batch * 25, batch * 25 + 25):
        problem = any_pairing(seed)

        found = compare_objectives(problem, OBJECTIVES)

        assert found == summaries_alone(problem)


@pytest.mark.parametrize("sides", ["two", "one"])
@pytest.mark.parametrize("level", [None, 1])
def test_objectives_compared_do_not_depend_on_their_order(sides: str, level: int | None) -> None:
    """All needs equal: then many pairings are as good, and only the order drawn decides."""
    problem = network_pairing(40, sides=sides)
    if level:
        needs = tuple(replace(need, quantity=level, tier=level) for need in problem.needs)
        offers = tuple(replace(offer, quantity=level) for offer in problem.offers)
        problem = replace(problem, needs=needs, offers=offers)
    alone = summaries_alone(problem)

    for order in permutations(OBJECTIVES):
        assert compare_objectives(replace(problem, objective=order[0]), order) == alone


def test_the_same_order_is_drawn_whatever_the_objective() -> None:
    problem = network_pairing(12)
    equal = replace(problem, needs=(), offers=(), helps=(), ties=())
    rows = tuple(replace(city, population=None, state_code=None) for city in equal.cities)
    equal = replace(equal, cities=rows)

    drawn = {
        tuple((pair.a, pair.b) for pair in solve_pairing(replace(equal, objective=each)).pairs)
        for each in ("widest", "total")
    }

    assert len(drawn) == 1
