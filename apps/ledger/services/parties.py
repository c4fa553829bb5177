"""Places and organisations as parties of the ledger, made at their first use."""

from django.utils.text import slugify

from apps.cities.models import City, Level
from apps.ledger.models import Party, PartyKind


def party_of(city: City) -> Party:
    """The city itself as a party of the ledger, under the city's name of today."""
    kind = PartyKind.STATE if city.level == Level.STATE else PartyKind.CITY
    names = {name: getattr(city, name) for name in ("name_en", "name_zh_hans")}
    party, is_new = Party.objects.get_or_create(
        city=city, kind=kind, defaults={"code": city.code, "country": city.country, **names}
    )
    if not is_new and any(getattr(party, name) != value for name, value in names.items()):
        Party.objects.filter(pk=party.pk).update(**names)
    return party


def parties_of(*cities: City) -> list[Party]:
    """The same for several, made in the order of their ids so that two writers never deadlock."""
    made = {city.pk: party_of(city) for city in sorted(cities, key=lambda city: city.pk)}
    return [made[city.pk] for city in cities]


def party_named(name: str, kind: str, city: City) -> Party:
    """The party of that name in a city, made at its first use; no city's code has two hyphens."""
    code = f"{city.code}--{slugify(name, allow_unicode=True)}"[:100]
    defaults = {"kind": kind, "name": name, "city": city, "country": city.country}
    return Party.objects.get_or_create(code=code, defaults=defaults)[0]
