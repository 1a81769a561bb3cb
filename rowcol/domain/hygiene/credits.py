"""Rules on money that lies beside open documents of the same party instead of being applied to them."""

from collections.abc import Callable

import pandas as pd

from rowcol.domain.hygiene.evidence import Evidence
from rowcol.domain.hygiene.rule import HIGH, Rule, hits


def unapplied(credit: str, document: str) -> Callable[[Evidence], pd.DataFrame]:
    """Return the rule that finds credits of one kind while their party has open documents of the other."""

    def find(evidence: Evidence) -> pd.DataFrame:
        items = evidence.items
        charges = items[(items["entity"] == document) & (items["amount_cents"] > 0)]
        charges = charges[charges["party_id"].notna()]
        owed = charges.groupby(["business_id", "party_id"])["amount_cents"].sum().rename("owed_cents")
        rows = items[(items["entity"] == credit) & (items["amount_cents"] < 0)]
        rows = rows.merge(owed.reset_index(), on=["business_id", "party_id"])
        return hits(rows, rows["amount_cents"], owed_cents=rows["owed_cents"], txn_date=rows["txn_date"])

    return find


_SAYS = "{what}{whose} of {txn_date} has {amount_cents} not applied, while {owed_cents} is open with them."

RULES = (
    Rule("PAYMENT_UNAPPLIED", HIGH, unapplied("Payment", "Invoice"), _SAYS,
         "A customer who paid is shown as owing and would be chased.", "Apply the payment to the invoices it was for."),
    Rule("CREDIT_UNAPPLIED", HIGH, unapplied("CreditMemo", "Invoice"), _SAYS,
         "The customer owes less than the invoices say.", "Apply the credit memo to the open invoices."),
    Rule("VENDOR_CREDIT_UNAPPLIED", HIGH, unapplied("VendorCredit", "Bill"), _SAYS,
         "The bills would be paid in full although the vendor owes some of it back.",
         "Apply the vendor credit when the next bill is paid."),
    Rule("BILL_PAYMENT_UNLINKED", HIGH, unapplied("BillPayment", "Bill"), _SAYS,
         "The bill it was for still looks open and would be paid again.", "Apply the payment to its bill."),
)  # fmt: skip
"""Payments and credits nobody has applied."""
