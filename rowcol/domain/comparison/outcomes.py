"""What became of what was said at a call: promises kept or broken, and the forecast against what happened."""

import numpy as np
import pandas as pd

from rowcol.domain.comparison.snapshot import Snapshot

KEPT, LATE, IN_PART, BROKEN, TO_COME, GONE = (
    "kept", "paid late", "paid in part", "broken", "to come", "closed without a payment",
)  # fmt: skip
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
WITHIN = 0.1
"""A forecast came true where cash is off by at most this part of what was forecast."""
SCORE_COLUMNS = {
    "business_id": "object", "since": "datetime64[us]", "through": "datetime64[us]", "expected_cents": "int64",
    "happened_cents": "int64", "off_cents": "int64", "came_true": "bool",
}  # fmt: skip


def promise_outcomes(
    promises: pd.DataFrame,
    paid: pd.DataFrame,
    documents: pd.DataFrame,
    since: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return what became of each promise of one client (`PROMISE_OUTCOMES`), the earliest promised first.

    `promises`: qbo_id, promised_on, as known at the call. `paid`: qbo_id, paid_on, amount_cents (home): payments up to
    `as_of` count. `documents`: qbo_id, doc_number, party, open_cents (what is open now, after netting; 0 where nothing
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


def scored(first: Snapshot, second: Snapshot) -> pd.DataFrame:
    """Return the forecast of the first moment for the second's day against the cash there is (`SCORE_COLUMNS`).

    One row a client whose forecast reaches that day (91 days) and that stands in both, days apart. off = happened -
    expected; it came true where off is within a tenth of what was expected.
    """
    days = pd.DataFrame(
        {
            "since": first.figures["as_of"],
            "through": second.figures["as_of"],
            "happened_cents": second.figures["cash_cents"],
        }
    ).dropna()
    rows = days.rename_axis("business_id").reset_index()
    ahead = first.ahead.rename(columns={"day": "through", "closing_cents": "expected_cents"})
    rows = rows[rows["through"] > rows["since"]].merge(ahead, on=["business_id", "through"])
    rows["off_cents"] = rows["happened_cents"] - rows["expected_cents"]
    rows["came_true"] = rows["off_cents"].abs() <= rows["expected_cents"].abs() * WITHIN
    return rows[list(SCORE_COLUMNS)].astype(SCORE_COLUMNS)
