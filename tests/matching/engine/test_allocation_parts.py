"""Parts of a problem, solved here or elsewhere, in any order: one result."""

import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor

import pytest

from apps.matching.engine import AllocationProblem, AllocationResult, solve_allocation, to_json
from apps.matching.engine.allocation import parts
from apps.matching.engine.allocation.part import Part, Solved

from .instances import allocation_problem, without_lots
from .networks import network_allocation


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "POSTINGS_AT_LEAST", 40)


def last_first(solve: Callable[[Part], Solved], some: Iterable[Part]) -> Iterable[Solved]:
    """As another worker would: parts and answers pickled, the last part first."""
    sent = [pickle.dumps(part) for part in some]
    back = [pickle.dumps(solve(pickle.loads(part))) for part in reversed(sent)]  # noqa: S301
    return [pickle.loads(answer) for answer in reversed(back)]  # noqa: S301


@pytest.mark.parametrize("policy", ["pair_first", "urgency_first"])
def test_parts_give_the_same_bytes_wherever_and_whenever_they_are_solved(policy: str) -> None:
    problem = network_allocation(60, policy=policy)

    alone = to_json(solve_allocation(problem))

    assert to_json(solve_allocation(problem, spread=last_first)) == alone
    with ProcessPoolExecutor(2) as pool:
        assert to_json(solve_allocation(problem, spread=pool.map)) == alone


def test_parts_add_up_to_what_one_piece_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [without_lots(allocation_problem(seed)) for seed in range(100)]
    problems.append(network_allocation(40))
    in_parts = [reached(problem) for problem in problems]
    monkeypatch.setattr(parts, "POSTINGS_AT_LEAST", 10**9)

    assert [reached(problem) for problem in problems] == in_parts


def reached(problem: AllocationProblem) -> tuple[object, ...]:
    summary = solve_allocation(problem).summary
    return summary.tiers, summary.pair_tiers, summary.from_counterpart


def test_work_stops_between_parts_when_somebody_says_so() -> None:
    solved: list[Part] = []

    def counting(solve: Callable[[Part], Solved], some: Iterable[Part]) -> Iterable[Solved]:
        for part in some:
            solved.append(part)
            yield solve(part)

    def stop(phase: str, done: float) -> None:
        if phase == "flows" and done > 0.2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        solve_allocation(network_allocation(60), stop, counting)

    assert 1 < len(solved) < len(parts_of(network_allocation(60)))


def parts_of(problem: AllocationProblem) -> list[Part]:
    found: list[Part] = []

    def keep(solve: Callable[[Part], Solved], some: Iterable[Part]) -> Iterable[Solved]:
        found.extend(some)
        return map(solve, found)

    result: AllocationResult = solve_allocation(problem, spread=keep)
    assert result.matches
    return found
