"""What vendors are owed and customers owe: the items AgedPayables and AgedReceivables are made from."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, product
from typing import Any, NamedTuple

from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger.amounts import at_rate, cents
from rowcol.sandbox.ledger.reading import Reading, read_books
from rowcol.sandbox.ledger.settling import Application, Control

ALWAYS = "9999-12-31"
# Where QuickBooks states what is open of a document; a line of another kind has no such field.
STATED_OPEN = {
    "Bill": ("Balance",),
    "Invoice": ("Balance",),
    "VendorCredit": ("Balance",),
    "CreditMemo": ("RemainingCredit", "Balance"),
    "Payment": ("UnappliedAmt",),
}
CREDITS = ("VendorCredit", "CreditMemo", "Payment")


class OpenItem(NamedTuple):
    """One open item; cents signed (what is owed is positive, a credit negative), home and own currency."""

    party_kind: str  # Vendor: on A/P; Customer: on A/R
    party: str
    amount_cents: int
    date: str
    due_date: str | None
    entity: str
    txn_id: str
    line: str
    own_cents: int


def open_items(company: Company, at: str | None = None) -> list[OpenItem]:
    """Return what is open on A/P and A/R, whatever its date; with `at`, as it stood at the end of that day.

    Open amounts are those the records state, rolled back by what was applied after `at`; if a record
    states none (a journal line, a bill payment), its amount less what payments settled of it. Home amounts are
    `HomeBalance` if stated and nothing was rolled back, else at the document's own rate, half up.
    """
    return list(items_of(company, read_books(company), at or ALWAYS))


def items_of(company: Company, books: Reading, at: str = ALWAYS, stated: bool = True) -> Iterator[OpenItem]:
    """Yield the open items of a reading; `stated=False` derives every amount from the links alone."""
    before, after = _settled(books, at)
    for control in (*books.controls, *books.payers):
        if control.date > at:
            continue
        record = company.entities[control.entity][control.txn_id]
        key = (control.entity, control.txn_id, control.line)
        payer = control.entity in ("BillPayment", "Payment")
        total = -control.own if payer else control.own
        said = _stated(record, control) if stated else None
        own = total - before[key] if said is None else said + after[key]
        home = at_rate(own, control.rate)
        if said is not None and not after[key] and "HomeBalance" in record:
            home = cents(record["HomeBalance"]) * (-1 if control.entity in CREDITS else 1)
        if own or home:
            yield _item(record, control, home, own)


def _item(record: dict[str, Any], control: Control, home: int, own: int) -> OpenItem:
    due = record.get("DueDate") if control.entity in ("Bill", "Invoice") and not control.line else None
    return OpenItem(
        control.kind,
        control.party,
        home,
        control.date,
        due,
        control.entity,
        control.txn_id,
        control.line,
        own,
    )


def _stated(record: dict[str, Any], control: Control) -> int | None:
    if control.line:
        return None
    for field in STATED_OPEN.get(control.entity, ()):
        if field in record:
            return cents(record[field]) * (-1 if control.entity in CREDITS else 1)
    return None


def _settled(
    books: Reading, at: str
) -> tuple[dict[tuple[str, str, str], int], dict[tuple[str, str, str], int]]:
    """Sum what was settled of each item up to `at`, and after; on the payer's side it is used up."""
    before: dict[tuple[str, str, str], int] = defaultdict(int)
    after: dict[tuple[str, str, str], int] = defaultdict(int)
    for payer, applications in groupby(books.applications, lambda application: application.payer):
        own = list(applications)
        for application, counted in zip(own, _counted(own, at), strict=True):
            target = application.target
            for sums, amount in ((before, counted), (after, application.own - counted)):
                sums[target.entity, target.txn_id, target.line] += amount
                sums[payer.entity, payer.txn_id, ""] -= amount
    return before, after


def _counted(applications: list[Application], at: str) -> list[int]:
    """Return what counts at the end of a day of each application of one payment, signed as its `own`.

    A payment sets credits against charges, both in order; what is set against something dated later does not count.
    """
    there = [application.date <= at for application in applications]
    counted = [
        application.own if known else 0 for application, known in zip(applications, there, strict=True)
    ]
    if all(there) or not any(there):
        return counted
    unused = [abs(application.own) for application in applications]
    charges, credits = (
        [place for place, application in enumerate(applications) if application.own * sign > 0]
        for sign in (1, -1)
    )
    for charge, credit in product(charges, credits):
        both = min(unused[charge], unused[credit])
        unused[charge] -= both
        unused[credit] -= both
        if there[charge] and not there[credit]:
            counted[charge] -= both
        elif there[credit] and not there[charge]:
            counted[credit] += both
    return counted
