"""Payments that recur, and the dated commitments that replace them.

A recurring payment goes to the same payee from the same bank account at even intervals; a movement without a payee
never recurs. Source: docs/definitions.md, 13-week forecast (recurring, commitments).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.books import Books, Names, named
from rowcol.domain.forecast.result import (
    COMMITMENTS,
    DAYS,
    DEBT_SERVICE,
    EXCLUDED,
    PLACED,
    RECURRING,
    REPLACED,
    no_items,
    placed_items,
)
from rowcol.domain.payment_habits import quantile

TRAILING_DAYS = 180
LEAST_TIMES = 3
EVENNESS_DAYS = 3
INTERVALS = (7, 14, 15, 16, 28, 29, 30, 31)
MONTHLY_FROM = 28
DROPPED_AFTER = 1.5
LAST_AMOUNTS = 3
TURNS = DAYS // min(INTERVALS) + 2
"""How often the shortest interval comes at most, if the last payment was up to 1.5 intervals ago."""
KIND_LINES = {"operating": RECURRING, "financing": DEBT_SERVICE}
SERIES = ["business_id", "party_kind", "party_id", "account_id", "line"]


def outflows(books: Books, movements: pd.DataFrame) -> pd.DataFrame:
    """Return the outflows to a payee in the trailing 180 days, the as-of date included: `SERIES`, on, out_cents, as_of.

    Operating and financing parts of a movement apart: the first may recur, the second be debt service or draws.
    """
    dated = books.dated(movements[movements["party_id"].notna()])
    on = pd.to_datetime(dated["txn_date"])
    age = (dated["as_of"] - on).dt.days
    dated = dated.assign(on=on)[(age >= 0) & (age <= TRAILING_DAYS)]
    parts = [
        dated.assign(line=line, out_cents=-dated[f"{kind}_cents"])[dated[f"{kind}_cents"] < 0]
        for kind, line in KIND_LINES.items()
    ]
    columns = [*SERIES, "party_name", "on", "out_cents", "as_of"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def series(outs: pd.DataFrame) -> pd.DataFrame:
    """Return the series that recur: `SERIES`, party_name, as_of, interval (days), monthly, last_on, amount_cents.

    3 or more outflows, every interval within 3 days of a median (even count: the lower middle) of 7, 14, 15-16 or
    28-31 days; the amount is the median of the last 3; dropped when the last is more than 1.5 intervals ago.
    """
    times = outs.groupby(SERIES)["on"].transform("size") if len(outs) else outs["out_cents"]
    rows = outs[times >= LEAST_TIMES].sort_values([*SERIES, "on"], ignore_index=True)
    if rows.empty:
        return rows.assign(interval=0, monthly=False, last_on=rows["on"], amount_cents=0)
    rows["gap"] = rows.groupby(SERIES)["on"].diff().dt.days
    interval = quantile(rows, SERIES, "gap").rename("interval").reset_index()
    rows = rows.merge(interval, on=SERIES)
    uneven = (rows["gap"] - rows["interval"]).abs() > EVENNESS_DAYS
    groups = rows.groupby(SERIES)
    last = groups.tail(LAST_AMOUNTS)
    result = pd.DataFrame(
        {
            "uneven": uneven.groupby([rows[key] for key in SERIES]).any(),
            "interval": groups["interval"].first(),
            "last_on": groups["on"].max(),
            "as_of": groups["as_of"].first(),
            "party_name": groups["party_name"].last(),
            "amount_cents": quantile(last, SERIES, "out_cents"),
        }
    ).reset_index()
    ago = (result["as_of"] - result["last_on"]).dt.days
    kept = (
        ~result["uneven"] & result["interval"].isin(INTERVALS) & (ago <= result["interval"] * DROPPED_AFTER)
    )
    result["monthly"] = result["interval"] >= MONTHLY_FROM
    return result[kept].drop(columns="uneven").reset_index(drop=True)


def occurrences(recurring: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return each coming payment of the series up to t+90 as an item; one that is late already comes on t.

    The next is the last plus the interval, on the same day of the month if monthly (or its last day).
    """
    if recurring.empty:
        return no_items()
    recurring = recurring.assign(party=named(recurring, names))
    turns = np.repeat(np.arange(1, TURNS + 1), len(recurring))
    rows = recurring.iloc[np.tile(np.arange(len(recurring)), TURNS)].reset_index(drop=True)
    steps = rows["last_on"] + pd.to_timedelta(turns * rows["interval"].to_numpy(), unit="D")
    on = steps.where(~rows["monthly"], _months_after(rows["last_on"], turns))
    late = (on < rows["as_of"]).to_numpy()
    rows = rows.assign(
        due_on=on, expected_on=on.where(~late, rows["as_of"]), reason="", basis=_basis(rows, late),
        amount_cents=-rows["amount_cents"],
    )  # fmt: skip
    return placed_items(rows[((on - rows["as_of"]).dt.days < DAYS) & (~late | (turns == 1))])


def _months_after(days: pd.Series, months: npt.NDArray[np.int64]) -> pd.Series:
    """Return the same day of the month N months later, or that month's last."""
    start = days.to_numpy().astype("datetime64[M]") + months
    last = (start + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    same = start.astype("datetime64[D]") + (days.dt.day.to_numpy() - 1)
    return pd.Series(np.minimum(same, last).astype("datetime64[us]"), index=days.index)


def _basis(rows: pd.DataFrame, late: npt.NDArray[np.bool_]) -> list[str]:
    words = [
        "monthly" if monthly else f"every {interval} days"
        for monthly, interval in zip(rows["monthly"], rows["interval"], strict=True)
    ]
    return [f"{word}, late" if behind else word for word, behind in zip(words, late, strict=True)]


def without(outs: pd.DataFrame, recurring: pd.DataFrame) -> pd.DataFrame:
    """Return business_id, on, out_cents of operating outflows that belong to a series: they leave the baseline."""
    matches = outs[outs["line"] == RECURRING].merge(recurring[SERIES], on=SERIES)
    return matches[["business_id", "on", "out_cents"]]


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


def replaced(recurring: pd.DataFrame, in_force: pd.DataFrame) -> pd.DataFrame:
    """Return the recurring items with those excluded that a commitment in force is entered for.

    A commitment replaces one payment to the payee it names (by id or name): the nearest by date that no other
    commitment replaces, the earlier of two as near.
    """
    near = (in_force["on"] - in_force["as_of"]).dt.days < DAYS
    naming = in_force[near & (in_force["replaces"] != "")].sort_values(["on", "commitment_id"])
    if recurring.empty or naming.empty:
        return recurring
    items = recurring.copy()
    free = items["state"] == PLACED
    names = items["party"].str.casefold()
    for commitment in naming.to_dict("records"):
        payee = (items["party_id"] == commitment["replaces"]) | (
            names == str(commitment["replaces"]).casefold()
        )
        candidates = items[free & payee & (items["business_id"] == commitment["business_id"])]
        if len(candidates):
            apart = (candidates["expected_on"] - commitment["on"]).abs()
            nearest = apart.sort_values(kind="stable").index[0]
            items.loc[nearest, ["state", "reason", "basis"]] = [EXCLUDED, REPLACED, ""]
            items.loc[nearest, ["expected_on", "late_on"]] = pd.NaT
            free[nearest] = False
    return items
