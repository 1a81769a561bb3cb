"""What the practice's and the clients' digests share: figures of a line, freshness, customers to chase."""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from rowcol.views.common.left_out import LeftOut
from rowcol.views.digest.inputs import DigestInputs
from rowcol.views.digest.records import ClientLine

Row = Mapping[Hashable, Any]


def day_or_none(value: Any) -> date | None:
    """Return a day of a frame as a date, None if there is none."""
    if value is None or pd.isna(value):
        return None
    day: date = value.date() if isinstance(value, pd.Timestamp) else value
    return day


def whole(value: Any) -> int | None:
    """Return a number of a frame, None if there is none."""
    return None if value is None or pd.isna(value) else int(value)


def text(value: Any, missing: str = "") -> str:
    """Return a text of a frame, `missing` if there is none."""
    return value if isinstance(value, str) and value else missing


def unsafe(row: Row) -> bool:
    """Tell whether a client is not safe to discuss: never read, or its books are older than they ought to be.

    Books as old as the schedule lets them be are not: nothing is wrong with them.
    """
    return bool(row["stale"]) and not bool(row["by_plan"])


def cash_then(inputs: DigestInputs) -> dict[str, int]:
    """Return business_id -> cash at the last call, of the clients of which something was known then."""
    return {
        str(business_id): int(cents)
        for business_id, cents in inputs.changes.first.figures["cash_cents"].items()
    }


def line_of(row: Row, then: Mapping[str, int]) -> ClientLine:
    """Return one client in figures, from its row of the client list."""
    known = row["status"] is not None
    business_id = str(row["business_id"])
    return ClientLine(
        business_id=business_id,
        name=str(row["name"]),
        currency=str(row["currency"]),
        status=str(row["status"]) if known else "",
        cash_cents=int(row["cash_cents"]) if known else 0,
        cash_then_cents=then.get(business_id) if known else None,
        buffer_days=whole(row["buffer_days"]),
        runway_days=whole(row["net_burn_runway_days"]),
        generative=known and bool(row["cash_generative"]),
        cash_out_on=day_or_none(row["cash_out_date"]),
        safe=not unsafe(row),
        as_of=row["as_of"],
        marks=tuple(row["marks"]) if known else (),
        reconstructed=bool(row["reconstructed"]),
        left_out=left_out_of(row).sentences() if known else (),
    )


def left_out_of(row: Row) -> LeftOut:
    """Return what a client's cash leaves out, from its row of the client list."""
    return LeftOut(tuple(row["excluded"]), tuple(row["unpriced"]), tuple(row["rounded"]))


def customers(inputs: DigestInputs) -> pd.DataFrame:
    """Return whom to chase: business_id, customer, invoices, owed_cents, expected_cents, days_past_due, expected_on,
    promised_on; one row a customer, the most expected money first.

    Of the invoices 30 or more days past due; `expected_cents` is the part the forecast counts on.
    """
    rows = inputs.collections
    promises = inputs.promises.drop_duplicates(["business_id", "qbo_id"], keep="last")
    rows = rows.merge(
        promises[["business_id", "qbo_id", "promised_on"]], on=["business_id", "qbo_id"], how="left"
    )
    rows = rows.assign(
        party=rows["party_id"].fillna(""),
        expected_on=pd.to_datetime(rows["expected_date"]),
        expected_cents=rows["balance_cents"].where(rows["expected_date"].notna(), 0),
    )
    totals = rows.groupby(["business_id", "party"], sort=False).agg(
        customer=("customer", "first"), invoices=("qbo_id", "size"), owed_cents=("balance_cents", "sum"),
        expected_cents=("expected_cents", "sum"), days_past_due=("days_past_due", "max"),
        expected_on=("expected_on", "min"), promised_on=("promised_on", "min"),
    )  # fmt: skip
    order = ["expected_cents", "owed_cents", "customer", "business_id"]
    return totals.reset_index().sort_values(order, ascending=[False, False, True, True], ignore_index=True)
