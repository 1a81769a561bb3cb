"""Rules on money that lies beside open documents of the same party instead of being applied to them."""

import pandas as pd

from rowcol.domain.hygiene.evidence import Evidence
from rowcol.domain.hygiene.rule import HIGH, NO_HITS, Find, Rule, hits


def unapplied(credit: str, document: str) -> Find:
    """Return the rule that finds credits of one kind, not wholly used, while their party has open documents of the other.

    A party is also any other that is billed with the same parent.
    """

    def find(evidence: Evidence) -> pd.DataFrame:
        rows = evidence.unused_credits
        rows = rows[rows["entity"] == credit]
        if rows.empty:
            return NO_HITS
        rows = rows.assign(document=document).merge(evidence.owed, on=["business_id", "payer", "document"])
        return hits(rows, rows["unused_cents"], owed_cents=rows["owed_cents"], txn_date=rows["txn_date"])

    return find


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
