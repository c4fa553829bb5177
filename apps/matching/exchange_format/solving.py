"""From the bytes of files to a problem, and from a problem to its checked solution."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from apps.matching.engine import check_allocation, check_pairing, solve_allocation, solve_pairing
from apps.matching.engine.canonical import SCHEMA, from_body
from apps.matching.engine.faults import Faults, ProblemError
from apps.matching.engine.json_text import read_json
from apps.matching.engine.problem import AllocationProblem, PairingProblem, Problem, Weights
from apps.matching.engine.progress import OnProgress
from apps.matching.engine.result import Result
from apps.matching.engine.validation import validate_allocation, validate_pairing

from .tables import read_table


class WrongUseError(Exception):
    """An option that does not fit the kind of problem."""


class RefusedError(Exception):
    """The independent checker does not believe the result."""


@dataclass(frozen=True, slots=True)
class Options:
    """What replaces a part of the problem; None leaves it as it is."""

    objective: str | None = None
    policy: str | None = None
    weights: str | None = None


def read_problem(
    text: bytes | None, tables: Mapping[str, bytes], kind: str, today: str | None
) -> Problem:
    """The problem of a JSON text, its tables replaced by those given as CSV; without a text the
    tables alone make one of the kind, with every item they name.

    Raises `ProblemError` with every fault.
    """
    faults = Faults()
    body = (
        {"kind": f"{kind}_problem", "schema": SCHEMA} if text is None else read_json(text, faults)
    )
    rows = {name: read_table(name, data, faults) for name, data in tables.items()}
    if isinstance(body, dict):
        body |= rows
        if today is not None:
            body["today"] = today
        if text is None and kind == "allocation":
            body["items"] = _items(rows)
    problem = from_body(body, faults) if body is not None else None
    if isinstance(problem, PairingProblem | AllocationProblem):
        _judge(problem, faults)
        return problem
    if problem is not None:
        faults.add("kind", "unknown_choice", body["kind"])
    raise ProblemError(faults.found)


def _judge(problem: Problem, faults: Faults) -> None:
    """Raise every fault of form and of sense, each place named once."""
    known = {fault.path for fault in faults.found}
    try:
        if isinstance(problem, PairingProblem):
            validate_pairing(problem)
        else:
            validate_allocation(problem)
    except ProblemError as error:
        faults.found += [fault for fault in error.faults if fault.path not in known]
    faults.raise_if_any()


def with_options(problem: Problem, options: Options) -> Problem:
    """The problem with what the options say instead. Raises `WrongUseError` where they do not fit,
    `ProblemError` where the weights cannot be read."""
    if isinstance(problem, AllocationProblem):
        if options.objective or options.weights:
            raise WrongUseError("--objective and --weights belong to a pairing problem")
        changes: dict[str, Any] = {"policy": options.policy}
    else:
        if options.policy:
            raise WrongUseError("--policy belongs to an allocation problem")
        weights = _weights(options.weights) if options.weights else None
        changes = {"objective": options.objective, "weights": weights}
    return replace(problem, **{name: value for name, value in changes.items() if value is not None})


def solve(problem: Problem, on_progress: OnProgress) -> Result:
    """The solution, checked. Raises `ProblemError` for a bad problem, `RefusedError` where the
    checker objects."""
    if isinstance(problem, PairingProblem):
        pairing = solve_pairing(problem, on_progress)
        violations = check_pairing(problem, pairing)
        result: Result = pairing
    else:
        result = solve_allocation(problem, on_progress)
        violations = check_allocation(problem, result)
    if violations:
        listed = "; ".join(f"{each.code}: {each.subject}" for each in violations)
        raise RefusedError(f"The checker refused the result: {listed}")
    return result


def _items(rows: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Every item that the tables name, without transport."""
    postings = [*rows.get("needs", ()), *rows.get("offers", ())]
    named = {row.get("item") for row in postings}
    named |= {item for row in postings for item in row.get("accepts", ())}
    return [{"code": code} for code in sorted(code for code in named if isinstance(code, str))]


def _weights(text: str) -> Weights:
    """Weights as `coverage=600000,tie=400000`: those not named are 0."""
    faults = Faults()
    values = {field.name: 0 for field in fields(Weights)}
    for part in text.split(","):
        name, _, number = (each.strip() for each in part.partition("="))
        if name not in values:
            faults.add(f"weights.{name}", "unknown_field", part)
        elif not number.isdecimal() or len(number) > 9:
            faults.add(f"weights.{name}", "wrong_type", number)
        else:
            values[name] = int(number)
    faults.raise_if_any()
    return Weights(**values)
