"""Faults put into the solver on purpose: the checker or the optimum notices every one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from apps.matching.engine import AllocationProblem, check_allocation, solve_allocation
from apps.matching.engine.allocation import filling, part, transport
from apps.matching.engine.allocation.chains import Splitter
from apps.matching.engine.allocation.hubs import build_hubs
from apps.matching.engine.allocation.weights import Weights, bands

from .instances import allocation_problem, packed

Patch = Callable[[pytest.MonkeyPatch], None]


def rounded_up(quantity, tier, passed):
    """Bands whose edges are rounded up."""
    need, units, steps = bands(quantity * 10 + 9, tier, passed * 10)
    return need, -(-units // 10), steps


def without_pairs(self: object) -> tuple[np.ndarray, object]:
    fixed, prices = PAIR(self)
    return np.zeros_like(fixed), prices


def later(rows, need):
    """Hubs that units may leave three days late."""
    return build_hubs(replace(rows, needed_by=rows.needed_by + 3), need)


def one_match_less(self, chain_of, given, taken):
    """The last match of every network is forgotten."""
    return SPLIT(self, chain_of, given, taken)[:, :-1]


def reversed_tiers(quantity, tier, passed):
    return bands(quantity, 5 - tier, passed)


def one_price_off(self):
    solution = SOLVE(self)
    return replace(solution, price=solution.price + 1)


PAIR = part._Solver._pair
SPLIT = Splitter.split
SOLVE = transport.Transport.solve
MUTANTS: dict[str, Patch] = {
    "bands rounded up": lambda m: m.setattr(filling, "bands", rounded_up),
    "tiers reversed": lambda m: m.setattr(filling, "bands", reversed_tiers),
    "counterparts forgotten": lambda m: m.setattr(part._Solver, "_pair", without_pairs),
    "late offers let through": lambda m: m.setattr(filling, "build_hubs", later),
    "barred offers let through": lambda m: m.setattr(Splitter, "_is_barred", lambda s, o, n: False),
    "ties worth nothing": lambda m: m.setattr(
        Weights, "bonus", lambda self, relation, own: own.astype(np.int64)
    ),
    "substitutes as good as the item": lambda m: m.setattr(
        Weights, "bonus", lambda self, relation, own: BONUS(self, relation, np.zeros_like(own))
    ),
    "lots forgotten": lambda m: m.setattr(part, "repair", lambda r, f, matches, p: matches),
    "a match lost": lambda m: m.setattr(Splitter, "split", one_match_less),
    "prices off by one": lambda m: m.setattr(transport.Transport, "solve", one_price_off),
}
BONUS = Weights.bonus
PROBLEMS: list[AllocationProblem] = [packed(allocation_problem(s), s) for s in range(60)]


def objections() -> int:
    """Problems whose result the checker refuses."""
    return sum(bool(check_allocation(each, solve_allocation(each))) for each in PROBLEMS)


def test_checker_is_silent_when_nothing_is_wrong() -> None:
    assert objections() == 0


@pytest.mark.parametrize("name", MUTANTS)
def test_checker_objects_when_the_solver_has_a_fault(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[name](monkeypatch)

    assert objections() > 0
