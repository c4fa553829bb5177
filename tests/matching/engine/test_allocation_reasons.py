"""Why a match and why not: every code of the closed list, with its parameters."""

from dataclasses import replace
from datetime import timedelta

from apps.matching.engine import (
    AllocationProblem,
    AllocationResult,
    City,
    Item,
    Need,
    Offer,
    Tie,
    solve_allocation,
)
from apps.matching.engine.reasons import MATCH_CODES, NEED_CODES

from .instances import TODAY, allocation_problem, packed

BASE = AllocationProblem(
    today=TODAY,
    cities=tuple(City(code, state_code={"a": "S", "d": "T"}.get(code)) for code in "abcde"),
    items=(Item("mask", 10), Item("gown", 3), Item("manual", remote=True)),
)
Params = dict[str, object]


def match_reasons(result: AllocationResult) -> dict[tuple[int, int], dict[str, Params]]:
    return {(m.offer, m.need): {r.code: r.values for r in m.reasons} for m in result.matches}


def need_reasons(result: AllocationResult, need: int) -> list[tuple[str, Params]]:
    outcome = next(each for each in result.needs if each.need == need)
    return [(each.code, each.values) for each in outcome.reasons]


def why(result: AllocationResult, need: int) -> list[tuple[object, object]]:
    """To whom units went that the need could have had, and why."""
    return [
        (params["need"], params["why"])
        for code, params in need_reasons(result, need)
        if code == "went_to"
    ]


def test_match_states_tier_source_share_and_arrival() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2, TODAY + timedelta(30), accepts=("gown",)),),
        offers=(Offer(2, "b", "gown", 5, TODAY + timedelta(2), pack=2),),
    )

    found = match_reasons(solve_allocation(problem))

    assert found == {
        (2, 1): {
            "tier": {"tier": 2},
            "from_network": {"giver": "b", "receiver": "a"},
            "substitute": {"needed": "mask", "offered": "gown"},
            "share": {"filled": 4, "quantity": 10},
            "still_open": {"uncovered": 6},
            "arrival": {"day": "2020-03-06", "needed_by": "2020-03-31"},
            "packs": {"packs": 2, "units": 2},
        }
    }


def test_match_names_what_joins_giver_and_receiver() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 40, 2),),
        offers=tuple(Offer(2 + i, code, "mask", 10) for i, code in enumerate("bcde")),
        counterparts=(("a", "b"),),
        ties=(Tie("c", "a"), Tie("S", "T")),
    )

    result = solve_allocation(problem)

    assert [match.relation for match in result.matches] == [
        "counterpart",
        "tie",
        "state_tie",
        "network",
    ]
    sources = [
        [code for code in codes if code.startswith("from_")]
        for codes in match_reasons(result).values()
    ]
    assert sources == [["from_counterpart"], ["from_tie"], ["from_state_tie"], ["from_network"]]
    outcome = result.needs[0]
    assert (outcome.from_counterpart, outcome.from_ties, outcome.from_network) == (10, 20, 10)


def test_match_of_knowledge_says_how_many_have_it() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "manual", None, 3),),
        offers=(Offer(2, "b", "manual", None), Offer(3, "c", "manual", None)),
    )

    ((_, found),) = match_reasons(solve_allocation(problem)).items()

    assert found["knowledge"] == {"item": "manual", "offers": 2}
    assert found["arrival"] == {"day": "2020-03-01", "needed_by": None}
    assert found["share"] == {"filled": 1, "quantity": 1}
    assert "still_open" not in found


def test_need_learns_that_nobody_offers_the_item() -> None:
    result = solve_allocation(replace(BASE, needs=(Need(1, "a", "mask", 10, 2),)))

    assert need_reasons(result, 1) == [("no_offer", {"item": "mask"})]


def test_need_learns_that_only_its_own_city_offers_the_item() -> None:
    problem = replace(
        BASE, needs=(Need(1, "a", "mask", 10, 2),), offers=(Offer(2, "a", "mask", 10),)
    )

    assert need_reasons(solve_allocation(problem), 1) == [("own_offer_only", {"offers": 1})]


def test_need_learns_what_is_forbidden_excluded_and_late() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2, TODAY + timedelta(12)),),
        offers=(
            Offer(2, "b", "mask", 10),
            Offer(3, "c", "mask", 10, excluded=("a",)),
            Offer(4, "d", "mask", 10, TODAY + timedelta(9)),
            Offer(5, "d", "mask", 10, TODAY + timedelta(5)),
            Offer(6, "e", "mask", 10, None, TODAY - timedelta(1)),
            Offer(7, "b", "mask", 10, excluded=("a",)),
        ),
        forbids=(("b", "a"),),
    )

    assert need_reasons(solve_allocation(problem), 1) == [
        ("forbidden", {"offers": 2}),
        ("excluded", {"offers": 1}),
        ("dates", {"offers": 3, "first_arrival": "2020-03-16", "needed_by": "2020-03-13"}),
    ]


def test_need_learns_no_arrival_when_every_offer_has_ended() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2),),
        offers=(Offer(6, "e", "mask", 10, None, TODAY - timedelta(1)),),
    )

    assert need_reasons(solve_allocation(problem), 1) == [
        ("dates", {"offers": 1, "first_arrival": None, "needed_by": None})
    ]


def test_need_learns_that_all_that_fits_is_used_up() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2),),
        offers=(Offer(2, "b", "mask", 3), Offer(3, "c", "mask", 4)),
    )

    assert need_reasons(solve_allocation(problem), 1) == [("used_up", {"offers": 2, "offered": 7})]


def test_need_learns_that_lots_and_packs_hold_units_back() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2, smallest_lot=4),),
        offers=(Offer(2, "b", "mask", 3), Offer(3, "c", "mask", 9, pack=7)),
    )

    assert need_reasons(solve_allocation(problem), 1) == [
        ("used_up", {"offers": 2, "offered": 10}),
        ("lots", {"offers": 2, "left": 5, "lot": 4, "without_lots": 10}),
    ]


def test_need_learns_nothing_of_more_when_packs_alone_hold_units_back() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 4000, 2),),
        offers=(Offer(2, "b", "mask", 3210, pack=20),),
    )

    assert need_reasons(solve_allocation(problem), 1) == [
        ("used_up", {"offers": 1, "offered": 3200}),
        ("lots", {"offers": 1, "left": 10, "lot": 20, "without_lots": None}),
    ]


def test_need_learns_that_units_went_to_the_more_urgent() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2), Need(2, "c", "mask", 10, 1)),
        offers=(Offer(3, "b", "mask", 10),),
    )

    assert need_reasons(solve_allocation(problem), 1) == [
        ("used_up", {"offers": 1, "offered": 10}),
        (
            "went_to",
            {
                "offer": 3,
                "giver": "b",
                "need": 2,
                "receiver": "c",
                "quantity": 10,
                "why": "more_urgent",
            },
        ),
    ]


def test_need_learns_that_units_went_to_the_givers_own_counterpart() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 1), Need(2, "c", "mask", 10, 4)),
        offers=(Offer(3, "b", "mask", 10),),
        counterparts=(("c", "b"),),
    )

    assert why(solve_allocation(problem), 1) == [(2, "own_counterpart")]


def test_need_learns_that_units_went_to_somebody_closer() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2), Need(2, "c", "mask", 10, 2)),
        offers=(Offer(3, "b", "mask", 1),),
        ties=(Tie("b", "c"),),
    )

    assert why(solve_allocation(problem), 1) == [(2, "closer")]


def test_need_learns_that_the_draw_decided_among_equals() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 10, 2), Need(2, "c", "mask", 10, 2)),
        offers=(Offer(3, "b", "mask", 1),),
    )

    result = solve_allocation(problem)

    (left_out,) = [outcome.need for outcome in result.needs if outcome.filled == 0]
    assert why(result, left_out) == [(3 - left_out, "drawn")]


def test_need_learns_that_units_went_to_a_smaller_share() -> None:
    problem = replace(
        BASE,
        needs=(Need(1, "a", "mask", 1, 2), Need(2, "c", "mask", 100, 2)),
        offers=(Offer(3, "b", "mask", 50),),
    )

    assert why(solve_allocation(problem), 1) == [(2, "smaller_share")]


def test_need_learns_of_the_largest_matches_first_when_it_accepts_substitutes() -> None:
    problem = replace(
        BASE,
        needs=(
            Need(1, "a", "mask", 100, 4, accepts=("gown",)),
            Need(2, "c", "mask", 6, 1),
            Need(3, "c", "gown", 8, 1),
            Need(4, "d", "mask", 7, 2),
            Need(5, "d", "gown", 5, 2),
        ),
        offers=(Offer(6, "b", "mask", 13), Offer(7, "b", "gown", 13)),
    )

    result = solve_allocation(problem)

    assert why(result, 1) == [(3, "more_urgent"), (4, "more_urgent"), (2, "more_urgent")]


def test_every_code_is_in_the_closed_list_and_every_open_need_is_explained() -> None:
    seen: set[str] = set()
    for seed in range(600):
        result = solve_allocation(packed(allocation_problem(seed), seed))
        for match in result.matches:
            seen |= {each.code for each in match.reasons}
        for outcome in result.needs:
            assert bool(outcome.reasons) == (outcome.uncovered > 0)
            seen |= {each.code for each in outcome.reasons}

    assert seen == MATCH_CODES.keys() | NEED_CODES.keys()
