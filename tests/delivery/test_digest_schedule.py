"""Friday 07:00 in the practice's time zone, once a week, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rowcol.delivery.digest_schedule import LATEST, is_due, last_due, next_due
from rowcol.store.control.sent_mail import MADE, READ, STARTED, Run

PACIFIC = ZoneInfo("America/Los_Angeles")
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""07:00 in Los Angeles."""


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (FRIDAY - timedelta(seconds=1), date(2026, 11, 13)),
        (FRIDAY, date(2026, 11, 20)),
        (FRIDAY + timedelta(days=6, hours=23), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 1, 0, tzinfo=UTC), date(2026, 11, 20)),  # still Friday in Los Angeles
    ],
)
def test_the_digest_is_due_on_friday_at_seven_by_the_practices_clock(now: datetime, day: date) -> None:
    due = last_due("Fri 07:00", PACIFIC, now)
    assert due.day == day
    assert due.at.astimezone(PACIFIC).hour == 7
    assert now < next_due("Fri 07:00", PACIFIC, now) <= now + timedelta(days=7, hours=1)


def test_the_hour_stays_seven_when_the_clocks_change() -> None:
    """Summer time began on 8 March 2026: 07:00 is 15:00 UTC before and 14:00 UTC after."""
    before = last_due("Fri 07:00", PACIFIC, datetime(2026, 3, 7, tzinfo=UTC))
    after = last_due("Fri 07:00", PACIFIC, datetime(2026, 3, 14, tzinfo=UTC))
    assert [due.at.astimezone(UTC).hour for due in (before, after)] == [15, 14]
    assert next_due("Fri 07:00", PACIFIC, before.at) == after.at


@pytest.mark.parametrize(
    ("state", "late", "make"),
    [
        (None, timedelta(0), True),
        (None, LATEST, True),
        (None, LATEST + timedelta(seconds=1), False),
        (STARTED, timedelta(days=5), True),
        (READ, timedelta(days=5), True),
        (MADE, timedelta(0), False),
    ],
)
def test_a_digest_is_made_once_and_one_begun_is_finished(
    state: str | None, late: timedelta, make: bool
) -> None:
    due = last_due("Fri 07:00", PACIFIC, FRIDAY)
    run = None if state is None else Run(due.day, state, FRIDAY, None, "")
    assert is_due(due, run, FRIDAY - timedelta(days=30), FRIDAY + late) == make


def test_nothing_is_made_up_for_from_before_the_first_client() -> None:
    due = last_due("Fri 07:00", PACIFIC, FRIDAY)
    assert not is_due(due, None, FRIDAY + timedelta(hours=1), FRIDAY + timedelta(hours=2))
    assert not is_due(due, None, None, FRIDAY)
