"""How the Receipts rule would have predicted invoices that have been paid since, and the p80 days learned from it.

Source: docs/definitions.md, p80 and Receipts.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.forecast.receipts import by_habit, doubtful
from rowcol.domain.payment_habits import (
    LEAST_PAID,
    ONE_DAY,
    TRAILING_DAYS,
    Dates,
    Whole,
    as_days,
    client_days,
    parents_billed,
    quantile,
    ranked,
)

HELD_OUT_DAYS = 90
LEAST_HELD_OUT = 10
SHARE = 0.8
_WIDE = 10**7
"""More than any day number: group x `_WIDE` + day orders by group, then by day."""


def held_out(settled: pd.DataFrame, clients: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return the invoices paid off in the 90 days up to each client's as_of, both ends included, as predicted.

    Columns (index as `settled`): business_id, late, from the predicted day to the one it was paid off, due_date_late, from
    the due date, or TxnDate if that is later. Each is predicted by the Receipts rule as of its TxnDate, from what was
    paid off in the 365 days before that day. Left out: invoices without a date, and those doubtful on it already.
    `settled` as `with_settled_on` returns it; `clients`: business_id, as_of.
    """
    client, as_of = client_days(settled, clients)
    known = (settled["entity"] == "Invoice").to_numpy() & (as_days(settled["settled_on"]) <= as_of)
    known &= settled["due_date"].notna().to_numpy()
    paid, client, today = settled[known], client[known], as_of[known]
    written, due, closed = (as_days(paid[name]) for name in ("txn_date", "due_date", "closed_on"))
    wanted = np.flatnonzero((today - closed <= HELD_OUT_DAYS * ONE_DAY) & ~np.isnat(written))
    habit = _habits((client, paid["party_id"]), (closed, due), wanted, written[wanted], clients, parties)
    written, due, closed = written[wanted], due[wanted], closed[wanted]
    predicted, _ = by_habit(written, due, habit)
    believed = np.maximum(due, written)
    rows = pd.DataFrame(
        {
            "business_id": paid["business_id"].iloc[wanted],
            "late": (closed - predicted).astype(np.int64),
            "due_date_late": (closed - believed).astype(np.int64),
        }
    )
    return rows[~doubtful((written - due).astype(np.int64), habit)]


def p80_days(held: pd.DataFrame, business_ids: pd.Series) -> pd.Series:
    """Return each client's q (Int64, index business_id): days from an invoice's expected day to its p80 day.

    The smallest whole number >= 0 such that at least 80 % of its `held_out` invoices were paid at most that many days
    after their predicted days; NA if fewer than 10 were held out.
    """
    counts = held.groupby("business_id").size().reindex(business_ids).fillna(0)
    days = quantile(held, ["business_id"], "late", SHARE).clip(lower=0)
    return days.reindex(business_ids).astype("Int64").where(counts >= LEAST_HELD_OUT)


def _habits(
    whose: tuple[Whole, pd.Series],
    closed_due: tuple[Dates, Dates],
    wanted: Whole,
    written: Dates,
    clients: pd.DataFrame,
    parties: pd.DataFrame,
) -> Whole:
    """Return the habit of the customers of the invoices at `wanted` on the days they were written, see `customer_habits`.

    `whose`: the place of each paid invoice's client among the clients, and its party_id.
    """
    client, party_ids = whose
    closed, due = closed_due
    late, closed_on, on = ((closed - due).astype(np.int64), closed.astype(np.int64), written.astype(np.int64))

    def learned(habit: npt.NDArray[np.float64], of: Whole, who: Whole) -> npt.NDArray[np.float64]:
        """Return habits with those that are not known yet filled in: the medians of each `who` among `of`."""
        unknown = np.flatnonzero(np.isnan(habit) & (who >= 0))
        filled = habit.copy()
        filled[unknown] = _medians_before(of, closed_on, late, who[unknown], on[unknown])
        return filled

    customers, parent = _numbered(client, party_ids, clients, parties)
    who = customers[wanted]
    habit = learned(np.full(len(wanted), np.nan), customers, who)
    for _ in parent:
        who = np.array([parent.get(customer, -1) for customer in who.tolist()], dtype=np.int64)
        if not (np.isnan(habit) & (who >= 0)).any():
            break
        habit = learned(habit, customers, who)
    if np.isnan(habit).any():
        habit = learned(habit, client, client[wanted])
    return np.nan_to_num(habit).astype(np.int64)


def _numbered(
    client: Whole, party_ids: pd.Series, clients: pd.DataFrame, parties: pd.DataFrame
) -> tuple[Whole, dict[int, int]]:
    """Return a number for each row's customer, -1 if none is named, and customer -> the parent it is billed with."""
    billed = parents_billed(parties)
    names = pd.Index([*party_ids.dropna().unique(), *billed.values()]).unique()

    def numbers(place: Whole, ids: Any) -> Whole:
        name = names.get_indexer(pd.Index(ids))
        return np.where((place >= 0) & (name >= 0), place * len(names) + name, -1)

    at = pd.Index(clients["business_id"]).get_indexer([business_id for business_id, _ in billed])
    children, parents = (
        numbers(at, ids) for ids in ([party_id for _, party_id in billed], [*billed.values()])
    )
    known = children >= 0
    return numbers(client, party_ids), dict(
        zip(children[known].tolist(), parents[known].tolist(), strict=True)
    )


def _medians_before(
    groups: Whole, days: Whole, values: Whole, of: Whole, on: Whole
) -> npt.NDArray[np.float64]:
    """Return for each (group `of`, day `on`) the median of the group's values of the 365 days before that day.

    NaN if they are fewer than 3, or the group is -1. Of an even count the lower middle.
    """
    order = np.argsort(groups * _WIDE + days)
    at, values = (groups * _WIDE + days)[order], values[order]
    wanted, place = np.unique(of * _WIDE + on, return_inverse=True)
    first, last = np.searchsorted(at, wanted - TRAILING_DAYS), np.searchsorted(at, wanted)
    sizes = last - first
    enough = np.flatnonzero((sizes >= LEAST_PAID) & (wanted >= 0))
    first, sizes = first[enough], sizes[enough]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    numbers = np.repeat(np.arange(len(enough)), sizes)
    medians = np.full(len(wanted), np.nan)
    medians[enough] = ranked(numbers, values[np.repeat(first, sizes) + within], len(enough))
    of_each: npt.NDArray[np.float64] = medians[place]
    return of_each
