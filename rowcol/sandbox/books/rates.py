"""Exchange rates of the demo books: plausible, smooth, and the same for a day wherever it is asked."""

from datetime import date
from decimal import Decimal
from math import sin

IN_DOLLARS = {"USD": 1.0, "CAD": 0.73, "EUR": 1.09, "GBP": 1.28}
SWING = 0.03  # how far a rate wanders from its middle
PERIOD_DAYS = 43.0


def rate_on(currency: str, home: str, day: date) -> Decimal | None:
    """Return home units per foreign unit on a day, four decimals; None for the home currency itself and unknown ones."""
    if currency == home or currency not in IN_DOLLARS:
        return None
    middle = IN_DOLLARS[currency] / IN_DOLLARS[home]
    wander = SWING * sin(day.toordinal() / PERIOD_DAYS + len(currency) + IN_DOLLARS[currency])
    return Decimal(f"{middle * (1 + wander):.4f}")
