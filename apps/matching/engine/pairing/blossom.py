"""Edmonds' primal-dual search in exact integers: one alternating tree at a time.

The state is always proved as far as it goes: on every edge the prices of both ends and of the odd
sets around both come to at least twice its weight, and to exactly that on matched edges. Only a
vertex that is alone although its price is above 0 is in the way of the optimum; each search ends
with one such vertex fewer. Source: J. Edmonds, Maximum matching and a polyhedron with
0,1-vertices, J. Res. Nat. Bur. Standards 69B (1965).
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from .features import Ints
from .nested import ALONE, Nested

FREE, OUTER, INNER = 0, 1, 2
FALL = np.array([0, 1, -1])
"""By how much the price of a vertex falls, by label, when the prices move by one."""
CLOSING = np.array([1, 2, 0])
"""By how much its distance to the closest outer vertex falls."""
FAR = 2**62
ELSEWHERE = 2**63 - 1
"""Beyond whatever is stored."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Edges by vertex: vertex v has `ends[start[v]:start[v + 1]]`, `double` is twice the weight."""

    start: Ints
    ends: Ints
    double: Ints

    @classmethod
    def of(cls, n: int, first: Ints, second: Ints, weight: Ints) -> "Neighbours":
        tail, head = np.concatenate((first, second)), np.concatenate((second, first))
        order = np.lexsort((head, tail))
        start = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=n))))
        return cls(start, head[order], 2 * np.concatenate((weight, weight))[order])


class Search:
    """Grows one tree from an unmatched vertex until that vertex is matched or may stay alone.

    `near` (n,) is the closest outer vertex of another node, `slack` (n,) the distance to it. Prices
    in the tree all move together, by `moved` so far: while the search runs, prices and distances
    are stored as if they had not moved since they were zero, so that a move costs nothing.
    """

    def __init__(self, edges: Neighbours, nested: Nested, price: Ints, root: int) -> None:
        self.edges = edges
        self.nested = nested
        self.price = price
        self.moved = 0
        self.label = np.zeros(nested.n, np.int8)
        self.kind: dict[int, int] = {}
        self.entry: dict[int, tuple[int, int]] = {}
        self.near = np.full(nested.n, ALONE)
        self.slack = np.full(nested.n, FAR)
        self.shrinking: list[tuple[int, int]] = []
        self._enter(int(nested.top[root]), OUTER, (ALONE, root))

    def run(self) -> None:
        while not self._step():
            pass
        self._relabel(np.flatnonzero(self.label), FREE)
        for node in list(self.kind):
            self._leave(node)
        self.nested.dissolve_worthless()

    def _step(self) -> bool:
        """Move the prices as far as they go, then do what stopped them; true at the end."""
        outer = self.label == OUTER
        exposed = int(np.argmin(np.where(outer, self.price, ELSEWHERE)))
        close = int(np.argmin(np.where(outer, self.slack, ELSEWHERE)))
        reached = int(np.argmin(np.where(self.label == FREE, self.slack, ELSEWHERE)))
        is_free = self.label[reached] == FREE
        while self.shrinking and self.kind.get(self.shrinking[0][1]) != INNER:
            heappop(self.shrinking)
        self.moved = min(
            int(self.price[exposed]),
            int(self.slack[close]) // 2,
            int(self.slack[reached]) if is_free else FAR,
            self.shrinking[0][0] // 2 if self.shrinking else FAR,
        )
        if self.price[exposed] == self.moved:
            self._flip(exposed, ALONE)
            return True
        if is_free and self.slack[reached] == self.moved:
            return self._reach(int(self.near[reached]), reached)
        if self.slack[close] == 2 * self.moved:
            self._shrink(int(self.near[close]), close)
        else:
            self._expand(heappop(self.shrinking)[1])
        return False

    def _relabel(self, vertices: Ints, kind: int) -> None:
        before = self.label[vertices]
        self.price[vertices] += self.moved * (FALL[kind] - FALL[before])
        self.slack[vertices] += self.moved * (CLOSING[kind] - CLOSING[before])
        self.label[vertices] = kind

    def _enter(self, node: int, kind: int, entry: tuple[int, int]) -> None:
        """Put a node into the tree; `entry` (in its parent, in the node) is the edge to it."""
        self.kind[node], self.entry[node] = kind, entry
        if node >= self.nested.n:
            blossom = self.nested.blossoms[node]
            blossom.price -= 2 * self.moved * int(FALL[kind])
            if kind == INNER:
                heappush(self.shrinking, (blossom.price, node))
        members = self.nested.members(node)
        self._relabel(members, kind)
        if kind == OUTER:
            self._look_around(members)

    def _leave(self, node: int) -> None:
        """Take a node out of the tree; its vertices keep their label."""
        kind = self.kind.pop(node)
        if node >= self.nested.n:
            self.nested.blossoms[node].price += 2 * self.moved * int(FALL[kind])

    def _look_around(self, vertices: Ints) -> None:
        """Tell the neighbours of new outer vertices, and the vertices, who is close."""
        for vertex in vertices.tolist():
            ends, slack = self._edges_of(vertex)
            slack += self.moved * CLOSING[self.label[ends]]
            closer = slack < self.slack[ends]
            self.slack[ends[closer]] = slack[closer]
            self.near[ends[closer]] = vertex
            self._look_again(vertex)

    def _look_again(self, vertex: int) -> None:
        """Find the closest outer vertex of another node anew."""
        ends, slack = self._edges_of(vertex)
        slack = np.where(self.label[ends] == OUTER, slack + 2 * self.moved, FAR)
        best = int(np.argmin(slack)) if len(slack) else ALONE
        self.slack[vertex] = slack[best] if len(slack) else FAR
        self.near[vertex] = ends[best] if len(slack) else ALONE

    def _edges_of(self, vertex: int) -> tuple[Ints, Ints]:
        """Neighbours in other nodes, and how far each edge is from being tight."""
        here = slice(self.edges.start[vertex], self.edges.start[vertex + 1])
        ends = self.edges.ends[here]
        price = self.price[ends] - self.moved * FALL[self.label[ends]]
        mine = self.price[vertex] - self.moved * FALL[self.label[vertex]]
        outside = self.nested.top[ends] != self.nested.top[vertex]
        return ends[outside], (mine + price - self.edges.double[here])[outside]

    def _reach(self, outer: int, free: int) -> bool:
        """Follow a tight edge out of the tree: grow by two nodes, or end by matching."""
        node = int(self.nested.top[free])
        base = self.nested.base(node)
        mate = int(self.nested.mate[base])
        if mate == ALONE:
            self.nested.rebase(node, free)
            self.nested.mate[free] = outer
            self._flip(outer, free)
            return True
        self._enter(node, INNER, (outer, free))
        self._enter(int(self.nested.top[mate]), OUTER, (base, mate))
        return False

    def _flip(self, vertex: int, mate: int) -> None:
        """Match an outer vertex to `mate` (or to none) and swap the path up to the root."""
        while True:
            node = int(self.nested.top[vertex])
            self.nested.rebase(node, vertex)
            self.nested.mate[vertex] = mate
            above = self.entry[node][0]
            if above == ALONE:
                return
            inner = int(self.nested.top[above])
            vertex, mate = self.entry[inner]
            self.nested.rebase(inner, mate)
            self.nested.mate[mate] = vertex

    def _shrink(self, u: int, v: int) -> None:
        """A tight edge between two outer nodes closes an odd cycle: make it one outer node."""
        up, down = self._path(u), self._path(v)
        crossing = next(node for node in up if node in down)
        up, down = up[: up.index(crossing)], down[: down.index(crossing)]
        entry = self.entry[crossing]
        links = [self.entry[node] for node in reversed(up)]
        links += [(u, v), *((b, a) for a, b in (self.entry[node] for node in down))]
        children = [crossing, *reversed(up), *down]
        for child in children:
            self._leave(child)
            del self.entry[child]
        node = self.nested.shrink(children, links)
        members = self.nested.members(node)
        new = members[self.label[members] == INNER]
        old = members[self.label[members] == OUTER]
        self.kind[node], self.entry[node] = OUTER, entry
        self.nested.blossoms[node].price = -2 * self.moved
        self._relabel(new, OUTER)
        self._look_around(new)
        near = self.near[old]
        for vertex in old[(near != ALONE) & (self.nested.top[near] == node)].tolist():
            self._look_again(vertex)

    def _path(self, vertex: int) -> list[int]:
        """The nodes from a vertex up to the root."""
        path = [int(self.nested.top[vertex])]
        while (above := self.entry[path[-1]][0]) != ALONE:
            path.append(int(self.nested.top[above]))
        return path

    def _expand(self, node: int) -> None:
        """An inner blossom is worth nothing any more: only its even side stays in the tree."""
        entry = self.entry.pop(node)
        self._leave(node)
        blossom = self.nested.dissolve(node)
        children, links, size = blossom.children, blossom.links, len(blossom.children)
        self._relabel(blossom.members, FREE)
        at = children.index(int(self.nested.top[entry[1]]))
        step = -1 if at % 2 == 0 else 1
        self._enter(children[at], INNER, entry)
        kind = OUTER
        while at != 0:
            a, b = links[at] if step == 1 else links[at - 1][::-1]
            at = (at + step) % size
            self._enter(children[at], kind, (a, b))
            kind = INNER if kind == OUTER else OUTER
