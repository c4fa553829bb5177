"""The few pairs that dense scores do not know: tied, helpful, withheld from, forbidden."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.problem import Weights

from .features import Features, Ints
from .scores import score_pairs


@dataclass(frozen=True, slots=True)
class Specials:
    """Pairs (m,) both ways round, sorted by city: city c has the rows `start[c]` to
    `start[c + 1]`. Scores and benefits are exact; the score of a forbidden pair is -inf."""

    start: Ints
    other: Ints
    score: NDArray[np.float32]
    benefit: NDArray[np.float32]
    theirs: NDArray[np.float32]

    def of(self, city: int) -> slice:
        return slice(int(self.start[city]), int(self.start[city + 1]))


def find_specials(features: Features, weights: Weights, forbids: Ints) -> Specials:
    """Score the pairs that a tie, past help, an exclusion or a forbid sets apart."""
    n = len(features.codes)
    ends = np.concatenate((features.ties, features.helps, features.exclusions[:, :2], forbids))
    ends = ends[ends[:, 0] != ends[:, 1]]
    keys = np.unique(np.concatenate((ends[:, 0] * n + ends[:, 1], ends[:, 1] * n + ends[:, 0])))
    city, other = np.divmod(keys, max(n, 1))
    scored = score_pairs(features, weights, city, other)
    barred = np.concatenate((forbids[:, 0] * n + forbids[:, 1], forbids[:, 1] * n + forbids[:, 0]))
    score = np.where(scored.related, scored.score, -np.inf)
    score[np.isin(keys, barred)] = -np.inf
    return Specials(
        start=np.searchsorted(city, np.arange(n + 1)),
        other=other,
        score=score.astype(np.float32),
        benefit=scored.benefit_a.astype(np.float32),
        theirs=scored.benefit_b.astype(np.float32),
    )
