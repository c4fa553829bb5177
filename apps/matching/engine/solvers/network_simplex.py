"""Minimum-cost flow by network simplex: LEMON, through pylmcf."""

from dataclasses import dataclass

import numpy as np
import pylmcf  # type: ignore[import-untyped]
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class Flow:
    """An optimal flow (arcs,) and node potentials (nodes,).

    `cost + potential[tail] - potential[head]` is at least 0 on arcs below their capacity and at
    most 0 on arcs with flow.
    """

    units: Ints
    potential: Ints


def min_cost_flow(
    supply: Ints,
    tail: Ints,
    head: Ints,
    capacity: Ints,
    cost: Ints,
    longest: int | None = None,
) -> Flow:
    """Send the supply (nodes,; its sum is 0) along arcs (m,) at the least cost.

    Costs and capacities are at least 0; parallel arcs are allowed. The answer depends on the
    order of nodes and arcs and on nothing else. `longest` is a bound on the cost of any path, by
    default the highest cost on every arc of the longest one. Raises `OverflowError` where 64-bit integers might
    not hold the potentials or the flows, `RuntimeError` where the supply cannot be sent.
    """
    most = int(cost.max(initial=0)) * len(supply) if longest is None else longest
    units = int(np.abs(supply).sum()) + int(capacity.max(initial=0))
    if max(most, units) >= LIMIT:
        raise OverflowError("costs or quantities too large for 64-bit integers")
    order = np.argsort(tail * len(supply) + head, kind="stable").astype(np.int32)
    graph = pylmcf.Graph(len(supply), tail[order].astype(np.int32), head[order].astype(np.int32))
    graph.set_node_supply(supply)
    graph.set_edge_capacities(capacity[order])
    graph.set_edge_costs(cost[order])
    graph.solve()
    flow = np.empty(len(order), np.int64)
    flow[order] = graph.result()
    return Flow(flow, graph.potentials())
