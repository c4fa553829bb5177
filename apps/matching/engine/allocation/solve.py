"""From an allocation problem to matches with reasons, figures and proof."""

from collections.abc import Callable, Iterable

import numpy as np

from apps.matching.engine.problem import AllocationProblem
from apps.matching.engine.progress import OnProgress, silent
from apps.matching.engine.result import AllocationResult, AllocationSummary
from apps.matching.engine.validation import validate_allocation

from .fitting import Fitting
from .knowledge import choose_givers
from .part import Part, Solved, solve_part
from .parts import split_parts
from .report import Report
from .rows import prepare

Spread = Callable[[Callable[[Part], Solved], Iterable[Part]], Iterable[Solved]]
"""Works like `map`: calls the function for every part and gives the answers in their order."""


def in_turn(solve: Callable[[Part], Solved], parts: Iterable[Part]) -> Iterable[Solved]:
    """Solve the parts here, one after the other."""
    return map(solve, parts)


def solve_allocation(
    problem: AllocationProblem,
    on_progress: OnProgress = silent,
    spread: Spread = in_turn,
) -> AllocationResult:
    """Split the offers over the needs for the problem's policy: exactly where neither lots nor
    packs are asked for, else repaired from that optimum, which the result states.

    `spread` may solve the parts elsewhere; parts and answers can be pickled, and the result is
    the same. `on_progress(phase, share done)` hears of the phases arcs, flows and reasons; what
    it raises ends the work. Raises `ProblemError` for a bad problem and `OverflowError` where more
    than about 200,000 needs and as many offers share items. The same problem gives the same
    result, whatever the order of its rows.
    """
    report = _report(problem, on_progress, spread)
    on_progress("reasons", 0.0)
    result = report.result()
    on_progress("reasons", 1.0)
    return result


def summarise_allocation(
    problem: AllocationProblem, on_progress: OnProgress = silent
) -> AllocationSummary:
    """The summary that `solve_allocation` gives, with nothing explained or proved to others."""
    return _report(problem, on_progress, in_turn).summary()


def _report(problem: AllocationProblem, on_progress: OnProgress, spread: Spread) -> Report:
    validate_allocation(problem)
    on_progress("arcs", 0.0)
    posted, rows = prepare(problem)
    fitting = Fitting(rows)
    knowledge = choose_givers(rows, fitting)
    served = np.zeros(len(rows.tier), np.bool_)
    served[knowledge.need] = True
    parts = split_parts(rows, problem.policy, served)
    solved = []
    for done, answer in enumerate(spread(solve_part, parts), 1):
        solved.append(answer)
        on_progress("flows", done / len(parts))
    return Report(posted, rows, fitting, parts, solved, knowledge)
