"""A flow diagram as plain figures: a template draws it as SVG, without a script and without styles.

Lengths are in units of the drawing, which is `WIDTH` wide: as many pixels as a small phone has.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

WIDTH, COLUMN, NODE = 356, 122, 5
LOWEST, SPACE = 13, 3  # of a node, so that its name has room; and between two
TALL = 220  # what all units of a side fill at least
LETTERS = 16  # of a name, beside its figure
SHOWN = 9  # nodes of a side with a name of their own


@dataclass(frozen=True)
class Link:
    """An amount above 0 from the first name to the second."""

    names: tuple[str, str]
    amount: int


@dataclass(frozen=True)
class Node:
    """A bar at `x`, from `y` down; `text` stands at `text_x`."""

    text: str
    x: int
    y: float
    height: float

    width = NODE

    @property
    def baseline(self) -> float:
        return self.y + self.height / 2 + 4


@dataclass(frozen=True)
class Band:
    path: str
    text: str


@dataclass(frozen=True)
class Sankey:
    height: int
    givers: tuple[Node, ...]
    receivers: tuple[Node, ...]
    bands: tuple[Band, ...]

    width = WIDTH
    giver_text = COLUMN - NODE - 4
    receiver_text = WIDTH - COLUMN + NODE + 4


def draw(links: Sequence[Link]) -> Sankey:
    """The largest givers and receivers with their names; the rest of each side is "others"."""
    links = folded(folded(links, 0), 1)
    left, right = column(links, 0, COLUMN - NODE), column(links, 1, WIDTH - COLUMN)
    height = max(one.y + one.height for nodes in (left, right) for one in nodes.values())
    return Sankey(
        round(height) + 1, tuple(left.values()), tuple(right.values()), bands(links, left, right)
    )


def sums(links: Sequence[Link], side: int) -> dict[str, int]:
    """The amount of every node of a side, the largest first and "others" last."""
    found: dict[str, int] = defaultdict(int)
    for link in links:
        found[link.names[side]] += link.amount
    return dict(sorted(found.items(), key=lambda one: (one[0] == _("others"), -one[1], one[0])))


def folded(links: Sequence[Link], side: int) -> list[Link]:
    names = list(sums(links, side))
    small = set(names[SHOWN:]) if len(names) > SHOWN + 1 else set()
    added: dict[tuple[str, str], int] = defaultdict(int)
    for link in links:
        giver, receiver = (
            _("others") if n == side and name in small else name
            for n, name in enumerate(link.names)
        )
        added[giver, receiver] += link.amount
    return [Link(pair, amount) for pair, amount in added.items()]


def column(links: Sequence[Link], side: int, x: int) -> dict[str, Node]:
    amounts = sums(links, side)
    total, y, nodes = sum(amounts.values()), 0.0, {}
    for name, amount in amounts.items():
        height = max(float(LOWEST), TALL * amount / total)
        nodes[name] = Node(
            f"{Truncator(name).chars(LETTERS)} {amount:,}", x, round(y, 1), round(height, 1)
        )
        y += height + SPACE
    return nodes


def bands(links: Sequence[Link], left: dict[str, Node], right: dict[str, Node]) -> tuple[Band, ...]:
    """Each as wide at an end as its share of the node there, in the order of the other side."""
    order = [{name: n for n, name in enumerate(nodes)} for nodes in (left, right)]
    wide = [sums(links, 0), sums(links, 1)]
    used: list[dict[str, float]] = [defaultdict(float), defaultdict(float)]
    found = []
    for link in sorted(links, key=lambda link: [order[n][link.names[n]] for n in (0, 1)]):
        ends = []
        for side, nodes in enumerate((left, right)):
            name = link.names[side]
            thick = nodes[name].height * link.amount / wide[side][name]
            ends.append((nodes[name].y + used[side][name], thick))
            used[side][name] += thick
        text = f"{' → '.join(link.names)}: {link.amount:,}"
        found.append(Band(curve(*ends[0], *ends[1]), text))
    return tuple(found)


def curve(y: float, thick: float, end_y: float, end_thick: float) -> str:
    start, end = COLUMN, WIDTH - COLUMN
    middle = (start + end) // 2
    low, end_low = y + thick, end_y + end_thick
    return (
        f"M{start} {y:.1f}C{middle} {y:.1f} {middle} {end_y:.1f} {end} {end_y:.1f}"
        f"V{end_low:.1f}C{middle} {end_low:.1f} {middle} {low:.1f} {start} {low:.1f}Z"
    )
