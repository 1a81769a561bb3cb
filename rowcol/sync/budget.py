"""The month's reads against Intuit's free ones, and how far the schedule must slow down to stay within them.

Source: Intuit's App Partner Program: 500,000 CorePlus reads a month of all companies together on the free
tier, then refusals until the next month. Writes and the token endpoint are not metered.
"""

import math
from dataclasses import dataclass

READ_KINDS = ("query", "read", "report", "cdc", "batch")
MONTHLY_READS = 500_000
RESERVED = 0.03
"""Share of the month's reads that the schedule leaves to first refreshes and to people who press Refresh."""
SLOWEST_OUTSIDE, SLOWEST_WORKING = 6, 12
"""How many times longer than planned the schedule may wait, outside working hours and within them."""


@dataclass(frozen=True)
class Planned:
    """The reads the schedule would make in the rest of the month at its full pace."""

    working: float = 0.0
    outside: float = 0.0
    checks: float = 0.0
    """The daily tie-out, and clients that are refreshed rarely already: not slowed."""


@dataclass(frozen=True)
class Budget:
    """Reads this month: made, allowed, and expected by its end at the pace now kept.

    `outside_factor` and `working_factor` are how many times longer the schedule waits than planned.
    """

    used: int
    limit: int
    forecast: int
    outside_factor: int = 1
    working_factor: int = 1

    @property
    def slowed(self) -> bool:
        """Return whether the schedule is slower than planned, to stay within the month's reads."""
        return self.outside_factor > 1 or self.working_factor > 1

    @property
    def spent(self) -> bool:
        """Return whether nothing is left: Intuit refuses more until the next month."""
        return self.used >= self.limit

    def words(self) -> str:
        """Return the state of the budget as a sentence for the advisor."""
        used = f"{self.used:,} of {self.limit:,} reads used this month, {self.forecast:,} expected by its end"
        if not self.slowed:
            return used
        waits = f"{self.outside_factor} times longer outside working hours"
        if self.working_factor > 1:
            waits += f" and {self.working_factor} times longer within them"
        return f"{used}; to stay within, clients are refreshed {waits}"


def budget(used: int, planned: Planned, limit: int = MONTHLY_READS) -> Budget:
    """Return the month's budget: the hours outside work are slowed first, working hours only if that is not enough."""
    left = limit * (1 - RESERVED) - used - planned.checks
    outside = _factor(planned.outside, left - planned.working, SLOWEST_OUTSIDE)
    working = _factor(planned.working, left - planned.outside / outside, SLOWEST_WORKING)
    expected = planned.working / working + planned.outside / outside + planned.checks
    return Budget(used, limit, used + round(expected), outside, working)


def _factor(planned: float, left: float, slowest: int) -> int:
    """Return the whole number of times longer to wait so that `planned` reads fit into what is left."""
    if planned <= max(left, 0.0):
        return 1
    return slowest if left <= 0 else min(slowest, math.ceil(planned / left))
