"""What a forecast reads beyond the books."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import pandas as pd

from rowcol.domain.payment_habits import TRAILING_DAYS
from rowcol.domain.window import WINDOW_DAYS

BANK_DAYS = 181
"""So far back what may recur is read: the trailing 180 days and the as-of date."""


@dataclass(frozen=True)
class Paid:
    """The store's named reads: `settled_documents`, `daily_charges`, `waiting_receipts`."""

    settled: pd.DataFrame
    charges: pd.DataFrame
    waiting: pd.DataFrame


class PaidReads(Protocol):
    """The named reads over one scope, as the store gives them."""

    def settled_documents(self, since: date) -> pd.DataFrame: ...
    def daily_charges(self, since: date) -> pd.DataFrame: ...
    def waiting_receipts(self) -> pd.DataFrame: ...


def read_paid(reads: PaidReads, clients: pd.DataFrame, waiting: pd.DataFrame | None = None) -> Paid:
    """Return what the forecast of `clients` (with as_of) needs; `waiting` where that was read already."""
    days = clients["as_of"] if len(clients) else pd.Series([pd.Timestamp(0)])
    oldest = days.min().date()
    return Paid(
        settled=reads.settled_documents(oldest - timedelta(days=TRAILING_DAYS)),
        charges=reads.daily_charges(oldest - timedelta(days=WINDOW_DAYS)),
        waiting=reads.waiting_receipts() if waiting is None else waiting,
    )
