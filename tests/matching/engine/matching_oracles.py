"""Independent answers for pairing: enumeration, and an assignment by a dense solver."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from scipy.optimize import linear_sum_assignment

from apps.matching.engine import PairingProblem
from apps.matching.engine.check.criteria import Criteria


def heaviest_matching(n: int, weights: dict[tuple[int, int], int]) -> int:
    """Greatest weight of a matching in any graph of up to about twelve vertices."""

    @cache
    def best(left: int) -> int:
        if not left:
            return 0
        first = (left & -left).bit_length() - 1
        rest = left & (left - 1)
        value = best(rest)
        for other in range(first + 1, n):
            if rest >> other & 1 and (first, other) in weights:
                value = max(value, weights[first, other] + best(rest & ~(1 << other)))
        return value

    return best((1 << n) - 1)


def heaviest_assignment(rows: int, cols: int, weights: dict[tuple[int, int], int]) -> int:
    """Greatest weight of an assignment, by SciPy's dense solver on a matrix padded with zeros."""
    matrix = np.zeros((rows, cols))
    for (row, col), weight in weights.items():
        matrix[row, col] = weight
    return int(matrix[linear_sum_assignment(matrix, maximize=True)].sum())


def candidate_pairs(problem: PairingProblem) -> dict[tuple[str, str], int]:
    """Score of every unpinned candidate pair, the left city or the smaller code first."""
    criteria, pinned = Criteria(problem), {code for pin in problem.pins for code in pin}
    forbidden = {frozenset(pair) for pair in problem.forbids}
    scores = {}
    for a in problem.cities:
        for b in problem.cities:
            ordered = (a.side, b.side) == ("left", "right")
            if problem.sides == "one":
                ordered = a.code < b.code
            if not ordered or a.level != b.level or pinned & {a.code, b.code}:
                continue
            values = criteria.values(a.code, b.code)
            related = values["coverage"] or values["tie"] or values["topics"]
            score = criteria.score(values)
            if related and score >= problem.floor and {a.code, b.code} not in forbidden:
                scores[a.code, b.code] = score
    return scores


def all_matchings(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Every set of pairs that share no city."""
    if not pairs:
        yield []
        return
    first, rest = pairs[0], pairs[1:]
    yield from all_matchings(rest)
    free = [pair for pair in rest if not set(pair) & set(first)]
    for others in all_matchings(free):
        yield [first, *others]


def best_value(problem: PairingProblem) -> tuple[int, ...]:
    """What the objective reaches at best over the unpinned cities, by enumeration.

    `total`: (score,); `widest`: (critical, cities, score); `egalitarian`: the same with the lowest
    benefit before the score.
    """
    scores = candidate_pairs(problem)
    return max(pairing_value(problem, matching) for matching in all_matchings(list(scores)))


def pairing_value(problem: PairingProblem, pairs: list[tuple[str, str]]) -> tuple[int, ...]:
    """What a set of unpinned pairs reaches for the objective, compared from left to right."""
    criteria = Criteria(problem)
    critical = {need.city for need in problem.needs if need.tier == 1}
    score = sum(criteria.score(criteria.values(a, b)) for a, b in pairs)
    if problem.objective == "total":
        return (score,)
    paired = {code for pair in pairs for code in pair}
    reach = (len(critical & paired), len(paired))
    if problem.objective == "widest":
        return (*reach, score)
    both_ways = [way for a, b in pairs for way in ((a, b), (b, a))]
    benefits = [criteria.benefit(a, b) for a, b in both_ways if criteria.needs[a]]
    return (*reach, min(benefits, default=2**40), score)
