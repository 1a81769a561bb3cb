"""What comes and goes every day: the baseline, as sums over the window. Source: docs/definitions.md, Baseline."""

import pandas as pd

from rowcol.domain.forecast.days import within
from rowcol.domain.forecast.recurring import in_series

AVERAGES = [
    "days", "baseline_in_cents", "baseline_out_cents", "unlisted_out_cents", "payroll_out_cents", "tax_out_cents",
]  # fmt: skip


def averages(everyday: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return `AVERAGES` per client (index business_id): window sums and the days they are divided by.

    Baseline: the operating parts of the movements `everyday` (see `everyday_movements`) by their sign, in and out apart,
    unlisted bank activity included; beside it what of the outflow is unlisted, on payroll accounts, on tax accounts.
    """
    client = everyday["business_id"]
    into = everyday["operating_cents"].clip(lower=0).groupby(client).sum()
    out, payroll, tax = (
        -everyday[name].clip(upper=0).groupby(client).sum()
        for name in ("operating_cents", "payroll_cents", "tax_cents")
    )
    whole = {
        "baseline_in_cents": into.add(figures["unlisted_in_cents"], fill_value=0),
        "baseline_out_cents": out.add(figures["unlisted_out_cents"], fill_value=0),
        "unlisted_out_cents": figures["unlisted_out_cents"],
        "payroll_out_cents": payroll,
        "tax_out_cents": tax,
    }
    rows = pd.DataFrame({name: cents.reindex(figures.index) for name, cents in whole.items()}).fillna(0)
    return rows.astype("int64").assign(days=figures["days"])[AVERAGES]


def everyday_movements(
    movements: pd.DataFrame, figures: pd.DataFrame, recurring: pd.DataFrame
) -> pd.DataFrame:
    """Return the movements in each client's window whose operating part is in the baseline: no recurring outflow."""
    inside = within(movements[movements["operating_cents"] != 0], "txn_date", figures)
    return inside[~in_series(inside, recurring)]


def card_payments(everyday: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return what was paid to each card in the window: business_id, account_id (the card), name, out_cents."""
    paid = everyday[everyday["card_cents"] < 0]
    sums = -paid.groupby(["business_id", "card_account_id"])["card_cents"].sum()
    rows = sums.rename("out_cents").rename_axis(["business_id", "account_id"]).reset_index()
    return rows.merge(accounts[["business_id", "account_id", "name"]], on=["business_id", "account_id"])
