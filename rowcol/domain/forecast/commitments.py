"""Dated payments that the advisor entered. Source: docs/definitions.md, 13-week forecast (dated commitment)."""

from datetime import date

import pandas as pd

from rowcol.domain.forecast.recurring import ACCOUNT
from rowcol.domain.forecast.result import COMMITMENTS, placed_items

PURPOSE_OF = {
    "payroll": "payroll",
    "payroll tax": "payroll",
    "sales tax": "tax",
    "estimate": "tax",
    "card": "card",
}
"""Kind of commitment -> what the recurring payments are for that it may stand for."""
WITHIN = 0.1
"""How far a payment that is not known to be of the kind may be from the amount entered, as a share of it."""


def current_commitments(entered: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Return the commitments whose day has not passed (`COMMITMENT_COLUMNS`, as_of)."""
    rows = entered.merge(clients[["business_id", "as_of"]], on="business_id")
    return rows[rows["on"] >= rows["as_of"]].fillna({"replaces": "", "account_id": ""})


def commitments(rows: pd.DataFrame) -> pd.DataFrame:
    """Return commitments in force as items."""
    return placed_items(
        rows.assign(
            line=COMMITMENTS, qbo_id=rows["commitment_id"], doc_number=rows["kind"], party=rows["name"],
            amount_cents=-rows["amount_cents"], due_on=rows["on"], expected_on=rows["on"], reason="", basis="committed",
        )
    )  # fmt: skip


def matching_payee(coming: pd.DataFrame, kind: str, on: date, amount_cents: int) -> str:
    """Return the payee (party_id) of the recurring payment that a new commitment stands for by default, '' if none.

    Of the payments at most half an interval from its day, those of its kind, or if none are, those within 10 % of its
    amount: the nearest by amount, then by day. `coming` as `occurrences`, of one client; `amount_cents` positive.
    """
    if kind not in PURPOSE_OF:
        return ""
    apart = (coming["due_on"] - pd.Timestamp(on)).abs().dt.days
    rows = coming.assign(apart=apart, off=(-coming["amount_cents"] - amount_cents).abs())
    rows = rows[(2 * apart <= rows["interval"]) & (rows["party_kind"] != ACCOUNT)]
    of_kind = rows[rows["purpose"] == PURPOSE_OF[kind]]
    chosen = of_kind if len(of_kind) else rows[rows["off"] <= WITHIN * amount_cents]
    nearest = chosen.sort_values(["off", "apart", "due_on", "party_id"])["party_id"]
    return str(nearest.iloc[0]) if len(nearest) else ""
