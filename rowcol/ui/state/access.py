"""The services of this process, for pages."""

from zoneinfo import ZoneInfo

from rowcol import wiring
from rowcol.clock import zone_or
from rowcol.wiring import Services


def services() -> Services:
    """Return the services of this process, made on the first call; a call that raises is tried again."""
    return wiring.services()


def zone() -> ZoneInfo:
    """Return the time zone in which the practice reads moments."""
    return zone_or(None, services().settings.timezone)
