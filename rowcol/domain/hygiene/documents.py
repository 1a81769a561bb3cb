"""Rules on the fields of one bill or invoice: party, amount, dates, number, age, what is left of it."""

import pandas as pd

from rowcol.domain.hygiene.evidence import YEAR_DAYS, Evidence
from rowcol.domain.hygiene.rule import (
    BLOCKING,
    HIGH,
    LOW,
    MEDIUM,
    Find,
    Rule,
    blank,
    hits,
)
from rowcol.wording import date_text

BILL, INVOICE = "Bill", "Invoice"
DAYS_AHEAD = 30
DAYS_FROM_CREATION = 365
ANCIENT_BILL_DAYS = 180
ANCIENT_INVOICE_DAYS = 120
NEGLIGIBLE_CENTS = 500
NEGLIGIBLE_SHARE = 200
"""A balance is negligible up to one part in 200 of the total (0.5 %)."""


def bill_no_vendor(evidence: Evidence) -> pd.DataFrame:
    """Return open bills without a vendor, or of an inactive one."""
    bills = evidence.opened[BILL]
    parties = evidence.books.parties
    gone = parties[(parties["party_kind"] == "Vendor") & ~parties["active"].astype(bool)]
    inactive = set(zip(gone["business_id"], gone["party_id"], strict=True))
    vendors = zip(bills["business_id"], bills["party_id"], strict=True)
    of_inactive = pd.Series([vendor in inactive for vendor in vendors], index=bills.index, dtype="bool")
    bills = bills[bills["party_id"].isna() | of_inactive]
    lacks = bills["party_id"].isna().map({True: "names no vendor", False: "is from a vendor made inactive"})
    return hits(bills, bills["balance_cents"], lacks=lacks)


def invoice_no_customer(evidence: Evidence) -> pd.DataFrame:
    """Return open invoices without a customer."""
    invoices = evidence.opened[INVOICE]
    invoices = invoices[invoices["party_id"].isna()]
    return hits(invoices, invoices["balance_cents"])


def no_amount(entity: str) -> Find:
    """Return the rule that finds documents of the past year, or undated, with nothing on them."""

    def find(evidence: Evidence) -> pd.DataFrame:
        documents = evidence.documents[evidence.documents["entity"] == entity]
        age = (documents["as_of"] - documents["txn_date"]).dt.days
        counted = age.between(0, YEAR_DAYS) | documents["txn_date"].isna()
        nothing = documents["amount_cents"].fillna(0).le(0) & ~documents["charged"].astype(bool)
        rows = documents[counted & nothing]
        return hits(rows, 0)

    return find


def no_due_date(entity: str) -> Find:
    """Return the rule that finds open documents without a due date."""

    def find(evidence: Evidence) -> pd.DataFrame:
        rows = evidence.opened[entity]
        rows = rows[rows["due_date"].isna()]
        return hits(rows, rows["balance_cents"])

    return find


def date_order(entity: str) -> Find:
    """Return the rule that finds open documents due before they are dated."""

    def find(evidence: Evidence) -> pd.DataFrame:
        rows = evidence.opened[entity]
        rows = rows[rows["due_date"] < rows["txn_date"]]
        days = rows[["txn_date", "due_date"]]
        return hits(rows, rows["balance_cents"], txn_date=days["txn_date"], due_date=days["due_date"])

    return find


def txn_date_suspect(evidence: Evidence) -> pd.DataFrame:
    """Return bills and invoices with a balance dated over 30 days ahead, or over a year from their creation.

    Of those dated after the as-of date only what was entered by then: the rest does not exist yet.
    """
    documents = evidence.documents[evidence.documents["balance_cents"] > 0]
    documents = documents[documents["open"] | ~(documents["created_on"] > documents["as_of"])]
    ahead = (documents["txn_date"] - documents["as_of"]).dt.days > DAYS_AHEAD
    apart = (documents["txn_date"] - documents["created_on"]).dt.days.abs() > DAYS_FROM_CREATION
    rows = documents[ahead | apart]
    entered = ["" if pd.isna(day) else f" but was entered on {date_text(day)}" for day in rows["created_on"]]
    return hits(rows, rows["balance_cents"], txn_date=rows["txn_date"], entered=entered)


def bill_no_number(evidence: Evidence) -> pd.DataFrame:
    """Return open bills without a number."""
    bills = evidence.opened[BILL]
    bills = bills[blank(bills["doc_number"])]
    return hits(bills, bills["balance_cents"])


def bill_ancient(evidence: Evidence) -> pd.DataFrame:
    """Return open bills 180 or more days past due."""
    bills = evidence.opened[BILL]
    bills = bills[bills["days_late"] >= ANCIENT_BILL_DAYS]
    return hits(bills, bills["balance_cents"], days_late=bills["days_late"])


def invoice_ancient(evidence: Evidence) -> pd.DataFrame:
    """Return open invoices 120 or more days past due that no payment was ever linked to."""
    invoices = evidence.opened[INVOICE]
    invoices = invoices[
        (invoices["days_late"] >= ANCIENT_INVOICE_DAYS) & ~invoices["has_payment"].astype(bool)
    ]
    return hits(invoices, invoices["balance_cents"], days_late=invoices["days_late"])


def balance_negligible(evidence: Evidence) -> pd.DataFrame:
    """Return open documents of which next to nothing is left."""
    rows = evidence.documents[evidence.documents["open"]]
    left, total = rows["balance_cents"], rows["total_cents"].fillna(0)
    rows = rows[(left <= NEGLIGIBLE_CENTS) | (left * NEGLIGIBLE_SHARE <= total)]
    return hits(rows, rows["balance_cents"], total_cents=rows["total_cents"])


_UNPLACED = "It is kept out of the lists until it is put right: nobody can be paid or chased on it."

RULES = (
    Rule(
        code="BILL_NO_VENDOR", severity=BLOCKING, find=bill_no_vendor,
        label="Bill without vendor",
        says="{what} over {amount_cents} {lacks}.",
        why=f"A payment needs somebody to go to. {_UNPLACED}",
        what_to_do="Open the bill and choose the vendor it is from; make the vendor active if you still buy there.",
        question="Who is it from?",
    ),
    Rule(
        code="BILL_NO_AMOUNT", severity=BLOCKING, find=no_amount(BILL),
        label="Bill of nothing",
        says="{what}{whose} has no amount on any line.",
        why="A bill of nothing is a draft, or a bill whose lines were lost.",
        what_to_do="Enter its lines, or delete it.",
        question="Do you still have the bill, and what does it come to?",
    ),
    Rule(
        code="INVOICE_NO_AMOUNT", severity=BLOCKING, find=no_amount(INVOICE),
        label="Invoice of nothing",
        says="{what}{whose} has no amount on any line.",
        why="An invoice of nothing brings nothing in: work done may never have been charged.",
        what_to_do="Enter its lines, or delete it.",
        question="What was it meant to charge, or can it be deleted?",
    ),
    Rule(
        code="BILL_NO_DUE_DATE", severity=BLOCKING, find=no_due_date(BILL),
        label="Bill without due date",
        says="{what}{whose} over {amount_cents} has no due date.",
        why=f"Nobody can say when it must be paid. {_UNPLACED}",
        what_to_do="Enter its due date, or give the vendor terms.",
        question="When is it due?",
    ),
    Rule(
        code="INVOICE_NO_DUE_DATE", severity=BLOCKING, find=no_due_date(INVOICE),
        label="Invoice without due date",
        says="{what}{whose} over {amount_cents} has no due date.",
        why=f"Nobody can say when it is late. {_UNPLACED}",
        what_to_do="Enter its due date, or give the customer terms.",
        question="When did you agree it would be paid?",
    ),
    Rule(
        code="BILL_DATE_ORDER", severity=BLOCKING, find=date_order(BILL),
        label="Bill due before its date",
        says="{what}{whose} over {amount_cents} is dated {txn_date} and due before that, on {due_date}.",
        why="One of the two dates is wrong, and with it the order in which bills are paid.",
        what_to_do="Correct the date that is wrong.",
        question="What are the two dates on the bill itself?",
    ),
    Rule(
        code="INVOICE_DATE_ORDER", severity=BLOCKING, find=date_order(INVOICE),
        label="Invoice due before its date",
        says="{what}{whose} over {amount_cents} is dated {txn_date} and due before that, on {due_date}.",
        why="One of the two dates is wrong: the customer looks later, or less late, than they are.",
        what_to_do="Correct the date that is wrong.",
        question="Which of the two dates is right?",
    ),
    Rule(
        code="INVOICE_NO_CUSTOMER", severity=BLOCKING, find=invoice_no_customer,
        label="Invoice without customer",
        says="{what} over {amount_cents} names no customer.",
        why=f"Nobody owes it. {_UNPLACED}",
        what_to_do="Open the invoice and choose the customer.",
        question="Who was it for?",
    ),
    Rule(
        code="TXN_DATE_SUSPECT", severity=HIGH, find=txn_date_suspect,
        label="Suspect date",
        says="{what}{whose} over {amount_cents} is dated {txn_date}{entered}.",
        why="A wrong year hides it from aging, or puts it at the top of it.",
        what_to_do="Check the date against the document itself.",
        question="Which date stands on the document itself?",
    ),
    Rule(
        code="BILL_NO_NUMBER", severity=LOW, find=bill_no_number,
        label="Bill without number",
        says="{what}{whose} over {amount_cents} has no bill number.",
        why="Without it the same bill entered twice is not noticed.",
        what_to_do="Enter the vendor's own number.",
        question="Which number stands on the bill?",
    ),
    Rule(
        code="BILL_ANCIENT", severity=MEDIUM, find=bill_ancient,
        label="Ancient bill",
        says="{what}{whose} over {amount_cents} is {days_late} days past due.",
        why="After half a year a bill is paid some other way, disputed, or not owed.",
        what_to_do="Ask the vendor for a statement; void or credit it if it is not owed.",
        question="Is this still owed, or was it settled some other way?",
    ),
    Rule(
        code="INVOICE_ANCIENT", severity=MEDIUM, find=invoice_ancient,
        label="Ancient invoice",
        says="{what}{whose} over {amount_cents} is {days_late} days past due and nothing was ever paid on it.",
        why="Money this late seldom comes: the receivable may not be worth what the books say.",
        what_to_do="Call the customer; agree on a plan, or write it off.",
        question="Do you still expect it to be paid, and when?",
    ),
    Rule(
        code="BALANCE_NEGLIGIBLE", severity=LOW, find=balance_negligible,
        label="Next to nothing open",
        says="{what}{whose} has {amount_cents} left of {total_cents}.",
        why="A rounding or a bank fee keeps it open and clutters every list.",
        what_to_do="Write the rest off, or apply a credit.",
        question="May we write the rest off?",
    ),
)  # fmt: skip
"""Bills and invoices, by what stands on them."""
