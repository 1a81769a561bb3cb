"""Definitions.md, Freshness: how old books may be, by the client's own working hours and pace."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rowcol.clock import WorkingTime
from rowcol.domain.freshness import ClientSchedule, freshness

PACIFIC = ZoneInfo("America/Los_Angeles")
SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in Los Angeles on a day of November 2026; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=PACIFIC).astimezone(UTC)


def overdue(
    read: datetime,
    now: datetime,
    connected_days_ago: int = 1,
    hours: str = "08-18",
    days: frozenset[int] | None = None,
) -> bool:
    working = WorkingTime(PACIFIC, hours) if days is None else WorkingTime(PACIFIC, hours, days)
    schedule = ClientSchedule(working, now - timedelta(days=connected_days_ago))
    return freshness(read, "done", "", "", now, schedule).overdue


@pytest.mark.parametrize(
    ("read", "now", "late"),
    [
        (at(20, 12), at(20, 12, 15), False),
        (at(20, 12), at(20, 12, 16), True),
        (at(20, 17, 50), at(20, 23), False),
        (at(20, 17, 50), at(22, 12), False),
        (at(20, 17, 50), at(23, 8, 5), False),
        (at(20, 17, 50), at(23, 8, 6), True),
        (at(20, 17, 40), at(20, 23), True),
        (at(21, 12), at(23, 7, 59), False),
        (at(10, 17, 50), at(21, 12), True),
    ],
)  # fmt: skip
def test_books_are_overdue_after_a_quarter_of_an_hour_of_the_clients_working_time(
    read: datetime, now: datetime, late: bool
) -> None:
    assert overdue(read, now) is late


def test_working_time_is_that_of_the_clients_own_days_and_hours() -> None:
    saturday, sunday = at(21, 12), at(22, 12)
    assert not overdue(saturday, saturday + timedelta(hours=2))
    assert overdue(sunday, sunday + timedelta(hours=2), days=SUNDAY_TO_THURSDAY)
    assert not overdue(at(20, 12), at(20, 14), hours="14-22")


def test_a_client_connected_long_ago_may_be_one_that_is_refreshed_every_two_hours() -> None:
    noon = at(20, 12)
    assert not overdue(noon, noon + timedelta(hours=2, minutes=15), connected_days_ago=8)
    assert overdue(noon, noon + timedelta(hours=2, minutes=16), connected_days_ago=8)


def test_of_a_day_at_most_ten_hours_are_working_hours() -> None:
    all_day = WorkingTime(PACIFIC, "00-24")
    assert all_day.between(at(20, 0), at(21, 0)) == timedelta(hours=10)
    assert all_day.between(at(20, 9, 30), at(20, 20)) == timedelta(minutes=30)


def test_a_failed_refresh_is_no_question_of_age() -> None:
    late = freshness(at(20, 12), "failed", "It answered 503", "", at(20, 18))
    assert (late.stale, late.overdue, late.by_plan) == (True, False, False)


def test_books_never_read_are_overdue() -> None:
    assert freshness(None, None, "", "", at(20, 12)).overdue


def test_books_of_a_quiet_weekend_are_as_old_as_the_schedule_has_them() -> None:
    schedule = ClientSchedule(WorkingTime(PACIFIC, "08-18"), at(20, 8))
    weekend = freshness(at(20, 17, 50), "done", "", "", at(22, 12), schedule)
    assert (weekend.stale, weekend.by_plan) == (True, True)
