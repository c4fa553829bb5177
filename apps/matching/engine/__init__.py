"""The matching engine: pairs cities and allocates offers exactly, with reasons and a proof."""

from .allocation.solve import solve_allocation, summarise_allocation
from .canonical import from_json, problem_hash, to_json
from .check import VIOLATION_CODES, Violation, check_allocation, check_pairing
from .faults import FAULT_CODES, Fault, ProblemError
from .pairing.alternatives import Alternatives, Gain, Loss
from .pairing.solve import compare_objectives, solve_pairing
from .pairing.sweep import Spread, threads
from .problem import (
    AllocationProblem,
    City,
    Help,
    Item,
    Need,
    Offer,
    PairingProblem,
    Tie,
    Weights,
)
from .progress import OnProgress
from .reasons import REASON_CODES
from .result import (
    AllocationResult,
    AllocationSummary,
    CityAlone,
    CityPair,
    Match,
    NeedOutcome,
    OddSet,
    PairingResult,
    PairingSummary,
    Proof,
    Reason,
    Stage,
    TierFill,
)
from .version import ENGINE_VERSION

__all__ = [
    "ENGINE_VERSION",
    "FAULT_CODES",
    "REASON_CODES",
    "VIOLATION_CODES",
    "AllocationProblem",
    "AllocationResult",
    "AllocationSummary",
    "Alternatives",
    "City",
    "CityAlone",
    "CityPair",
    "Fault",
    "Gain",
    "Help",
    "Item",
    "Loss",
    "Match",
    "Need",
    "NeedOutcome",
    "OddSet",
    "Offer",
    "OnProgress",
    "PairingProblem",
    "PairingResult",
    "PairingSummary",
    "ProblemError",
    "Proof",
    "Reason",
    "Spread",
    "Stage",
    "Tie",
    "TierFill",
    "Violation",
    "Weights",
    "check_allocation",
    "check_pairing",
    "compare_objectives",
    "from_json",
    "problem_hash",
    "solve_allocation",
    "solve_pairing",
    "summarise_allocation",
    "threads",
    "to_json",
]
