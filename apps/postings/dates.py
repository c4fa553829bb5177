from datetime import date, datetime

from apps.cities.models import City
from apps.core.zones import zone_of


def today_in(city: City, now: datetime) -> date:
    """The date in the city's own time zone: its deadlines end with its own day."""
    return now.astimezone(zone_of(city.time_zone)).date()
