"""How few consignments a filling can take, counted anew."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from .fitting import Fitting


def consignments_at_least(fitting: Fitting, taken: Mapping[int, int]) -> int:
    """Offers that the needs (by id, with the units taken) take at least: each need if it may have
    the largest that fit it alone, or each group of items if it may have the largest of the group,
    whichever is more."""
    by_needs: Counter[int] = Counter()
    units: Counter[int] = Counter()
    for id, filled in taken.items():
        if filled:
            need = fitting.needs[id]
            rows, _ = fitting.fitting_offers(need)
            sizes = sorted((fitting.usable(fitting.rows[row]) for row in rows), reverse=True)
            by_needs[fitting.group[need.item]] += _reach(sizes, filled)
            units[fitting.group[need.item]] += filled
    sizes_of: dict[int, list[int]] = defaultdict(list)
    for offer in fitting.rows:
        sizes_of[fitting.group[offer.item]].append(fitting.usable(offer))
    return sum(
        max(by_needs[group], _reach(sorted(sizes_of[group], reverse=True), units[group]))
        for group in units
    )


def _reach(sizes: list[int], units: int) -> int:
    """How many of the sizes come to the units."""
    count = 0
    while units > 0:
        units -= sizes[count]
        count += 1
    return count
