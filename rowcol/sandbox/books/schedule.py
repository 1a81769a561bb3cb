"""When things happen: acts of bookkeeping planned by day, then carried out in order."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


class Schedule:
    """What a bookkeeper will enter between two days, both included; what falls outside is not entered."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.last = last
        self._acts: list[tuple[date, int, int, Callable[[], object]]] = []

    def at(self, day: date, act: Callable[[], object], *, late: bool = False) -> None:
        """Plan an act for a day; a `late` one comes after the day's others."""
        if self.first <= day <= self.last:
            self._acts.append((day, late, len(self._acts), act))

    def carry_out(self) -> None:
        """Do everything planned, oldest first."""
        for *_, act in sorted(self._acts):
            act()


def workday(day: date) -> date:
    """Return the day, or the Monday after it if it falls on a weekend."""
    return day + DAY * (7 - day.weekday()) if day.weekday() >= SATURDAY else day


def monthly(first: date, last: date, day_of_month: int) -> Iterator[date]:
    """Yield that day of each month, or the month's last if it is shorter."""
    year, month = first.year, first.month
    while (day := date(year, month, min(day_of_month, monthrange(year, month)[1]))) <= last:
        if day >= first:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def weekly(first: date, last: date, weekday: int, weeks: int = 1) -> Iterator[date]:
    """Yield every nth such weekday; Monday is 0. The rhythm is kept from year to year."""
    day = first + DAY * ((weekday - first.weekday()) % 7)
    while day <= last:
        if day.toordinal() // 7 % weeks == 0:
            yield day
        day += 7 * DAY
