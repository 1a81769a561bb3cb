"""Planned against really paid: what became of each bill the advisor planned."""

import numpy as np
import pandas as pd

TO_COME, PAID, IN_PART, LATE, NOT_PAID, GONE, UNPLANNED = (
    "to come", "paid", "paid in part", "paid late", "not paid", "closed without a payment", "paid without a plan",
)  # fmt: skip
OUTCOME_COLUMNS = [
    "qbo_id", "doc_number", "party", "planned_on", "pay_on", "planned_cents", "paid_on", "paid_cents",
    "difference_cents", "outcome", "by",
]  # fmt: skip


def outcomes(
    planned: pd.DataFrame, paid: pd.DataFrame, documents: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return what became of each plan (`OUTCOME_COLUMNS`), the latest pay day first, then bills paid without one.

    `planned`: qbo_id, pay_on, amount_cents (Int64, NA: all that was open), open_cents (when planned), planned_on, by.
    `paid`: qbo_id, paid_on, amount_cents (home): payments on bills, of which those from the planning day to `as_of`
    count. `documents`: qbo_id, doc_number, party, open_cents (what is open now, after netting; 0 where nothing is).
    difference = paid - planned. Paid without a plan: payments since the first planning day of the plans given.
    """
    rows = _with_payments(planned, _up_to(paid, as_of))
    rows["planned_cents"] = rows["amount_cents"].fillna(rows["open_cents"]).astype("int64")
    found = pd.concat([rows, _without_plan(planned, _up_to(paid, as_of))], ignore_index=True)
    found = found.merge(documents, on="qbo_id", how="left", suffixes=("", "_now"))
    found["open_now"] = found["open_cents_now"].fillna(0).astype("int64")
    found["difference_cents"] = found["paid_cents"] - found["planned_cents"]
    found["outcome"] = _outcome(found, as_of)
    order = found.sort_values(["pay_on", "qbo_id"], ascending=[False, True], na_position="last")
    return order[OUTCOME_COLUMNS].reset_index(drop=True)


def _up_to(paid: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    days = pd.to_datetime(paid["paid_on"])
    return paid.assign(paid_on=days).loc[days <= as_of]


def _with_payments(planned: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """Add paid_cents and paid_on (the last day) of the payments dated on or after each plan's planning day."""
    both = planned[["qbo_id", "planned_on"]].merge(paid, on="qbo_id")
    since = both[both["paid_on"] >= both["planned_on"]].groupby("qbo_id")
    sums = since.agg(paid_cents=("amount_cents", "sum"), paid_on=("paid_on", "max"))
    rows = planned.merge(sums, left_on="qbo_id", right_index=True, how="left")
    return rows.assign(paid_cents=rows["paid_cents"].fillna(0).astype("int64"))


def _without_plan(planned: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    first = planned["planned_on"].min()
    rows = paid[~paid["qbo_id"].isin(planned["qbo_id"]) & (paid["paid_on"] >= first)]
    sums = rows.groupby("qbo_id").agg(paid_cents=("amount_cents", "sum"), paid_on=("paid_on", "max"))
    found: pd.DataFrame = sums.reset_index().assign(planned_cents=0, by="")
    return found


def _outcome(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    some, whole = rows["paid_cents"] > 0, rows["paid_cents"] >= rows["planned_cents"]
    return pd.Series(
        np.select(
            [
                rows["pay_on"].isna(),
                some & whole & (rows["paid_on"] <= rows["pay_on"]),
                some & whole,
                some,
                rows["open_now"] == 0,
                rows["pay_on"] >= as_of,
            ],
            [UNPLANNED, PAID, LATE, IN_PART, GONE, TO_COME],
            NOT_PAID,
        ),
        index=rows.index,
    )
