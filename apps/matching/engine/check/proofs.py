"""Do the dual prices of a pairing prove that it is the best for its objective?"""

from apps.matching.engine.problem import PairingProblem
from apps.matching.engine.result import PairingResult, Proof

from .survey import Survey
from .violations import Violation

LARGEST = 2**58


class ProofCheck:
    """Holds a result's certificate against the problem; `well_formed` proofs can be surveyed."""

    def __init__(self, problem: PairingProblem, result: PairingResult) -> None:
        self.problem = problem
        self.result = result
        pinned = {code for pin in problem.pins for code in pin}
        self.free = {city.code for city in problem.cities} - pinned
        self.critical = {need.city for need in problem.needs if need.tier == 1} & self.free
        self.well_formed = tuple(p for p in result.certificate if self._is_well_formed(p))
        self.by_purpose = {proof.purpose: proof for proof in self.well_formed}

    def violations(self, survey: Survey) -> list[Violation]:
        """Everything the certificate fails to prove."""
        found = [] if self._is_complete(survey) else [Violation("bad_proof", "certificate")]
        found += [Violation("underpriced", purpose) for purpose in sorted(survey.underpriced)]
        if "optimum" in self.by_purpose:
            found += self._optimum(self.by_purpose["optimum"], survey)
        if "reach" in self.by_purpose:
            found += self._threshold(self.by_purpose["reach"], survey)
        return found

    def _is_well_formed(self, proof: Proof) -> bool:
        codes = [code for code, _ in proof.prices]
        numbers = [proof.step, proof.min_benefit, *(price for _, price in proof.prices)]
        numbers += [each.price for each in proof.odd_sets]
        odd = sum(len(each.cities) // 2 * each.price for each in proof.odd_sets)
        return (
            sorted(codes) == sorted(self.free)
            and proof.denominator in (1, 2)
            and all(0 <= number < LARGEST for number in numbers)
            and all(self._is_odd(each.cities) for each in proof.odd_sets)
            and proof.bound == sum(price for _, price in proof.prices) + odd < LARGEST
        )

    def _is_odd(self, cities: tuple[str, ...]) -> bool:
        return len(cities) % 2 == 1 and len(set(cities)) == len(cities) and self.free >= set(cities)

    def _is_complete(self, survey: Survey) -> bool:
        """Each proof once, with the weights that its objective asks for."""
        purposes = sorted(proof.purpose for proof in self.result.certificate)
        egalitarian = self.problem.objective == "egalitarian"
        allowed = (
            (["optimum", "reach"], ["next_threshold", "optimum", "reach"])
            if egalitarian
            else (["optimum"],)
        )
        if purposes not in allowed or len(self.well_formed) != len(purposes):
            return False
        optimum = self.by_purpose["optimum"]
        enough = 1 + len(self.free) * survey.highest_score
        step = optimum.step == 0 if self.problem.objective == "total" else optimum.step >= enough
        others = [proof for proof in self.well_formed if proof is not optimum]
        threshold = egalitarian or optimum.min_benefit == 0
        return step and threshold and all(proof.step == 1 for proof in others)

    def _worth(self) -> int:
        """One for every unpinned city paired, and one more for each of them that is critical."""
        paired = {code for pair in self.result.pairs for code in (pair.a, pair.b)} & self.free
        return len(paired) + len(paired & self.critical)

    def _optimum(self, proof: Proof, survey: Survey) -> list[Violation]:
        found = []
        score = sum(pair.score for pair in self.result.pairs if pair.a in self.free)
        if proof.denominator * (proof.step * self._worth() + score) != proof.bound:
            found.append(Violation("bound_not_attained", "optimum"))
        for pair in self.result.pairs:
            benefits = [x for x in (pair.benefit_a, pair.benefit_b) if x is not None]
            if pair.a in self.free and any(x < proof.min_benefit for x in benefits):
                found.append(Violation("not_a_candidate", f"{pair.a} {pair.b}"))
        return found

    def _threshold(self, reach: Proof, survey: Survey) -> list[Violation]:
        """As many are paired as without a threshold, and with the next one they would not be."""
        found = []
        if reach.min_benefit or reach.denominator * self._worth() != reach.bound:
            found.append(Violation("bound_not_attained", "reach"))
        barrier = self.by_purpose.get("next_threshold")
        proved = survey.next_level is None or (
            barrier is not None
            and barrier.min_benefit <= survey.next_level
            and barrier.bound < barrier.denominator * self._worth()
        )
        if not proved:
            found.append(Violation("threshold_not_proved", "next_threshold"))
        return found
