from apps.pairings.models.agreement import Agreement
from apps.pairings.models.exchange import Exchange, ExchangeKind
from apps.pairings.models.message import Message
from apps.pairings.models.pairing import Pairing, PairingRule, PairingSide, RuleKind
from apps.pairings.models.support import CounterpartSupport

__all__ = [
    "Agreement",
    "CounterpartSupport",
    "Exchange",
    "ExchangeKind",
    "Message",
    "Pairing",
    "PairingRule",
    "PairingSide",
    "RuleKind",
]
