"""Time as an argument: clocks, time zones, and the calendar date of a client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Clock = Callable[[], datetime]
Sleep = Callable[[float], None]


KnownAt = datetime | Mapping[str, datetime] | None
"""As of when books were known: at one moment, at one of its own for each client (by business id), or now (None)."""


@dataclass(frozen=True)
class Moment:
    """What figures are of: the day they are as of, and the time as of which the books were known.

    `as_of` None is today on each client's own calendar; `known_at` None is now, the mirror as it is.
    """

    as_of: date | None = None
    known_at: datetime | None = None


NOW = Moment()


@dataclass(frozen=True)
class OwnMoments:
    """The day that each client's figures are as of, and when its books were known, by business id."""

    as_of: Mapping[str, date]
    known_at: Mapping[str, datetime]


MOST_HOURS = 10
"""Working hours of a day that count: see `rowcol/sync/schedule.py`."""
WORKING_DAYS = frozenset(range(5))
"""Monday (0) to Friday, unless a client's settings say otherwise; the other days are outside working hours."""


@dataclass(frozen=True)
class WorkingTime:
    """When a client is at work: `hours` as `08-18` in its own zone, `days` with Monday as 0."""

    zone: ZoneInfo
    hours: str
    days: frozenset[int] = WORKING_DAYS

    def first_and_last(self) -> tuple[int, int]:
        """Return a day's first and last working hour (the last excluded), at most `MOST_HOURS` apart."""
        first, last = (int(part) for part in self.hours.split("-"))
        return first, min(last, first + MOST_HOURS)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two moments."""
        first, last = self.first_and_last()
        day, final, worked = start.astimezone(self.zone).date(), end.astimezone(self.zone).date(), timedelta()
        while day <= final:
            if day.weekday() in self.days:
                midnight = datetime.combine(day, time(), self.zone)
                opens, closes = (midnight + timedelta(hours=hour) for hour in (first, last))
                worked += max(min(closes, end) - max(opens, start), timedelta())
            day += timedelta(days=1)
        return worked


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
