"""What one round proposes that another did not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.matching.engine.canonical import from_json
from apps.matching.engine.result import AllocationResult, PairingResult
from apps.matching.models import Round
from apps.matching.states import RoundState

SHOWN = 100  # pairs of each kind that a round's summary names

Pair = tuple[str, str]  # codes of two cities, in alphabetical order
Quantities = Mapping[tuple[int, int], int | None]  # offer, need -> units


@dataclass(frozen=True)
class Difference:
    """Pairs and matches of a later round against an earlier one; matches are told by offer and need."""

    pairs_kept: int
    pairs_new: tuple[Pair, ...]
    pairs_gone: tuple[Pair, ...]
    matches_kept: int
    matches_changed: int
    matches_new: int
    matches_gone: int
    units_before: int
    units_after: int

    def to_summary(self, earlier: Round) -> dict[str, Any]:
        """As a round's summary keeps it; of many pairs, the first ones by name."""
        return {
            "round": earlier.pk,
            "pairs_kept": self.pairs_kept,
            "pairs_new": len(self.pairs_new),
            "pairs_gone": len(self.pairs_gone),
            "new": [list(pair) for pair in self.pairs_new[:SHOWN]],
            "gone": [list(pair) for pair in self.pairs_gone[:SHOWN]],
            "matches_kept": self.matches_kept,
            "matches_changed": self.matches_changed,
            "matches_new": self.matches_new,
            "matches_gone": self.matches_gone,
            "units_before": self.units_before,
            "units_after": self.units_after,
        }


def last_finished_before(round: Round) -> Round | None:
    """The newest earlier round whose proposals were stored."""
    finished = Round.objects.filter(state=RoundState.FINISHED, is_dry_run=False, pk__lt=round.pk)
    return finished.order_by("-pk").first()


def compare(earlier: Round, later: Round) -> Difference:
    """Both have finished, so that each has a result. Raises ValueError if one has none."""
    before, after = results_of(earlier), results_of(later)
    pairs_before, pairs_after = pairs_of(before[0]), pairs_of(after[0])
    units_before, units_after = quantities_of(before[1]), quantities_of(after[1])
    common = units_before.keys() & units_after.keys()
    same = sum(units_before[key] == units_after[key] for key in common)
    return Difference(
        pairs_kept=len(pairs_before & pairs_after),
        pairs_new=tuple(sorted(pairs_after - pairs_before)),
        pairs_gone=tuple(sorted(pairs_before - pairs_after)),
        matches_kept=same,
        matches_changed=len(common) - same,
        matches_new=len(units_after) - len(common),
        matches_gone=len(units_before) - len(common),
        units_before=sum(quantity or 0 for quantity in units_before.values()),
        units_after=sum(quantity or 0 for quantity in units_after.values()),
    )


def results_of(round: Round) -> tuple[PairingResult, AllocationResult]:
    if not round.result:
        raise ValueError(f"{round} has no result.")
    pairing, allocation = (from_json(line) for line in round.result.rstrip("\n").split("\n"))
    return pairing, allocation  # type: ignore[return-value]


def pairs_of(result: PairingResult) -> set[Pair]:
    return {(min(pair.a, pair.b), max(pair.a, pair.b)) for pair in result.pairs}


def quantities_of(result: AllocationResult) -> Quantities:
    return {(match.offer, match.need): match.quantity for match in result.matches}
