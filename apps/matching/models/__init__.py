from apps.matching.models.matches import Match, MatchSide, Role, Via
from apps.matching.models.replays import Replay
from apps.matching.models.rounds import PairingProposal, Round
from apps.matching.models.sharing import SharedJob, SharedPiece

__all__ = [
    "Match",
    "MatchSide",
    "PairingProposal",
    "Replay",
    "Role",
    "Round",
    "SharedJob",
    "SharedPiece",
    "Via",
]
