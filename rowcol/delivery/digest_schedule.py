"""When the weekly digest is due, from the clock, the setting and the state of the week's run."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rowcol.store.control.sent_mail import MADE, Run

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TICK = timedelta(minutes=1)
"""How often the schedule is checked."""
LATEST = timedelta(days=2)
"""A digest is started at most this late, after the server was off; one that was started is always finished."""
TRY_AGAIN_AFTER = timedelta(minutes=15)
TRY_FOR = timedelta(days=1)
"""How often, and for how long, mails for which no server was reached are tried again."""


@dataclass(frozen=True)
class Due:
    """A digest: its day on the practice's calendar, and when it is due."""

    day: date
    at: datetime


def last_due(digest_at: str, zone: ZoneInfo, now: datetime) -> Due:
    """Return the newest digest that is due; `digest_at` as in `Fri 07:00`, in the practice's time zone."""
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
    return datetime.combine(last.day + timedelta(days=7), last.at.time(), zone)


def is_due(due: Due, run: Run | None, since: datetime | None, now: datetime) -> bool:
    """Return whether a digest is to be started or continued now.

    `since` is when the first client was connected, None before; a digest due earlier is never made.
    """
    if run is not None:
        return run.state != MADE
    return since is not None and since <= due.at and now - due.at <= LATEST
