"""Safe to pay this week: how far down the due bills one can go. Source: docs/definitions.md, Where a record goes.

Due bills in order of priority, then due date, taken while every later day of the forecast stays at or above the
reserve. A bill taken is paid on the first day of the forecast instead of where the forecast had placed it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Cents = npt.NDArray[np.int64]

DUE_GROUPS = ("overdue", "urgent")
"""Due already, or within seven days: what a week's payments are chosen from."""
RANK = {"must": 0, "normal": 1, "wait": 2}


@dataclass(frozen=True)
class SafeToPay:
    """`taken`: ids of the bills, in order; `sum_cents` what they come to; `offered` how many were looked at.

    `stopped_by`: id of the first bill that would take a later day below the reserve, None if all were taken.
    `lowest_cents`: the lowest closing with what was taken, first reached `lowest_day` days after the first day.
    """

    taken: tuple[str, ...]
    sum_cents: int
    offered: int
    stopped_by: str | None
    lowest_cents: int
    lowest_day: int


def safe_to_pay(
    bills: pd.DataFrame, closing_cents: Cents, reserve_cents: int, *, rest_waits: bool = False
) -> SafeToPay:
    """Return which due bills can be paid on the first day of a forecast.

    `bills`: qbo_id, group, priority, due_date, amount_cents (0 or more), placed_day (Int64: from which day of the
    forecast on the closings are without the bill's money, NA if they never are), free (False: held, disputed or
    planned already). `closing_cents`: the closing of each day, at least one. With `rest_waits` the due bills not
    taken are left unpaid, whereas the forecast would pay them all.
    """
    due = in_order(bills[bills["group"].isin(DUE_GROUPS) & bills["free"].astype(bool)])
    days = np.arange(len(closing_cents))
    amounts = due["amount_cents"].to_numpy(dtype="int64")
    placed = due["placed_day"].fillna(len(days)).to_numpy(dtype="int64")
    start = closing_cents.astype("int64")
    if rest_waits:
        start = start + np.where(days >= placed[:, None], amounts[:, None], 0).sum(axis=0)
        placed = np.full_like(placed, len(days))
    earlier = np.where(days < placed[:, None], amounts[:, None], 0).cumsum(axis=0)
    closings = start - np.vstack([np.zeros_like(days), earlier])
    holds = closings[1:].min(axis=1) >= reserve_cents if len(due) else np.array([], dtype=bool)
    count = len(due) if holds.all() else int(np.argmin(holds))
    lowest_day = int(np.argmin(closings[count]))
    ids = [str(qbo_id) for qbo_id in due["qbo_id"]]
    return SafeToPay(
        taken=tuple(ids[:count]),
        sum_cents=int(amounts[:count].sum()),
        offered=len(ids),
        stopped_by=None if count == len(ids) else ids[count],
        lowest_cents=int(closings[count][lowest_day]),
        lowest_day=lowest_day,
    )


def in_order(bills: pd.DataFrame) -> pd.DataFrame:
    """Return bills by priority, then due date (undated last), then id as a number."""
    number: Any = pd.to_numeric(bills["qbo_id"], errors="coerce")
    rows = bills.assign(
        rank=bills["priority"].map(RANK), number=number, due=pd.to_datetime(bills["due_date"])
    )
    order = rows.sort_values(["rank", "due", "number", "qbo_id"], na_position="last", ignore_index=True)
    return order.drop(columns=["rank", "number", "due"])
