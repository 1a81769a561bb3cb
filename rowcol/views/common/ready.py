"""Bills to pay and invoices to collect, as the console, the digest and the command line list them."""

import pandas as pd

from rowcol.domain.books import party_names
from rowcol.domain.forecast.result import LATER_RECEIPTS, RECEIPTS
from rowcol.domain.runway import runway_effect_days
from rowcol.gateways.client_books import ClientBooks, ForecastBooks
from rowcol.views.common.columns import as_dates

BILLS = [
    "realm_id", "qbo_id", "doc_number", "vendor", "due_date", "days_past_due", "group", "balance_cents",
    "runway_days_effect",
]  # fmt: skip
COLLECTIONS = [
    "realm_id", "qbo_id", "doc_number", "customer", "due_date", "days_past_due", "balance_cents", "expected_date",
]  # fmt: skip


def bills(books: ForecastBooks) -> pd.DataFrame:
    """Return the payment-ready bills, the earliest due first: business_id, party_id, `BILLS`.

    `balance_cents` after netting; `runway_days_effect` is the balance in days of runway (Float64, NA if nothing
    flows out).
    """
    rows = _named(books.list_payment_ready(), books, "Vendor").rename(columns={"party": "vendor"})
    rows["runway_days_effect"] = runway_effect_days(rows["business_id"], rows["balance_cents"], books.figures)
    return rows[["business_id", "party_id", *BILLS]]


def collections(books: ForecastBooks) -> pd.DataFrame:
    """Return the collections-ready invoices, the longest overdue first: business_id, party_id, `COLLECTIONS`.

    `expected_date` is the forecast's, None if the invoice is excluded from it.
    """
    rows = _named(books.list_collections_ready(), books, "Customer").rename(columns={"party": "customer"})
    items = books.forecast.items
    keys = ["business_id", "entity", "qbo_id"]
    expected = items[items["line"].isin([RECEIPTS, LATER_RECEIPTS])][[*keys, "expected_on"]]
    rows["expected_date"] = as_dates(rows.merge(expected, on=keys, how="left")["expected_on"])
    return rows[["business_id", "party_id", *COLLECTIONS]]


def _named(rows: pd.DataFrame, books: ClientBooks, kind: str) -> pd.DataFrame:
    rows = rows.merge(books.clients[["business_id", "realm_id"]], on="business_id")
    party = party_names(rows.assign(party_kind=kind), books.books.parties)
    return rows.assign(party=party, due_date=as_dates(pd.to_datetime(rows["due_date"])))
