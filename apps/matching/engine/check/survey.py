"""One look at every possible pair of a problem, with a result and its proofs in hand."""

from collections.abc import Iterator

import numpy as np

from apps.matching.engine.pairing.features import Flags, Ints, build_features
from apps.matching.engine.problem import UNIT, PairingProblem
from apps.matching.engine.result import PairingResult, Proof

from .estimates import Estimate, Estimates, Floats, Side
from .fields import Field, fields_of
from .formulas import Exact, Formulas
from .prices import Prices

CHUNK = 100_000
NOBODY_NEEDS = 2**40


class Survey:
    """Counts candidates and blocking pairs, notes the highest score and the lowest benefit next
    above the threshold, and finds the proofs whose prices fall short somewhere.

    Expects a result that names each city of the problem once. Pairs are estimated in blocks;
    whatever an estimate leaves in doubt is scored in integers.
    """

    def __init__(
        self, problem: PairingProblem, result: PairingResult, proofs: tuple[Proof, ...]
    ) -> None:
        self.problem = problem
        codes = tuple(sorted(city.code for city in problem.cities))
        index = {code: i for i, code in enumerate(codes)}
        self.features = build_features(problem, codes)
        self.formulas = Formulas(self.features, problem.weights)
        self.threshold = max((p.min_benefit for p in proofs if p.purpose == "optimum"), default=0)
        self.candidates = self.blocking_pairs = self.highest_score = 0
        self.next_level: int | None = None
        self.underpriced: set[str] = set()
        self._is_levelled = any(proof.purpose == "reach" for proof in proofs)
        worth = 1 + self.features.critical.astype(np.int64)
        self._prices = [Prices.of(proof, index, worth) for proof in proofs]
        self._own = np.zeros(len(codes), np.int64)
        for pair in result.pairs:
            self._own[index[pair.a]] = pair.benefit_a or 0
            self._own[index[pair.b]] = pair.benefit_b or 0
        everybody = np.arange(len(codes))
        self._needy = self.features.has_needs(everybody)
        self._aside = np.where(self._needy, 0, NOBODY_NEEDS)
        self._estimates = Estimates(self.formulas)
        self._set_bars()
        for field in fields_of(problem, codes, self.features):
            self._judge(*field.apart)
            for rows, cols in self._doubtful(field):
                self._judge(rows, cols)

    def _set_bars(self) -> None:
        """What a city's benefit surely, or possibly, exceeds its own from: the most that can be
        had, and nothing at all, exceed nothing."""
        error = self._estimates.error
        never = ~self._needy | (self._own >= UNIT)
        self._surely = np.where(never, np.inf, self._own + error).astype(np.float32)
        possibly = np.maximum(self._own - error, 0)
        self._possibly = np.where(never, np.inf, possibly).astype(np.float32)

    def _doubtful(self, field: Field) -> Iterator[tuple[Ints, Ints]]:
        """Counts what is beyond doubt; yields the rest block by block of rows."""
        sides = [self._estimates.side(cols) for cols in field.col_blocks()]
        for block in field.row_blocks():
            rows = self._estimates.side(block)
            kinship = self._estimates.kinship(block)
            found_rows, found_cols = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
            for at, cols in enumerate(sides):
                possible = field.possible(block, at)
                if possible is not None:
                    estimate = self._estimates.estimate(rows, cols, kinship)
                    doubt = self._settle(rows, cols, estimate, possible)
                    row, col = np.nonzero(doubt)
                    found_rows.append(block[row])
                    found_cols.append(cols.cities[col])
            yield np.concatenate(found_rows), np.concatenate(found_cols)

    def _settle(self, rows: Side, cols: Side, guess: Estimate, possible: Flags) -> Flags:
        """Count the pairs of a block that are beyond doubt, and mark the others."""
        floor, covered = self.problem.floor, guess.to_rows + guess.to_cols
        low, high = guess.score - guess.error, guess.score + guess.error
        maybe = possible & (high >= floor) & (guess.akin | (covered > 0))
        sure = maybe & (low >= floor) & (guess.akin | (covered > guess.benefit_error + 2))
        near = _exceeds(self._possibly, rows, cols, guess)
        wanted = _exceeds(self._surely, rows, cols, guess)
        top = float(low.max(where=sure, initial=0))
        self.highest_score = max(self.highest_score, int(np.ceil(top)))
        doubt = ~sure | (near & ~wanted) | (high > self.highest_score)
        lowest = self._lowest(guess, rows, cols)
        most = np.where(lowest > 0, lowest + guess.benefit_error, np.float32(0))
        if self._is_levelled:
            doubt |= self._is_near_level(lowest - guess.benefit_error, most, sure)
        for prices in self._prices:
            short = prices.may_fall_short(rows.cities, cols.cities, high)
            doubt |= short & (most >= prices.proof.min_benefit)
        doubt &= maybe
        sure &= ~doubt
        self.candidates += int(np.count_nonzero(sure))
        self.blocking_pairs += int(np.count_nonzero(sure & wanted))
        return doubt

    def _lowest(self, guess: Estimate, rows: Side, cols: Side) -> Floats:
        """The lowest benefit of each pair among those of its cities that have needs."""
        aside = self._aside.astype(np.float32)
        to_rows = guess.to_rows + aside[rows.cities][:, None]
        lowest: Floats = np.minimum(to_rows, guess.to_cols + aside[cols.cities][None, :])
        return lowest

    def _is_near_level(self, least: Floats, most: Floats, sure: Flags) -> Flags:
        """Which pairs, of a lowest benefit between those two, might have the next above the
        threshold."""
        level = float(most.min(where=sure & (least > self.threshold), initial=np.inf))
        if np.isfinite(level):
            self.next_level = min(int(level), self.next_level or int(level))
        near: Flags = most > self.threshold
        if self.next_level is not None:
            near &= least < self.next_level
        return near

    def _judge(self, rows: Ints, cols: Ints) -> None:
        """Score pairs (p,) in integers and count them."""
        for start in range(0, len(rows), CHUNK):
            a, b = rows[start : start + CHUNK], cols[start : start + CHUNK]
            exact = self.formulas.score(a, b)
            chosen = np.flatnonzero(exact.related & (exact.score >= self.problem.floor))
            self._count(a, b, exact, chosen)

    def _count(self, a: Ints, b: Ints, exact: Exact, chosen: Ints) -> None:
        """Count the candidates among the pairs, and hold the proofs against them."""
        a, b, score = a[chosen], b[chosen], exact.score[chosen]
        to_a, to_b = exact.to_a[chosen], exact.to_b[chosen]
        self.candidates += len(chosen)
        self.blocking_pairs += int(((to_a > self._own[a]) & (to_b > self._own[b])).sum())
        self.highest_score = max(self.highest_score, int(score.max(initial=0)))
        lowest = np.minimum(to_a + self._aside[a], to_b + self._aside[b])
        higher = lowest[lowest > self.threshold]
        if len(higher):
            level = int(higher.min())
            self.next_level = min(level, self.next_level or level)
        for prices in self._prices:
            if prices.fall_short(a, b, score, lowest):
                self.underpriced.add(prices.proof.purpose)


def _exceeds(bars: Floats, rows: Side, cols: Side, guess: Estimate) -> Flags:
    above: Flags = guess.to_rows > bars[rows.cities][:, None]
    above &= guess.to_cols > bars[cols.cities][None, :]
    return above
