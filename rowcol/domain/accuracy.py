"""How accurate forecasts were: expected dates, the first week of a forecast, and the forecast made at a call."""

import pandas as pd

from rowcol.domain.comparison.snapshot import Snapshot
from rowcol.domain.forecast.held_out import held_out, p80_days
from rowcol.domain.forecast.result import FLOWS, WEEK, Forecast

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
    """Return how each client's held-out invoices were predicted (index business_id), see `held_out`.

    Columns: invoices (held out), error_days and due_date_error_days (mean absolute error of the predicted day, and of
    the due date, not before TxnDate), p80_days (Int64), on_time_share (of the invoices, paid no later than their p80
    day; NaN without a band). Without an invoice: 0 and NaN. `settled`, `clients` and `parties` as `held_out` takes them.
    """
    rows = held_out(settled, clients, parties)
    late_by = p80_days(rows, clients["business_id"])
    scored = pd.DataFrame(
        {
            "business_id": rows["business_id"],
            "error_days": rows["late"].abs(),
            "due_date_error_days": rows["due_date_late"].abs(),
            "on_time_share": (rows["late"] <= rows["business_id"].map(late_by)).astype("Float64"),
        }
    ).groupby("business_id")
    means = scored.mean().reindex(clients["business_id"]).astype("float64")
    means.insert(0, "invoices", scored.size().reindex(clients["business_id"]).fillna(0).astype("int64"))
    return means.assign(p80_days=late_by)


def week_accuracy(
    then: Forecast, movements_then: pd.DataFrame, movements_now: pd.DataFrame, closing_cents: int
) -> pd.DataFrame:
    """Return one client's first forecast week against what happened: line, forecast_cents, actual_cents, difference_cents.

    Amounts are signed, in is positive. `movements_then`: movements of the accounts that count as cash up to the day the
    forecast was made, as known then; `movements_now`: those up to the last day of its first week, as known now, from the
    same first day on; so what was entered late is in what happened. `closing_cents`: cash at the end of that
    week as known now. `other` is what moved cash and is none of these: bank activity QuickBooks does not list. The
    lines add up from opening to closing on both sides.
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
    kinds = {OTHER: ["operating_cents", "set_aside_cents"], FINANCING: ["financing_cents", "investing_cents"]}
    if line in kinds:
        return int(movements[kinds[line]].to_numpy().sum())
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
