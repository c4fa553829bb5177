"""What the engine answers: proposals, reasons, and the proof that nothing better exists."""

from dataclasses import dataclass
from typing import Literal

from .problem import Objective, Policy

Param = int | str | bool | None
Relation = Literal["counterpart", "tie", "state_tie", "network"]
ProofPurpose = Literal["optimum", "reach", "next_threshold"]
StageName = Literal["pair", "fill"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement as a code of `reasons.REASON_CODES` and its parameters; never a sentence."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()

    @property
    def values(self) -> dict[str, Param]:
        return dict(self.params)


@dataclass(frozen=True, slots=True)
class CityPair:
    """Two cities proposed as counterparts; `a` is the left one, or the smaller code in one pool.

    `score` is in millionths; a benefit is the city's own direction of coverage in millionths,
    None when it has posted no need.
    """

    a: str
    b: str
    pinned: bool
    score: int
    benefit_a: int | None
    benefit_b: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CityAlone:
    """A city without a proposed counterpart."""

    city: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PairingSummary:
    """The figures of a whole pairing. `candidates` counts the pairs that were possible,
    `blocking_pairs` those of them whose two cities would both rather have each other."""

    cities: int
    paired: int
    critical: int
    critical_paired: int
    total_score: int
    lowest_benefit: int | None
    candidates: int
    blocking_pairs: int


@dataclass(frozen=True, slots=True)
class OddSet:
    """An odd number of cities of one pool, of which one must stay outside, and its price."""

    cities: tuple[str, ...]
    price: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Dual prices of the unpinned cities.

    The weight of a pair is `step * (v_a + v_b)` plus its score (v is 2 for a critical city, 1 for
    another), without the score for the purposes `reach` and `next_threshold`, over the candidates
    in which no city benefits less than `min_benefit`. On each of them the prices of both cities
    and of the odd sets that hold both come to at least `denominator` times the weight; so no
    pairing weighs more than `bound / denominator`, and `optimum` and `reach` attain it.
    """

    purpose: ProofPurpose
    step: int
    min_benefit: int
    denominator: int
    bound: int
    prices: tuple[tuple[str, int], ...]
    odd_sets: tuple[OddSet, ...]


@dataclass(frozen=True, slots=True)
class PairingResult:
    """`pairs` are sorted by `a`, `alone` by city."""

    engine_version: str
    problem_hash: str
    objective: Objective
    pairs: tuple[CityPair, ...]
    alone: tuple[CityAlone, ...]
    summary: PairingSummary
    certificate: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """So many base units of one offer against one need; None units: knowledge, wholly served."""

    offer: int
    need: int
    quantity: int | None
    relation: Relation
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NeedOutcome:
    """What becomes of a need, in base units: `filled` is the sum of the three sources, and
    `filled + uncovered` is its quantity (1 where none is stated)."""

    need: int
    quantity: int
    filled: int
    from_counterpart: int
    from_ties: int
    from_network: int
    uncovered: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class TierFill:
    """Units of a tier: needed, filled, and filled band by band (ten, the poorest first).

    `without_lots` are the bands of the optimum without smallest lots and packs: tier by tier and
    band by band, no matches are better. Units that knowledge fills are not among them: they
    compete with nobody.
    """

    tier: int
    needed: int
    filled: int
    bands: tuple[int, ...]
    without_lots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AllocationSummary:
    """`pair_tiers` count the units from counterparts alone, () unless the policy puts them first.
    `consignments` counts the matches with a quantity; no matches that fill the same, need by need,
    are fewer than `consignments_at_least`."""

    tiers: tuple[TierFill, ...]
    pair_tiers: tuple[TierFill, ...]
    from_counterpart: int
    from_ties: int
    from_network: int
    consignments: int
    consignments_at_least: int
    knowledge_matches: int


@dataclass(frozen=True, slots=True)
class Stage:
    """Dual prices of one stage of the lexicographic optimum without lots; what is not listed is 0.

    A unit in a band is worth the band's steps (40 for the first of tier 1, 1 for the last of
    tier 4) times `band_worth`; a unit of the need's own item 1 more, one that a sister tie brings
    twice `tie_worth`, one that a tie between the states brings `tie_worth`, one from the
    counterpart `counterpart_worth`. On every arc the offer's price is at least the need's value
    plus the arc's worth, and equal to it where units flow. A band worth more than the need's value
    is full, one worth less is empty; an offer with a price above 0 is used up. `pair_values` stand
    for the units fixed from the counterpart.
    """

    name: StageName
    band_worth: int
    counterpart_worth: int
    tie_worth: int
    offer_prices: tuple[tuple[int, int], ...]
    need_values: tuple[tuple[int, int], ...]
    pair_values: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class AllocationResult:
    """`matches` are sorted by need and offer, `needs` by need.

    The certificate proves the optimum without smallest lots and packs. `relaxation` lists, as
    (offer, need, units), where that optimum differs from the matches: nowhere if lots hold nothing
    back.
    """

    engine_version: str
    problem_hash: str
    policy: Policy
    matches: tuple[Match, ...]
    needs: tuple[NeedOutcome, ...]
    summary: AllocationSummary
    certificate: tuple[Stage, ...]
    relaxation: tuple[tuple[int, int, int], ...]


Result = PairingResult | AllocationResult
