"""Which week a digest is of."""

from datetime import date, timedelta


def week_of(day: date) -> date:
    """Return the Monday of a day's week: every digest of it is the same letter."""
    return day - timedelta(days=day.weekday())
