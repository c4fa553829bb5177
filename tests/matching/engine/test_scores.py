"""Every criterion: its published formula on hand-made pairs, and block against plain Python."""

from dataclasses import replace

import numpy as np
import pytest

from apps.matching.engine import City, Help, Need, Offer, PairingProblem, Tie, Weights
from apps.matching.engine.canonical import canonical_pairing
from apps.matching.engine.check.criteria import Criteria
from apps.matching.engine.check.formulas import Formulas
from apps.matching.engine.pairing.columns import make_columns
from apps.matching.engine.pairing.dense import Dense, benefit_error
from apps.matching.engine.pairing.features import build_features
from apps.matching.engine.pairing.scores import CRITERIA, score_pairs
from apps.matching.engine.pairing.specials import find_specials
from apps.matching.engine.ties import index_pairs

from .instances import pairing_problem


def values(problem: PairingProblem, a: str = "a", b: str = "b") -> dict[str, int]:
    """All criteria of one pair as the engine scores it."""
    codes = tuple(city.code for city in problem.cities)
    features = build_features(problem, codes)
    ends = np.array([codes.index(a)]), np.array([codes.index(b)])
    scored = score_pairs(features, problem.weights, *ends)
    found = {name: int(scored.values[name][0]) for name in CRITERIA}
    return found | {"to_a": int(scored.benefit_a[0]), "score": int(scored.score[0])}


def two_cities(a: City | None = None, b: City | None = None, **rows: object) -> PairingProblem:
    return PairingProblem(cities=(a or City("a"), b or City("b")), sides="one", **rows)


def test_coverage_is_half_when_the_pair_helps_one_way() -> None:
    problem = two_cities(needs=(Need(1, "a", "mask", 10, 2),), offers=(Offer(2, "b", "mask", 10),))

    assert values(problem)["to_a"] == 1_000_000
    assert values(problem)["coverage"] == 500_000
    assert values(problem, "b", "a")["coverage"] == 500_000


def test_coverage_weighs_items_by_urgency() -> None:
    problem = two_cities(
        needs=(Need(1, "a", "mask", 10, 1), Need(2, "a", "gown", 7, 4)),
        offers=(Offer(3, "b", "mask", 5), Offer(4, "b", "gown", 70)),
    )

    assert values(problem)["to_a"] == 555_555


def test_coverage_gives_the_urgent_units_of_an_item_first() -> None:
    problem = two_cities(
        needs=(Need(1, "a", "mask", 10, 1), Need(2, "a", "mask", 30, 4)),
        offers=(Offer(3, "b", "mask", 10),),
    )

    assert values(problem)["to_a"] == 8 * 1_000_000 // 11


def test_coverage_does_not_change_when_a_need_is_split() -> None:
    offers = (Offer(3, "b", "mask", 10), Offer(4, "b", "visor", 1))
    other = Need(9, "a", "gown", 3, 2)
    whole = two_cities(needs=(Need(1, "a", "mask", 30, 1), other), offers=offers)
    split = two_cities(
        needs=(Need(1, "a", "mask", 10, 1), Need(2, "a", "mask", 20, 1), other), offers=offers
    )

    assert values(split) == values(whole)


def test_coverage_counts_knowledge_as_enough_for_everything() -> None:
    problem = two_cities(
        needs=(Need(1, "a", "manual", None, 3), Need(2, "a", "course", 400, 3)),
        offers=(Offer(3, "b", "manual", None), Offer(4, "b", "course", None)),
    )

    assert values(problem)["to_a"] == 1_000_000


def test_coverage_leaves_out_what_an_offer_withholds_from_the_city() -> None:
    problem = two_cities(
        needs=(Need(1, "a", "mask", 10, 2),),
        offers=(Offer(2, "b", "mask", 4), Offer(3, "b", "mask", 6, excluded=("a",))),
    )

    assert values(problem)["to_a"] == 400_000


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ((), 0),
        ((Tie("a", "b"),), 1_000_000),
        ((Tie("S", "T"),), 500_000),
        ((Tie("T", "S"), Tie("b", "a")), 1_000_000),
    ],
)
def test_tie_is_one_for_an_own_tie_and_half_between_the_states(
    ties: tuple[Tie, ...], expected: int
) -> None:
    problem = two_cities(City("a", state_code="S"), City("b", state_code="T"), ties=ties)

    assert values(problem)["tie"] == expected


def test_tie_is_none_when_a_state_is_not_stated() -> None:
    cities = (City("a"), City("b"), City("c", state_code="S"), City("d", state_code="T"))
    problem = PairingProblem(cities=cities, sides="one", ties=(Tie("S", "T"),))

    assert values(problem)["tie"] == 0


def test_tie_of_two_states_is_their_own_when_they_pair() -> None:
    problem = two_cities(City("a", level="state"), City("b", level="state"), ties=(Tie("a", "b"),))

    assert values(problem)["tie"] == 1_000_000


@pytest.mark.parametrize(
    ("helps", "expected"),
    [
        ((), 0),
        ((Help("a", "b"),), 500_000),
        ((Help("b", "a"),), 500_000),
        ((Help("a", "b"), Help("b", "a")), 1_000_000),
    ],
)
def test_history_is_half_for_each_direction(helps: tuple[Help, ...], expected: int) -> None:
    assert values(two_cities(helps=helps))["history"] == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (("x",), ("x",), 1_000_000),
        (("x", "y"), ("y", "z"), 333_333),
        (("x",), (), 0),
        ((), (), 0),
    ],
)
def test_topics_are_shared_over_all(
    one: tuple[str, ...], two: tuple[str, ...], expected: int
) -> None:
    problem = two_cities(City("a", topics=one), City("b", topics=two))

    assert values(problem)["topics"] == expected


@pytest.mark.parametrize(
    ("one", "two", "languages", "expected"),
    [
        (480, 480, ("en",), 1_000_000),
        (480, 480, (), 500_000),
        (0, 120, (), 375_000),
        (-660, 720, (), 437_500),
        (480, -300, (), 0),
        (None, 480, ("en",), 500_000),
        (None, None, (), 0),
    ],
)
def test_working_day_is_half_hours_and_half_language(
    one: int | None, two: int | None, languages: tuple[str, ...], expected: int
) -> None:
    problem = two_cities(
        City("a", utc_offset_minutes=one, languages=languages),
        City("b", utc_offset_minutes=two, languages=("en",)),
    )

    assert values(problem)["working_day"] == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [(100, 300, 333_333), (300, 100, 333_333), (7, 7, 1_000_000), (None, 5, 0), (None, None, 0)],
)
def test_scale_is_the_smaller_population_by_the_larger(
    one: int | None, two: int | None, expected: int
) -> None:
    problem = two_cities(City("a", population=one), City("b", population=two))

    assert values(problem)["scale"] == expected


def test_score_is_one_whole_when_every_criterion_is() -> None:
    def city(code: str) -> City:
        return City(
            code, population=5, languages=("en",), utc_offset_minutes=0, topics=("culture",)
        )

    problem = two_cities(
        city("a"),
        city("b"),
        needs=(Need(1, "a", "mask", 1, 1), Need(2, "b", "gown", 1, 1)),
        offers=(Offer(3, "b", "mask", 1), Offer(4, "a", "gown", 1)),
        ties=(Tie("a", "b"),),
        helps=(Help("a", "b"), Help("b", "a")),
    )

    assert values(problem)["score"] == 1_000_000
    assert values(replace(problem, weights=Weights(0, 0, 0, 0, 0, 1_000_000)))["score"] == 1_000_000


@pytest.mark.parametrize("batch", range(5))
def test_both_scores_of_pairs_agree_with_the_plain_formulas_on_random_problems(batch: int) -> None:
    for seed in range(batch * 40, batch * 40 + 40):
        problem = canonical_pairing(pairing_problem(seed))
        codes = tuple(city.code for city in problem.cities)
        n, everybody = len(codes), np.arange(len(codes))
        features = build_features(problem, codes)
        ends = np.repeat(everybody, n), np.tile(everybody, n)
        exact = Formulas(features, problem.weights).score(*ends)
        scored = score_pairs(features, problem.weights, *ends)
        criteria = Criteria(problem)

        for at, (i, j) in enumerate(zip(*ends, strict=True)):
            a, b = codes[i], codes[j]
            plain = criteria.values(a, b)
            assert {name: exact.values[name][at] for name in CRITERIA} == plain
            assert {name: scored.values[name][at] for name in CRITERIA} == plain
            assert scored.score[at] == exact.score[at] == criteria.score(plain)
            assert scored.benefit_a[at] == exact.to_a[at] == criteria.benefit(a, b)
            assert scored.benefit_b[at] == exact.to_b[at] == criteria.benefit(b, a)
            assert scored.related[at] == exact.related[at]
            assert plain == criteria.values(b, a)
            assert all(0 <= value <= 1_000_000 for value in plain.values())


@pytest.mark.parametrize("batch", range(5))
def test_dense_scores_stay_within_their_bound_on_random_problems(batch: int) -> None:
    for seed in range(batch * 60, batch * 60 + 60):
        dense, forbidden = dense_of(pairing_problem(seed))
        columns = dense.columns.cities
        for line in dense.lines(columns):
            city = np.full(len(columns), line.city)
            exact = score_pairs(dense.features, dense.weights, city, columns)
            barred = (columns == line.city) | np.isin(columns, forbidden.get(line.city, []))
            open_to = np.isfinite(line.score)

            assert not (open_to & barred).any()
            assert not (exact.related & ~barred & ~open_to).any()
            assert (np.abs(line.score - exact.score)[open_to] < dense.score_error).all()
            others = columns != line.city
            assert (np.abs(line.benefit - exact.benefit_a)[others] < dense.benefit_error).all()
            assert (np.abs(line.theirs - exact.benefit_b)[others] < dense.benefit_error).all()
            assert (line.related | ~exact.related)[open_to].all()


def dense_of(problem: PairingProblem) -> tuple[Dense, dict[int, list[int]]]:
    """Everybody against everybody, and who must not pair with whom."""
    problem = canonical_pairing(problem)
    codes = tuple(city.code for city in problem.cities)
    features = build_features(problem, codes)
    forbids = index_pairs(problem.forbids, {code: i for i, code in enumerate(codes)})
    forbidden: dict[int, list[int]] = {}
    for a, b in (*forbids.tolist(), *forbids[:, ::-1].tolist()):
        forbidden.setdefault(a, []).append(b)
    specials = find_specials(features, problem.weights, forbids)
    columns = make_columns(features, np.arange(len(codes)))
    error = benefit_error(features)
    return Dense(features, problem.weights, specials, columns, error), forbidden


@pytest.mark.parametrize("most", [10, 10**6, 10**11])
def test_dense_scores_stay_within_their_bound_when_quantities_are_far_apart(most: int) -> None:
    needs = (Need(1, "a", "mask", most, 1), Need(2, "a", "mask", 1, 2), Need(3, "a", "mask", 7, 4))
    offers = tuple(
        Offer(10 + i, code, "mask", units)
        for i, (code, units) in enumerate(
            zip("bcdef", (1, most, most + 1, most + 2, 3), strict=True)
        )
    )
    problem = PairingProblem(tuple(City(code) for code in "abcdef"), needs, offers, sides="one")
    dense, _ = dense_of(problem)
    everybody = dense.columns.cities

    for line in dense.lines(everybody):
        exact = score_pairs(
            dense.features, dense.weights, np.full(len(everybody), line.city), everybody
        )
        others = everybody != line.city
        assert (np.abs(line.benefit - exact.benefit_a)[others] < dense.benefit_error).all()
        assert (np.abs(line.theirs - exact.benefit_b)[others] < dense.benefit_error).all()
