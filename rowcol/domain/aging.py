"""Aging of A/P and A/R: open items by days past due, in QuickBooks' own buckets."""

import numpy as np
import pandas as pd

from rowcol.domain.books import NO_NAME, Books
from rowcol.domain.open_items import open_items

BUCKETS = {
    "current_cents": "Current",
    "d1_30_cents": "1-30",
    "d31_60_cents": "31-60",
    "d61_90_cents": "61-90",
    "d91_over_cents": "91 and over",
}
"""Column -> the label QuickBooks prints."""
UNDATED = "undated_cents"
AMOUNTS = [*BUCKETS, UNDATED, "total_cents"]
OVERDUE = list(BUCKETS)[1:]
_EDGES = [0, 30, 60, 90]
"""The last day of each bucket but the last."""


def aged(books: Books) -> pd.DataFrame:
    """Return the open items with `days_past_due` (Int64, NA undated) and `bucket` (a column of `AMOUNTS`).

    days_past_due = as-of date less effective due date; `Current` is 0 and below.
    """
    return in_buckets(books, open_items(books))


def in_buckets(books: Books, items: pd.DataFrame) -> pd.DataFrame:
    """Return items (see `open_items`) aged: see `aged`."""
    items = books.dated(items)
    days = (items["as_of"] - pd.to_datetime(items["due_date"])).dt.days.astype("Int64")
    place = np.searchsorted(_EDGES, days.to_numpy(dtype="float64", na_value=np.nan))
    bucket = pd.Series(np.array(list(BUCKETS), dtype=object)[place], index=items.index).astype("str")
    return items.assign(days_past_due=days, bucket=bucket.where(days.notna(), UNDATED)).drop(columns="as_of")


def by_party(items: pd.DataFrame, parties: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return one row a party of one side: business_id, party_kind, party_id (None: no name), party, then `AMOUNTS`.

    Buckets and undated add up to the total. Parties whose every bucket is zero are left out; the largest
    total comes first within a client.
    """
    side_items = items[items["side"] == side]
    side_items = side_items.assign(party_id=side_items["party_id"].fillna(""))
    keys = ["business_id", "party_kind", "party_id"]
    sums = side_items.groupby([*keys, "bucket"])["amount_cents"].sum().unstack(fill_value=0)
    rows = sums.reindex(columns=[*BUCKETS, UNDATED], fill_value=0).astype("int64").reset_index()
    rows = rows[(rows[[*BUCKETS, UNDATED]] != 0).any(axis=1)]
    rows["total_cents"] = rows[[*BUCKETS, UNDATED]].sum(axis=1)
    rows = _named(rows, side_items, parties)
    rows = rows.sort_values(
        ["business_id", "total_cents", "party", "party_id"], ascending=[True, False, True, True]
    )
    rows["party_id"] = rows["party_id"].astype("object").where(rows["party_id"] != "", None)
    return rows[[*keys, "party", *AMOUNTS]].reset_index(drop=True)


def _named(rows: pd.DataFrame, items: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Add `party`: the name in the client's list, else the name its documents carry, else its id."""
    keys = ["business_id", "party_kind", "party_id"]
    carried = items[items["party_name"].notna()].drop_duplicates(keys)[[*keys, "party_name"]]
    merged = rows.merge(parties[[*keys, "name"]], on=keys, how="left").merge(carried, on=keys, how="left")
    merged["party"] = merged["name"].fillna(merged["party_name"]).fillna(merged["party_id"])
    merged["party"] = merged["party"].where(merged["party_id"] != "", NO_NAME)
    return merged


def totals(items: pd.DataFrame) -> pd.DataFrame:
    """Return per client ar_cents, ar_overdue_cents, ap_cents, ap_overdue_cents, credits included; indexed by business_id.

    Overdue is the four past-due buckets summed.
    """
    overdue = items["amount_cents"].where(items["bucket"].isin(OVERDUE), 0)
    sums = (
        items.assign(overdue_cents=overdue)
        .groupby(["business_id", "side"])[["amount_cents", "overdue_cents"]]
        .sum()
    )
    wide = sums.unstack("side", fill_value=0)
    columns = {
        f"{side}{part}_cents": wide.get((name, side), 0)
        for side in ("ar", "ap")
        for part, name in (("", "amount_cents"), ("_overdue", "overdue_cents"))
    }
    return pd.DataFrame(columns, index=wide.index).astype("int64")
