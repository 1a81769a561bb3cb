"""Bills ready to be paid and invoices ready to be collected, with what the console shows of each beyond the lists."""

import pandas as pd

from rowcol.domain.books import Books
from rowcol.domain.forecast.result import LATER_RECEIPTS, RECEIPTS
from rowcol.domain.payment_habits import customer_habits
from rowcol.gateways.client_books import ForecastBooks
from rowcol.views.common.ready import bills, collections

_RECORD = ["business_id", "entity", "qbo_id"]


def ready_bills(books: ForecastBooks) -> pd.DataFrame:
    """Return the payment-ready bills as `bills` has them, with open_cents (before netting) and credit_cents.

    `credit_cents` is what the vendor's credits took of the bill.
    """
    return _with_credits(books, bills(books), "Bill")


def ready_invoices(books: ForecastBooks) -> pd.DataFrame:
    """Return the collections-ready invoices as `collections` has them, with open_cents, credit_cents, txn_date, and:

    email and phone (the invoice's own e-mail first, then the customer's, then its parent's if it is billed with
    it; '' if none is known), habit (days late it usually pays), learned_from.
    """
    rows = _with_credits(books, collections(books), "Invoice")
    learned = customer_habits(books.payment_habits, books.books.parties, rows[["business_id", "party_id"]])
    return rows.join(learned[["habit", "learned_from"]]).join(_contact_details(books, rows))


def with_expected(invoices: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return one client's invoices with expected_on (NaT if excluded) and reason as a forecast's items have them."""
    known = items[items["line"].isin([RECEIPTS, LATER_RECEIPTS]) & (items["entity"] == "Invoice")]
    return invoices.merge(known[["qbo_id", "expected_on", "reason"]], on="qbo_id", how="left")


def _with_credits(books: ForecastBooks, rows: pd.DataFrame, entity: str) -> pd.DataFrame:
    opened = books.items[books.items["entity"] == entity].drop_duplicates(["business_id", "qbo_id"])
    opened = opened.rename(columns={"amount_cents": "open_cents"})
    keys = ["business_id", "qbo_id"]
    rows = rows.merge(opened[[*keys, "txn_date", "open_cents"]], on=keys, how="left")
    return rows.assign(credit_cents=rows["open_cents"] - rows["balance_cents"])


def _contact_details(books: ForecastBooks, rows: pd.DataFrame) -> pd.DataFrame:
    """Return email and phone of each invoice's customer."""
    customers = _of_party(books.books, rows["business_id"], rows["party_id"])
    parent = customers["parent_id"].where(customers["bill_with_parent"].fillna(False).astype(bool))
    above = _of_party(books.books, rows["business_id"], parent)
    documents = books.evidence.documents.drop_duplicates(_RECORD).set_index(_RECORD)["bill_email"]
    at = pd.MultiIndex.from_frame(rows.assign(entity="Invoice")[_RECORD])
    billed = pd.Series(documents.reindex(at).to_numpy(), index=rows.index, dtype="object")
    customers["email"] = billed.where(billed.notna(), customers["email"])
    contacts = {
        name: customers[name].where(customers[name].notna(), above[name]) for name in ("email", "phone")
    }
    return pd.DataFrame({name: values.where(values.notna(), "") for name, values in contacts.items()})


def _of_party(books: Books, business_ids: pd.Series, party_ids: pd.Series) -> pd.DataFrame:
    """Return email, phone, parent_id, bill_with_parent of each customer named, in the order named."""
    keys = ["business_id", "party_id"]
    customers = books.parties[books.parties["party_kind"] == "Customer"].drop_duplicates(keys)
    columns = ["email", "phone", "parent_id", "bill_with_parent"]
    at = pd.MultiIndex.from_arrays([business_ids, party_ids])
    return customers.set_index(keys)[columns].astype("object").reindex(at).set_index(business_ids.index)
