from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.cities.models import City


def today_in(city: City, now: datetime) -> date:
    """The date in the city's own time zone: its deadlines end with its own day."""
    return now.astimezone(ZoneInfo(city.time_zone or "UTC")).date()
