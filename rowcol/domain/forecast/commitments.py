"""Dated commitments of the advisor, and the recurring payments they replace.

Source: docs/definitions.md, 13-week forecast.
"""

import pandas as pd

from rowcol.domain.forecast.placing import placed_items
from rowcol.domain.forecast.result import COMMITMENTS, DAYS, EXCLUDED, PLACED, REPLACED


def standing(advice: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Return the commitments whose day has not passed (`COMMITMENT_COLUMNS`, as_of)."""
    rows = advice.merge(clients[["business_id", "as_of"]], on="business_id")
    return rows[rows["on"] >= rows["as_of"]]


def commitments(rows: pd.DataFrame) -> pd.DataFrame:
    """Return standing commitments as items."""
    return placed_items(
        rows.assign(
            line=COMMITMENTS, qbo_id=rows["commitment_id"], doc_number=rows["kind"], party=rows["name"],
            amount_cents=-rows["amount_cents"], due_on=rows["on"], expected_on=rows["on"], reason="", basis="committed",
        )
    )  # fmt: skip


def replaced(recurring: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """Return the recurring items with those excluded that a standing commitment is entered for.

    A commitment replaces one payment to the payee it names (by id or name): the nearest by date that no other
    commitment replaces, the earlier of two as near.
    """
    near = (standing["on"] - standing["as_of"]).dt.days < DAYS
    naming = standing[near & (standing["replaces"] != "")].sort_values(["on", "commitment_id"])
    if recurring.empty or naming.empty:
        return recurring
    found = recurring.copy()
    free = found["state"] == PLACED
    names = found["party"].str.casefold()
    for one in naming.to_dict("records"):
        payee = (found["party_id"] == one["replaces"]) | (names == str(one["replaces"]).casefold())
        mine = found[free & payee & (found["business_id"] == one["business_id"])]
        if len(mine):
            apart = (mine["expected_on"] - one["on"]).abs()
            nearest = apart.sort_values(kind="stable").index[0]
            found.loc[nearest, ["state", "reason", "basis"]] = [EXCLUDED, REPLACED, ""]
            found.loc[nearest, ["expected_on", "late_on"]] = pd.NaT
            free[nearest] = False
    return found
