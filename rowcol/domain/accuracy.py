"""How accurate forecasts were: expected dates, the first week of a forecast, and the forecast made at a call."""

import pandas as pd

from rowcol.domain.comparison.snapshot import Snapshot
from rowcol.domain.forecast.receipts import by_habit
from rowcol.domain.forecast.result import FLOWS, WEEK, Forecast
from rowcol.domain.payment_habits import customer_habits, payment_habits

HELD_OUT_DAYS = 90
"""How many days further back the settled documents must reach than those of the forecast."""
OPENING, RECEIVED, PAID, OTHER, FINANCING, UNLISTED, CLOSING = (
    "opening cash", "receipts", "payments", "recurring and everyday", "debt service and draws", "other", "closing cash",
)  # fmt: skip
_FLOWS_OF = {
    RECEIVED: ("receipts_cents",), PAID: ("payments_cents",), FINANCING: ("debt_service_cents",),
    OTHER: (
        "baseline_in_cents", "baseline_out_cents", "recurring_out_cents", "new_business_in_cents", "new_business_out_cents",
    ),
}  # fmt: skip
WITHIN = 0.1
"""A forecast came true if cash is off by at most this part of what was forecast."""
SCORE_COLUMNS = {
    "business_id": "object", "since": "datetime64[us]", "through": "datetime64[us]", "expected_cents": "int64",
    "happened_cents": "int64", "off_cents": "int64", "came_true": "bool",
}  # fmt: skip


def habit_accuracy(settled: pd.DataFrame, clients: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return how each client's invoices paid off in the last 90 days were predicted (index business_id).

    Columns: invoices (paid off in (t-90, t]), error_days and due_date_error_days (mean absolute error), on_time_share (of
    the invoices, paid no later than their `late_on`: four out of five are meant to). Each is predicted on day t-90, or on
    its TxnDate if that is later, from what was paid off by t-90. Without an invoice: 0 and NaN.
    `settled` as the store's read of that name, from t-455 on; `clients`: business_id, as_of.
    """
    then = clients[["business_id", "as_of"]].assign(as_of=clients["as_of"] - pd.Timedelta(days=HELD_OUT_DAYS))
    known_then = payment_habits(settled, then)
    rows = settled[settled["entity"] == "Invoice"].merge(then, on="business_id")
    closed = pd.to_datetime(rows["closed_on"])
    rows = rows.assign(closed=closed, due=pd.to_datetime(rows["due_date"]))
    recent = (closed > rows["as_of"]) & (closed <= rows["as_of"] + pd.Timedelta(days=HELD_OUT_DAYS))
    rows = rows[recent & rows["due"].notna()].reset_index(drop=True)
    written = pd.to_datetime(rows["txn_date"])
    made_on = rows["as_of"].where(~(written > rows["as_of"]), written)
    habits = customer_habits(known_then, parties, rows[["business_id", "party_id"]])
    expected, _ = by_habit(made_on, rows["due"], habits["habit"])
    late = expected + pd.to_timedelta(habits["spread_days"].clip(lower=0), unit="D")
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


def week_accuracy(
    then: Forecast, movements_then: pd.DataFrame, movements_now: pd.DataFrame, closing_cents: int
) -> pd.DataFrame:
    """Return one client's first forecast week against what happened: line, forecast_cents, actual_cents, difference_cents.

    Amounts are signed, in is positive. `movements_then`: movements of the accounts that count as cash up to the day the
    forecast was made, as known then; `movements_now`: those up to the last day of its first week, as known now, from the
    same first day on; so what was entered late is in what happened. `closing_cents`: cash at the end of that
    week as known now. `other` is what moved cash and is none of these: money from or to accounts left out of cash, and
    bank activity QuickBooks does not list. The lines add up from opening to closing on both sides.
    """
    week = then.days.head(WEEK)
    opening = int(then.outcome["opening_cents"].iloc[0])
    predicted = {
        line: int(sum(FLOWS[name] * week[name].sum() for name in names)) for line, names in _FLOWS_OF.items()
    }
    happened = {
        line: _sum_of(movements_now, line) - _sum_of(movements_then, line)
        for line in (RECEIVED, PAID, OTHER, FINANCING)
    }
    rest = closing_cents - opening - sum(happened.values())
    lines = [RECEIVED, PAID, OTHER, FINANCING]
    rows = [
        (OPENING, opening, opening),
        *((line, predicted[line], happened[line]) for line in lines),
        (UNLISTED, 0, rest),
        (CLOSING, int(week["closing_cents"].iloc[-1]), closing_cents),
    ]
    frame = pd.DataFrame(rows, columns=["line", "forecast_cents", "actual_cents"])
    return frame.assign(difference_cents=frame["actual_cents"] - frame["forecast_cents"])


def _sum_of(movements: pd.DataFrame, line: str) -> int:
    if line == OTHER:
        return int(movements["operating_cents"].sum())
    if line == FINANCING:
        return int(movements["financing_cents"].sum())
    settled = movements["settlement_cents"]
    return int(settled.clip(lower=0).sum() if line == RECEIVED else settled.clip(upper=0).sum())


def call_accuracy(first: Snapshot, second: Snapshot) -> pd.DataFrame:
    """Return the forecast of the first moment for the second's day against the cash there is (`SCORE_COLUMNS`).

    One row a client whose forecast reaches that day (91 days) and that both snapshots have, days apart. off = happened -
    expected; it came true if off is within a tenth of what was expected.
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
