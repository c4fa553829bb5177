import logging
from zoneinfo import ZoneInfo

logger = logging.getLogger(__name__)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where none is stated or none of that name is known."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # no such zone, no name of a zone, a folder of zones
        logger.warning("The time zone %r is not known; UTC is used.", name)
        return ZoneInfo("UTC")
