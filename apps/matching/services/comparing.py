"""What one round proposes that another did not."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.matching.engine.canonical import from_json
from apps.matching.engine.result import AllocationResult, PairingResult
from apps.matching.models import Round
from apps.matching.states import RoundState

SHOWN = 100  # pairs of each kind that a round's summary names

# How rows begin in canonical JSON, where names are sorted and quotes within texts are escaped.
PAIR = re.compile(r'{"a":("(?:[^"\\]|\\.)*"),"b":("(?:[^"\\]|\\.)*"),')
MATCH = re.compile(r'{"need":(\d+),"offer":(\d+),"quantity":(\d+|null),')

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


@dataclass(frozen=True)
class Proposals:
    pairs: frozenset[Pair]
    quantities: Quantities


def last_finished_before(round: Round) -> Round | None:
    """The newest earlier round whose proposals were stored."""
    stored = Round.objects.filter(state=RoundState.FINISHED, is_dry_run=False).exclude(result="")
    return stored.filter(pk__lt=round.pk).order_by("-pk").defer("snapshot").first()


def compare(before: Proposals, after: Proposals) -> Difference:
    common = before.quantities.keys() & after.quantities.keys()
    same = sum(before.quantities[key] == after.quantities[key] for key in common)
    return Difference(
        pairs_kept=len(before.pairs & after.pairs),
        pairs_new=tuple(sorted(after.pairs - before.pairs)),
        pairs_gone=tuple(sorted(before.pairs - after.pairs)),
        matches_kept=same,
        matches_changed=len(common) - same,
        matches_new=len(after.quantities) - len(common),
        matches_gone=len(before.quantities) - len(common),
        units_before=sum(quantity or 0 for quantity in before.quantities.values()),
        units_after=sum(quantity or 0 for quantity in after.quantities.values()),
    )


def proposals(pairing: PairingResult, allocation: AllocationResult) -> Proposals:
    return Proposals(
        frozenset(sorted_pair(pair.a, pair.b) for pair in pairing.pairs),
        {(match.offer, match.need): match.quantity for match in allocation.matches},
    )


def proposals_of(round: Round) -> Proposals:
    """Found in the stored text, most of which is reasons and proofs, without reading the rest of it.
    Raises ValueError if there is none."""
    if not round.result:
        raise ValueError(f"{round} has no result.")
    pairing, _, allocation = round.result.partition("\n")
    return Proposals(
        frozenset(sorted_pair(json.loads(a), json.loads(b)) for a, b in PAIR.findall(pairing)),
        {
            (int(offer), int(need)): json.loads(quantity)
            for need, offer, quantity in MATCH.findall(allocation)
        },
    )


def pairing_result_of(round: Round) -> PairingResult:
    """The stored answer to the first question, with its prices."""
    return from_json(round.result.partition("\n")[0])  # type: ignore[return-value]


def sorted_pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)
