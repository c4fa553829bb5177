"""A pairing problem as arrays: cities in drawn order, needs flat by city, supply by item."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.problem import MAX_QUANTITY, UNIT, Need, PairingProblem
from apps.matching.engine.ties import index_pairs, tied_states

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TIER_WEIGHTS = {1: 8, 2: 4, 3: 2, 4: 1}
NOT_STATED = -(2**40)
"""Stands where a number is not stated; no number that is allowed comes near it."""

_FINE = 2**40


@dataclass(frozen=True, slots=True)
class Features:
    """Arrays over n cities in the order of `codes`, their needs, and the items.

    The needs of city c are the rows `need_start[c]` to `need_start[c + 1]`. A row is what the city
    needs of one item in one tier: `need_before` units of the item are more urgent, `need_units`
    are meant, and meeting them adds `need_share` to the city's coverage; the shares of a city add
    up to one whole. `supply` is (items, n), in base units; an offer without a quantity counts as
    more than anybody can need. `exclusions` (giver, receiver, item, units) take supply back,
    `ties` and `helps` (giver, receiver) are rows of city indices; `state` is -1 where not stated.
    """

    codes: tuple[str, ...]
    items: tuple[str, ...]
    critical: Flags
    need_start: Ints
    need_item: Ints
    need_before: Ints
    need_units: Ints
    need_share: Ints
    supply: Ints
    exclusions: Ints
    ties: Ints
    state: Ints
    state_ties: Flags
    helps: Ints
    topics: Flags
    languages: Flags
    utc_offset: Ints
    population: Ints

    def has_needs(self, cities: Ints) -> Flags:
        return self.need_start[cities + 1] > self.need_start[cities]


def build_features(problem: PairingProblem, codes: tuple[str, ...]) -> Features:
    """Arrays of a valid problem; `codes` gives the order of the cities."""
    index = {code: i for i, code in enumerate(codes)}
    by_code = {city.code: city for city in problem.cities}
    cities = [by_code[code] for code in codes]
    named = {need.item for need in problem.needs} | {offer.item for offer in problem.offers}
    items = {item: i for i, item in enumerate(sorted(named))}
    state, state_ties = tied_states(problem.ties, cities)
    posted: list[list[Need]] = [[] for _ in codes]
    for need in problem.needs:
        posted[index[need.city]].append(need)
    needs = [_need_rows(rows, items) for rows in posted]
    flat = _table((row for rows in needs for row in rows), 4)
    supply, exclusions = _supply(problem, index, items)
    return Features(
        codes=codes,
        items=tuple(items),
        critical=np.array([any(need.tier == 1 for need in rows) for rows in posted], np.bool_),
        need_start=np.array([0, *accumulate(len(rows) for rows in needs)], np.int64),
        need_item=flat[:, 0],
        need_before=flat[:, 1],
        need_units=flat[:, 2],
        need_share=flat[:, 3],
        supply=supply,
        exclusions=exclusions,
        ties=index_pairs(((tie.a, tie.b) for tie in problem.ties), index),
        state=state,
        state_ties=state_ties,
        helps=index_pairs(((row.giver, row.receiver) for row in problem.helps), index),
        topics=_membership([city.topics for city in cities]),
        languages=_membership([city.languages for city in cities]),
        utc_offset=_numbers(city.utc_offset_minutes for city in cities),
        population=_numbers(city.population for city in cities),
    )


def _need_rows(needs: Iterable[Need], items: Mapping[str, int]) -> list[tuple[int, ...]]:
    """Each item counts once, each of its units with the weight of its tier."""
    units: Counter[tuple[str, int]] = Counter()
    per_item: Counter[str] = Counter()
    for need in needs:
        units[need.item, need.tier] += need.quantity or 1
        per_item[need.item] += need.quantity or 1
    keys = sorted(units)
    fine = [TIER_WEIGHTS[tier] * units[item, tier] * _FINE // per_item[item] for item, tier in keys]
    whole, passed = sum(fine), 0
    rows: list[tuple[int, ...]] = []
    before: Counter[str] = Counter()
    for (item, tier), part in zip(keys, fine, strict=True):
        share = UNIT * (passed + part) // whole - UNIT * passed // whole
        rows.append((items[item], before[item], units[item, tier], share))
        passed += part
        before[item] += units[item, tier]
    return rows


def _supply(
    problem: PairingProblem, index: Mapping[str, int], items: Mapping[str, int]
) -> tuple[Ints, Ints]:
    supply = np.zeros((len(items), len(index)), np.int64)
    exclusions: list[tuple[int, ...]] = []
    for offer in problem.offers:
        giver, item = index[offer.city], items[offer.item]
        units = offer.quantity or MAX_QUANTITY
        supply[item, giver] += units
        known = (index[code] for code in offer.excluded if code in index)
        exclusions += [(giver, receiver, item, units) for receiver in known]
    return supply, _table(exclusions, 4)


def _membership(groups: Sequence[tuple[str, ...]]) -> Flags:
    names = {name: i for i, name in enumerate(sorted({n for group in groups for n in group}))}
    members = np.zeros((len(groups), len(names)), np.bool_)
    for row, group in enumerate(groups):
        members[row, [names[name] for name in group]] = True
    return members


def _numbers(values: Iterable[int | None]) -> Ints:
    return np.array([NOT_STATED if value is None else value for value in values], np.int64)


def _table(rows: Iterable[tuple[int, ...]], width: int) -> Ints:
    return np.array(list(rows), np.int64).reshape(-1, width)
