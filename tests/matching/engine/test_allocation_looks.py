"""The short cuts of the allocation checker, held against a look at every offer."""

import random

import numpy as np
import pytest

from apps.matching.engine import Need, solve_allocation
from apps.matching.engine.canonical import canonical_allocation
from apps.matching.engine.check.consignments import LARGE, consignments_at_least
from apps.matching.engine.check.fitting import Fitting
from apps.matching.engine.check.undercut import undercut

from .instances import allocation_problem
from .networks import network_allocation


def undercut_by_all(fitting: Fitting, need: Need, price: np.ndarray, value: int) -> bool:
    rows, _ = fitting.fitting_offers(need)
    rows = rows[fitting.supply[rows] > 0]
    same = np.array([fitting.rows[row].item == need.item for row in rows], np.int64)
    return bool((price[rows] < value + same).any())


@pytest.mark.parametrize("seed", range(40))
def test_no_undercut_need_is_missed_when_only_the_cheapest_in_time_is_looked_at(seed: int) -> None:
    draw = random.Random(seed)
    fitting = Fitting(canonical_allocation(allocation_problem(seed, most=12)))
    price = np.array([draw.randint(0, 6) for _ in fitting.rows], np.int64)
    values = {id: draw.randint(-1, 4) for id in fitting.needs if draw.random() < 0.8}

    found = undercut(fitting, fitting.needs.values(), price, values)

    wanted = {
        id
        for id, need in fitting.needs.items()
        if undercut_by_all(fitting, need, price, values.get(id, 0))
    }
    assert wanted <= found


def test_no_need_is_suspected_when_prices_prove_every_value() -> None:
    problem = canonical_allocation(network_allocation(60, policy="urgency_first"))
    fitting = Fitting(problem)
    fill = solve_allocation(problem).certificate[-1]
    price = np.zeros(len(fitting.rows), np.int64)
    row = {offer.id: i for i, offer in enumerate(fitting.rows)}
    for id, number in fill.offer_prices:
        price[row[id]] = number

    found = undercut(fitting, fitting.needs.values(), price, dict(fill.need_values))

    assert len(found) < len(fitting.needs) / 10


@pytest.mark.parametrize("units", [1, 30_000, 10**9])
def test_fewest_consignments_are_those_of_all_offers_when_the_largest_are_looked_at_first(
    units: int,
) -> None:
    fitting = Fitting(canonical_allocation(network_allocation(80)))
    taken = {}
    for id, need in fitting.needs.items():
        rows, _ = fitting.fitting_offers(need)
        taken[id] = min(units, int(fitting.supply[rows].sum()))

    found = {id: consignments_at_least(fitting, {id: filled}) for id, filled in taken.items()}

    assert max(len(rows) for rows in fitting.by_item.values()) > 2 * LARGE
    for id, filled in taken.items():
        sizes = np.sort(fitting.supply[fitting.fitting_offers(fitting.needs[id])[0]])[::-1]
        fewest = int(np.searchsorted(np.cumsum(sizes), filled)) + 1 if filled else 0
        assert found[id] == fewest
