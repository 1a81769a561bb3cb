"""When the week's digest is due: decided from the clock, the setting and how far the week's run came."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rowcol.store.control.sent_mail import MADE, Run

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TICK = timedelta(minutes=1)
"""How often it is looked whether a digest is due."""
LATEST = timedelta(days=2)
"""A server that was off begins a digest at most so much late; one that was begun is always finished."""
TRY_AGAIN_AFTER = timedelta(minutes=15)
TRY_FOR = timedelta(days=1)
"""How often, and for how long, letters that found no mail server are tried again."""


@dataclass(frozen=True)
class Due:
    """The digest to be made now: its day (the as-of date), and when it was due."""

    as_of: date
    at: datetime


def last_due(digest_at: str, zone: ZoneInfo, now: datetime) -> Due:
    """Return the newest digest whose time has come; `digest_at` as in `Fri 07:00`, by the practice's clock."""
    weekday, _, clock = digest_at.partition(" ")
    hour, _, minute = clock.partition(":")
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - WEEKDAYS.index(weekday)) % 7)
    at = datetime.combine(day, time(int(hour), int(minute)), zone)
    if at > now:
        day -= timedelta(days=7)
        at = datetime.combine(day, time(int(hour), int(minute)), zone)
    return Due(day, at)


def next_due(digest_at: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when the next digest is due."""
    last = last_due(digest_at, zone, now)
    return datetime.combine(last.as_of + timedelta(days=7), last.at.time(), zone)


def to_make(due: Due, run: Run | None, since: datetime | None, now: datetime) -> bool:
    """Tell whether a digest is to be made, or gone on with, now.

    `since` is when the first client was connected, None before: what was due earlier is not made up for.
    """
    if run is not None:
        return run.state != MADE
    return since is not None and since <= due.at and now - due.at <= LATEST
