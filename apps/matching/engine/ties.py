"""Ties between cities and between their states, as indices."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .problem import City, CodePair, Tie

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def index_pairs(pairs: Iterable[CodePair], index: Mapping[str, int]) -> Ints:
    """Rows of two indices for the pairs whose ends are both known, (m, 2)."""
    known = [(index[a], index[b]) for a, b in pairs if a in index and b in index]
    return np.array(known, np.int64).reshape(-1, 2)


def tied_states(ties: Iterable[Tie], cities: Sequence[City]) -> tuple[Ints, Flags]:
    """The state of every city (n,), -1 where not stated, and which states are tied (s, s).

    A state is its own state.
    """
    names = [city.code if city.level == "state" else city.state_code or "" for city in cities]
    index = {name: i for i, name in enumerate(sorted(set(names) - {""}))}
    ends = index_pairs(((tie.a, tie.b) for tie in ties), index)
    tied = np.zeros((len(index), len(index)), np.bool_)
    tied[ends[:, 0], ends[:, 1]] = True
    return np.array([index.get(name, -1) for name in names], np.int64), tied | tied.T
