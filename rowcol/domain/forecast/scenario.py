"""What-ifs: pure changes of what a forecast is made from, so that with and without can stand side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Sum:
    """Money in (positive) or out (negative) on a day, in home cents; `monthly` repeats it on that day of the month."""

    name: str
    on: date
    amount_cents: int
    monthly: bool = False


@dataclass(frozen=True)
class Scenario:
    """What is supposed of one client; the default supposes nothing.

    `slips`: customer's party id -> days it pays later than expected. `unpaid`: customers that pay nothing.
    A new hire is a monthly sum. `overdue_paid_today`: every bill past due, stale ones included, those held or
    disputed not.
    """

    overdue_paid_today: bool = False
    slips: Mapping[str, int] = field(default_factory=dict)
    unpaid: frozenset[str] = frozenset()
    sums: tuple[Sum, ...] = ()
    new_business: bool = True


AS_IT_STANDS = Scenario()
