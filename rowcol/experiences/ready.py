"""Bills ready to be paid and invoices ready to be collected, with what a page or a file tells of each."""

import pandas as pd

from rowcol.domain.behaviour import habits
from rowcol.domain.books import Books
from rowcol.domain.forecast.claims import party_names
from rowcol.domain.hygiene import BLOCKING_CODES, found_on
from rowcol.domain.hygiene.ranking import runway_effect_days
from rowcol.domain.netting import netted
from rowcol.domain.readiness import collections_ready, payment_ready
from rowcol.experiences.gather import Gathered

_RECORD = ["business_id", "entity", "qbo_id"]
PARTY_KIND = {"Bill": "Vendor", "Invoice": "Customer"}


def ready_bills(found: Gathered) -> pd.DataFrame:
    """Return the payment-ready bills of the clients gathered, with their evidence.

    `READY_COLUMNS`, group, vendor, open_cents (before netting), credit_cents (what credits took of it),
    runway_days_effect (Float64).
    """
    rows = _told(found, payment_ready(*_judged(found)), "vendor")
    effect = runway_effect_days(rows["business_id"], rows["balance_cents"], found.figures)
    return rows.assign(runway_days_effect=effect)


def ready_invoices(found: Gathered) -> pd.DataFrame:
    """Return the collections-ready invoices of the clients gathered with their evidence and forecast.

    `READY_COLUMNS`, customer, open_cents, credit_cents, email and phone (the invoice's own e-mail first, then the
    customer's, then its parent's where it is billed with it), habit (days late it usually pays), learned_from,
    expected_on and reason (why the forecast leaves it out, '' where it is placed).
    """
    rows = _told(found, collections_ready(*_judged(found)), "customer")
    if found.ahead is None:
        raise ValueError("the forecast was not gathered")
    learned = habits(found.ahead.behaviour, found.books.parties, rows[["business_id", "party_id"]])
    rows = rows.join(learned[["habit", "learned_from"]]).join(_reached(found, rows))
    return with_expected(rows, found.ahead.forecast.items)


def with_expected(invoices: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return invoices with expected_on and reason as the items of a forecast have them."""
    keys = [*_RECORD]
    known = items[items["entity"] == "Invoice"].drop_duplicates(keys)[[*keys, "expected_on", "reason"]]
    bare = invoices.drop(columns=["expected_on", "reason"], errors="ignore")
    return bare.merge(known, on=keys, how="left")


def _judged(found: Gathered) -> tuple[pd.DataFrame, pd.DataFrame]:
    if found.evidence is None:
        raise ValueError("the findings were not gathered")
    return netted(found.items, found.books.parties), found_on(found.evidence, BLOCKING_CODES)


def _told(found: Gathered, rows: pd.DataFrame, party: str) -> pd.DataFrame:
    """Add the party's name and what credits took."""
    opened = found.items.drop_duplicates(_RECORD)[[*_RECORD, "amount_cents"]]
    rows = rows.merge(opened.rename(columns={"amount_cents": "open_cents"}), on=_RECORD, how="left")
    named = rows.assign(party_kind=rows["entity"].map(PARTY_KIND))
    rows[party] = party_names(named, found.books.parties)
    rows["credit_cents"] = rows["open_cents"] - rows["balance_cents"]
    return rows


def _reached(found: Gathered, rows: pd.DataFrame) -> pd.DataFrame:
    """Return email and phone of each invoice's customer, '' where nobody is known to answer."""
    books, evidence = found.books, found.evidence
    own = _of_party(books, rows["business_id"], rows["party_id"])
    above = _of_party(books, rows["business_id"], own["parent_id"].where(own["with_parent"]))
    if evidence is not None:
        at = pd.MultiIndex.from_frame(rows[_RECORD])
        billed = evidence.documents.drop_duplicates(_RECORD).set_index(_RECORD)["bill_email"].reindex(at)
        own["email"] = pd.Series(billed.to_numpy(), index=own.index, dtype="object").fillna(own["email"])
    held = {name: own[name].fillna(above[name]).fillna("") for name in ("email", "phone")}
    return pd.DataFrame(held, index=rows.index)


def _of_party(books: Books, business_ids: pd.Series, party_ids: pd.Series) -> pd.DataFrame:
    customers = books.parties[books.parties["party_kind"] == "Customer"]
    known = customers.drop_duplicates(["business_id", "party_id"]).set_index(["business_id", "party_id"])
    at = pd.MultiIndex.from_arrays([business_ids, party_ids])
    columns = ["email", "phone", "parent_id", "bill_with_parent"]
    rows = known[columns].reindex(at).set_index(business_ids.index).astype("object")
    rows["with_parent"] = rows["bill_with_parent"].fillna(False).astype(bool)
    return rows.where(rows.notna(), None).assign(with_parent=rows["with_parent"])
