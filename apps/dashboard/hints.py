"""What the open postings of others say to a city that is about to post."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.cities.models import City, SisterTie
from apps.pairings.models import Pairing
from apps.postings.models import Item, Kind, Posting

SISTERS = 3


@dataclass
class Hint:
    """Of one item: cities that need and that offer it, with their free units in its base unit.

    None stands for an offer without a quantity, which serves everybody.
    """

    item: Item
    needs: dict[int, int | None] = field(default_factory=dict)
    offers: dict[int, int | None] = field(default_factory=dict)

    @property
    def lacking(self) -> int:
        """Units that the network's offers do not cover of its needs."""
        if None in self.offers.values():
            return 0
        return max(total(self.needs) - total(self.offers), 0)


def total(units: dict[int, int | None]) -> int:
    return sum(found or 0 for found in units.values())


@dataclass(frozen=True)
class Circle:
    """The cities whose word counts most to a city: its counterpart and its sister cities."""

    counterpart: City | None
    sisters: dict[int, City]


def circle_of(city: City) -> Circle:
    pairing = Pairing.objects.active().of(city).described().first()
    ties = SisterTie.objects.of(city).select_related("city_a", "city_b")
    counterpart = pairing.counterpart_of(city) if pairing else None
    sisters = [tie.other(city) for tie in ties if tie.counts]
    return Circle(counterpart, {one.pk: one for one in sisters if one != counterpart})


def hints_for(city: City, kind: str, items: Collection[Item]) -> dict[int, list[str]]:
    """Sentences for each item, by its key; as many queries for one as for thirty."""
    circle = circle_of(city)
    found = {item.pk: Hint(item) for item in items}
    rows = (
        Posting.objects.open()
        .with_free()
        .filter(item__in=found)
        .exclude(city=city)
        .values("item", "kind", "city")
        .annotate(
            free=Sum(F("quantity") - F("allocated"), default=0),
            without_limit=Count("pk", filter=Q(quantity=None)),
        )
        .order_by()
    )
    for row in rows:
        side = found[row["item"]].needs if row["kind"] == Kind.NEED else found[row["item"]].offers
        side[row["city"]] = None if row["without_limit"] else row["free"]
    return {pk: sentences(hint, kind, circle) for pk, hint in found.items()}


def sentences(hint: Hint, kind: str, circle: Circle) -> list[str]:
    """The nearest first: the counterpart, the sister cities, the network."""
    theirs = hint.offers if kind == Kind.NEED else hint.needs
    found = []
    if circle.counterpart and circle.counterpart.pk in theirs:
        found.append(of_counterpart(hint, kind, circle.counterpart, theirs))
    sisters = [pk for pk in theirs if pk in circle.sisters]
    sisters.sort(key=lambda pk: (theirs[pk] is not None, -(theirs[pk] or 0), pk))
    found += [of_sister(hint, kind, circle.sisters[pk], theirs) for pk in sisters[:SISTERS]]
    return [*found, *of_network(hint)]


def of_counterpart(hint: Hint, kind: str, city: City, theirs: dict[int, int | None]) -> str:
    values = {"city": city, "amount": amount(hint.item, theirs[city.pk])}
    if kind == Kind.NEED:
        return _("Your counterpart %(city)s offers %(amount)s of these.") % values
    return _("Your counterpart %(city)s needs %(amount)s of these.") % values


def of_sister(hint: Hint, kind: str, city: City, theirs: dict[int, int | None]) -> str:
    values = {"city": city, "amount": amount(hint.item, theirs[city.pk])}
    if kind == Kind.NEED:
        return _("Your sister city %(city)s offers %(amount)s.") % values
    return _("Your sister city %(city)s needs %(amount)s.") % values


def of_network(hint: Hint) -> list[str]:
    found = []
    if count := len(hint.needs):
        sentence = ngettext(
            "%(count)d other city needs this.", "%(count)d other cities need this.", count
        )
        found.append(sentence % {"count": count})
    if count := len(hint.offers):
        sentence = ngettext(
            "%(count)d other city offers this.", "%(count)d other cities offer this.", count
        )
        found.append(sentence % {"count": count})
    if hint.lacking:
        found.append(
            _("The network lacks %(amount)s.") % {"amount": hint.item.amount(hint.lacking)}
        )
    return [" ".join(found) or _("No other city needs or offers this now.")]


def amount(item: Item, units: int | None) -> str:
    return _("any quantity") if units is None else item.amount(units)
