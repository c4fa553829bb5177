from apps.pairings.views.exchanges import (
    ExchangeCancel,
    ExchangeCreate,
    ExchangeDetail,
    ExchangeHold,
    ExchangeList,
    exchange_invite,
)
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
from apps.pairings.views.room import AgreementAdd, MessageRead, MessageWrite, agreement_download

__all__ = [
    "AgreementAdd",
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
    "agreement_download",
    "exchange_invite",
]
