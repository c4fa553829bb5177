"""Edmonds' primal-dual search in exact integers: one alternating tree at a time.

The state is always proved as far as it goes: on every edge the prices of both ends and of the odd
sets around both come to at least twice its weight, and to exactly that on matched edges. Only a
vertex that is alone although its price is above 0 is in the way of the optimum; each search ends
with one such vertex fewer. Source: J. Edmonds, Maximum matching and a polyhedron with
0,1-vertices, J. Res. Nat. Bur. Standards 69B (1965).
"""

from dataclasses import dataclass

import numpy as np

from .features import Ints
from .nested import ALONE, Nested

FREE, OUTER, INNER = 0, 1, 2
FAR = 2**62


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

    `near` (n,) is the closest outer vertex of another node, `slack` (n,) the distance to it.
    """

    def __init__(self, edges: Neighbours, nested: Nested, price: Ints, root: int) -> None:
        self.edges = edges
        self.nested = nested
        self.price = price
        self.label = np.zeros(nested.n, np.int8)
        self.kind: dict[int, int] = {}
        self.entry: dict[int, tuple[int, int]] = {}
        self.near = np.full(nested.n, ALONE)
        self.slack = np.full(nested.n, FAR)
        self._enter(int(nested.top[root]), OUTER, (ALONE, root))

    def run(self) -> None:
        while not self._step():
            pass
        self.nested.dissolve_worthless()

    def _step(self) -> bool:
        """Change the prices as far as they go, then do what stopped them; true at the end."""
        outer, free = np.flatnonzero(self.label == OUTER), np.flatnonzero(self.label == FREE)
        inner = [b for b, kind in self.kind.items() if kind == INNER and b >= self.nested.n]
        exposed = outer[np.argmin(self.price[outer])]
        close = outer[np.argmin(self.slack[outer])]
        reached = free[np.argmin(self.slack[free])] if len(free) else close
        spent = min(inner, key=lambda b: (self.nested.blossoms[b].price, b), default=ALONE)
        delta = int(self.price[exposed])
        delta = min(delta, int(self.slack[close]) // 2)
        if len(free):
            delta = min(delta, int(self.slack[reached]))
        if inner:
            delta = min(delta, self.nested.blossoms[spent].price // 2)
        self._change_prices(delta)
        if self.price[exposed] == 0:
            self._flip(int(exposed), ALONE)
            return True
        if len(free) and self.slack[reached] == 0:
            return self._reach(int(self.near[reached]), int(reached))
        if self.slack[close] == 0:
            self._shrink(int(self.near[close]), int(close))
        else:
            self._expand(spent)
        return False

    def _change_prices(self, delta: int) -> None:
        outer, free = self.label == OUTER, self.label == FREE
        self.price[outer] -= delta
        self.price[self.label == INNER] += delta
        self.slack[free & (self.slack < FAR)] -= delta
        self.slack[outer & (self.slack < FAR)] -= 2 * delta
        for node, kind in self.kind.items():
            if node >= self.nested.n:
                self.nested.blossoms[node].price += 2 * delta if kind == OUTER else -2 * delta

    def _enter(self, node: int, kind: int, entry: tuple[int, int]) -> None:
        """Put a node into the tree; `entry` (in its parent, in the node) is the edge to it."""
        self.kind[node], self.entry[node] = kind, entry
        members = self.nested.members(node)
        self.label[members] = kind
        if kind == OUTER:
            self._look_around(members)

    def _look_around(self, vertices: Ints) -> None:
        """Tell the neighbours of new outer vertices, and the vertices, who is close."""
        for vertex in vertices.tolist():
            ends, slack = self._edges_of(vertex)
            closer = slack < self.slack[ends]
            self.slack[ends[closer]] = slack[closer]
            self.near[ends[closer]] = vertex
            self._look_again(vertex)

    def _look_again(self, vertex: int) -> None:
        """Find the closest outer vertex of another node anew."""
        ends, slack = self._edges_of(vertex)
        slack = np.where(self.label[ends] == OUTER, slack, FAR)
        best = int(np.argmin(slack)) if len(slack) else ALONE
        self.slack[vertex] = slack[best] if len(slack) else FAR
        self.near[vertex] = ends[best] if len(slack) else ALONE

    def _edges_of(self, vertex: int) -> tuple[Ints, Ints]:
        """Neighbours in other nodes, and how far each edge is from being tight."""
        here = slice(self.edges.start[vertex], self.edges.start[vertex + 1])
        ends = self.edges.ends[here]
        slack = self.price[vertex] + self.price[ends] - self.edges.double[here]
        outside = self.nested.top[ends] != self.nested.top[vertex]
        return ends[outside], slack[outside]

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
            del self.kind[child], self.entry[child]
        node = self.nested.shrink(children, links)
        members = self.nested.members(node)
        new = members[self.label[members] == INNER]
        old = members[self.label[members] == OUTER]
        self.kind[node], self.entry[node] = OUTER, entry
        self.label[members] = OUTER
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
        del self.kind[node]
        blossom = self.nested.dissolve(node)
        children, links, size = blossom.children, blossom.links, len(blossom.children)
        self.label[blossom.members] = FREE
        at = children.index(int(self.nested.top[entry[1]]))
        step = -1 if at % 2 == 0 else 1
        self._enter(children[at], INNER, entry)
        kind = OUTER
        while at != 0:
            a, b = links[at] if step == 1 else links[at - 1][::-1]
            at = (at + step) % size
            self._enter(children[at], kind, (a, b))
            kind = INNER if kind == OUTER else OUTER
