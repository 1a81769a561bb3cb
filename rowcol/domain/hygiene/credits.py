"""Rules on money that lies beside open documents of the same party instead of being applied to them."""

import pandas as pd

from rowcol.domain.books import DOCUMENT, in_home
from rowcol.domain.hygiene.evidence import Evidence, open_documents
from rowcol.domain.hygiene.rule import HIGH, NO_HITS, Find, Rule, hits
from rowcol.domain.netting import payers


def unapplied(credit: str, document: str) -> Find:
    """Return the rule that finds credits of one kind, not wholly used, while their party has open documents of the other.

    A party is also any other that is billed with the same parent.
    """

    def find(evidence: Evidence) -> pd.DataFrame:
        rows = _unused(evidence, credit)
        if rows.empty:
            return NO_HITS
        charges = open_documents(evidence.derived)
        charges = charges[charges["entity"] == document]
        parties, keys = evidence.books.parties, ["business_id", "payer"]
        rows = rows.assign(payer=payers(rows, parties))
        charges = charges.assign(payer=payers(charges, parties))
        owed = charges.groupby(keys)["amount_cents"].sum().rename("owed_cents").reset_index()
        rows = rows.merge(owed, on=keys)
        return hits(rows, rows["unused_cents"], owed_cents=rows["owed_cents"], txn_date=rows["txn_date"])

    return find


def _unused(evidence: Evidence, credit: str) -> pd.DataFrame:
    """Return the credits of one kind with `unused_cents`, what no link has used: one to a later document uses it too.

    QuickBooks states it of all but bill payments, whose links are counted with what is entered ahead.
    """
    rows = evidence.derived.entered
    rows = evidence.books.dated(rows[(rows["entity"] == credit) & (rows["amount_cents"] < 0)])
    rows = rows[~(rows["txn_date"] > rows["as_of"])]
    stated = evidence.books.open_documents
    stated = stated[stated["entity"] == credit].set_index(DOCUMENT)
    stated = stated.reindex(pd.MultiIndex.from_frame(rows[DOCUMENT])).set_index(rows.index)
    own = stated["unapplied_cents" if credit == "Payment" else "open_cents"].astype("Int64")
    known = own.notna()
    open_cents = -rows["amount_cents"]
    left = in_home(own.fillna(0), stated["exchange_rate"]).where(known, open_cents)
    rows = rows.assign(unused_cents=left.clip(upper=open_cents))
    return rows[rows["unused_cents"] > 0]


_SAYS = "{what}{whose} of {txn_date} has {amount_cents} not applied, while {owed_cents} is open with them."

RULES = (
    Rule(
        code="PAYMENT_UNAPPLIED", severity=HIGH, find=unapplied("Payment", "Invoice"),
        label="Payment not applied",
        says=_SAYS,
        why="A customer who paid is shown as owing and would be chased.",
        what_to_do="Apply the payment to the invoices it was for.",
        question="Which invoices was it meant to pay?",
    ),
    Rule(
        code="CREDIT_UNAPPLIED", severity=HIGH, find=unapplied("CreditMemo", "Invoice"),
        label="Credit memo not applied",
        says=_SAYS,
        why="The customer owes less than the invoices say.",
        what_to_do="Apply the credit memo to the open invoices.",
        question="Which invoice shall it be set against?",
    ),
    Rule(
        code="VENDOR_CREDIT_UNAPPLIED", severity=HIGH, find=unapplied("VendorCredit", "Bill"),
        label="Vendor credit not applied",
        says=_SAYS,
        why="The bills would be paid in full although the vendor owes some of it back.",
        what_to_do="Apply the vendor credit when the next bill is paid.",
        question="Which bill shall it be set against?",
    ),
    Rule(
        code="BILL_PAYMENT_UNLINKED", severity=HIGH, find=unapplied("BillPayment", "Bill"),
        label="Bill payment not linked",
        says=_SAYS,
        why="The bill it was for still looks open and would be paid again.",
        what_to_do="Apply the payment to its bill.",
        question="Which bill was it meant to pay?",
    ),
)  # fmt: skip
"""Payments and credits that are not applied."""
