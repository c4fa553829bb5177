"""What becomes of every need: how much, from whom, counted over all its matches."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import TIERS
from apps.matching.engine.result import TierFill

from .arcs import Arcs
from .rows import COUNTERPART, NETWORK, Flags, Ints, Rows
from .stages import BANDS


@dataclass(frozen=True, slots=True)
class Outcome:
    """The solved flows: `units` (m,) on `arcs`; one arc of `knowledge` (k,) for each need it fills
    wholly, chosen among `fitting`; per need (n,) whether it is so `served`, and the units filled
    in all and by source."""

    arcs: Arcs
    units: Ints
    knowledge: Arcs
    fitting: Ints
    served: Flags
    filled: Ints
    from_counterpart: Ints
    from_ties: Ints
    from_network: Ints


def count_outcome(rows: Rows, arcs: Arcs, units: Ints, knowledge: Arcs, fitting: Ints) -> Outcome:
    """Add up the flows, and the needs that knowledge serves, need by need."""
    served = np.zeros(len(rows.needs), np.bool_)
    served[knowledge.need] = True
    need = np.concatenate((arcs.need, knowledge.need))
    relation = np.concatenate((arcs.relation, knowledge.relation))
    given = np.concatenate((units, rows.need_units[knowledge.need]))

    def total(here: Flags) -> Ints:
        sums = np.zeros(len(rows.needs), np.int64)
        np.add.at(sums, need[here], given[here])
        return sums

    own, network = relation == COUNTERPART, relation == NETWORK
    return Outcome(
        arcs=arcs,
        units=units,
        knowledge=knowledge,
        fitting=fitting,
        served=served,
        filled=total(np.ones(len(need), np.bool_)),
        from_counterpart=total(own),
        from_ties=total(~own & ~network),
        from_network=total(network),
    )


def tier_fills(rows: Rows, outcome: Outcome) -> tuple[TierFill, ...]:
    """Units needed and filled by tier and band, without the needs that knowledge fills."""
    fills = []
    for tier in TIERS:
        here = (rows.tier == tier) & ~outcome.served
        quantity, filled = rows.need_units[here], outcome.filled[here]
        edges = np.arange(BANDS + 1) * quantity[:, None] // BANDS
        reached = np.minimum(edges, filled[:, None])
        bands = np.diff(reached, axis=1).sum(axis=0)
        fills.append(TierFill(tier, int(quantity.sum()), int(filled.sum()), tuple(bands.tolist())))
    return tuple(fills)
