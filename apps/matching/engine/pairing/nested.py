"""A matching in a general graph with nested odd sets (blossoms), and how both are rearranged."""

from dataclasses import dataclass

import numpy as np

from .features import Ints

ALONE = -1


@dataclass(slots=True)
class Blossom:
    """An odd cycle of nodes. `links[i]` joins a vertex of `children[i]` to one of the next child;
    links 1, 3, 5 ... are matched, and the first child holds `base`, matched outside or alone."""

    children: list[int]
    links: list[tuple[int, int]]
    base: int
    members: Ints
    price: int = 0


class Nested:
    """Vertices 0 to n - 1 are nodes, and so are blossoms, from n on; `top` (n,) names the
    outermost node of each vertex, `parent` the blossom that a nested node lies in."""

    def __init__(self, mate: Ints) -> None:
        self.n = len(mate)
        self.mate = mate
        self.top = np.arange(self.n)
        self.parent: dict[int, int] = {}
        self.blossoms: dict[int, Blossom] = {}
        self._next = self.n

    def base(self, node: int) -> int:
        return node if node < self.n else self.blossoms[node].base

    def members(self, node: int) -> Ints:
        return np.array([node]) if node < self.n else self.blossoms[node].members

    def shrink(self, children: list[int], links: list[tuple[int, int]]) -> int:
        """Make one node of an odd cycle of outermost nodes; the first child gives the base."""
        node, self._next = self._next, self._next + 1
        members = np.concatenate([self.members(child) for child in children])
        self.blossoms[node] = Blossom(children, links, self.base(children[0]), members)
        self.parent.update(dict.fromkeys(children, node))
        self.top[members] = node
        return node

    def dissolve(self, node: int) -> Blossom:
        """Make the children of an outermost blossom outermost again."""
        blossom = self.blossoms.pop(node)
        for child in blossom.children:
            del self.parent[child]
            self.top[self.members(child)] = child
        return blossom

    def dissolve_worthless(self) -> None:
        """Dissolve outermost blossoms that cost nothing."""
        waiting = [node for node in self.blossoms if node not in self.parent]
        while waiting:
            node = waiting.pop()
            if node >= self.n and self.blossoms[node].price == 0:
                waiting += self.dissolve(node).children

    def rebase(self, node: int, vertex: int) -> None:
        """Rematch a node inside so that `vertex` is the one left over for the outside."""
        waiting = [(node, vertex)]
        while waiting:
            node, vertex = waiting.pop()
            if self.base(node) == vertex:
                continue
            blossom = self.blossoms[node]
            turn = blossom.children.index(self._child_holding(node, vertex))
            blossom.children = blossom.children[turn:] + blossom.children[:turn]
            blossom.links = blossom.links[turn:] + blossom.links[:turn]
            blossom.base = vertex
            waiting.append((blossom.children[0], vertex))
            for i in range(1, len(blossom.links), 2):
                a, b = blossom.links[i]
                self.mate[a], self.mate[b] = b, a
                waiting += [(blossom.children[i], a), (blossom.children[i + 1], b)]

    def _child_holding(self, node: int, vertex: int) -> int:
        child = vertex
        while self.parent[child] != node:
            child = self.parent[child]
        return child
