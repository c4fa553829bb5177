"""One look at every possible pair of a problem, with a result and its proofs in hand."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.matching.engine.pairing.features import Flags, Ints, build_features
from apps.matching.engine.problem import PairingProblem
from apps.matching.engine.result import PairingResult, Proof

from .blocks import Block, score_block

ROWS = 64
NOBODY_NEEDS = 2**40


@dataclass(frozen=True, slots=True)
class Prices:
    """A well-formed proof by city index: prices (n,), and members (n,) and price of odd sets."""

    proof: Proof
    city: Ints
    odd_sets: tuple[tuple[Flags, int], ...]


class Survey:
    """Counts candidates and blocking pairs, notes the highest score and the lowest benefit next
    above the threshold, and finds the proofs whose prices fall short somewhere.

    Expects a result that names each city of the problem once.
    """

    def __init__(
        self, problem: PairingProblem, result: PairingResult, proofs: tuple[Proof, ...]
    ) -> None:
        self.problem = problem
        self.codes = tuple(sorted(city.code for city in problem.cities))
        self.index = {code: i for i, code in enumerate(self.codes)}
        self.features = build_features(problem, self.codes)
        self.worth = 1 + self.features.critical.astype(np.int64)
        self.threshold = max((p.min_benefit for p in proofs if p.purpose == "optimum"), default=0)
        self.candidates = self.blocking_pairs = self.highest_score = 0
        self.next_level: int | None = None
        self.underpriced: set[str] = set()
        self._prices = [self._priced(proof) for proof in proofs]
        self._own = np.zeros(len(self.codes), np.int64)
        for pair in result.pairs:
            self._own[self.index[pair.a]] = pair.benefit_a or 0
            self._own[self.index[pair.b]] = pair.benefit_b or 0
        for rows, cols, possible in self._blocks():
            self._look(rows, cols, possible)

    def _priced(self, proof: Proof) -> Prices:
        city = np.zeros(len(self.codes), np.int64)
        for code, price in proof.prices:
            city[self.index[code]] = price
        sets = []
        for each in proof.odd_sets:
            members = np.zeros(len(self.codes), np.bool_)
            members[[self.index[code] for code in each.cities]] = True
            sets.append((members, each.price))
        return Prices(proof, city, tuple(sets))

    def _blocks(self) -> Iterator[tuple[Ints, Ints, Flags]]:
        """Rows, columns, and which of their pairs may be paired at all, each pair once."""
        problem, n = self.problem, len(self.codes)
        by_code = {city.code: city for city in problem.cities}
        cities = [by_code[code] for code in self.codes]
        pinned = {code for pin in problem.pins for code in pin}
        free = np.array([code not in pinned for code in self.codes], np.bool_)
        state = np.array([city.level == "state" for city in cities], np.bool_)
        left = np.array([city.side == "left" for city in cities], np.bool_)
        two = problem.sides == "two"
        every = np.flatnonzero(free & left) if two else np.flatnonzero(free)
        cols = np.flatnonzero(free & ~left) if two else every
        barred = np.zeros((ROWS, n), np.bool_)
        for start in range(0, len(every), ROWS):
            rows = every[start : start + ROWS]
            at = {self.codes[row]: i for i, row in enumerate(rows.tolist())}
            barred[:] = False
            for a, b in (*problem.forbids, *((b, a) for a, b in problem.forbids)):
                if a in at:
                    barred[at[a], self.index[b]] = True
            possible = state[rows][:, None] == state[cols][None, :]
            possible &= ~barred[: len(rows), cols]
            if not two:
                possible &= rows[:, None] < cols[None, :]
            yield rows, cols, possible

    def _look(self, rows: Ints, cols: Ints, possible: Flags) -> None:
        block = score_block(self.features, self.problem.weights, rows, cols)
        is_candidate = possible & block.related & (block.score >= self.problem.floor)
        self.candidates += int(is_candidate.sum())
        self.highest_score = max(
            self.highest_score, int(block.score.max(where=is_candidate, initial=0))
        )
        wanted = (block.to_rows > self._own[rows][:, None]) & (
            block.to_cols > self._own[cols][None, :]
        )
        self.blocking_pairs += int((is_candidate & wanted).sum())
        lowest = self._lowest(block, rows, cols)
        higher = lowest[is_candidate & (lowest > self.threshold)]
        if len(higher):
            level = int(higher.min())
            self.next_level = min(level, self.next_level or level)
        for prices in self._prices:
            if self._falls_short(prices, rows, cols, block, is_candidate, lowest):
                self.underpriced.add(prices.proof.purpose)

    def _lowest(self, block: Block, rows: Ints, cols: Ints) -> Ints:
        row_needs = self.features.has_needs(rows)[:, None]
        col_needs = self.features.has_needs(cols)[None, :]
        to_rows = np.where(row_needs, block.to_rows, NOBODY_NEEDS)
        return np.minimum(to_rows, np.where(col_needs, block.to_cols, NOBODY_NEEDS))

    def _falls_short(
        self,
        prices: Prices,
        rows: Ints,
        cols: Ints,
        block: Block,
        is_candidate: Flags,
        lowest: Ints,
    ) -> bool:
        """Is there a pair that the proof covers, with prices below its weight?"""
        proof = prices.proof
        paid = prices.city[rows][:, None] + prices.city[cols][None, :]
        for members, price in prices.odd_sets:
            inside = np.flatnonzero(members[rows])
            if len(inside):
                paid[np.ix_(inside, np.flatnonzero(members[cols]))] += price
        weight = proof.step * (self.worth[rows][:, None] + self.worth[cols][None, :])
        if proof.purpose == "optimum":
            weight = weight + block.score
        covered = is_candidate & (lowest >= proof.min_benefit)
        return bool((covered & (paid < proof.denominator * weight)).any())
