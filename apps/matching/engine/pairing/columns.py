"""Cities made ready to be scored against one other at a time, as arrays of float32."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .features import NOT_STATED, Features, Flags, Ints

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Later:
    """Needs (m,) of an item behind a more urgent one of the same city, sorted by item: the city's
    place among the columns, units before, 1 / units and share."""

    place: Ints
    before: Floats
    inverse: Floats
    share: Floats


@dataclass(frozen=True, slots=True)
class Columns:
    """Cities (c,) made ready to be scored against one other at a time.

    `inverse` and `share` (items, c) are 1 / units and the share of a city's most urgent need of an
    item; for item i the rows `later_start[i]` to `later_start[i + 1]` of `later` are the less
    urgent ones. `profile` (c,) is the row of `kinds` (kinds, 3): topics, working day and state,
    each as a city that has them.
    """

    cities: Ints
    at: Ints
    supply: Floats
    inverse: Floats
    share: Floats
    later_start: Ints
    later: Later
    has_needs: Flags
    profile: Ints
    kinds: Ints
    population: Floats
    inverse_population: Floats


def make_columns(features: Features, cities: Ints) -> Columns:
    """Make the cities (c,) ready as columns."""
    at = np.full(len(features.codes), -1, np.int64)
    at[cities] = np.arange(len(cities))
    inverse = np.zeros((len(features.items), len(cities)), np.float32)
    share = np.zeros_like(inverse)
    owner = np.repeat(np.arange(len(features.codes)), np.diff(features.need_start))
    needs = np.flatnonzero(at[owner] >= 0)
    place = at[owner[needs]]
    first = features.need_before[needs] == 0
    units = features.need_units[needs]
    item = features.need_item[needs]
    inverse[item[first], place[first]] = 1 / units[first]
    share[item[first], place[first]] = features.need_share[needs[first]]
    behind = np.flatnonzero(~first)
    behind = behind[np.argsort(item[behind], kind="stable")]
    population = features.population[cities]
    stated = population != NOT_STATED
    profile, kinds = _profiles(features, cities)
    return Columns(
        cities=cities,
        at=at,
        supply=features.supply[:, cities].astype(np.float32, order="C"),
        inverse=inverse,
        share=share,
        later_start=np.searchsorted(item[behind], np.arange(len(features.items) + 1)),
        later=Later(
            place=place[behind],
            before=features.need_before[needs[behind]].astype(np.float32),
            inverse=(1 / units[behind]).astype(np.float32),
            share=features.need_share[needs[behind]].astype(np.float32),
        ),
        has_needs=features.has_needs(cities),
        profile=profile,
        kinds=kinds,
        population=np.where(stated, population, 0).astype(np.float32),
        inverse_population=np.where(stated, 1 / np.maximum(population, 1), 0).astype(np.float32),
    )


def _profiles(features: Features, cities: Ints) -> tuple[Ints, Ints]:
    """Cities alike in topics, working day and state: the profile of each, and for each profile
    a city with its topics, one with its languages and hours, and one with its state."""
    if not len(cities):
        return np.zeros(0, np.int64), np.zeros((0, 3), np.int64)
    day = np.column_stack((features.languages[cities], features.utc_offset[cities]))
    likes = []
    for table in (features.topics[cities], day, features.state[cities][:, None]):
        _, first, which = np.unique(table, axis=0, return_index=True, return_inverse=True)
        likes.append(cities[first][which.ravel()])
    kinds, profile = np.unique(np.column_stack(likes), axis=0, return_inverse=True)
    return profile.ravel(), kinds
