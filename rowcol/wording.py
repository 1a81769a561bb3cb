"""Counts, dates, ages and lists in words: one wording for pages, mails, files and messages."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

MISSING = "–"
"""Shown for a value that is not known."""
MINUS = "−"
NEAR_DAYS = 182
"""Half a year: a date within it is clear without its year."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: `1 bill`, `9 bills`, `2 companies`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def days(count: int | None) -> str:
    """Return whole days with their unit: `1 day`, `11 days`; a dash for None."""
    return MISSING if count is None else counted(count, "day")


def signed_days(count: int | None) -> str:
    """Return a change in days with its sign: `+3 days`, `−1 day`; nothing for 0 or None."""
    if not count:
        return ""
    return f"{'+' if count > 0 else MINUS}{days(abs(count))}"


def listed(items: Sequence[str]) -> str:
    """Return items as English lists them: `a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def date_text(day: date | None) -> str:
    """Return a date: `20 Nov 2026`; a dash for None."""
    return MISSING if day is None else f"{day.day} {day:%b %Y}"


def short_day(day: date) -> str:
    """Return a date without its year: `20 Nov`."""
    return f"{day.day} {day:%b}"


def long_day(day: date) -> str:
    """Return a date with its weekday: `Fri 20 Nov 2026`."""
    return f"{day:%a} {date_text(day)}"


def weekday(day: date | None) -> str:
    """Return a date with its weekday and without its year: `Fri 20 Nov`; a dash for None."""
    return MISSING if day is None else f"{day:%a} {short_day(day)}"


def as_of_text(days: Sequence[date], reconstructed: Sequence[bool]) -> str:
    """Return of which day figures are, from one day and one flag a client: `as of Fri 20 Nov 2026`.

    Several days: `each client as of its own day, Thu 17 Dec 2026 to Fri 18 Dec 2026`. Rolled back: `…, reconstructed`,
    or `…, 2 of 12 clients reconstructed`.
    """
    first, last, rolled_back = min(days), max(days), sum(reconstructed)
    text = f"as of {long_day(first)}"
    if first != last:
        text = f"each client as of its own day, {long_day(first)} to {long_day(last)}"
    if not rolled_back:
        return text
    some = "" if rolled_back == len(days) else f"{rolled_back} of {counted(len(days), 'client')} "
    return f"{text}, {some}reconstructed"


def period_text(days: Sequence[date]) -> str:
    """Return the days of some clients as a file names them: `2026-12-18`, or `2026-12-17 to 2026-12-18`."""
    first, last = min(days), max(days)
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def near_day(day: date | None, today: date) -> str:
    """Return a date as `weekday` does, with its year if it is more than half a year from today."""
    if day is None or abs((day - today).days) <= NEAR_DAYS:
        return weekday(day)
    return f"{weekday(day)} {day.year}"


def letter_date(day: date) -> str:
    """Return a date as a letter has it: `20 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def moment_text(at: datetime | None, zone: str) -> str:
    """Return a moment in a time zone: `Fri 20 Nov 2026, 07:00 PST`; `never` for None."""
    if at is None:
        return "never"
    local = at.astimezone(ZoneInfo(zone))
    return f"{long_day(local)}, {local:%H:%M %Z}"


def age(at: datetime, now: datetime) -> str:
    """Return how long ago a moment was: `4 min`, `3 h`, `2 d`; under a minute `just now`."""
    return minutes_text(int((now - at).total_seconds() // 60))


def minutes_text(minutes: int) -> str:
    """Return an age in whole minutes in the words of `age`."""
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


def ago(at: datetime | None, now: datetime) -> str:
    """Return an age in a sentence: `4 min ago`, `just now`, `never`."""
    if at is None:
        return "never"
    text = age(at, now)
    return text if text == "just now" else f"{text} ago"
