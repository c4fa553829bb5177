"""The same goods, allocated by the engine: one question, asked under both policies."""

from collections import Counter
from typing import Literal

from apps.dashboard.replay2020.estimate import Needs
from apps.dashboard.replay2020.table import CodePair, Flow, Place, Table
from apps.matching import engine

ONE_TIER = 4  # the report names no urgency, so that no need comes before another
Policy = Literal["pair_first", "urgency_first"]
POLICIES: tuple[Policy, ...] = ("pair_first", "urgency_first")


def counterparts_of(table: Table) -> tuple[CodePair, ...]:
    """(giver, receiver): the engine's pairing over the ties of the table alone.

    It knows the places, their populations and their ties; neither gifts nor needs. So as many
    places as possible are paired along a tie, and of several ties the closer populations decide.
    """
    problem = engine.PairingProblem(
        cities=engine_cities(table), ties=engine_ties(table), objective="widest"
    )
    return tuple((pair.a, pair.b) for pair in engine.solve_pairing(problem).pairs)


def allocation_problem(
    table: Table, needs: Needs, counterparts: tuple[CodePair, ...], policy: Policy
) -> engine.AllocationProblem:
    """Goods of one item serve needs of that item alone, from any giver to any receiver."""
    offers: Counter[tuple[str, str]] = Counter()
    for flow in table.flows:
        offers[flow.giver, flow.item] += flow.quantity
    return engine.AllocationProblem(
        today=table.day,
        cities=engine_cities(table),
        items=tuple(engine.Item(code) for code in sorted(table.totals)),
        needs=tuple(
            engine.Need(number, receiver, item, units, ONE_TIER)
            for number, ((receiver, item), units) in enumerate(sorted(needs.items()), start=1)
        ),
        offers=tuple(
            engine.Offer(number, giver, item, units)
            for number, ((giver, item), units) in enumerate(sorted(offers.items()), start=1)
        ),
        ties=engine_ties(table),
        counterparts=counterparts,
        policy=policy,
    )


def solve(problem: engine.AllocationProblem) -> tuple[Flow, ...]:
    """The engine's matches as flows between places."""
    needs = {need.id: need for need in problem.needs}
    offers = {offer.id: offer for offer in problem.offers}
    return tuple(
        sorted(
            Flow(
                item=needs[match.need].item,
                giver=offers[match.offer].city,
                receiver=needs[match.need].city,
                quantity=match.quantity or 0,
            )
            for match in engine.solve_allocation(problem).matches
        )
    )


def engine_cities(table: Table) -> tuple[engine.City, ...]:
    """Without the states that cities lie in: only a tie of the two places themselves counts."""
    sides: tuple[tuple[engine.problem.Side, tuple[Place, ...]], ...] = (
        ("left", table.givers),
        ("right", table.receivers),
    )
    return tuple(
        engine.City(place.code, place.level, side, place.population or None)
        for side, places in sides
        for place in places
    )


def engine_ties(table: Table) -> tuple[engine.Tie, ...]:
    return tuple(engine.Tie(giver, receiver) for giver, receiver in table.ties)
