"""The one proxy for need, of which the report says nothing: the population of the receiving place."""

from collections.abc import Mapping

from apps.dashboard.replay2020.table import Table

Needs = dict[tuple[str, str], int]
"""Whole units by (receiver, item); a place that the split leaves without a unit has no need."""


def estimated_needs(table: Table) -> Needs:
    """Of every item as many units as were given, over all receiving places by population."""
    people = {place.code: place.population for place in table.receivers}
    shares = {item: split(total, people) for item, total in table.totals.items()}
    return {
        (receiver, item): units
        for item, split_ in sorted(shares.items())
        for receiver, units in sorted(split_.items())
        if units
    }


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Whole units in proportion to the weights, by the largest remainder (Hamilton's method).

    They add up to `total` exactly; equal remainders are served in the order of the codes.
    Raises ZeroDivisionError if all weights are 0.
    """
    whole = sum(weights.values())
    quotas = {code: divmod(total * weight, whole) for code, weight in weights.items()}
    left = total - sum(units for units, __ in quotas.values())
    by_remainder = sorted(quotas, key=lambda code: (-quotas[code][1], code))
    one_more = set(by_remainder[:left])
    return {code: units + (code in one_more) for code, (units, __) in quotas.items()}
