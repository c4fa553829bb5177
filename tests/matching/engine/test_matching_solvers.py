"""Assignment, pool matching and flow on bare graphs, against independent exact answers."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.matching.engine.pairing.assignment import assign
from apps.matching.engine.pairing.pool import PoolMatching, match_pool
from apps.matching.engine.progress import silent
from apps.matching.engine.solvers.network_simplex import min_cost_flow

from .matching_oracles import heaviest_assignment, heaviest_matching

Graph = dict[tuple[int, int], int]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Graph]:
    n = draw(st.integers(1, 9))
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    most = draw(st.sampled_from((1, 3, 1_000_000, 10**11)))
    return n, {pair: draw(st.integers(0, most)) for pair in chosen}


def arrays(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ends = np.array(list(graph), np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1], np.array(list(graph.values()), np.int64)


def weight_of(matching: PoolMatching, graph: Graph) -> int:
    pairs = enumerate(matching.partner.tolist())
    return sum(graph[a, b] for a, b in pairs if a < b)


def assert_proved(matching: PoolMatching, graph: Graph) -> None:
    """The prices cover twice every edge and add up to twice the matching."""
    for (a, b), weight in graph.items():
        around = sum(z for members, z in matching.odd_sets if a in members and b in members)
        assert matching.price[a] + matching.price[b] + around >= 2 * weight
    odd = sum(len(members) // 2 * z for members, z in matching.odd_sets)
    assert int(matching.price.sum()) + odd == 2 * weight_of(matching, graph)
    assert matching.price.min() >= 0


@settings(max_examples=400, deadline=None, derandomize=True)
@given(graphs())
def test_pool_matching_is_heaviest_and_proved_on_any_graph(case: tuple[int, Graph]) -> None:
    n, graph = case

    matching = match_pool(n, *arrays(graph), silent)

    assert weight_of(matching, graph) == heaviest_matching(n, graph)
    assert_proved(matching, graph)


@pytest.mark.parametrize("most", [1, 2, 5, 100, 10**11])
def test_pool_matching_is_heaviest_when_odd_cycles_abound(most: int) -> None:
    for seed in range(400):
        draw = random.Random(seed)
        n = draw.randint(3, 11)
        density = draw.choice((0.3, 0.5, 0.9))
        pairs = ((a, b) for a in range(n) for b in range(a + 1, n))
        graph = {pair: draw.randint(1, most) for pair in pairs if draw.random() < density}

        matching = match_pool(n, *arrays(graph), silent)

        assert weight_of(matching, graph) == heaviest_matching(n, graph)
        assert_proved(matching, graph)


@pytest.mark.parametrize("seed", range(12))
def test_pool_matching_is_proved_on_large_graphs_of_many_odd_sets(seed: int) -> None:
    draw = random.Random(seed)
    n, graph = 240, {}
    for first in range(0, n, 5):
        circle = list(range(first, first + 5))
        for a, b in zip(circle, [*circle[1:], first], strict=True):
            graph[min(a, b), max(a, b)] = 50 + draw.randint(0, 3)
    for _ in range(150):
        a, b = sorted(draw.sample(range(n), 2))
        graph.setdefault((a, b), draw.randint(1, 60))

    matching = match_pool(n, *arrays(graph), silent)

    assert_proved(matching, graph)
    assert len(matching.odd_sets) > 0


def test_pool_matching_nests_odd_sets_when_an_odd_set_lies_in_another() -> None:
    triangle = {(0, 1): 40, (0, 2): 40, (1, 2): 40}
    graph = triangle | {(2, 3): 30, (3, 4): 30, (0, 4): 30, (1, 5): 1}

    matching = match_pool(6, *arrays(graph), silent)

    assert weight_of(matching, graph) == heaviest_matching(6, graph)
    assert_proved(matching, graph)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(graphs())
def test_assignment_is_heaviest_and_proved_on_any_graph(case: tuple[int, Graph]) -> None:
    n, graph = case
    tail, head, weight = arrays(graph)

    found = assign(n, n, tail, head, weight)

    used = [(row, col) for row, col in enumerate(found.partner.tolist()) if col >= 0]
    total = sum(graph[pair] for pair in used)
    assert len({col for _, col in used}) == len(used)
    assert total == heaviest_assignment(n, n, graph)
    assert (found.row_price[tail] + found.col_price[head] >= weight).all()
    assert int(found.row_price.sum() + found.col_price.sum()) == total
    assert min(found.row_price.min(), found.col_price.min()) >= 0


def test_flow_keeps_the_order_of_its_arcs_when_they_are_not_sorted() -> None:
    supply = np.array([5, 0, -5])
    tail, head = np.array([1, 0, 0]), np.array([2, 2, 1])
    capacity, cost = np.array([5, 3, 3]), np.array([5, 3, 1])

    flow = min_cost_flow(supply, tail, head, capacity, cost)

    assert flow.units.tolist() == [2, 3, 2]


def test_flow_refuses_when_numbers_might_overflow() -> None:
    one = np.array([1])

    with pytest.raises(OverflowError):
        min_cost_flow(np.array([1, -1]), one * 0, one, one, one * 2**61)


def test_flow_refuses_when_the_supply_cannot_be_sent() -> None:
    one = np.array([1])

    with pytest.raises(RuntimeError):
        min_cost_flow(np.array([2, -2]), one * 0, one, one, one)
