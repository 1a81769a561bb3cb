"""What comes and goes every day: the baseline and new business, as sums over the window.

Source: docs/definitions.md, 13-week forecast (baseline, new business).
"""

import pandas as pd

from rowcol.domain.forecast.recurring import in_series
from rowcol.domain.payment_habits import PaymentHabits

AVERAGES = [
    "days", "baseline_in_cents", "baseline_out_cents", "unlisted_out_cents", "payroll_out_cents", "tax_out_cents",
    "sales_cents", "bought_cents", "receive_after", "pay_after",
]  # fmt: skip


def averages(
    everyday: pd.DataFrame, figures: pd.DataFrame, charges: pd.DataFrame, habits: PaymentHabits
) -> pd.DataFrame:
    """Return `AVERAGES` per client (index business_id): window sums and the days they are divided by.

    Baseline: the operating parts of the movements `everyday` (see `everyday_movements`) by their sign, in and out apart,
    unlisted bank activity included; beside it what of the outflow is unlisted, on payroll accounts, on tax accounts.
    `sales_cents`: invoices less credit memos,
    `bought_cents`: bills, home totals dated in the window; `charges` as the store's daily read. `receive_after` and
    `pay_after`: median days to pay.
    """
    client = everyday["business_id"]
    into = everyday["operating_cents"].clip(lower=0).groupby(client).sum()
    out, payroll, tax = (
        -everyday[name].clip(upper=0).groupby(client).sum()
        for name in ("operating_cents", "payroll_cents", "tax_cents")
    )
    dated = _within(charges, "txn_date", figures)
    sums = dated.groupby(["business_id", "entity"])["total_cents"].sum().unstack(fill_value=0)
    sums = sums.reindex(columns=["Invoice", "CreditMemo", "Bill"], fill_value=0)
    whole = {
        "baseline_in_cents": into.add(figures["unlisted_in_cents"], fill_value=0),
        "baseline_out_cents": out.add(figures["unlisted_out_cents"], fill_value=0),
        "unlisted_out_cents": figures["unlisted_out_cents"],
        "payroll_out_cents": payroll,
        "tax_out_cents": tax,
        "sales_cents": sums["Invoice"] - sums["CreditMemo"],
        "bought_cents": sums["Bill"],
    }
    rows = pd.DataFrame({name: cents.reindex(figures.index) for name, cents in whole.items()}).fillna(0)
    rows = rows.astype("int64").assign(days=figures["days"])
    return rows.join(_days_to_pay(habits))[AVERAGES]


def everyday_movements(
    movements: pd.DataFrame, figures: pd.DataFrame, recurring: pd.DataFrame
) -> pd.DataFrame:
    """Return the movements in each client's window whose operating part is in the baseline: no recurring outflow."""
    inside = _within(movements[movements["operating_cents"] != 0], "txn_date", figures)
    return inside[~in_series(inside, recurring)]


def card_payments(everyday: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return what was paid to each card in the window: business_id, account_id (the card), name, out_cents."""
    paid = everyday[everyday["card_cents"] < 0]
    sums = -paid.groupby(["business_id", "card_account_id"])["card_cents"].sum()
    rows = sums.rename("out_cents").rename_axis(["business_id", "account_id"]).reset_index()
    return rows.merge(accounts[["business_id", "account_id", "name"]], on=["business_id", "account_id"])


def _within(rows: pd.DataFrame, day: str, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose day is in their client's window; those of other clients are dropped."""
    days = (rows["business_id"].map(figures[name].to_dict()) for name in ("start", "end"))
    start, end = (pd.to_datetime(day) for day in days)
    on = pd.to_datetime(rows[day])
    return rows[(on >= start) & (on <= end)]


def _days_to_pay(habits: PaymentHabits) -> pd.DataFrame:
    rows = habits.clients.set_index("business_id")
    lags = {"receive_after": rows["days_to_pay"], "pay_after": rows["bill_days_to_pay"]}
    return pd.DataFrame({name: days.clip(lower=0) for name, days in lags.items()})
