"""The allocation checker: silent on true results, loud on every kind of tampering."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.matching.engine import (
    VIOLATION_CODES,
    AllocationProblem,
    AllocationResult,
    Match,
    Need,
    Offer,
    Reason,
    check_allocation,
    solve_allocation,
)

from .allocation_tampering import TAMPERINGS, chosen, solved
from .flow_oracles import classes, filled_by
from .instances import TODAY, allocation_problem, quantities_only, without_lots
from .networks import network_allocation


@pytest.mark.parametrize("name", TAMPERINGS)
@pytest.mark.parametrize("policy", ["pair_first", "urgency_first"])
def test_checker_objects_when_a_result_is_tampered_with(policy: str, name: str) -> None:
    problem, result = solved(policy)
    tamper, code = TAMPERINGS[name]

    found = check_allocation(problem, tamper(result))

    assert check_allocation(problem, result) == ()
    assert code in {violation.code for violation in found}
    assert VIOLATION_CODES.keys() >= {violation.code for violation in found}


@pytest.mark.parametrize("stage", ["pair", "fill"])
def test_checker_objects_when_a_stage_is_left_out(stage: str) -> None:
    problem, result = solved("pair_first")
    rest = tuple(each for each in result.certificate if each.name != stage)

    found = check_allocation(problem, replace(result, certificate=rest))

    assert [(v.code, v.subject) for v in found] == [("not_optimal", "certificate")]


def passed_off(result: AllocationResult, problem: AllocationProblem) -> AllocationResult:
    """The result as if it answered the problem."""
    return replace(result, problem_hash=solve_allocation(problem).problem_hash)


@pytest.mark.parametrize("policy", ["pair_first", "urgency_first"])
def test_checker_objects_when_a_match_is_not_allowed(policy: str) -> None:
    problem, result = solved(policy)
    match = result.matches[chosen(result)]
    offer = next(each for each in problem.offers if each.id == match.offer)
    need = next(each for each in problem.needs if each.id == match.need)

    def with_offer(**changes: object) -> AllocationProblem:
        others = tuple(each for each in problem.offers if each.id != offer.id)
        return replace(problem, offers=(*others, replace(offer, **changes)))

    stricter = {
        "excluded": with_offer(excluded=(need.city,)),
        "too_late": with_offer(available_from=TODAY + timedelta(400)),
        "wrong_item": with_offer(item="item59"),
        "own_city": with_offer(city=need.city),
        "over_offer": with_offer(quantity=1),
        "below_lot": with_offer(smallest_lot=10**6),
        "broken_pack": with_offer(pack=10**6),
        "forbidden": replace(problem, forbids=(*problem.forbids, (need.city, offer.city))),
    }

    for code, changed in stricter.items():
        found = check_allocation(changed, passed_off(result, changed))

        assert code in {violation.code for violation in found}


@pytest.mark.parametrize("batch", range(5))
def test_checker_believes_only_optima_when_results_are_passed_off(batch: int) -> None:
    """Results of kindred problems, with either certificate: believed if as good, never if not."""
    worse = 0
    for seed in range(batch * 60, batch * 60 + 60):
        problem = without_lots(quantities_only(allocation_problem(seed)))
        result = solve_allocation(problem)
        for other in kindred(problem):
            found = solve_allocation(other)
            if value(problem, found) == value(problem, result):
                continue
            worse += 1
            assert value(problem, found) < value(problem, result)
            for certificate in (result.certificate, found.certificate):
                claim = replace(
                    found,
                    policy=result.policy,
                    problem_hash=result.problem_hash,
                    certificate=certificate,
                )
                codes = {violation.code for violation in check_allocation(problem, claim)}
                assert "not_optimal" in codes

    assert worse > 20


def kindred(problem: AllocationProblem) -> list[AllocationProblem]:
    """The other policy, other tiers, and one offer or one counterpart fewer."""
    policy = "urgency_first" if problem.policy == "pair_first" else "pair_first"
    calm = tuple(replace(need, tier=5 - need.tier) for need in problem.needs)
    others = [replace(problem, policy=policy), replace(problem, needs=calm)]
    if problem.offers:
        others.append(replace(problem, offers=problem.offers[1:]))
    return others


def value(problem: AllocationProblem, result: AllocationResult) -> tuple[list[int], list[int]]:
    """What the policy compares: units by class in the pairs (if they come first), then in all."""
    own = [match for match in result.matches if match.relation == "counterpart"]
    in_pairs = classes(problem, filled_by(own)) if problem.policy == "pair_first" else []
    return in_pairs, classes(problem, filled_by(result.matches))


def test_checker_objects_when_the_policy_is_another() -> None:
    problem, result = solved("pair_first")

    found = check_allocation(replace(problem, policy="urgency_first"), result)

    assert [violation.code for violation in found] == ["other_problem"]


def test_checker_objects_when_the_other_policys_filling_is_passed_off() -> None:
    problem, result = solved("pair_first")
    other = solve_allocation(replace(problem, policy="urgency_first"))

    found = check_allocation(
        problem, replace(other, policy="pair_first", problem_hash=result.problem_hash)
    )

    assert "not_optimal" in {violation.code for violation in found}


def test_checker_objects_when_a_stranger_gives_instead_of_the_counterpart() -> None:
    problem = replace(
        network_allocation(2),
        needs=(Need(1, "CN-00000", "item00", 5, 1),),
        offers=(Offer(2, "US-00000", "item00", 5), Offer(3, "US-00001", "item00", 5)),
        ties=(),
        policy="urgency_first",
    )
    result = solve_allocation(problem)
    stranger = solve_allocation(replace(problem, counterparts=(), offers=problem.offers[1:]))

    found = check_allocation(
        problem,
        replace(stranger, problem_hash=result.problem_hash, certificate=result.certificate),
    )

    assert result.matches[0].offer == 2
    assert [(v.code, v.subject) for v in found] == [
        ("not_optimal", "fill"),
    ]


def test_checker_objects_when_knowledge_comes_from_afar() -> None:
    problem = replace(
        network_allocation(2),
        needs=(Need(1, "CN-00000", "item00", 5, 1),),
        offers=(Offer(2, "US-00000", "item00", None), Offer(3, "US-00001", "item00", None)),
        ties=(),
    )
    result = solve_allocation(problem)
    match: Match = result.matches[0]
    reasons = tuple(r for r in match.reasons if r.code != "from_counterpart")
    afar = replace(match, offer=3, relation="network", reasons=(*reasons, Reason("from_network")))

    found = check_allocation(problem, replace(result, matches=(afar,)))

    assert match.offer == 2
    assert {violation.code for violation in found} == {"knowledge", "wrong_outcome"}
