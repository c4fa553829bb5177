"""What another choice would cost, from the prices alone, against pairings solved anew."""

from dataclasses import replace

import pytest

from apps.matching.engine import Alternatives, PairingProblem, PairingResult, solve_pairing
from apps.matching.engine.check.criteria import Criteria

from .instances import pairing_problem
from .networks import network_pairing


def reached(problem: PairingProblem, result: PairingResult) -> tuple[int, int]:
    """Cities paired, critical ones twice (0 for `total`), and the score of all pairs."""
    paired = {code for pair in result.pairs for code in (pair.a, pair.b)}
    critical = {need.city for need in problem.needs if need.tier == 1}
    worth = 0 if problem.objective == "total" else len(paired) + len(paired & critical)
    return worth, sum(pair.score for pair in result.pairs)


def loss(problem: PairingProblem, best: PairingResult, other: PairingProblem) -> tuple[int, int]:
    one, two = reached(problem, best), reached(other, solve_pairing(other))
    return one[0] - two[0], one[1] - two[1]


def without(problem: PairingProblem, city: str) -> PairingProblem:
    """The city pairs with nobody any more."""
    others = (other.code for other in problem.cities if other.code != city)
    return replace(problem, forbids=(*problem.forbids, *((city, other) for other in others)))


def with_second(problem: PairingProblem, city: str) -> PairingProblem:
    """The problem with a copy of the city, and a copy of every row that names it."""
    named = {city: "a second one"}

    def swapped(row: object, *fields: str) -> object:
        return replace(row, **{f: named.get(getattr(row, f), getattr(row, f)) for f in fields})

    def doubled(rows: tuple[object, ...], *fields: str) -> tuple[object, ...]:
        return rows + tuple(swapped(r, *fields) for r in rows if swapped(r, *fields) != r)

    offers = tuple(
        replace(offer, excluded=(*offer.excluded, *(named[c] for c in offer.excluded if c == city)))
        for offer in problem.offers
    )
    return replace(
        problem,
        cities=doubled(problem.cities, "code"),
        needs=renumbered(doubled(problem.needs, "city")),
        offers=renumbered(doubled(offers, "city")),
        ties=doubled(problem.ties, "a", "b"),
        helps=doubled(problem.helps, "giver", "receiver"),
        forbids=problem.forbids
        + tuple((named.get(a, a), named.get(b, b)) for a, b in problem.forbids if city in (a, b)),
    )


def renumbered(rows: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(replace(row, id=number) for number, row in enumerate(rows))


def at_least(problem: PairingProblem, benefit: int) -> PairingProblem:
    """`widest` over the pairs in which no city with needs gets less than the benefit."""
    criteria, pinned = Criteria(problem), {code for pin in problem.pins for code in pin}
    codes = [city.code for city in problem.cities if city.code not in pinned]
    low = {
        (a, b)
        for a in codes
        for b in codes
        if a != b and criteria.needs[a] and criteria.benefit(a, b) < benefit
    }
    return replace(problem, objective="widest", forbids=(*problem.forbids, *low))


@pytest.mark.parametrize("objective", ["widest", "total", "egalitarian"])
@pytest.mark.parametrize("batch", range(2))
def test_second_city_gains_what_the_problem_with_a_copy_of_it_has_more(
    batch: int, objective: str
) -> None:
    gains = set()
    for seed in range(batch * 40, batch * 40 + 40):
        problem = pairing_problem(seed, objective=objective, sides="two")
        best = solve_pairing(problem)
        lowest = best.certificate[0].min_benefit
        alternatives = Alternatives(problem, best)
        for city in {city.code for city in problem.cities}.difference(*problem.pins):
            found, more = alternatives.second(city), with_second(problem, city)
            if objective == "egalitarian":
                more = at_least(more, lowest)
            fewer = loss(problem, best, more)
            assert (found.worth, found.score) == (-fewer[0], -fewer[1])
            gains.add((found.worth, found.score))

    assert len(gains) > 10


@pytest.mark.parametrize("objective", ["widest", "total"])
@pytest.mark.parametrize("batch", range(2))
def test_pin_costs_what_the_pinned_problem_lacks_on_random_problems(
    batch: int, objective: str
) -> None:
    asked = 0
    for seed in range(batch * 12, batch * 12 + 12):
        problem = pairing_problem(seed, objective=objective)
        best = solve_pairing(problem)
        alternatives = Alternatives(problem, best)
        for a in problem.cities:
            for b in problem.cities:
                try:
                    found = alternatives.pin(a.code, b.code)
                except ValueError:
                    continue
                asked += 1
                pinned = replace(problem, pins=(*problem.pins, (a.code, b.code)))
                assert (found.worth, found.score) == loss(problem, best, pinned)

    assert asked > 30


@pytest.mark.parametrize("sides", ["two", "one"])
@pytest.mark.parametrize("objective", ["widest", "total"])
def test_losses_are_exact_on_a_network(sides: str, objective: str) -> None:
    problem = network_pairing(40, 5, sides=sides, objective=objective, floor=200_000)
    best = solve_pairing(problem)
    alternatives = Alternatives(problem, best)
    codes = [city.code for city in problem.cities]

    for a, b in zip(codes[:40:13], codes[40::13], strict=True):
        pinned, alone = replace(problem, pins=((a, b),)), without(problem, b)
        found, missed = alternatives.pin(a, b), alternatives.without(b)
        assert (found.worth, found.score) == loss(problem, best, pinned)
        assert (missed.worth, missed.score) == loss(problem, best, alone)


@pytest.mark.parametrize("objective", ["widest", "total"])
def test_gains_are_exact_on_a_network(objective: str) -> None:
    problem = network_pairing(40, 5, objective=objective, floor=200_000)
    best = solve_pairing(problem)
    alternatives = Alternatives(problem, best)

    for city in problem.cities[::13]:
        found = alternatives.second(city.code)
        fewer = loss(problem, best, with_second(problem, city.code))
        assert (found.worth, found.score) == (-fewer[0], -fewer[1])


def test_price_of_a_right_city_is_what_the_network_would_gain_from_a_second_one() -> None:
    problem = network_pairing(40, 3, objective="total", floor=250_000)
    best = solve_pairing(problem)
    prices, alternatives = dict(best.certificate[0].prices), Alternatives(problem, best)

    gains = {city.code: alternatives.second(city.code).score for city in problem.cities}

    assert all(gains[city.code] == prices[city.code] for city in problem.cities[40:])
    assert any(gains[city.code] < prices[city.code] for city in problem.cities[:40])


def test_price_of_a_left_city_is_what_the_network_would_lose_without_it() -> None:
    problem = network_pairing(40, 3, objective="total", floor=250_000)
    best = solve_pairing(problem)
    prices, alternatives = dict(best.certificate[0].prices), Alternatives(problem, best)

    for city in problem.cities[:40:5]:
        assert prices[city.code] == alternatives.without(city.code).score
        assert (0, prices[city.code]) == loss(problem, best, without(problem, city.code))


def test_pin_says_when_the_pair_itself_falls_below_the_lowest_benefit() -> None:
    problem = network_pairing(30, 4, objective="egalitarian")
    best = solve_pairing(problem)
    threshold, alternatives = best.certificate[0].min_benefit, Alternatives(problem, best)
    lower = []

    for b in problem.cities[30::2]:
        pinned = solve_pairing(replace(problem, pins=(("CN-00003", b.code),)))
        pair = next(pair for pair in pinned.pairs if pair.pinned)
        stated = [x for x in (pair.benefit_a, pair.benefit_b) if x is not None]
        lower.append(min(stated) < threshold)
        assert alternatives.pin("CN-00003", b.code).lowers_benefit == lower[-1]

    assert set(lower) == {True, False}


def test_pin_costs_nothing_when_the_pair_is_in_the_optimum() -> None:
    problem = network_pairing(20, 2)
    best = solve_pairing(problem)
    alternatives = Alternatives(problem, best)

    losses = {alternatives.pin(pair.a, pair.b) for pair in best.pairs}

    assert [(each.worth, each.score) for each in losses] == [(0, 0)]


def test_questions_are_refused_when_they_cannot_be_asked() -> None:
    problem = replace(
        network_pairing(4, 2),
        pins=(("CN-00000", "US-00000"),),
        forbids=(("CN-00001", "US-00001"),),
    )
    best = solve_pairing(problem)
    alternatives = Alternatives(problem, best)

    for a, b in (("CN-00001", "US-00001"), ("CN-00001", "CN-00002"), ("CN-00000", "US-00001")):
        with pytest.raises(ValueError, match="pair"):
            alternatives.pin(a, b)
    with pytest.raises(ValueError, match="pinned"):
        alternatives.without("CN-00000")
    with pytest.raises(ValueError, match="pinned"):
        alternatives.second("CN-00000")
    pool = replace(problem, sides="one")
    with pytest.raises(ValueError, match="two sides"):
        Alternatives(pool, solve_pairing(pool)).second("CN-00002")
    with pytest.raises(ValueError, match="another problem"):
        Alternatives(replace(problem, floor=1), best)
