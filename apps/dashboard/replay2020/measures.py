"""How an allocation stands against the estimated needs, in exact fractions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from apps.dashboard.replay2020.estimate import Needs
from apps.dashboard.replay2020.table import CodePair, Flow


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares of one whole. `filled` are the filled shares of the receivers, by code; `by_item` is
    the coverage of every item.

    coverage: sum of min(got, need) over sum of need, over every need of a place for an item;
    gini, worst: of the filled shares, each min(got, need) over need, summed over a place's items;
    needs_without, receivers_without: those that got no unit; tied: units between tied places.
    """

    coverage: Fraction
    gini: Fraction
    worst: Fraction
    needs_without: Fraction
    receivers_without: Fraction
    tied: Fraction
    by_item: tuple[tuple[str, Fraction], ...]
    filled: tuple[tuple[str, Fraction], ...]


def measure(flows: Iterable[Flow], needs: Needs, ties: Iterable[CodePair]) -> Measures:
    flows, tied = list(flows), set(ties)
    got: Counter[tuple[str, str]] = Counter()
    for flow in flows:
        got[flow.receiver, flow.item] += flow.quantity
    met = {key: min(got[key], units) for key, units in needs.items()}
    filled = shares(met, needs, 0)
    units = sum(flow.quantity for flow in flows)
    receivers = {receiver for receiver, __ in needs}
    return Measures(
        coverage=Fraction(sum(met.values()), sum(needs.values())),
        gini=gini([share for __, share in filled]),
        worst=min(share for __, share in filled),
        needs_without=Fraction(sum(not got[key] for key in needs), len(needs)),
        receivers_without=Fraction(len(receivers - {r for r, __ in got}), len(receivers)),
        tied=Fraction(sum(f.quantity for f in flows if (f.giver, f.receiver) in tied), units),
        by_item=shares(met, needs, 1),
        filled=filled,
    )


def shares(met: Needs, needs: Needs, part: int) -> tuple[tuple[str, Fraction], ...]:
    """Met over needed units, per receiver (part 0) or item (part 1), sorted by code."""
    of: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for key, units in needs.items():
        of[key[part]] += met[key]
        whole[key[part]] += units
    return tuple((code, Fraction(of[code], whole[code])) for code in sorted(whole))


def gini(values: list[Fraction]) -> Fraction:
    """Sum of |x - y| over all ordered pairs, by 2 n² times the mean; 0 where all are 0.

    With the values sorted and ranked 1 to n, that is sum of (2 rank - n - 1) x by n sum of x.
    """
    n, whole = len(values), sum(values)
    if not whole:
        return Fraction(0)
    ranked = enumerate(sorted(values), start=1)
    return sum(((2 * rank - n - 1) * x for rank, x in ranked), Fraction(0)) / (n * whole)
