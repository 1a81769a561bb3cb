"""What a forecast is: its items, its days, its weeks, and what follows from them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

DAYS = 91
WEEK = 7

RECEIPTS, PAYMENTS = "receipts", "payments"
LATER_RECEIPTS, LATER_PAYMENTS = "receipts dated later", "payments dated later"
UNDEPOSITED, BOOKED = "undeposited", "booked"
RECURRING, DEBT_SERVICE, COMMITMENTS = "recurring", "debt service and draws", "commitments"
SET_ASIDE = "set aside"
NOT_CLEARED = "not yet cleared"
WHAT_IF = "what-if"

PLACED, BEYOND, EXCLUDED = "placed", "beyond", "excluded"

DOUBTFUL = "doubtful"
STALE = "stale or disputed"
HELD, DISPUTED = "held", "disputed"
CREDIT_BALANCE = "credit balance"
OLD_UNDEPOSITED = "undeposited for more than 30 days"
UNEXPLAINED_UNDEPOSITED = "not explained by receipts"
REPLACED_BY_MOVEMENT = "replaced by what is entered ahead"
REPLACED_BY_BILL = "replaced by a bill"
REPLACED_BY_COMMITMENT = "replaced by a commitment"
NOT_PAID = "does not pay"

ITEM_COLUMNS = {
    "business_id": "object", "line": "object", "entity": "object", "qbo_id": "object", "doc_number": "object",
    "party_kind": "object", "party_id": "object", "party": "object", "amount_cents": "int64",
    "due_on": "datetime64[us]", "expected_on": "datetime64[us]", "late_on": "datetime64[us]", "state": "object",
    "reason": "object", "basis": "object",
}  # fmt: skip
FLOWS = {
    "receipts_cents": 1, "payments_cents": -1, "baseline_in_cents": 1, "baseline_out_cents": -1, "recurring_out_cents": -1,
    "debt_service_cents": -1, "new_business_in_cents": 1, "new_business_out_cents": -1,
}  # fmt: skip
"""What moves the closing balance, and which way."""
BASELINE = ("baseline_in_cents", "baseline_out_cents")
NEW_BUSINESS = ("new_business_in_cents", "new_business_out_cents")
PERIOD_COLUMNS = ["opening_cents", *FLOWS, "closing_cents", "committed_closing_cents"]


@dataclass(frozen=True)
class Forecast:
    """The 13-week forecast of one or many clients, in home cents; days t .. t+90, week 1 starts at t.

    `items` (`ITEM_COLUMNS`): everything that has a date of its own, and all of open A/R and A/P. `line` is one of
    the names above; those of `receipts` add up to open A/R net of credits, those of `payments` to less open A/P,
    each placed, beyond or excluded. `amount_cents` is signed, in is positive. `expected_on` is NaT if excluded,
    with `reason` why; `basis` says which rule placed it; `late_on` is the p80 day of a receipt, NaT if the client has
    too few paid invoices to tell (no band), and of other items the expected day.
    A bill paid in parts has a row a part.
    `days`, 91 rows a client: business_id, day, `PERIOD_COLUMNS`, closing_p80_cents. Outs are positive; closing =
    opening + ins - outs; `committed_closing_cents` leaves new business out; `closing_p80_cents` (Int64, NA
    without a band) is the closing if every receipt and new business come on their p80 days.
    `weeks`, 13 rows a client: business_id, week_start, then as `days`.
    `outcome`, one row a client: business_id, opening_cents, opening_typed (True if a typed bank balance opens
    it), reserve_cents, cash_out_on (first day whose closing is below the reserve, NaT: beyond 13 weeks),
    committed_cash_out_on, trough_on and trough_cents (the lowest closing, the first day of it).
    """

    items: pd.DataFrame
    days: pd.DataFrame
    weeks: pd.DataFrame
    outcome: pd.DataFrame


def placed_items(rows: pd.DataFrame, late_by: pd.Series | None = None) -> pd.DataFrame:
    """Return rows as items (`ITEM_COLUMNS`): excluded if they have a reason, else placed or beyond 13 weeks.

    `rows` have as_of, expected_on, reason and what else of `ITEM_COLUMNS` is known. `late_by`: days from the expected to
    the p80 day (Int64, NA: unknown); without it `late_on` is the expected day.
    """
    if rows.empty:
        return no_items()
    excluded = (rows["reason"] != "").to_numpy()
    expected = pd.to_datetime(rows["expected_on"]).where(~excluded)
    inside = (expected - rows["as_of"]).dt.days < DAYS
    state = np.select([excluded, inside.to_numpy()], [EXCLUDED, PLACED], BEYOND)
    late = expected if late_by is None else expected + pd.to_timedelta(late_by, unit="D")
    basis = rows["basis"].where(~excluded, "")
    items = rows.assign(expected_on=expected, late_on=late, state=state, basis=basis)
    return items.reindex(columns=list(ITEM_COLUMNS)).astype(ITEM_COLUMNS)


def no_items() -> pd.DataFrame:
    """Return a frame of items without rows."""
    return _NO_ITEMS.copy()


_NO_ITEMS = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in ITEM_COLUMNS.items()})
