"""The six criteria, block by block, as the checker scores all pairs.

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

from apps.matching.engine.pairing.features import NOT_STATED, Features, Flags, Ints
from apps.matching.engine.problem import UNIT, Weights

CRITERIA = ("coverage", "tie", "history", "topics", "working_day", "scale")
WORKING_MINUTES = 480
DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Block:
    """Scores of r rows against c columns, every array (r, c) in millionths. `to_rows` is the
    coverage of the row's needs by the column, `to_cols` the reverse; `related` marks pairs with
    coverage, tie or topics above zero."""

    values: dict[str, Ints]
    to_rows: Ints
    to_cols: Ints
    score: Ints
    related: Flags


def score_block(features: Features, weights: Weights, rows: Ints, cols: Ints) -> Block:
    """Score every city of `rows` (r,) against every city of `cols` (c,)."""
    to_rows = coverage_of(features, rows, cols)
    to_cols = coverage_of(features, cols, rows).T
    values = {
        "coverage": (to_rows + to_cols) // 2,
        "tie": tie_values(features, rows, cols),
        "history": history_values(features, rows, cols),
        "topics": topic_values(features, rows, cols),
        "working_day": overlap_values(features, rows, cols) + language_values(features, rows, cols),
        "scale": scale_values(features, rows, cols),
    }
    score = np.zeros(to_rows.shape, np.int64)
    for name in CRITERIA:
        score += getattr(weights, name) * values[name] // UNIT
    related = (values["coverage"] > 0) | (values["tie"] > 0) | (values["topics"] > 0)
    return Block(values, to_rows, to_cols, score, related)


def coverage_of(features: Features, receivers: Ints, givers: Ints) -> Ints:
    """Urgency-weighted share of each receiver's needs that each giver's offers can meet, (r, g).

    A giver's units go to the most urgent tier of an item first.
    """
    starts, counts = features.need_start[receivers], _counts(features, receivers)
    first = np.cumsum(counts) - counts
    needs = np.repeat(starts - first, counts) + np.arange(counts.sum())
    item = features.need_item[needs]
    available = features.supply[item[:, None], givers[None, :]]
    _take_back(features, available, item, first, counts, receivers, givers)
    units = features.need_units[needs][:, None]
    met = np.clip(available - features.need_before[needs][:, None], 0, units)
    met *= features.need_share[needs][:, None]
    met //= units
    covered = np.zeros((len(receivers), len(givers)), np.int64)
    some = counts > 0
    if some.any():
        covered[some] = np.add.reduceat(met, first[some], axis=0)
    return covered


def _counts(features: Features, cities: Ints) -> Ints:
    return features.need_start[cities + 1] - features.need_start[cities]


def _take_back(
    features: Features,
    available: Ints,
    item: Ints,
    first: Ints,
    counts: Ints,
    receivers: Ints,
    givers: Ints,
) -> None:
    """Subtract from `available` (needs, givers) what offers withhold from a receiver."""
    at_row, at_col = _positions(features, receivers), _positions(features, givers)
    excluded = features.exclusions
    here = (at_col[excluded[:, 0]] >= 0) & (at_row[excluded[:, 1]] >= 0)
    for giver, receiver, withheld, units in excluded[here].tolist():
        row = at_row[receiver]
        needs = np.arange(first[row], first[row] + counts[row])
        available[needs[item[needs] == withheld], at_col[giver]] -= units


def _positions(features: Features, cities: Ints) -> Ints:
    """Where each of all cities stands in `cities`, -1 for nowhere."""
    at = np.full(len(features.codes), -1, np.int64)
    at[cities] = np.arange(len(cities))
    return at


def tie_values(features: Features, rows: Ints, cols: Ints) -> Ints:
    """One whole for an own tie, half for a tie between the states, (r, c)."""
    values = np.zeros((len(rows), len(cols)), np.int64)
    if len(features.state_ties):
        row_state, col_state = features.state[rows][:, None], features.state[cols][None, :]
        stated = (row_state >= 0) & (col_state >= 0)
        values[stated & features.state_ties[row_state, col_state]] = UNIT // 2
    for ends in (features.ties, features.ties[:, ::-1]):
        values[cells_of(features, ends, rows, cols)] = UNIT
    return values


def history_values(features: Features, rows: Ints, cols: Ints) -> Ints:
    """Half for each direction in which one has helped the other, (r, c)."""
    values = np.zeros((len(rows), len(cols)), np.int64)
    for ends in (features.helps, features.helps[:, ::-1]):
        values[cells_of(features, ends, rows, cols)] += UNIT // 2
    return values


def cells_of(features: Features, ends: Ints, rows: Ints, cols: Ints) -> tuple[Ints, Ints]:
    """The cells of the block that the pairs `ends` (m, 2) stand for, each pair once."""
    row = _positions(features, rows)[ends[:, 0]]
    col = _positions(features, cols)[ends[:, 1]]
    here = (row >= 0) & (col >= 0)
    return row[here], col[here]


def topic_values(features: Features, rows: Ints, cols: Ints) -> Ints:
    """Jaccard ratio of the topics, (r, c); 0 where neither has any."""
    of_rows = features.topics[rows].astype(np.int64)
    of_cols = features.topics[cols].astype(np.int64)
    shared = of_rows @ of_cols.T
    either = of_rows.sum(axis=1)[:, None] + of_cols.sum(axis=1)[None, :] - shared
    values: Ints = UNIT * shared // np.maximum(either, 1)
    return values


def overlap_values(features: Features, rows: Ints, cols: Ints) -> Ints:
    """Half a unit times the shared part of the working day, (r, c)."""
    minutes = shared_minutes(features, rows, cols)
    return UNIT // 2 * minutes // WORKING_MINUTES


def shared_minutes(features: Features, rows: Ints, cols: Ints) -> Ints:
    """Minutes of the working day that both have in common, (r, c)."""
    row, col = features.utc_offset[rows][:, None], features.utc_offset[cols][None, :]
    apart = np.abs(row - col) % DAY_MINUTES
    apart = np.minimum(apart, DAY_MINUTES - apart)
    stated = (row != NOT_STATED) & (col != NOT_STATED)
    return np.where(stated, np.maximum(WORKING_MINUTES - apart, 0), 0)


def language_values(features: Features, rows: Ints, cols: Ints) -> Ints:
    """Half a unit where the two share a language, (r, c)."""
    of_rows = features.languages[rows].astype(np.int64)
    return np.where(of_rows @ features.languages[cols].T.astype(np.int64) > 0, UNIT // 2, 0)


def scale_values(features: Features, rows: Ints, cols: Ints) -> Ints:
    """Smaller population by larger, (r, c)."""
    row, col = features.population[rows][:, None], features.population[cols][None, :]
    stated = (row != NOT_STATED) & (col != NOT_STATED)
    larger = np.maximum(np.maximum(row, col), 1)
    return np.where(stated, UNIT * np.minimum(row, col) // larger, 0)
