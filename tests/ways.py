"""One match between two cities, driven by the services to wherever a test begins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.deliveries import services as deliveries
from apps.deliveries.models import Delivery
from apps.matching import services
from apps.matching.models import Match
from tests import factories


@dataclass
class Way:
    """`giver` and `receiver` are officers of the two cities; the coordinator serves neither."""

    match: Match
    giver: User
    receiver: User
    coordinator: User
    now: datetime

    def to(self, state: str) -> Match:
        """Lead the proposed match to that state."""
        for verb in WAYS[state]:
            getattr(self, verb)()
        self.match.refresh_from_db()
        return self.match

    def approve(self, **values: Any) -> Match:
        values = {"by": self.coordinator, "now": self.now} | values
        return services.approve_match(self.match, **values)

    def reject(self) -> Match:
        return services.reject_match(self.match, by=self.coordinator, now=self.now, reason="no")

    def accept(self) -> Match:
        services.accept_match(self.match, by=self.giver, now=self.now)
        return services.accept_match(self.match, by=self.receiver, now=self.now)

    def decline(self) -> Match:
        return services.decline_match(self.match, by=self.receiver, now=self.now, reason="no")

    def cancel(self) -> Match:
        return services.cancel_match(self.match, by=self.coordinator, now=self.now, reason="no")

    def expire(self) -> Match:
        return services.expire_match(self.match, now=self.match.expires_at)

    def dispatch(self, quantity: int | None = None, **values: Any) -> Delivery:
        wanted = {
            "by": self.giver,
            "now": self.now,
            "quantity": self.match.quantity if quantity is None else quantity,
            "dispatched_on": self.now.date(),
        }
        return deliveries.dispatch_delivery(self.match, **(wanted | values))

    def receive(
        self, delivery: Delivery | None = None, quantity: int | None = None, **values: Any
    ) -> Delivery:
        """Receive the first consignment, or that one; whole, or so many units of it."""
        delivery = delivery or self.match.deliveries.first()
        wanted = {
            "by": self.receiver,
            "now": self.now,
            "quantity": delivery.quantity if quantity is None else quantity,
            "received_on": delivery.dispatched_on,
        }
        return deliveries.receive_delivery(delivery, **(wanted | values))

    def postings(self) -> tuple[int, int, int, int]:
        """Allocated and fulfilled units of the need, then of the offer."""
        self.match.need.refresh_from_db()
        self.match.offer.refresh_from_db()
        need, offer = self.match.need, self.match.offer
        return need.allocated, need.fulfilled, offer.allocated, offer.fulfilled


WAYS = {
    "proposed": [],
    "rejected": ["reject"],
    "expired": ["expire"],
    "approved": ["approve"],
    "declined": ["approve", "decline"],
    "cancelled": ["approve", "cancel"],
    "accepted": ["approve", "accept"],
    "completed": ["approve", "accept", "dispatch", "receive"],
}


def make_way(
    now: datetime,
    *,
    quantity: int = 100,
    need: dict[str, Any] | None = None,
    offer: dict[str, Any] | None = None,
    **values: Any,
) -> Way:
    """A proposal of `quantity` units; `need` and `offer` say what is particular about them."""
    need_row = factories.NeedFactory(**(need or {}))
    city = factories.CityFactory(chinese=True)
    offer_row = factories.OfferFactory(**({"item": need_row.item, "city": city} | (offer or {})))
    match = factories.MatchFactory(need=need_row, offer=offer_row, quantity=quantity, **values)
    return Way(
        match=match,
        giver=factories.LiaisonFactory(city=offer_row.city).user,
        receiver=factories.LiaisonFactory(city=need_row.city).user,
        coordinator=factories.UserFactory(coordinator=True),
        now=now,
    )
