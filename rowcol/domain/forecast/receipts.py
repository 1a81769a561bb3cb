"""When open invoices are expected to be paid. Source: docs/definitions.md, 13-week forecast (receipts)."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.forecast.result import DOUBTFUL, NOT_PAID, no_items, placed_items
from rowcol.domain.forecast.scenario import Scenario
from rowcol.domain.payment_habits import CLIENT, ONE_DAY, PARENT, Dates, Whole

OVERDUE_IN_DAYS = 7
DOUBTFUL_DAYS, DOUBTFUL_BEYOND_HABIT = 90, 60
Days = npt.NDArray[np.number[Any]]
Flags = npt.NDArray[np.bool_]
HABIT_PREFIXES = {CLIENT: "client's ", PARENT: "parent's "}


def receipts(claims: pd.DataFrame, promises: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the items of what is to be received (`ITEM_COLUMNS` without credits left over).

    `claims` have as_of, line, habit, learned_from and p80_days (Int64, NA if the client has no band) beside the columns
    of a claim. A promise counts while its day has not passed; it belongs to an invoice.
    """
    if claims.empty:
        return no_items()
    rows = claims.assign(promised_on=_promised(claims, promises))
    promised = rows["promised_on"].notna().to_numpy()
    habit = rows["habit"].to_numpy(dtype=np.int64)
    by_rule, slow = by_habit(rows["as_of"].to_numpy(), rows["due_on"].to_numpy(), habit)
    expected = rows["promised_on"].where(promised, by_rule)
    late = rows["days_past_due"].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    reason = np.where(doubtful(late, habit) & ~promised, DOUBTFUL, "")
    basis = _basis(rows, promised, slow)
    rows = rows.assign(expected_on=expected, reason=reason, basis=basis)
    return placed_items(_supposed(rows, scenario), late_by=rows["p80_days"])


def by_habit(today: Dates, due: Dates, habit: Whole) -> tuple[Dates, Flags]:
    """Return the day each invoice is expected by its customer's habit, and which are later than that already.

    Not yet due: due + habit, not before today. Past due by less than the habit: due + habit; else, and if no due date is
    known, a week from today.
    """
    slow = ~(today - due < np.maximum(habit, 1) * ONE_DAY)
    expected = np.maximum(due + habit * ONE_DAY, today)
    return np.where(slow, today + OVERDUE_IN_DAYS * ONE_DAY, expected), slow


def doubtful(late: Days, habit: Whole) -> Flags:
    """Return which invoices are too late to be expected: by more than 90 days and by more than 60 beyond the habit."""
    return np.asarray(late > np.maximum(DOUBTFUL_DAYS, habit + DOUBTFUL_BEYOND_HABIT), dtype=bool)


def _promised(claims: pd.DataFrame, promises: pd.DataFrame) -> pd.Series:
    """Return the day each invoice is promised for, NaT if there is none."""
    if promises.empty:
        return pd.Series(pd.NaT, index=claims.index, dtype="datetime64[us]")
    keys = ["business_id", "qbo_id"]
    days = promises.drop_duplicates(keys, keep="last").set_index(keys)["promised_on"]
    promised_days = days.reindex(pd.MultiIndex.from_frame(claims[keys])).to_numpy()
    promised_on = pd.Series(pd.to_datetime(promised_days), index=claims.index)
    return promised_on.where((claims["entity"] == "Invoice") & (promised_on >= claims["as_of"]))


def _basis(rows: pd.DataFrame, promised: Flags, slow: Flags) -> list[str]:
    habit_texts = {}
    for habit, learned in {*zip(rows["habit"], rows["learned_from"], strict=True)}:
        days = "on the due date" if habit == 0 else f"{habit:+d} days"
        habit_texts[habit, learned] = (
            "due date" if learned == "none" else f"{HABIT_PREFIXES.get(learned, '')}habit {days}"
        )
    words = zip(rows["habit"], rows["learned_from"], promised, slow, rows["due_on"].isna(), strict=True)
    return [
        "promised"
        if kept
        else "no date, within a week"
        if undated
        else "overdue, within a week"
        if overdue
        else habit_texts[habit, learned]
        for habit, learned, kept, overdue, undated in words
    ]


def _supposed(rows: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the rows as a scenario has them: some customers later, some never."""
    if scenario.slips:
        slips = rows["party_id"].map(dict(scenario.slips)).fillna(0).astype("int64")
        rows["expected_on"] += pd.to_timedelta(slips, unit="D")
        rows["basis"] = rows["basis"].where(
            slips == 0, rows["basis"] + ", slips " + slips.astype("str") + " days"
        )
    if scenario.unpaid:
        unpaid = rows["party_id"].isin(list(scenario.unpaid))
        rows["reason"] = rows["reason"].where(~unpaid | (rows["reason"] != ""), NOT_PAID)
    return rows
