"""Time as an argument: clocks, time zones, and the calendar date of a client."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Clock = Callable[[], datetime]
Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Moment:
    """What figures are of: the day they are as of, and the time as of which the books were known.

    `as_of` None is today on each client's own calendar; `known_at` None is now, the mirror as it is.
    """

    as_of: date | None = None
    known_at: datetime | None = None


NOW = Moment()


def system_clock() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def zone_or(name: str | None, fallback: str) -> ZoneInfo:
    """Return the named time zone, or the fallback if the name is absent or unknown."""
    try:
        return ZoneInfo(name) if name else ZoneInfo(fallback)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(fallback)


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """Return the calendar date in a client's time zone at an aware moment."""
    return now.astimezone(zone).date()
