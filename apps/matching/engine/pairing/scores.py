"""The six criteria of pairs: integers in millionths, each symmetric, each published.

| criterion | value |
|---|---|
| coverage | mean of both directions; one direction: share of the needs the other can meet |
| tie | 1 for an own sister tie, 1/2 for a tie between the two states |
| history | 1 where both have helped before, 1/2 where one has |
| topics | shared topics / topics of either |
| working_day | 1/2 x shared minutes of 9-17 o'clock / 480, plus 1/2 for a shared language |
| scale | smaller / larger population |

Every division is rounded down. Where a datum is missing, what depends on it is 0.
"""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import UNIT, Weights

from .features import NOT_STATED, Features, Flags, Ints

CRITERIA = ("coverage", "tie", "history", "topics", "working_day", "scale")
WORKING_MINUTES = 480
DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs (p,) of city indices: every criterion, the benefit of each side (its own direction
    of coverage) and the score in millionths; `related` marks coverage, tie or topics above 0."""

    a: Ints
    b: Ints
    values: dict[str, Ints]
    benefit_a: Ints
    benefit_b: Ints
    score: Ints
    related: Flags


def score_pairs(features: Features, weights: Weights, a: Ints, b: Ints) -> Scored:
    """Score city a[i] with city b[i]."""
    benefit_a, benefit_b = coverage_of(features, a, b), coverage_of(features, b, a)
    values = {
        "coverage": (benefit_a + benefit_b) // 2,
        "tie": np.where(has_pair(features.ties, a, b), UNIT, state_tie_values(features, a, b)),
        "history": history_values(features, a, b),
        "topics": topic_values(features, a, b),
        "working_day": working_day_values(features, a, b),
        "scale": scale_values(features, a, b),
    }
    score = np.zeros(len(a), np.int64)
    for name in CRITERIA:
        score += getattr(weights, name) * values[name] // UNIT
    related = (values["coverage"] > 0) | (values["tie"] > 0) | (values["topics"] > 0)
    return Scored(a, b, values, benefit_a, benefit_b, score, related)


def coverage_of(features: Features, receiver: Ints, giver: Ints) -> Ints:
    """Urgency-weighted share of each receiver's needs that its giver's offers can meet, (p,).

    A giver's units go to the most urgent tier of an item first.
    """
    start = features.need_start[receiver]
    counts = features.need_start[receiver + 1] - start
    ends = np.cumsum(counts)
    pair = np.repeat(np.arange(len(counts)), counts)
    need = np.arange(len(pair)) + np.repeat(start - ends + counts, counts)
    item, units = features.need_item[need], features.need_units[need]
    available = features.supply[item, giver[pair]]
    if len(features.exclusions):
        available -= _withheld(features, receiver[pair], giver[pair], item)
    met = np.clip(available - features.need_before[need], 0, units)
    met *= features.need_share[need]
    met //= units
    passed = np.concatenate(([0], np.cumsum(met)))
    covered: Ints = passed[ends] - passed[ends - counts]
    return covered


def _withheld(features: Features, receiver: Ints, giver: Ints, item: Ints) -> Ints:
    """Units of the item that the giver's offers keep back from the receiver."""
    n, items = len(features.codes), len(features.items)
    excluded = features.exclusions
    key = (excluded[:, 0] * n + excluded[:, 1]) * items + excluded[:, 2]
    keys, where = np.unique(key, return_inverse=True)
    units = np.zeros(len(keys), np.int64)
    np.add.at(units, where, excluded[:, 3])
    asked = (giver * n + receiver) * items + item
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[at] == asked, units[at], 0)


def has_pair(ends: Ints, a: Ints, b: Ints, ordered: bool = False) -> Flags:
    """Which pairs (p,) stand among the rows of `ends` (m, 2), either way round or as `ordered`."""
    first, second = ends[:, 0], ends[:, 1]
    if not ordered:
        first, second, a, b = *np.sort(ends, axis=1).T, np.minimum(a, b), np.maximum(a, b)
    whole = int(max(first.max(initial=0), second.max(initial=0), b.max(initial=0))) + 1
    keys, asked = np.sort(first * whole + second), a * whole + b
    at = np.searchsorted(keys, asked)
    keys = np.append(keys, -1)
    found: Flags = keys[at] == asked
    return found


def state_tie_values(features: Features, a: Ints, b: Ints) -> Ints:
    """Half a unit where the states of the two are tied."""
    if not len(features.state_ties):
        return np.zeros(len(a), np.int64)
    one, two = features.state[a], features.state[b]
    tied = (one >= 0) & (two >= 0) & features.state_ties[one, two]
    return np.where(tied, UNIT // 2, 0)


def history_values(features: Features, a: Ints, b: Ints) -> Ints:
    """Half a unit for each direction in which one has helped the other."""
    there = has_pair(features.helps, a, b, ordered=True)
    back = has_pair(features.helps, b, a, ordered=True)
    values: Ints = UNIT // 2 * (there.astype(np.int64) + back)
    return values


def topic_values(features: Features, a: Ints, b: Ints) -> Ints:
    """Jaccard ratio of the topics; 0 where neither has any."""
    one, two = features.topics[a], features.topics[b]
    shared, either = (one & two).sum(axis=1), (one | two).sum(axis=1)
    values: Ints = UNIT * shared // np.maximum(either, 1)
    return values


def working_day_values(features: Features, a: Ints, b: Ints) -> Ints:
    """Half a unit times the shared part of the working day, and half for a shared language."""
    language = (features.languages[a] & features.languages[b]).any(axis=1)
    hours = UNIT // 2 * shared_minutes(features, a, b) // WORKING_MINUTES
    values: Ints = hours + np.where(language, UNIT // 2, 0)
    return values


def shared_minutes(features: Features, a: Ints, b: Ints) -> Ints:
    """Minutes of the working day that both have in common."""
    one, two = features.utc_offset[a], features.utc_offset[b]
    apart = np.abs(one - two) % DAY_MINUTES
    apart = np.minimum(apart, DAY_MINUTES - apart)
    stated = (one != NOT_STATED) & (two != NOT_STATED)
    return np.where(stated, np.maximum(WORKING_MINUTES - apart, 0), 0)


def scale_values(features: Features, a: Ints, b: Ints) -> Ints:
    """Smaller population by larger."""
    one, two = features.population[a], features.population[b]
    stated = (one != NOT_STATED) & (two != NOT_STATED)
    larger = np.maximum(np.maximum(one, two), 1)
    return np.where(stated, UNIT * np.minimum(one, two) // larger, 0)
