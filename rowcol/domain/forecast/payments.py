"""When open bills are expected to be paid. Source: docs/definitions.md, 13-week forecast (payments)."""

import numpy as np
import pandas as pd

from rowcol.domain.current_decisions import CurrentDecisions, left_of_plan
from rowcol.domain.forecast.result import DISPUTED, HELD, STALE, no_items, placed_items
from rowcol.domain.forecast.scenario import Scenario

ANCIENT_DAYS = 180
HOLDS = {"hold": HELD, "dispute": DISPUTED}


def payments(claims: pd.DataFrame, decisions: CurrentDecisions, scenario: Scenario) -> pd.DataFrame:
    """Return the items of what is to be paid (`ITEM_COLUMNS` without credits left over); amounts are negative.

    `claims` have as_of, line and pay_day beside the columns of a claim. A plan counts while its day has not passed
    and puts even a stale bill on its day; a hold or dispute, the bill's own or its vendor's, wins over a plan. What a
    plan does not pay stays where it would be without it.
    """
    if claims.empty:
        return no_items()
    rows = claims.assign(reason=_held(claims, decisions.holds))
    late = rows["days_past_due"].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    overdue, undated = late > 0, np.isnan(late)
    free = (rows["reason"] == "").to_numpy()
    due = rows["due_on"].where(~(overdue | undated), rows["pay_day"])
    rows["expected_on"] = due
    rows["basis"] = np.select([overdue, undated], ["next pay day", "no date, next pay day"], "due date")
    if scenario.overdue_paid_today:
        rows["expected_on"] = rows["as_of"].where(overdue, due)
        rows["basis"] = np.where(overdue, "paid today", "due date")
    else:
        rows.loc[free & (late >= ANCIENT_DAYS), "reason"] = STALE
    today = free & overdue & scenario.overdue_paid_today
    planned, rest = _planned(rows, decisions.plans, can=free & ~today)
    items = pd.concat([planned, rest], ignore_index=True) if len(planned) else rest
    return placed_items(items.assign(amount_cents=-items["amount_cents"]))


def _held(claims: pd.DataFrame, holds: pd.DataFrame) -> pd.Series:
    """Return the reason a claim is held back for, empty if it is not; a bill's own hold comes before its vendor's."""
    reason = pd.Series("", index=claims.index, dtype="object")
    for scope, kind, column in (("vendor", "party_kind", "party_id"), ("bill", "entity", "qbo_id")):
        scope_holds = holds[holds["scope"] == scope]
        if len(scope_holds):
            newest = scope_holds.drop_duplicates(["business_id", "subject_id"], keep="last")
            state = newest.set_index(["business_id", "subject_id"])["state"].map(HOLDS)
            states = state.reindex(pd.MultiIndex.from_frame(claims[["business_id", column]])).to_numpy()
            in_force = (claims[kind] == scope.capitalize()).to_numpy() & pd.notna(states)
            reason = reason.where(~in_force, pd.Series(states, index=claims.index, dtype="object"))
    return reason


def _planned(rows: pd.DataFrame, plans: pd.DataFrame, can: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parts of bills that plans pay, on their day, and what they leave."""
    if plans.empty:
        return rows.iloc[:0], rows
    keys = ["business_id", "qbo_id"]
    newest = plans.drop_duplicates(keys, keep="last").set_index(keys)
    at = pd.MultiIndex.from_frame(rows[keys])
    pay_on = pd.Series(pd.to_datetime(newest["pay_on"].reindex(at).to_numpy()), index=rows.index)
    in_force = can & (rows["entity"] == "Bill").to_numpy() & (pay_on >= rows["as_of"]).to_numpy()
    if not in_force.any():
        return rows.iloc[:0], rows
    whole = rows["amount_cents"]
    amounts, opened = (
        pd.Series(newest[name].reindex(at).to_numpy(), index=rows.index, dtype="Int64")
        for name in ("amount_cents", "open_cents")
    )
    part = left_of_plan(amounts, opened, whole).where(in_force, 0)
    planned = rows.assign(amount_cents=part, expected_on=pay_on, reason="", basis="planned")[part > 0]
    return planned, rows.assign(amount_cents=whole - part)[whole > part]
