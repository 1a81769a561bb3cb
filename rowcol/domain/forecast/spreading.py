"""Sums over days, in whole cents."""

import numpy as np
import numpy.typing as npt

from rowcol.domain.forecast.result import DAYS

Cents = npt.NDArray[np.int64]


def spread(totals: Cents, over_days: Cents, lags: Cents) -> Cents:
    """Return each client's daily share of a total of so many days, from day `lag` of the forecast on: clients x 91.

    Cumulative rounding, half up: after k days the shares add up to total x k / days to the cent. Totals may be
    negative; lags are 0 or more.
    """
    counted = np.clip(np.arange(1, DAYS + 1) - lags[:, None], 0, None)
    size, days = np.abs(totals)[:, None], over_days[:, None]
    upto = np.sign(totals)[:, None] * ((2 * size * counted + days) // (2 * days))
    daily: Cents = np.diff(upto, axis=1, prepend=0)
    return daily


def by_day(clients: Cents, days: Cents, amounts: Cents, count: int) -> Cents:
    """Return amounts summed by client (its position) and day of the forecast (0 .. 90): `count` x 91."""
    sums = np.zeros((count, DAYS), dtype=np.int64)
    np.add.at(sums, (clients, days), amounts)
    return sums
