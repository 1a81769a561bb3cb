"""What is ready for a decision: bills to pay and invoices to collect, as the console and the command line list them."""

from datetime import date, datetime

import pandas as pd

from rowcol.domain.books import party_names
from rowcol.domain.readiness import collections_ready, payment_ready
from rowcol.domain.runway import runway_effect_days
from rowcol.domain.window import WINDOW_DAYS
from rowcol.views.common.gather import Gathered, Source, as_dates, gather

BILLS = [
    "realm_id", "qbo_id", "doc_number", "vendor", "due_date", "days_past_due", "group", "balance_cents",
    "runway_days_effect",
]  # fmt: skip
COLLECTIONS = [
    "realm_id", "qbo_id", "doc_number", "customer", "due_date", "days_past_due", "balance_cents", "expected_date",
]  # fmt: skip


def gather_ready(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> Gathered:
    """Read what the two lists below are made from, of one client or of all."""
    only = None if business_id is None else (business_id,)
    return gather(source, only, as_of, known_at, WINDOW_DAYS + 1, calls={}, ahead=True)


def bills(found: Gathered) -> pd.DataFrame:
    """Return the payment-ready bills, the earliest due first: business_id, party_id, `BILLS`.

    `balance_cents` after netting; `runway_days_effect` is the balance in days of runway (Float64, NA where nothing
    flows out).
    """
    rows = payment_ready(found.derived.netted.documents, found.blocked)
    rows = _named(rows, found, "Vendor").rename(columns={"party": "vendor"})
    rows["runway_days_effect"] = runway_effect_days(rows["business_id"], rows["balance_cents"], found.figures)
    return rows[["business_id", "party_id", *BILLS]]


def collections(found: Gathered) -> pd.DataFrame:
    """Return the collections-ready invoices, the longest overdue first: business_id, party_id, `COLLECTIONS`.

    `expected_date` is the forecast's, None where the invoice is left out of it.
    """
    rows = collections_ready(found.derived.netted.documents, found.blocked)
    rows = _named(rows, found, "Customer").rename(columns={"party": "customer"})
    if found.ahead is None:
        raise ValueError("the forecast was not gathered")
    items = found.ahead.forecast.items
    keys = ["business_id", "entity", "qbo_id"]
    expected = items[items["entity"] == "Invoice"][[*keys, "expected_on"]]
    rows["expected_date"] = as_dates(rows.merge(expected, on=keys, how="left")["expected_on"])
    return rows[["business_id", "party_id", *COLLECTIONS]]


def _named(rows: pd.DataFrame, found: Gathered, kind: str) -> pd.DataFrame:
    rows = rows.merge(found.books.clients[["business_id", "realm_id"]], on="business_id")
    party = party_names(rows.assign(party_kind=kind), found.books.parties)
    return rows.assign(party=party, due_date=as_dates(pd.to_datetime(rows["due_date"])))
