"""Who does something at which moment, and what a step of the script speaks of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.accounts.models import User
from apps.cities.models import City
from apps.cities.officers import city_of
from apps.core.errors import DomainError
from apps.deliveries.models import Delivery
from apps.ledger.models import Gift
from apps.matching.models import Match
from apps.pairings.models import Exchange, Pairing
from apps.postings.dates import today_in
from apps.postings.models import Item, Posting

SOURCE = "demo:story:"


@dataclass(frozen=True)
class Scene:
    """A person at a moment; finders raise DomainError, in their words, where there is no such row."""

    by: User
    at: datetime

    @property
    def own_city(self) -> City:
        city = city_of(self.by)
        if city is None:
            raise DomainError(f"{self.by} speaks for no city.")
        return city

    def today(self, city: City) -> date:
        return today_in(city, self.at)

    def city(self, code: str) -> City:
        return newest(City.objects.filter(code=code), code)

    def item(self, code: str) -> Item:
        return newest(Item.objects.filter(code=code), code)

    def posting(self, key: str) -> Posting:
        """One that an earlier step has posted under this key."""
        return newest(Posting.objects.filter(source=f"{SOURCE}{key}"), key)

    def pairing(self, between: list[str]) -> Pairing:
        one, other = map(self.city, between)
        return newest(Pairing.objects.of(one) & Pairing.objects.of(other), between)

    def match(self, of: list[str]) -> Match:
        """The newest match of an item, from one city to another: [giver, receiver, item]."""
        giver, receiver, item = of
        found = Match.objects.filter(
            offer__city__code=giver, need__city__code=receiver, need__item__code=item
        )
        return newest(found, of)

    def delivery(self, of: list[str]) -> Delivery:
        """The newest consignment of that match."""
        return newest(self.match(of).deliveries.select_related("match__need__city"), of)

    def gift(self, giver: str, item: str) -> Gift:
        """The newest gift of that city to the person's own."""
        receiver = self.own_city
        found = Gift.objects.filter(
            giver__city__code=giver, receiver__city=receiver, item__code=item
        )
        return newest(found, (giver, receiver.code, item))

    def exchange(self, subject: str) -> Exchange:
        return newest(Exchange.objects.filter(subject=subject), subject)


def newest(rows: Any, named: object) -> Any:
    found = rows.order_by("-pk").first()
    if found is None:
        raise DomainError(f"There is no {rows.model._meta.verbose_name}: {named}.")
    return found
