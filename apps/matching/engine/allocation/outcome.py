"""What becomes of every need: how much, from whom, counted over all its matches."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import TIERS
from apps.matching.engine.result import TierFill

from .knowledge import Knowledge
from .rows import COUNTERPART, NETWORK, Flags, Ints, Rows
from .weights import BANDS


@dataclass(frozen=True, slots=True)
class Flows:
    """Units (m,) of offers for needs with what joins the two, sorted by need and offer."""

    offer: Ints
    need: Ints
    relation: Ints
    units: Ints

    def __len__(self) -> int:
        return len(self.units)


def make_flows(rows: Rows, offer: Ints, need: Ints, units: Ints) -> Flows:
    """The flows that carry units, sorted."""
    some = np.flatnonzero(units)
    some = some[np.lexsort((offer[some], need[some]))]
    offer, need = offer[some], need[some]
    return Flows(
        offer, need, rows.relation(rows.offer_city[offer], rows.need_city[need]), units[some]
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """The matches with a quantity, and those by `knowledge`; per need (n,) whether knowledge has
    `served` it, and the units filled in all and by source; `without_lots` are the units that the
    optimum without lots fills, in all and from the counterpart."""

    flows: Flows
    knowledge: Knowledge
    served: Flags
    filled: Ints
    from_counterpart: Ints
    from_ties: Ints
    from_network: Ints
    without_lots: Ints
    pair_without_lots: Ints


def count_outcome(rows: Rows, flows: Flows, relaxed: Flows, knowledge: Knowledge) -> Outcome:
    """Add up the flows, and the needs that knowledge serves, need by need."""
    served = np.zeros(len(rows.tier), np.bool_)
    served[knowledge.need] = True
    closeness = rows.relation(rows.offer_city[knowledge.offer], rows.need_city[knowledge.need])
    need = np.concatenate((flows.need, knowledge.need))
    relation = np.concatenate((flows.relation, closeness))
    given = np.concatenate((flows.units, rows.quantity[knowledge.need]))

    def total(need: Ints, units: Ints) -> Ints:
        sums = np.zeros(len(rows.tier), np.int64)
        np.add.at(sums, need, units)
        return sums

    own, network = relation == COUNTERPART, relation == NETWORK
    between = ~own & ~network
    relaxed_own = relaxed.relation == COUNTERPART
    return Outcome(
        flows=flows,
        knowledge=knowledge,
        served=served,
        filled=total(need, given),
        from_counterpart=total(need[own], given[own]),
        from_ties=total(need[between], given[between]),
        from_network=total(need[network], given[network]),
        without_lots=total(relaxed.need, relaxed.units),
        pair_without_lots=total(relaxed.need[relaxed_own], relaxed.units[relaxed_own]),
    )


def tier_fills(
    rows: Rows, counted: Flags, filled: Ints, without_lots: Ints
) -> tuple[TierFill, ...]:
    """Units needed and filled by tier and band, of the needs (n,) that are `counted`."""
    fills = []
    for tier in TIERS:
        here = (rows.tier == tier) & counted
        quantity = rows.quantity[here]
        reached, possible = (_by_band(quantity, units[here]) for units in (filled, without_lots))
        fills.append(TierFill(tier, int(quantity.sum()), sum(reached), reached, possible))
    return tuple(fills)


def _by_band(quantity: Ints, filled: Ints) -> tuple[int, ...]:
    edges = np.arange(BANDS + 1) * quantity[:, None] // BANDS
    bands = np.diff(np.minimum(edges, filled[:, None]), axis=1).sum(axis=0)
    return tuple(bands.tolist())
