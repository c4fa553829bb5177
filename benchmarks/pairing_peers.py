"""Solvers of one pairing, each run alone: `python -m benchmarks.pairing_peers NAME FILE.npz`.

The file holds the candidates as parallel arrays: `first`, `second` (vertices below `left` and from
`left` on, in one pool any two) and `weight`. Prints seconds, total and peak memory as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from apps.matching.engine.pairing.assignment import assign
from apps.matching.engine.pairing.pool import match_pool
from apps.matching.engine.progress import silent

Ints = NDArray[np.int64]
Solver = Callable[[int, int, Ints, Ints, Ints], int]


def pylmcf(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    found = assign(left, right, first, second - left, weight)
    return int(found.row_price.sum() + found.col_price.sum())


def scipy_dense(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    matrix = np.zeros((left, right))
    matrix[first, second - left] = weight
    return int(matrix[linear_sum_assignment(matrix, maximize=True)].sum())


def scipy_sparse(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    """Padded: every row may take a dummy column of its own."""
    row = np.concatenate((first, np.arange(left)))
    col = np.concatenate((second - left, np.arange(right, right + left)))
    value = np.concatenate((weight + 1, np.ones(left)))
    graph = csr_array((value, (row, col)), shape=(left, right + left))
    rows, cols = min_weight_full_bipartite_matching(graph, maximize=True)
    return int(graph[rows, cols].sum()) - left


def ortools(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    from ortools.graph.python import min_cost_flow

    flow, sink, top = min_cost_flow.SimpleMinCostFlow(), left + right, int(weight.max(initial=0))
    rows, cols = np.arange(left), np.arange(left, sink)
    arcs = len(first) + left + right
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((first, rows, cols)),
        np.concatenate((second, np.full(left + right, sink))),
        np.ones(arcs, np.int64),
        np.concatenate((top - weight, np.full(left, top), np.zeros(right, np.int64))),
    )
    supply = np.concatenate((np.ones(left), np.zeros(right), [-left])).astype(np.int64)
    flow.set_nodes_supplies(np.arange(sink + 1), supply)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("OR-Tools found no optimum")
    return top * left - flow.optimal_cost()


def engine_pool(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    found = match_pool(left + right, first, second, weight, silent)
    odd = sum(len(members) // 2 * price for members, price in found.odd_sets)
    return (int(found.price.sum()) + odd) // 2


def rustworkx(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    import rustworkx as rx

    graph = rx.PyGraph()
    graph.add_nodes_from(range(left + right))
    triples = zip(first.tolist(), second.tolist(), weight.tolist(), strict=True)
    weights = {(a, b): w for a, b, w in triples}
    graph.add_edges_from([(a, b, w) for (a, b), w in weights.items()])
    pairs = rx.max_weight_matching(graph, weight_fn=int)
    return sum(weights[min(pair), max(pair)] for pair in pairs)


def networkx(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from(
        zip(first.tolist(), second.tolist(), weight.tolist(), strict=True)
    )
    return sum(graph.edges[pair]["weight"] for pair in nx.max_weight_matching(graph))


def greedy(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    order = np.lexsort((second, first, -weight))
    return _taken(left + right, first[order], second[order], weight[order])


def first_come(left: int, right: int, first: Ints, second: Ints, weight: Ints) -> int:
    """Each city in turn takes the best partner that is still free."""
    order = np.lexsort((second, -weight, first))
    return _taken(left + right, first[order], second[order], weight[order])


def _taken(n: int, first: Ints, second: Ints, weight: Ints) -> int:
    free, total = [True] * n, 0
    for a, b, w in zip(first.tolist(), second.tolist(), weight.tolist(), strict=True):
        if free[a] and free[b]:
            free[a] = free[b] = False
            total += w
    return total


TWO_SIDES: dict[str, Solver] = {
    "network simplex (pylmcf)": pylmcf,
    "OR-Tools min-cost flow": ortools,
    "SciPy sparse, padded": scipy_sparse,
    "SciPy dense": scipy_dense,
    "greedy by score": greedy,
    "first come first served": first_come,
}
ONE_POOL: dict[str, Solver] = {
    "double cover, then blossom": engine_pool,
    "rustworkx": rustworkx,
    "networkx": networkx,
    "greedy by score": greedy,
    "first come first served": first_come,
}


HEURISTICS = ("greedy by score", "first come first served")


def peak_megabytes() -> float:
    """Of this program alone: the resource module also counts who started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1000


def main(name: str, file: str) -> None:
    data = np.load(file)
    arrays = data["first"], data["second"], data["weight"]
    solver = (ONE_POOL if data["pool"] else TWO_SIDES)[name]
    start = time.perf_counter()
    try:
        total = solver(int(data["left"]), int(data["right"]), *arrays)
        answer = {"seconds": time.perf_counter() - start, "total": total}
    except ImportError:
        answer = {"missing": True}
    answer["peak_mb"] = peak_megabytes()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
