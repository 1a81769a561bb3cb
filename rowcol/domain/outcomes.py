"""What became of plans and promises: planned against paid bills, and promises kept or broken."""

import numpy as np
import pandas as pd

TO_COME, PAID, IN_PART, LATE, NOT_PAID, GONE, UNPLANNED = (
    "to come", "paid", "paid in part", "paid late", "not paid", "closed without a payment", "paid without a plan",
)  # fmt: skip
PLAN_OUTCOMES = [
    "qbo_id", "doc_number", "party", "planned_on", "pay_on", "planned_cents", "paid_on", "paid_cents",
    "difference_cents", "outcome", "by",
]  # fmt: skip
KEPT, BROKEN = "kept", "broken"
PROMISE_OUTCOMES = [
    "qbo_id",
    "doc_number",
    "party",
    "promised_on",
    "open_cents",
    "paid_cents",
    "paid_on",
    "outcome",
]


def plan_outcomes(
    planned: pd.DataFrame, paid: pd.DataFrame, documents: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return what became of each plan (`PLAN_OUTCOMES`), the latest pay day first, then bills paid without one.

    `planned`: qbo_id, pay_on, amount_cents (Int64, NA: all that was open), open_cents (when planned), planned_on, by.
    `paid`: qbo_id, paid_on, amount_cents (home): payments on bills, of which those from the planning day to `as_of`
    count. `documents`: qbo_id, doc_number, party, open_cents (what is open now, after netting; 0 if nothing is).
    difference = paid - planned. Paid without a plan: payments since the first planning day of the plans given.
    """
    rows = _with_payments(planned, _up_to(paid, as_of))
    rows["planned_cents"] = rows["amount_cents"].fillna(rows["open_cents"]).astype("int64")
    outcomes = pd.concat([rows, _without_plan(planned, _up_to(paid, as_of))], ignore_index=True)
    outcomes = outcomes.merge(documents, on="qbo_id", how="left", suffixes=("", "_now"))
    outcomes["open_now"] = outcomes["open_cents_now"].fillna(0).astype("int64")
    outcomes["difference_cents"] = outcomes["paid_cents"] - outcomes["planned_cents"]
    outcomes["outcome"] = _outcome(outcomes, as_of)
    order = outcomes.sort_values(["pay_on", "qbo_id"], ascending=[False, True], na_position="last")
    return order[PLAN_OUTCOMES].reset_index(drop=True)


def _up_to(paid: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    days = pd.to_datetime(paid["paid_on"])
    return paid.assign(paid_on=days).loc[days <= as_of]


def _with_payments(planned: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """Add paid_cents and paid_on (the last day) of the payments dated on or after each plan's planning day."""
    payments = planned[["qbo_id", "planned_on"]].merge(paid, on="qbo_id")
    since = payments[payments["paid_on"] >= payments["planned_on"]].groupby("qbo_id")
    sums = since.agg(paid_cents=("amount_cents", "sum"), paid_on=("paid_on", "max"))
    rows = planned.merge(sums, left_on="qbo_id", right_index=True, how="left")
    return rows.assign(paid_cents=rows["paid_cents"].fillna(0).astype("int64"))


def _without_plan(planned: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    first = planned["planned_on"].min()
    rows = paid[~paid["qbo_id"].isin(planned["qbo_id"]) & (paid["paid_on"] >= first)]
    sums = rows.groupby("qbo_id").agg(paid_cents=("amount_cents", "sum"), paid_on=("paid_on", "max"))
    unplanned: pd.DataFrame = sums.reset_index().assign(planned_cents=0, by="")
    return unplanned


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


def promise_outcomes(
    promises: pd.DataFrame,
    paid: pd.DataFrame,
    documents: pd.DataFrame,
    since: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return what became of each promise of one client (`PROMISE_OUTCOMES`), the earliest promised first.

    `promises`: qbo_id, promised_on, as known at the call. `paid`: qbo_id, paid_on, amount_cents (home): payments up to
    `as_of` count. `documents`: qbo_id, doc_number, party, open_cents (what is open now, after netting; 0 if nothing
    is). paid_cents: dated on `since` or later; paid_on: the last payment of all. Kept: nothing is open and the last
    payment came by the promised day. What is promised for `as_of` or later is to come.
    """
    counted = paid.assign(paid_on=pd.to_datetime(paid["paid_on"]))
    counted = counted[counted["paid_on"] <= as_of]
    counted["late_cents"] = counted["amount_cents"].where(counted["paid_on"] >= since, 0)
    sums = counted.groupby("qbo_id").agg(paid_cents=("late_cents", "sum"), paid_on=("paid_on", "max"))
    rows = promises[["qbo_id", "promised_on"]].merge(documents, on="qbo_id", how="left")
    rows = rows.merge(sums.reset_index(), on="qbo_id", how="left")
    for name in ("open_cents", "paid_cents"):
        rows[name] = rows[name].fillna(0).astype("int64")
    closed, came = rows["open_cents"] == 0, rows["paid_on"].notna()
    rows["outcome"] = np.select(
        [
            closed & came & (rows["paid_on"] <= rows["promised_on"]),
            closed & came,
            closed,
            rows["promised_on"] >= as_of,
            rows["paid_cents"] > 0,
        ],
        [KEPT, LATE, GONE, TO_COME, IN_PART],
        BROKEN,
    )
    return rows.sort_values(["promised_on", "qbo_id"], ignore_index=True)[PROMISE_OUTCOMES]
