"""Payment-ready bills, invoices to collect, and the findings that block a document from both lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tests.oracle.books import Books, Document
from tests.oracle.habits import habit, lower_middle, paid
from tests.oracle.netting import netted
from tests.oracle.placing import expected


@dataclass(frozen=True)
class Ready:
    """One row of a console's list."""

    id: str
    due: date
    days_past_due: int
    group: str
    balance: int
    expected: date | None


def bills(books: Books, t: date) -> list[Ready]:
    """Return the open bills without a blocking finding and with something left after netting."""
    found = []
    for row in netted(books, "ap", t):
        doc, due = row.item.doc, row.item.due
        if (
            doc.kind != "Bill"
            or not row.left
            or not due
            or not is_dated_by(doc, t)
            or blocked_bill(books, doc, t)
        ):
            continue
        found.append(Ready(doc.id, due, (t - due).days, group(due, t), row.left, None))
    return found


def collections(books: Books, t: date) -> list[Ready]:
    """Return the open invoices 30 or more days past due, not blocked, with something left after netting."""
    history, found = paid(books, "ar", t), []
    for row in netted(books, "ar", t):
        doc, due = row.item.doc, row.item.due
        if (
            doc.kind != "Invoice"
            or not row.left
            or not due
            or not is_dated_by(doc, t)
            or blocked_invoice(doc)
        ):
            continue
        if (t - due).days >= 30:
            day, _ = expected(due, t, habit(books, history, row.item.party))
            found.append(Ready(doc.id, due, (t - due).days, "", row.left, day))
    return found


def is_dated_by(doc: Document, t: date) -> bool:
    """Tell whether the document is dated on or before t, or not dated."""
    return doc.date is None or doc.date <= t


def group(due: date, t: date) -> str:
    """Return the console group of a bill."""
    left = (due - t).days
    if left < 0:
        return "overdue"
    return "urgent" if left <= 7 else "upcoming" if left <= 30 else "later"


def no_amount(doc: Document) -> bool:
    """Tell whether neither the total nor a line has an amount."""
    return doc.total <= 0 and not any(line.get("Amount") for line in doc.raw.get("Line") or [])


def blocked_dates(doc: Document) -> bool:
    """Tell whether the due date is missing or before the document's date."""
    return doc.due is None or (doc.date is not None and doc.due < doc.date)


def blocked_bill(books: Books, doc: Document, t: date) -> bool:
    """Tell whether a bill has a blocking finding."""
    vendor = books.vendors.get(doc.party[1]) if doc.party else None
    no_vendor = doc.party is None or (vendor is not None and vendor.get("Active") is False)
    return no_vendor or no_amount(doc) or blocked_dates(doc) or duplicate(books, doc, t) is not None


def blocked_invoice(doc: Document) -> bool:
    """Tell whether an invoice has a blocking finding."""
    return doc.party is None or no_amount(doc) or blocked_dates(doc)


def plain(number: str) -> str:
    """Return a number upper-case, letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def duplicate(books: Books, doc: Document, t: date) -> Document | None:
    """Return the earlier bill that this one repeats (BILL_DUPLICATE), or None."""
    number = plain(doc.number)
    alike = [
        each
        for each in books.of("Bill")
        if number and each.party == doc.party and plain(each.number) == number and is_dated_by(each, t)
    ]
    if regular(alike):
        return None
    earlier = [each for each in alike if entered(each) < entered(doc) and each.total == doc.total]
    return next((each for each in earlier if near(each, doc, 20)), None)


def entered(doc: Document) -> tuple[str, int]:
    """Return the order of creation."""
    return ((doc.raw.get("MetaData") or {}).get("CreateTime") or "", doc.number_id)


def near(one: Document, other: Document, days: int) -> bool:
    """Tell whether two documents are dated within so many days."""
    return one.date is not None and other.date is not None and abs((one.date - other.date).days) <= days


def regular(alike: list[Document]) -> bool:
    """Tell whether bills of one number come at regular intervals, such as rent."""
    dates = sorted(doc.date for doc in alike if doc.date)
    if len(dates) < 3:
        return False
    gaps = [(late - early).days for early, late in pairwise(dates)]
    middle = lower_middle(gaps)
    return all(abs(gap - middle) <= 3 for gap in gaps)
