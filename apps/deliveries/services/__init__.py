from apps.deliveries.services.consignments import (
    dispatch_delivery,
    hold_delivery,
    lose_delivery,
    release_delivery,
)
from apps.deliveries.services.receipts import (
    close_match,
    distribute,
    receive_delivery,
)

__all__ = [
    "close_match",
    "dispatch_delivery",
    "distribute",
    "hold_delivery",
    "lose_delivery",
    "receive_delivery",
    "release_delivery",
]
