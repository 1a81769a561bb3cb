"""QuickBooks' times: Pacific offset on the wire, and Pacific if a text carries no offset."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PACIFIC = ZoneInfo("America/Los_Angeles")


def system_clock() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def record_time(moment: datetime) -> str:
    """Return a moment as records carry it: Pacific offset, whole seconds."""
    return moment.astimezone(PACIFIC).replace(microsecond=0).isoformat()


def envelope_time(moment: datetime) -> str:
    """Return a moment as answers carry it: Pacific offset, milliseconds."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")


@lru_cache(maxsize=262_144)
def instant(text: str) -> float:
    """Return the seconds since 1970 of a date or time text; without an offset it is read as Pacific.

    Raises ValueError if the text is not a time.
    """
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)).timestamp()


def today_in(zone_name: str, now: datetime) -> date:
    """Return the calendar date in a company's time zone (Pacific if the name is unknown)."""
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError):
        zone = PACIFIC
    return now.astimezone(zone).date()
