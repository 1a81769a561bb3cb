"""The day of a client is the day in its own time zone."""

from datetime import UTC, date, datetime

import pytest

from rowcol.clock import system_clock, today_in, zone_or


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Los_Angeles", date(2026, 11, 20)), ("Pacific/Auckland", date(2026, 11, 21)),
        ("Europe/London", date(2026, 11, 21)), ("UTC", date(2026, 11, 21)),
    ],
)  # fmt: skip
def test_one_moment_is_another_day_elsewhere(zone: str, day: date) -> None:
    assert today_in(zone_or(zone, "UTC"), datetime(2026, 11, 21, 2, 0, tzinfo=UTC)) == day


@pytest.mark.parametrize(
    "name", [None, "", "Mars/Olympus", "../../etc/passwd", "America", "America/New York\x00"]
)
def test_an_unknown_zone_falls_back(name: str | None) -> None:
    assert zone_or(name, "Europe/Paris").key == "Europe/Paris"


def test_the_clock_says_utc() -> None:
    assert system_clock().tzinfo is UTC
