"""What the checker reads off estimates is what integers say, whatever the blocks."""

from dataclasses import replace

import numpy as np
import pytest

from apps.matching.engine import PairingProblem, check_pairing, solve_pairing
from apps.matching.engine.canonical import canonical_pairing
from apps.matching.engine.check import fields
from apps.matching.engine.check.estimates import Estimates
from apps.matching.engine.check.formulas import Formulas
from apps.matching.engine.pairing.features import build_features

from .instances import pairing_problem
from .networks import network_pairing


def unjoined(problem: PairingProblem) -> PairingProblem:
    """The same without what estimates leave out: own ties, past help, exclusions."""
    return replace(
        problem,
        ties=tuple(tie for tie in problem.ties if {tie.a, tie.b} == {"S", "T"}),
        helps=(),
        offers=tuple(replace(offer, excluded=()) for offer in problem.offers),
    )


@pytest.mark.parametrize("batch", range(4))
def test_estimates_stay_within_their_bound(batch: int) -> None:
    problems = [pairing_problem(seed) for seed in range(batch * 50, batch * 50 + 50)]
    for problem in (*problems, network_pairing(40, batch)):
        problem = canonical_pairing(unjoined(problem))
        codes = tuple(city.code for city in problem.cities)
        everybody = np.arange(len(codes))
        formulas = Formulas(build_features(problem, codes), problem.weights)
        estimates = Estimates(formulas)
        side = estimates.side(everybody)

        guess = estimates.estimate(side, side, estimates.kinship(everybody))

        ends = np.repeat(everybody, len(codes)), np.tile(everybody, len(codes))
        exact = formulas.score(*ends)
        pairs = (
            (guess.to_rows, exact.to_a, guess.benefit_error * (guess.to_rows > 0)),
            (guess.to_cols, exact.to_b, guess.benefit_error * (guess.to_cols > 0)),
            (guess.score, exact.score, guess.error),
        )
        for guessed, true, error in pairs:
            assert (np.abs(guessed.ravel() - true) <= error.ravel()).all()


@pytest.mark.parametrize("objective", ["widest", "total", "egalitarian"])
@pytest.mark.parametrize("sides", ["two", "one"])
def test_checker_agrees_with_the_solver_when_its_blocks_are_small(
    sides: str, objective: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "ROWS", 3)
    monkeypatch.setattr(fields, "COLS", 5)
    for seed in range(8):
        problem = network_pairing(17, seed, sides=sides, objective=objective, floor=150_000)
        codes = [city.code for city in problem.cities]
        problem = replace(
            problem,
            pins=((codes[0], codes[17]),),
            forbids=tuple(zip(codes[1:9], codes[18:26], strict=True)),
        )
        result = solve_pairing(problem)

        assert check_pairing(problem, result) == ()
        for name in ("candidates", "blocking_pairs"):
            wrong = replace(result.summary, **{name: getattr(result.summary, name) + 1})
            found = check_pairing(problem, replace(result, summary=wrong))
            assert [each.subject for each in found] == [f"summary.{name}"]


def test_checker_objects_when_one_price_is_one_too_low() -> None:
    problem = network_pairing(30, 2, objective="total")
    result = solve_pairing(problem)
    proof = result.certificate[0]
    paired = {pair.a for pair in result.pairs if pair.score}
    for at, (code, price) in enumerate(proof.prices):
        if code in paired and price:
            prices = (*proof.prices[:at], (code, price - 1), *proof.prices[at + 1 :])
            lowered = replace(proof, prices=prices, bound=proof.bound - 1)

            found = check_pairing(problem, replace(result, certificate=(lowered,)))

            assert ("underpriced", "optimum") in {(each.code, each.subject) for each in found}
