"""Dated payments that the advisor entered. Source: docs/definitions.md, 13-week forecast (dated commitment)."""

import pandas as pd

from rowcol.domain.forecast.result import COMMITMENTS, placed_items


def current_commitments(entered: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Return the commitments whose day has not passed (`COMMITMENT_COLUMNS`, as_of)."""
    rows = entered.merge(clients[["business_id", "as_of"]], on="business_id")
    return rows[rows["on"] >= rows["as_of"]]


def commitments(rows: pd.DataFrame) -> pd.DataFrame:
    """Return commitments in force as items."""
    return placed_items(
        rows.assign(
            line=COMMITMENTS, qbo_id=rows["commitment_id"], doc_number=rows["kind"], party=rows["name"],
            amount_cents=-rows["amount_cents"], due_on=rows["on"], expected_on=rows["on"], reason="", basis="committed",
        )
    )  # fmt: skip
