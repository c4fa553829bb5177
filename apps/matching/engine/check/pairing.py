"""An independent look at a pairing: is it allowed, are its figures right, is it the best?"""

from collections import Counter

from apps.matching.engine.canonical import canonical_pairing, problem_hash
from apps.matching.engine.problem import UNIT, PairingProblem
from apps.matching.engine.reasons import ALONE_CODES, PAIR_CODES
from apps.matching.engine.result import CityPair, PairingResult

from .criteria import Criteria
from .proofs import ProofCheck
from .survey import Survey
from .violations import Violation


def check_pairing(problem: PairingProblem, result: PairingResult) -> tuple[Violation, ...]:
    """Everything wrong with a result, by the valid problem alone; empty when it holds.

    Scores all pairs in blocks of its own, and the proposed ones once more by the plain formulas;
    shares with the solver the table of cities and postings (`features`) and nothing else.
    """
    problem = canonical_pairing(problem)
    if result.problem_hash != problem_hash(problem) or result.objective != problem.objective:
        return (Violation("other_problem", result.problem_hash),)
    found = _Pairing(problem, result).check()
    return tuple(dict.fromkeys(found))


class _Pairing:
    def __init__(self, problem: PairingProblem, result: PairingResult) -> None:
        self.problem = problem
        self.result = result
        self.criteria = Criteria(problem)
        self.cities = self.criteria.cities
        self.found: list[Violation] = []

    def check(self) -> list[Violation]:
        self._partition()
        if self.found:
            return self.found
        self._pins()
        for pair in self.result.pairs:
            self._allowed(pair)
            self._score(pair)
            self._pair_reasons(pair)
        for alone in self.result.alone:
            codes = [each.code for each in alone.reasons]
            if not codes or not ALONE_CODES.keys() >= set(codes):
                self._add("wrong_reason", alone.city)
        proofs = ProofCheck(self.problem, self.result)
        survey = Survey(self.problem, self.result, proofs.well_formed)
        self.found += proofs.violations(survey)
        self._figures(survey)
        return self.found

    def _add(self, code: str, subject: str) -> None:
        self.found.append(Violation(code, subject))

    def _partition(self) -> None:
        named = [code for pair in self.result.pairs for code in (pair.a, pair.b)]
        named += [alone.city for alone in self.result.alone]
        for code, times in Counter(named).items():
            if code not in self.cities:
                self._add("unknown_city", code)
            elif times > 1:
                self._add("city_twice", code)
        for code in self.cities.keys() - set(named):
            self._add("city_missing", code)

    def _pins(self) -> None:
        pins = set(self.problem.pins)
        marked = {(pair.a, pair.b) for pair in self.result.pairs if pair.pinned}
        for a, b in sorted(pins ^ marked):
            self._add("pin_ignored", f"{a} {b}")

    def _allowed(self, pair: CityPair) -> None:
        a, b = self.cities[pair.a], self.cities[pair.b]
        if a.level != b.level:
            self._add("across_levels", f"{pair.a} {pair.b}")
        if self.problem.sides == "two" and (a.side, b.side) != ("left", "right"):
            self._add("wrong_side", f"{pair.a} {pair.b}")
        if self.problem.sides == "one" and pair.a > pair.b:
            self._add("wrong_side", f"{pair.a} {pair.b}")
        if (min(pair.a, pair.b), max(pair.a, pair.b)) in self.problem.forbids:
            self._add("forbidden", f"{pair.a} {pair.b}")

    def _score(self, pair: CityPair) -> None:
        criteria, values = self.criteria, self.criteria.values(pair.a, pair.b)
        benefits = (
            criteria.benefit(pair.a, pair.b) if criteria.needs[pair.a] else None,
            criteria.benefit(pair.b, pair.a) if criteria.needs[pair.b] else None,
        )
        stated = (pair.score, pair.benefit_a, pair.benefit_b)
        if stated != (criteria.score(values), *benefits):
            self._add("wrong_score", f"{pair.a} {pair.b}")
        related = values["coverage"] or values["tie"] or values["topics"]
        reaches = pair.score >= self.problem.floor
        if not pair.pinned and not (related and reaches):
            self._add("not_a_candidate", f"{pair.a} {pair.b}")

    def _pair_reasons(self, pair: CityPair) -> None:
        """Every criterion is given once, with the value and the points of its formula."""
        values = self.criteria.values(pair.a, pair.b)
        given = [each for each in pair.reasons if each.code in values]
        stated = {
            each.code: (each.values.get("value"), each.values.get("points")) for each in given
        }
        expected = {
            name: (value, getattr(self.problem.weights, name) * value // UNIT)
            for name, value in values.items()
        }
        codes = {each.code for each in pair.reasons}
        if stated != expected or len(given) != len(values) or not PAIR_CODES.keys() >= codes:
            self._add("wrong_reason", f"{pair.a} {pair.b}")

    def _figures(self, survey: Survey) -> None:
        pairs, summary = self.result.pairs, self.result.summary
        paired = {code for pair in pairs for code in (pair.a, pair.b)}
        critical = {need.city for need in self.problem.needs if need.tier == 1}
        benefits = [x for pair in pairs for x in (pair.benefit_a, pair.benefit_b) if x is not None]
        expected = {
            "cities": len(self.cities),
            "paired": len(paired),
            "critical": len(critical),
            "critical_paired": len(critical & paired),
            "total_score": sum(pair.score for pair in pairs),
            "lowest_benefit": min(benefits, default=None),
            "candidates": survey.candidates,
            "blocking_pairs": survey.blocking_pairs,
        }
        for name, value in expected.items():
            if getattr(summary, name) != value:
                self._add("wrong_figure", f"summary.{name}")
