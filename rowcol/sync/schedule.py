"""Which clients are due for a refresh: decided from what is known of each and from the clock alone.

Each client has a schedule of its own, shifted by its phase, so that 300 of them never start together: it is due if
a tick of that schedule has passed since its last refresh began. If several were missed (a sleep, a restart), it is
refreshed once. Of a day at most ten hours are working hours, from Monday to Friday unless a client's settings say otherwise:
with every day a working day, 300 clients would take 10 h x 60 / 13 + 14 = 60 reads a day and 5 for the tie-out, 605,000 in a
month of 31 days, beyond Intuit's free 500,000.
"""

import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from rowcol.clock import WorkingTime

WORKING_EVERY = timedelta(minutes=13)
OUTSIDE_EVERY = timedelta(hours=1)
QUIET_EVERY = timedelta(hours=2)
"""For a client whose page was not opened for a week, or whose webhooks say when something has changed."""
UNOPENED_AFTER = timedelta(days=7)
WEBHOOKS_TRUSTED_FOR = timedelta(days=2)
"""Webhooks can stop without notice: after this long without one, the client is refreshed at the full pace again."""
LEAD = WORKING_EVERY + timedelta(minutes=1)
"""The working pace starts this much before the hours do, so that every client has been read when they begin."""
CHECK_READS = 5
"""Reports read for the daily tie-out."""
FROM_WEBHOOK = WORKING_EVERY
"""Webhooks never cause more refreshes of a client than the working pace would."""
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Pace:
    """How many times longer than planned to wait, in and outside working hours; from the month's budget."""

    working: int = 1
    outside: int = 1


@dataclass(frozen=True)
class ScheduledClient:
    """What the schedule knows of a client; moments are aware.

    `opened_at` is when its page was last opened, or when it was connected. `paused`: its breaker is open, or its
    refresh has not ended. `marked`: a webhook named something not read since.
    """

    business_id: str
    working: WorkingTime
    opened_at: datetime
    last_started_at: datetime | None = None
    webhook_at: datetime | None = None
    marked: bool = False
    paused: bool = False


def due(subjects: Iterable[ScheduledClient], now: datetime, pace: Pace) -> list[ScheduledClient]:
    """Return the clients to refresh now, the longest waiting first."""
    due_subjects = [subject for subject in subjects if is_due(subject, now, pace)]
    return sorted(due_subjects, key=lambda subject: (subject.last_started_at or _EPOCH, subject.business_id))


def is_due(subject: ScheduledClient, now: datetime, pace: Pace) -> bool:
    """Return whether a client is to be refreshed now."""
    if subject.paused:
        return False
    last = subject.last_started_at
    if last is None:
        return True
    if subject.marked and now - last >= FROM_WEBHOOK:
        return True
    return last < last_tick(subject, now, pace)


def last_tick(subject: ScheduledClient, now: datetime, pace: Pace) -> datetime:
    """Return the last tick of a client's schedule, at or before a moment."""
    if is_quiet(subject, now):
        return _tick(subject, now, QUIET_EVERY, 1)
    began = _working_since(subject.working, now)
    if began is None:
        return _tick(subject, now, OUTSIDE_EVERY, pace.outside)
    tick = _tick(subject, now, WORKING_EVERY, pace.working)
    if tick >= began:
        return tick
    return _tick(subject, began, OUTSIDE_EVERY, pace.outside)


def is_quiet(subject: ScheduledClient, now: datetime) -> bool:
    """Return whether a client is refreshed rarely: unopened for a week, or its webhooks arrive."""
    trusted = subject.webhook_at is not None and now - subject.webhook_at <= WEBHOOKS_TRUSTED_FOR
    return trusted or now - subject.opened_at > UNOPENED_AFTER


def phase(business_id: str) -> float:
    """Return by how much of every interval a client's ticks are shifted, 0 to 1; it never changes."""
    digest = hashlib.sha256(business_id.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def planned_reads(
    subjects: Sequence[ScheduledClient], now: datetime, until: datetime
) -> tuple[float, float, float]:
    """Return the reads from now until a moment at the full pace: in working hours, outside them, and not to be slowed."""
    working = outside = fixed = 0.0
    days = max((until - now) / timedelta(days=1), 0.0)
    for subject in subjects:
        fixed += CHECK_READS * days
        if is_quiet(subject, now):
            fixed += days * timedelta(days=1) / QUIET_EVERY
            continue
        first, last = subject.working.first_and_last()
        at_work = _days_of(subject.working.days, now, until) * (timedelta(hours=last - first) + LEAD)
        working += at_work / WORKING_EVERY
        outside += (timedelta(days=days) - at_work) / OUTSIDE_EVERY
    return working, max(outside, 0.0), fixed


def _tick(subject: ScheduledClient, now: datetime, every: timedelta, factor: int) -> datetime:
    """Return a client's last tick at or before a moment; a slower pace keeps some ticks of the full one."""
    start = _EPOCH + phase(subject.business_id) * every
    step = every * factor
    return start + (now - start) // step * step


def _working_since(working: WorkingTime, now: datetime) -> datetime | None:
    """Return when the working pace of the present hours began, None outside them."""
    local = now.astimezone(working.zone)
    first, last = working.first_and_last()
    for day in (local.date(), (local + LEAD).date()):
        if day.weekday() not in working.days:
            continue
        opens = datetime.combine(day, time(first % 24), working.zone).astimezone(UTC) - LEAD
        closes = datetime.combine(day, time(0), working.zone) + timedelta(hours=last)
        if opens <= now < closes.astimezone(UTC):
            return opens
    return None


@functools.lru_cache(64)
def _days_of(weekdays: frozenset[int], now: datetime, until: datetime) -> float:
    """Return how many of these weekdays lie between two moments, the first and last in part."""
    total, at = 0.0, now
    while at < until:
        midnight = datetime.combine(at.date() + timedelta(days=1), time(0), UTC)
        end = min(midnight, until)
        if at.weekday() in weekdays:
            total += (end - at) / timedelta(days=1)
        at = end
    return total
