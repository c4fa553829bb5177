"""One peer on one problem, in a process of its own: prints what it filled, its time and memory.

python -m benchmarks.allocation_peers engine posting 10000
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from apps.matching.engine import solve_allocation
from apps.matching.engine.allocation.fitting import Arcs, Fitting
from apps.matching.engine.allocation.part import solve_part
from apps.matching.engine.allocation.parts import item_groups, split_parts
from apps.matching.engine.allocation.rows import Ints, Rows, prepare
from apps.matching.engine.problem import AllocationProblem
from apps.matching.engine.solvers.network_simplex import min_cost_flow

from .allocation_problems import FAMILIES

WORTH = np.array([0, 8, 4, 2, 1])
MOST_PAIRS = 30_000_000
Filled = Ints


class NotRunError(Exception):
    """Why a peer cannot take part."""


def engine(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """The engine's flows, all five objectives."""
    start = time.perf_counter()
    parts = split_parts(rows, problem.policy, np.zeros(len(rows.tier), np.bool_))
    solved = [solve_part(part) for part in parts]
    seconds = time.perf_counter() - start
    filled = np.zeros(len(rows.tier), np.int64)
    for each in solved:
        np.add.at(filled, each.need, each.units)
    return seconds, filled


def engine_whole(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """The engine from problem to result: validation, hash, flows, reasons, certificate."""
    start = time.perf_counter()
    result = solve_allocation(problem)
    seconds = time.perf_counter() - start
    by_id = {outcome.need: outcome.filled for outcome in result.needs}
    posted, _ = prepare(problem)
    return seconds, np.array([by_id[need.id] for need in posted.needs], np.int64)


def bare_with_arcs(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """The same from the same rows: its arcs are made within the time."""
    start = time.perf_counter()
    _, filled = bare(problem, rows)
    return time.perf_counter() - start, filled


def bare(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """One minimum-cost flow for each group of items on arcs made before: tiers only, no bands, ties or reasons."""
    arcs = _arcs(rows)
    filled = np.zeros(len(rows.tier), np.int64)
    start = time.perf_counter()
    for at in _groups(rows, arcs):
        o, tail = np.unique(arcs.offer[at], return_inverse=True)
        n, head = np.unique(arcs.need[at], return_inverse=True)
        sink, supply = len(o) + len(n), rows.supply[o]
        flow = min_cost_flow(
            np.concatenate((supply, np.zeros(len(n), np.int64), [-supply.sum()])),
            np.concatenate((tail, len(o) + np.arange(len(n)), np.arange(len(o)))),
            np.concatenate((len(o) + head, np.full(len(n) + len(o), sink))),
            np.concatenate((supply[tail], rows.quantity[n], supply)),
            np.concatenate(
                (np.zeros(len(at), np.int64), 8 - WORTH[rows.tier[n]], np.full(len(o), 8))
            ),
        )
        np.add.at(filled, arcs.need[at], flow.units[: len(at)])
    return time.perf_counter() - start, filled


def or_tools(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """OR-Tools' minimum-cost flow, one a group."""
    try:
        from ortools.graph.python import min_cost_flow as solver
    except ImportError:
        raise NotRunError("NOT INSTALLED") from None
    arcs = _arcs(rows)
    filled = np.zeros(len(rows.tier), np.int64)
    start = time.perf_counter()
    for at in _groups(rows, arcs):
        o, tail = np.unique(arcs.offer[at], return_inverse=True)
        n, head = np.unique(arcs.need[at], return_inverse=True)
        sink, supply = len(o) + len(n), rows.supply[o]
        flow = solver.SimpleMinCostFlow()
        edges = flow.add_arcs_with_capacity_and_unit_cost(
            np.concatenate((tail, len(o) + np.arange(len(n)), np.arange(len(o)))),
            np.concatenate((len(o) + head, np.full(len(n) + len(o), sink))),
            np.concatenate((supply[tail], rows.quantity[n], supply)),
            np.concatenate(
                (np.zeros(len(at), np.int64), 8 - WORTH[rows.tier[n]], np.full(len(o), 8))
            ),
        )
        flow.set_nodes_supplies(
            np.arange(sink + 1),
            np.concatenate((supply, np.zeros(len(n), np.int64), [-supply.sum()])),
        )
        if flow.solve() != flow.OPTIMAL:
            raise NotRunError("NO OPTIMUM")
        np.add.at(filled, arcs.need[at], flow.flows(edges)[: len(at)])
    return time.perf_counter() - start, filled


def highs(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """HiGHS by way of SciPy: one linear programme for all."""
    arcs = _arcs(rows)
    m = len(arcs)
    ones = np.ones(m)
    start = time.perf_counter()
    limits = coo_array(
        (
            np.concatenate((ones, ones)),
            (
                np.concatenate((arcs.offer, len(rows.supply) + arcs.need)),
                np.concatenate((np.arange(m), np.arange(m))),
            ),
        ),
        shape=(len(rows.supply) + len(rows.tier), m),
    ).tocsr()
    solved = linprog(
        -WORTH[rows.tier[arcs.need]].astype(float),
        A_ub=limits,
        b_ub=np.concatenate((rows.supply, rows.quantity)),
        method="highs",
    )
    filled = np.zeros(len(rows.tier))
    np.add.at(filled, arcs.need, solved.x)
    return time.perf_counter() - start, np.rint(filled).astype(np.int64)


def networkx(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """networkx' network simplex, one a group."""
    try:
        import networkx as nx
    except ImportError:
        raise NotRunError("NOT INSTALLED") from None
    arcs = _arcs(rows)
    filled = np.zeros(len(rows.tier), np.int64)
    start = time.perf_counter()
    for at in _groups(rows, arcs):
        graph = nx.DiGraph()
        total = 0
        for o in np.unique(arcs.offer[at]).tolist():
            graph.add_node(("o", o), demand=-int(rows.supply[o]))
            graph.add_edge(("o", o), "sink", weight=8)
            total += int(rows.supply[o])
        graph.add_node("sink", demand=total)
        for n in np.unique(arcs.need[at]).tolist():
            worth = int(WORTH[rows.tier[n]])
            graph.add_edge(("n", n), "sink", weight=8 - worth, capacity=int(rows.quantity[n]))
        for o, n in zip(arcs.offer[at].tolist(), arcs.need[at].tolist(), strict=True):
            graph.add_edge(("o", o), ("n", n))
        _, flow = nx.network_simplex(graph)
        for (kind, n), out in ((node, out) for node, out in flow.items() if node != "sink"):
            if kind == "n":
                filled[n] = out["sink"]
    return time.perf_counter() - start, filled


def greedy(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """The most urgent and largest needs first, each from the largest offers that fit."""
    order = np.lexsort((np.arange(len(rows.tier)), -rows.quantity, rows.tier))
    return _one_by_one(rows, order, largest=True)


def first_come(problem: AllocationProblem, rows: Rows) -> tuple[float, Filled]:
    """Needs in the order they were posted, each from the offers in the order they were posted."""
    posted, _ = prepare(problem)
    return _one_by_one(rows, np.argsort([need.id for need in posted.needs]), largest=False)


def _one_by_one(rows: Rows, order: Ints, *, largest: bool) -> tuple[float, Filled]:
    start = time.perf_counter()
    fitting, left = Fitting(rows), rows.supply.copy()
    filled = np.zeros(len(rows.tier), np.int64)
    for need in order.tolist():
        offers = fitting.look(need).fitting
        offers = offers[left[offers] > 0]
        if largest:
            offers = offers[np.argsort(-left[offers], kind="stable")]
        given = np.diff(np.minimum(np.cumsum(left[offers]), rows.quantity[need]), prepend=0)
        left[offers] -= given
        filled[need] = given.sum()
    return time.perf_counter() - start, filled


def _arcs(rows: Rows) -> Arcs:
    offered = np.bincount(rows.offer_item, minlength=rows.items)
    pairs = int(offered[rows.accepted].sum())
    if pairs > MOST_PAIRS:
        raise NotRunError(f"up to {pairs / 1e6:.0f} million arcs")
    return Fitting(rows).all_to(np.arange(len(rows.tier)))


def _groups(rows: Rows, arcs: Arcs) -> list[Ints]:
    """Arcs by group of items that substitution joins."""
    group = item_groups(rows)[rows.offer_item[arcs.offer]]
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    return [part for part in np.split(order, cuts) if len(part)]


PEERS: dict[str, Callable[[AllocationProblem, Rows], tuple[float, Filled]]] = {
    "engine": engine,
    "engine, whole": engine_whole,
    "one bare flow a group": bare,
    "the same, arcs made in the time": bare_with_arcs,
    "OR-Tools, one a group": or_tools,
    "HiGHS": highs,
    "networkx, one a group": networkx,
    "greedy by value": greedy,
    "first come first served": first_come,
}


def main(peer: str, family: str, size: int) -> dict[str, object]:
    problem = replace(FAMILIES[family](size), policy="urgency_first")
    _, rows = prepare(problem)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        seconds, filled = PEERS[peer](problem, rows)
    except NotRunError as error:
        return {"not_run": str(error)}
    first = rows.tier == 1
    return {
        "seconds": seconds,
        "value": int((filled * WORTH[rows.tier]).sum()),
        "first": int(filled[first].sum()),
        "needed_first": int(rows.quantity[first].sum()),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "megabytes_before": before / 1000,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
