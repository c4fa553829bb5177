from apps.matching.views.matches import (
    MatchAccept,
    MatchApprove,
    MatchCancel,
    MatchDecline,
    MatchList,
    MatchReject,
    PairingAlternatives,
)
from apps.matching.views.method import Method
from apps.matching.views.rounds import (
    RoundCancel,
    RoundDetail,
    RoundList,
    RoundOpen,
    RoundProgress,
    RoundReplay,
    RoundRetry,
)

__all__ = [
    "MatchAccept",
    "MatchApprove",
    "MatchCancel",
    "MatchDecline",
    "MatchList",
    "MatchReject",
    "Method",
    "PairingAlternatives",
    "RoundCancel",
    "RoundDetail",
    "RoundList",
    "RoundOpen",
    "RoundProgress",
    "RoundReplay",
    "RoundRetry",
]
