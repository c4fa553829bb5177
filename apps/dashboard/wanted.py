"""What each of two cities needs that the other offers."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.cities.models import City
from apps.postings.models import Posting


@dataclass(frozen=True)
class Direction:
    """`fits` are needs of the receiver with an offer of the giver of the same item, `needs` and
    `offers` those without; what matches have reserved altogether is in none of them."""

    giver: City
    receiver: City
    fits: list[tuple[Posting, Posting]]
    needs: list[Posting]
    offers: list[Posting]

    def __bool__(self) -> bool:
        return bool(self.fits or self.needs or self.offers)


def directions(
    postings: Iterable[Posting], left: City, right: City, *, own: City | None = None
) -> list[Direction]:
    """Both ways; what the reader's own city gives comes first."""
    postings = [posting for posting in postings if posting.free != 0]
    both = [direction(postings, left, right), direction(postings, right, left)]
    return both[::-1] if own == right else both


def direction(postings: Iterable[Posting], giver: City, receiver: City) -> Direction:
    offers = [one for one in postings if one.city_id == giver.pk and not one.is_need]
    needs = [one for one in postings if one.city_id == receiver.pk and one.is_need]
    offered = {offer.item_id: offer for offer in offers}
    fits = [(need, offered[need.item_id]) for need in needs if need.item_id in offered]
    fitting = {offer.pk for __, offer in fits}
    return Direction(
        giver,
        receiver,
        fits,
        [need for need in needs if need.item_id not in offered],
        [offer for offer in offers if offer.pk not in fitting],
    )
