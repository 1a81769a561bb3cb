"""How good the expected dates are: held against what customers did, and against simply believing the due date."""

import pandas as pd

from rowcol.domain.forecast.receipts import by_habit
from rowcol.domain.payment_habits import behaviour, habits

HELD_OUT_DAYS = 90
"""So much further back than the forecast's the settled documents must reach."""


def back_test(settled: pd.DataFrame, clients: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return how each client's invoices paid off in the last 90 days were foretold (index business_id).

    Columns: invoices (paid off in (t-90, t]), error_days and due_date_error_days (mean absolute error), on_time_share (of
    the invoices, paid no later than their `late_on`: four out of five are meant to). Each is foretold on day t-90, or on
    its TxnDate where that is later, from what was paid off by t-90. Without an invoice: 0 and NaN.
    `settled` as the store's read of that name, from t-455 on; `clients`: business_id, as_of.
    """
    then = clients[["business_id", "as_of"]].assign(as_of=clients["as_of"] - pd.Timedelta(days=HELD_OUT_DAYS))
    learned = behaviour(settled, then)
    rows = settled[settled["entity"] == "Invoice"].merge(then, on="business_id")
    closed = pd.to_datetime(rows["closed_on"])
    rows = rows.assign(closed=closed, due=pd.to_datetime(rows["due_date"]))
    held = (closed > rows["as_of"]) & (closed <= rows["as_of"] + pd.Timedelta(days=HELD_OUT_DAYS))
    rows = rows[held & rows["due"].notna()].reset_index(drop=True)
    written = pd.to_datetime(rows["txn_date"])
    made_on = rows["as_of"].where(~(written > rows["as_of"]), written)
    found = habits(learned, parties, rows[["business_id", "party_id"]])
    expected, _ = by_habit(made_on, rows["due"], found["habit"])
    late = expected + pd.to_timedelta(found["spread_days"].clip(lower=0), unit="D")
    believed = rows["due"].where(rows["due"] > made_on, made_on)
    scored = pd.DataFrame(
        {
            "business_id": rows["business_id"],
            "error_days": (rows["closed"] - expected).dt.days.abs(),
            "due_date_error_days": (rows["closed"] - believed).dt.days.abs(),
            "on_time_share": (rows["closed"] <= late).astype("float64"),
        }
    ).groupby("business_id")
    means = scored.mean().reindex(clients["business_id"])
    means.insert(0, "invoices", scored.size().reindex(clients["business_id"]).fillna(0).astype("int64"))
    return means
