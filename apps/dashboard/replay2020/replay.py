"""The three allocations side by side."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from apps.dashboard.replay2020.allocations import (
    POLICIES,
    allocation_problem,
    counterparts_of,
    solve,
)
from apps.dashboard.replay2020.estimate import Needs, estimated_needs
from apps.dashboard.replay2020.measures import Measures, measure
from apps.dashboard.replay2020.table import CodePair, Flow, Table

Name = Literal["given", "pair_first", "urgency_first"]


@dataclass(frozen=True, slots=True)
class Allocation:
    name: Name
    flows: tuple[Flow, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class Replay:
    """`allocations` are: really given, pair first, urgency first."""

    table: Table
    needs: Needs
    counterparts: tuple[CodePair, ...]
    allocations: tuple[Allocation, ...]


@lru_cache(maxsize=2)
def replay_of(table: Table) -> Replay:
    """Computed once per process and table: the same table always has the same replay."""
    needs, counterparts = estimated_needs(table), counterparts_of(table)
    pair_first, urgency_first = (
        solve(allocation_problem(table, needs, counterparts, policy)) for policy in POLICIES
    )

    def named(name: Name, flows: tuple[Flow, ...]) -> Allocation:
        return Allocation(name, flows, measure(flows, needs, table.ties))

    allocations = (
        named("given", table.flows),
        named("pair_first", pair_first),
        named("urgency_first", urgency_first),
    )
    return Replay(table, needs, counterparts, allocations)
