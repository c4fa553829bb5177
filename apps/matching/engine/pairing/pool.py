"""Heaviest pairing of one pool, exact: the double cover first, odd sets where it falls short."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.progress import OnProgress

from .assignment import Assignment, assign
from .blossom import Neighbours, Search
from .features import Ints
from .nested import ALONE, Nested


@dataclass(frozen=True, slots=True)
class PoolMatching:
    """`partner` (n,), -1 for alone; `price` (n,) and the odd sets' prices in half units of weight:
    on every edge they come to at least twice its weight, in all to twice the total."""

    partner: Ints
    price: Ints
    odd_sets: tuple[tuple[Ints, int], ...]


def cover_pool(n: int, first: Ints, second: Ints, weight: Ints) -> Assignment:
    """The double cover of n vertices with edges (m,): each of them on both sides. Half its weight
    bounds every pairing, and the sums of its prices prove that."""
    tail, head = np.concatenate((first, second)), np.concatenate((second, first))
    return assign(n, n, tail, head, np.concatenate((weight, weight)))


def match_pool(
    n: int, first: Ints, second: Ints, weight: Ints, on_progress: OnProgress
) -> PoolMatching:
    """Match n vertices along edges (m,; weights at least 0) so that the weights come to the most.

    Only odd cycles keep the double cover from being a pairing: one city of each starts alone, and
    a search over the edges that the gap leaves open puts it right.
    """
    cover = cover_pool(n, first, second, weight)
    price = cover.row_price + cover.col_price
    nested = Nested(_round(cover.partner, price))
    alone = np.flatnonzero((nested.mate == ALONE) & (price > 0))
    if len(alone):
        gap = int(price[nested.mate == ALONE].sum())
        near = price[first] + price[second] - 2 * weight <= 2 * gap
        edges = Neighbours.of(n, first[near], second[near], weight[near])
        for done, root in enumerate(alone.tolist(), 1):
            if nested.mate[root] == ALONE and price[root] > 0:
                Search(edges, nested, price, root).run()
            on_progress("odd_sets", done / len(alone))
    odd_sets = ((blossom.members, blossom.price) for blossom in nested.blossoms.values())
    return PoolMatching(nested.mate, price, tuple(each for each in odd_sets if each[1] > 0))


def _round(partner: Ints, price: Ints) -> Ints:
    """Pair up neighbours along the paths and cycles of a double cover's assignment.

    Of an odd cycle the city with the smallest price stays alone, of an odd path its last one,
    whose price is 0.
    """
    mate = np.full(len(partner), ALONE)
    for chain in _chains(partner.tolist()):
        if len(chain) % 2 and partner[chain[-1]] != ALONE:
            spared = min(range(len(chain)), key=lambda i: (price[chain[i]], chain[i]))
            chain = chain[spared + 1 :] + chain[:spared]
        for a, b in zip(chain[::2], chain[1::2], strict=False):
            mate[a], mate[b] = b, a
    return mate


def _chains(partner: list[int]) -> list[list[int]]:
    """The paths (which end in somebody alone) and the cycles of i -> partner[i]."""
    waiting = set(range(len(partner)))
    heads = waiting.difference(partner)
    chains = []
    for start in (*sorted(heads), *range(len(partner))):
        if start in waiting:
            chain = [start]
            while (after := partner[chain[-1]]) not in (ALONE, start):
                chain.append(after)
            chains.append(chain)
            waiting.difference_update(chain)
    return chains
