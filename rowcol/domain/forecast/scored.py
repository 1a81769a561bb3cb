"""Last week's forecast held against what happened in that week."""

import pandas as pd

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


def scored(
    then: Forecast, moved_then: pd.DataFrame, moved_now: pd.DataFrame, closing_cents: int
) -> pd.DataFrame:
    """Return one client's first forecast week against what happened: line, forecast_cents, actual_cents, difference_cents.

    Amounts are signed, in is positive. `moved_then`: movements of the accounts that count as cash up to the day the
    forecast was made, as known then; `moved_now`: those up to the last day of its first week, as known now, from the
    same first day on; so what was entered late is in what happened. `closing_cents`: cash at the end of that
    week as known now. `other` is what moved cash and is none of these: money from or to accounts left out of cash, and
    bank activity QuickBooks does not list. The lines add up from opening to closing on both sides.
    """
    week = then.days.head(WEEK)
    opening = int(then.outcome["opening_cents"].iloc[0])
    foretold = {
        line: int(sum(FLOWS[name] * week[name].sum() for name in names)) for line, names in _FLOWS_OF.items()
    }
    happened = {
        line: _moved(moved_now, line) - _moved(moved_then, line)
        for line in (RECEIVED, PAID, OTHER, FINANCING)
    }
    rest = closing_cents - opening - sum(happened.values())
    lines = [RECEIVED, PAID, OTHER, FINANCING]
    rows = [
        (OPENING, opening, opening),
        *((line, foretold[line], happened[line]) for line in lines),
        (UNLISTED, 0, rest),
        (CLOSING, int(week["closing_cents"].iloc[-1]), closing_cents),
    ]
    frame = pd.DataFrame(rows, columns=["line", "forecast_cents", "actual_cents"])
    return frame.assign(difference_cents=frame["actual_cents"] - frame["forecast_cents"])


def _moved(moved: pd.DataFrame, line: str) -> int:
    if line == OTHER:
        return int(moved["operating_cents"].sum())
    if line == FINANCING:
        return int(moved["financing_cents"].sum())
    settled = moved["settlement_cents"]
    return int(settled.clip(lower=0).sum() if line == RECEIVED else settled.clip(upper=0).sum())
