"""How the Receipts rule would have predicted invoices that have been paid since, and the p80 days learned from it.

Source: docs/definitions.md, p80 and Receipts.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.forecast.receipts import by_habit, doubtful
from rowcol.domain.payment_habits import (
    LEAST_PAID,
    TRAILING_DAYS,
    Whole,
    parents_billed,
    quantile,
    ranked,
)

HELD_OUT_DAYS = 90
LEAST_HELD_OUT = 10
SHARE = 0.8
_WIDE = 10**7
"""More than any day number: group x `_WIDE` + day orders by group, then by day."""
_BETWEEN = "\n"


def held_out(settled: pd.DataFrame, clients: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return the invoices paid off in the 90 days up to each client's as_of, both ends included, as predicted.

    Columns: business_id, written (TxnDate), due, closed (days), predicted (the day the Receipts rule expected as of
    `written`, from what was paid off in the 365 days before that day), late (days from predicted to closed). Left
    out: invoices without a date, and those that were doubtful on it already. `settled` as the store's read of that
    name, from 365 days before the oldest such invoice on; `clients`: business_id, as_of.
    """
    rows = settled[settled["entity"] == "Invoice"].merge(clients[["business_id", "as_of"]], on="business_id")
    rows = pd.DataFrame(
        {
            "business_id": rows["business_id"], "party_id": rows["party_id"], "as_of": rows["as_of"],
            "written": pd.to_datetime(rows["txn_date"]), "due": pd.to_datetime(rows["due_date"]),
            "closed": pd.to_datetime(rows["closed_on"]),
        }
    )  # fmt: skip
    rows = rows[rows["due"].notna() & (rows["closed"] <= rows["as_of"])].reset_index(drop=True)
    recent = (rows["as_of"] - rows["closed"]).dt.days <= HELD_OUT_DAYS
    wanted = rows[recent & rows["written"].notna()]
    habit = pd.Series(_habits(rows, wanted, parties), index=wanted.index)
    predicted, _ = by_habit(wanted["written"], wanted["due"], habit)
    wanted = wanted.assign(predicted=predicted, late=(wanted["closed"] - predicted).dt.days)
    kept = ~doubtful((wanted["written"] - wanted["due"]).dt.days, habit)
    return wanted.loc[kept, ["business_id", "written", "due", "closed", "predicted", "late"]]


def p80_days(held: pd.DataFrame, business_ids: pd.Series) -> pd.Series:
    """Return each client's q (Int64, index business_id): days from an invoice's expected day to its p80 day.

    The smallest whole number >= 0 such that at least 80 % of its `held_out` invoices were paid at most that many days
    after their predicted days; NA if fewer than 10 were held out.
    """
    counts = held.groupby("business_id").size().reindex(business_ids).fillna(0)
    days = quantile(held, ["business_id"], "late", SHARE).clip(lower=0)
    return days.reindex(business_ids).astype("Int64").where(counts >= LEAST_HELD_OUT)


def _habits(rows: pd.DataFrame, wanted: pd.DataFrame, parties: pd.DataFrame) -> Whole:
    """Return the habit of each wanted invoice's customer on the day it was written, as `customer_habits` has it."""
    closed, on = _day_numbers(rows["closed"]), _day_numbers(wanted["written"])
    late = closed - _day_numbers(rows["due"])

    def learned(of: pd.Series, who: pd.Series) -> npt.NDArray[np.float64]:
        groups, names = pd.factorize(of)
        return _medians_before(groups, closed, late, pd.Index(names).get_indexer(pd.Index(who)), on)

    customers = rows["business_id"] + _BETWEEN + rows["party_id"]
    parent = {_BETWEEN.join(key): f"{key[0]}{_BETWEEN}{up}" for key, up in parents_billed(parties).items()}
    who = customers[wanted.index]
    habit = learned(customers, who)
    for _ in parent:
        who = who.map(parent)
        if not (np.isnan(habit) & who.notna()).any():
            break
        habit = np.where(np.isnan(habit), learned(customers, who), habit)
    if np.isnan(habit).any():
        habit = np.where(np.isnan(habit), learned(rows["business_id"], wanted["business_id"]), habit)
    return np.nan_to_num(habit).astype(np.int64)


def _medians_before(
    groups: Whole, days: Whole, values: Whole, of: Whole, on: Whole
) -> npt.NDArray[np.float64]:
    """Return for each (group `of`, day `on`) the median of the group's values of the 365 days before that day.

    NaN if they are fewer than 3, or the group is -1. Of an even count the lower middle.
    """
    order = np.argsort(groups * _WIDE + days)
    at, values = (groups * _WIDE + days)[order], values[order]
    asked, place = np.unique(of * _WIDE + on, return_inverse=True)
    first, last = np.searchsorted(at, asked - TRAILING_DAYS), np.searchsorted(at, asked)
    sizes = last - first
    enough = np.flatnonzero((sizes >= LEAST_PAID) & (asked >= 0))
    first, sizes = first[enough], sizes[enough]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    numbers = np.repeat(np.arange(len(enough)), sizes)
    medians = np.full(len(asked), np.nan)
    medians[enough] = ranked(numbers, values[np.repeat(first, sizes) + within], len(enough))
    found: npt.NDArray[np.float64] = medians[place]
    return found


def _day_numbers(days: pd.Series) -> Whole:
    numbers: Whole = days.to_numpy().astype("datetime64[D]").astype(np.int64)
    return numbers
