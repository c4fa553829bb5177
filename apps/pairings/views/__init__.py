from apps.pairings.views.exchanges import (
    ExchangeCancel,
    ExchangeCreate,
    ExchangeDetail,
    ExchangeHold,
    ExchangeList,
    exchange_invite,
)
from apps.pairings.views.messages import MessageRead, MessageWrite
from apps.pairings.views.pairings import (
    Hubei2020,
    PairingAccept,
    PairingApprove,
    PairingCancel,
    PairingDecline,
    PairingList,
    PairingPropose,
    PairingReject,
    PairingReview,
)

__all__ = [
    "ExchangeCancel",
    "ExchangeCreate",
    "ExchangeDetail",
    "ExchangeHold",
    "ExchangeList",
    "Hubei2020",
    "MessageRead",
    "MessageWrite",
    "PairingAccept",
    "PairingApprove",
    "PairingCancel",
    "PairingDecline",
    "PairingList",
    "PairingPropose",
    "PairingReject",
    "PairingReview",
    "exchange_invite",
]
