"""What the network would lose by pinning another pair or without a city, and what it would gain from
a second city like one. Exact, on demand."""

from dataclasses import dataclass, replace

import numpy as np

from apps.matching.engine.problem import PairingProblem
from apps.matching.engine.progress import silent
from apps.matching.engine.result import PairingResult
from apps.matching.engine.validation import validate_pairing

from .candidates import NO_LIMIT
from .features import Ints
from .instance import prepare
from .market import Market
from .nested import ALONE
from .optimum import Dual, Solver
from .paths import Paths
from .scores import score_pairs
from .sweep import Spread, threads


@dataclass(frozen=True, slots=True)
class Loss:
    """What the best pairing has and the best under the condition has not: `worth` counts paired
    cities, critical ones twice (always 0 for the objective `total`), `score` is in millionths and
    may be below 0 where worth is above. `lowers_benefit`: the pinned pair itself falls below the
    lowest benefit that everybody else keeps."""

    worth: int
    score: int
    lowers_benefit: bool = False


@dataclass(frozen=True, slots=True)
class Gain:
    """What the best pairing with one more city has and the best without has not, both counted as
    in `Loss`."""

    worth: int
    score: int


class Alternatives:
    """Answers questions about a proved result of a problem, from its pairs and prices.

    On two sides an answer is one or two shortest paths from the cities that are left over, in the
    graph of reduced costs over all pairs. In one pool the pairing is solved again among the
    candidates that matter, which takes longer.
    """

    def __init__(
        self, problem: PairingProblem, result: PairingResult, spread: Spread = threads
    ) -> None:
        validate_pairing(problem)
        self.instance = prepare(problem)
        if result.problem_hash != self.instance.hash:
            raise ValueError("the result answers another problem")
        self.spread = spread
        codes = self.instance.features.codes
        self.index = {code: i for i, code in enumerate(codes)}
        self.proof = result.certificate[0]
        self.partner = np.full(len(codes), ALONE)
        for pair in result.pairs:
            a, b = self.index[pair.a], self.index[pair.b]
            self.partner[a], self.partner[b] = b, a
        self.price = np.zeros(len(codes), np.int64)
        for code, price in self.proof.prices:
            self.price[self.index[code]] = price
        self._market: Market | None = None

    def pin(self, a: str, b: str) -> Loss:
        """The optimum minus the optimum with the pair pinned.

        Raises `ValueError` for cities that cannot be pinned to each other, `KeyError` for unknown
        ones.
        """
        one, two = self.index[a], self.index[b]
        if two not in self.instance.partners_of(one):
            raise ValueError("the two cities cannot be paired")
        key = self.instance.keys(np.array([one]), np.array([two]))
        if np.isin(key, self.instance.forbidden_keys())[0]:
            raise ValueError("the pair is forbidden")
        ends = np.array([one]), np.array([two])
        scored = score_pairs(self.instance.features, self.instance.problem.weights, *ends)
        needs = self.instance.features.has_needs(np.array([one, two]))
        benefits = (scored.benefit_a[0], scored.benefit_b[0])
        low = min((x for x, has in zip(benefits, needs, strict=True) if has), default=NO_LIMIT)
        weight = self.proof.step * int(self._worth([one, two]).sum()) + int(scored.score[0])
        lost = self._lost([one, two]) - weight
        return replace(Loss(*self._parts(lost)), lowers_benefit=bool(low < self.proof.min_benefit))

    def without(self, city: str) -> Loss:
        """The optimum minus the optimum of the others."""
        return Loss(*self._parts(self._lost([self._unpinned(city)])))

    def second(self, city: str) -> Gain:
        """The optimum with a second city like this one (same needs and offers, ties, help, rules),
        minus the optimum; on two sides. For `egalitarian` the lowest benefit stays where it is.

        Raises `ValueError` in one pool and for a pinned city.
        """
        if self.instance.problem.sides == "one":
            raise ValueError("a second city is asked about on two sides only")
        return Gain(*self._parts(self._paths().second(self._unpinned(city))))

    def _unpinned(self, city: str) -> int:
        here = self.index[city]
        if here in self.instance.pins:
            raise ValueError("the city is pinned")
        return here

    def _worth(self, cities: list[int]) -> Ints:
        return 1 + self.instance.features.critical[cities].astype(np.int64)

    def _parts(self, weight: int) -> tuple[int, int]:
        """A difference of weights as worth and score."""
        step = self.proof.step
        worth = (2 * weight + step) // (2 * step) if step else 0
        return worth, weight - step * worth

    def _lost(self, gone: list[int]) -> int:
        """Weight of the optimum minus that of the optimum without some cities."""
        if self.instance.problem.sides == "one":
            return self._lost_in_pool(gone)
        return self._paths().remove(gone)

    def _paths(self) -> Paths:
        return Paths(self.instance, self.proof, self.partner, self.price)

    def _lost_in_pool(self, gone: list[int]) -> int:
        if self._market is None:
            self._market = Market(self.instance, self.spread, silent)
            self._best(self._market)
        dual = self._best(self._market.without(gone))
        return (self.proof.bound - dual.bound) // 2

    def _best(self, market: Market) -> Dual:
        return Solver(market).best(self.proof.min_benefit, self.proof.step)
