"""From a pairing problem to proposals with reasons, figures and proof."""

from collections.abc import Iterable
from copy import copy
from dataclasses import replace

import numpy as np

from apps.matching.engine.problem import Objective, PairingProblem
from apps.matching.engine.progress import OnProgress, silent
from apps.matching.engine.result import CityAlone, CityPair, PairingResult, PairingSummary
from apps.matching.engine.validation import validate_pairing
from apps.matching.engine.version import ENGINE_VERSION

from .explain import Explainer
from .features import Ints
from .instance import Instance, prepare
from .market import Market
from .nested import ALONE
from .optimum import Optimum, find_optimum
from .ranking import rank
from .scores import Scored, score_pairs
from .sweep import Spread, threads


def solve_pairing(
    problem: PairingProblem, on_progress: OnProgress = silent, spread: Spread = threads
) -> PairingResult:
    """Pair the cities one to one for the problem's objective, exactly, with a proof.

    `on_progress(phase, share done)` hears of the phases scores, optimum, odd_sets, prices, figures
    and reasons; what it raises ends the work. `spread` works like `map` over independent blocks of
    rows; whatever does the work, threads or workers elsewhere, the result is the same. Raises `ProblemError` for a bad problem. The same problem gives the
    same result, whatever the order of its rows.
    """
    validate_pairing(problem)
    instance = prepare(problem)
    market = Market(instance, spread, on_progress)
    optimum = find_optimum(market)
    pairs = _scored(instance, optimum)
    summary = _summary(market, optimum, pairs)
    on_progress("reasons", 0.0)
    explainer = Explainer(instance, optimum, rank(instance, market.known), pairs)
    alone = np.flatnonzero(optimum.partner == ALONE).tolist()
    codes = instance.features.codes
    result = PairingResult(
        engine_version=ENGINE_VERSION,
        problem_hash=instance.hash,
        objective=instance.problem.objective,
        pairs=_city_pairs(instance, pairs, explainer),
        alone=tuple(
            CityAlone(codes[city], explainer.alone(city))
            for city in sorted(alone, key=lambda city: codes[city])
        ),
        summary=summary,
        certificate=tuple(dual.proof(instance) for dual in optimum.duals),
    )
    on_progress("reasons", 1.0)
    return result


def compare_objectives(
    problem: PairingProblem,
    objectives: Iterable[Objective],
    on_progress: OnProgress = silent,
    spread: Spread = threads,
) -> dict[Objective, PairingSummary]:
    """The summaries that `solve_pairing` gives if the problem asks for these objectives instead.

    They share the scores and the first list, and nothing is explained or proved to others; for the
    rest see there.
    """
    validate_pairing(problem)
    market = Market(prepare(problem), spread, on_progress)
    summaries = {}
    for objective in objectives:
        asked = _asking(market, objective)
        optimum = find_optimum(asked)
        summaries[objective] = _summary(asked, optimum, _scored(asked.instance, optimum))
    return summaries


def _asking(market: Market, objective: Objective) -> Market:
    """The same market, as it stands, for a problem that differs in its objective."""
    asked = copy(market)
    problem = replace(market.instance.problem, objective=objective)
    asked.instance = replace(market.instance, problem=problem)
    return asked


def _scored(instance: Instance, optimum: Optimum) -> Scored:
    """The pairs of an optimum."""
    ends = _pair_ends(instance, optimum.partner)
    return score_pairs(instance.features, instance.problem.weights, *ends)


def _pair_ends(instance: Instance, partner: Ints) -> tuple[Ints, Ints]:
    """Both ends of every pair, the left city or the smaller code first, sorted by it."""
    problem, codes = instance.problem, instance.features.codes
    left = {city.code for city in problem.cities if city.side == "left"}
    ends = []
    for city, other in enumerate(partner.tolist()):
        leads = codes[city] in left if problem.sides == "two" else codes[city] < codes[other]
        if other != ALONE and leads:
            ends.append((codes[city], city, other))
    rows = np.array([(a, b) for _, a, b in sorted(ends)], np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def _city_pairs(instance: Instance, pairs: Scored, explainer: Explainer) -> tuple[CityPair, ...]:
    codes, pinned = instance.features.codes, set(instance.pins.ravel().tolist())
    stated_a = instance.features.has_needs(pairs.a)
    stated_b = instance.features.has_needs(pairs.b)
    return tuple(
        CityPair(
            a=codes[a],
            b=codes[b],
            pinned=a in pinned,
            score=int(pairs.score[at]),
            benefit_a=int(pairs.benefit_a[at]) if stated_a[at] else None,
            benefit_b=int(pairs.benefit_b[at]) if stated_b[at] else None,
            reasons=explainer.pair(at, a in pinned),
        )
        for at, (a, b) in enumerate(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))
    )


def _summary(market: Market, optimum: Optimum, pairs: Scored) -> PairingSummary:
    instance = market.instance
    features, paired = instance.features, optimum.partner != ALONE
    benefits = np.concatenate(
        (
            pairs.benefit_a[features.has_needs(pairs.a)],
            pairs.benefit_b[features.has_needs(pairs.b)],
        )
    )
    own = np.zeros(len(paired), np.int64)
    own[pairs.a], own[pairs.b] = pairs.benefit_a, pairs.benefit_b
    candidates, blocking = market.tally(own)
    return PairingSummary(
        cities=len(paired),
        paired=int(paired.sum()),
        critical=int(features.critical.sum()),
        critical_paired=int((features.critical & paired).sum()),
        total_score=int(pairs.score.sum()),
        lowest_benefit=int(benefits.min()) if len(benefits) else None,
        candidates=candidates,
        blocking_pairs=blocking,
    )
