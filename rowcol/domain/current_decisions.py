"""What the advisor decided about bills, invoices and cash to come, as frames the figures are made from.

Money in home cents, dates as days. Each frame holds what is in force: what was withdrawn is not in it.
"""

from dataclasses import dataclass, fields
from functools import cache

import pandas as pd

PLAN_COLUMNS = {
    "business_id": "object",
    "qbo_id": "object",
    "pay_on": "datetime64[us]",
    "amount_cents": "Int64",
    "open_cents": "Int64",
}
"""A bill is to be paid on a day; `amount_cents` NA: all that is open of it after netting.

`open_cents` is what was open of it when planned, NA if that was not kept: see `left_of_plan`.
"""
HOLD_COLUMNS = {"business_id": "object", "scope": "object", "subject_id": "object", "state": "object"}
"""`scope` is `vendor` or `bill`, `subject_id` its QuickBooks id, `state` `hold` or `dispute`."""
PRIORITY_COLUMNS = {"business_id": "object", "scope": "object", "subject_id": "object", "priority": "object"}
"""`priority` is `must`, `normal` or `wait`; a bill's own wins over its vendor's."""
PROMISE_COLUMNS = {"business_id": "object", "qbo_id": "object", "promised_on": "datetime64[us]"}
"""An invoice is promised to be paid on a day."""
BALANCE_COLUMNS = {
    "business_id": "object", "account_id": "object", "balance_cents": "int64", "on": "datetime64[us]",
    "not_booked": "boolean",
}  # fmt: skip
"""A bank account's real balance as typed on a day; it opens the forecast of that day alone.

`not_booked` is true if the advisor said that what is above the books is not booked yet; NA or false: it has not cleared.
"""
COMMITMENT_COLUMNS = {
    "business_id": "object", "commitment_id": "object", "name": "object", "kind": "object", "on": "datetime64[us]",
    "amount_cents": "int64", "replaces": "object", "account_id": "object",
}  # fmt: skip
"""A dated payment (positive `amount_cents` goes out).

`replaces` is the payee of the recurring item it stands for, or ''; `account_id` the card that is paid, or ''.
"""


DISMISSAL_COLUMNS = {
    "business_id": "object", "code": "object", "entity": "object", "qbo_id": "object", "version": "Int64",
    "reason": "object", "by": "object", "decided_at": "datetime64[us, UTC]",
}  # fmt: skip
"""A finding is set aside, `version` as the finding had it; entity and qbo_id '' for one on the company itself."""


def empty(columns: dict[str, str]) -> pd.DataFrame:
    """Return a frame of those columns without rows."""
    return _empty(tuple(columns.items())).copy()


@cache
def _empty(columns: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns})


@dataclass(frozen=True)
class CurrentDecisions:
    """The advisor's decisions that figures depend on; each field's columns are given by the constant beside it."""

    plans: pd.DataFrame
    """`PLAN_COLUMNS`."""
    holds: pd.DataFrame
    """`HOLD_COLUMNS`."""
    priorities: pd.DataFrame
    """`PRIORITY_COLUMNS`."""
    promises: pd.DataFrame
    """`PROMISE_COLUMNS`."""
    bank_balances: pd.DataFrame
    """`BALANCE_COLUMNS`."""
    commitments: pd.DataFrame
    """`COMMITMENT_COLUMNS`."""
    dismissals: pd.DataFrame
    """`DISMISSAL_COLUMNS`."""

    def of(self, business_id: str) -> "CurrentDecisions":
        """Return one client's decisions."""
        frames = {field.name: getattr(self, field.name) for field in fields(self)}
        return CurrentDecisions(
            **{name: rows[rows["business_id"] == business_id] for name, rows in frames.items()}
        )

    def equals(self, other: "CurrentDecisions") -> bool:
        """Return whether the same was decided, in the same order."""
        frames = [(getattr(self, field.name), getattr(other, field.name)) for field in fields(self)]
        return all(
            rows.reset_index(drop=True).equals(others.reset_index(drop=True)) for rows, others in frames
        )


def left_of_plan(amount_cents: pd.Series, opened_cents: pd.Series, open_cents: pd.Series) -> pd.Series:
    """Return how much of each bill its plan still pays (int64), from what the plan says and what is open of it now.

    A part payment is less by what was paid of the bill since it was planned (`opened_cents` then, `open_cents` now), so
    that what was paid as planned is not paid again; a plan for all of a bill (NA) pays all that is open.
    """
    paid = (opened_cents.astype("Int64") - open_cents).clip(lower=0).fillna(0)
    left = (amount_cents.astype("Int64") - paid).fillna(open_cents).astype("int64")
    return left.clip(lower=0).clip(upper=open_cents)


@cache
def no_decisions() -> CurrentDecisions:
    """Return decisions without any row: nothing was decided."""
    return CurrentDecisions(
        empty(PLAN_COLUMNS), empty(HOLD_COLUMNS), empty(PRIORITY_COLUMNS), empty(PROMISE_COLUMNS),
        empty(BALANCE_COLUMNS), empty(COMMITMENT_COLUMNS), empty(DISMISSAL_COLUMNS),
    )  # fmt: skip


NORMAL = "normal"


def apply_decisions(bills: pd.DataFrame, decisions: CurrentDecisions, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return bills of one client with priority, held (`hold`, `dispute` or ''), pay_on and planned_cents beside them.

    `bills`: qbo_id, party_id, balance_cents. `pay_on` NaT and `planned_cents` NA if no plan is in force: none was made,
    its day has passed, or what it was to pay was paid. A vendor's hold covers its bills; a bill's own names it first.
    """
    plans = decisions.plans.drop_duplicates("qbo_id", keep="last").set_index("qbo_id")
    planned = plans[["pay_on", "amount_cents", "open_cents"]].reindex(bills["qbo_id"]).set_index(bills.index)
    left = left_of_plan(planned["amount_cents"], planned["open_cents"], bills["balance_cents"])
    in_force = (planned["pay_on"] >= as_of) & (left > 0)
    return bills.assign(
        priority=_by_bill_or_vendor(bills, decisions.priorities, "priority").fillna(NORMAL),
        held=_by_bill_or_vendor(bills, decisions.holds, "state").fillna(""),
        pay_on=pd.to_datetime(planned["pay_on"].where(in_force)),
        planned_cents=left.astype("Int64").where(in_force),
    )


def _by_bill_or_vendor(bills: pd.DataFrame, decided: pd.DataFrame, column: str) -> pd.Series:
    by_bill, by_vendor = (
        decided[decided["scope"] == scope].set_index("subject_id")[column] for scope in ("bill", "vendor")
    )
    values = bills["qbo_id"].map(by_bill).astype("object")
    return values.where(values.notna(), bills["party_id"].map(by_vendor).astype("object"))
