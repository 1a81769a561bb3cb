"""How findings are worded for an accountant: severities and kinds; pure, without Streamlit."""

from rowcol.entities import label

SEVERITY_WORDS = {"blocking": "■ Blocking", "high": "▲ High", "medium": "◆ Medium", "low": "○ Low"}
SEVERITY_HELP = (
    "Blocking: the record is kept out of the console until it is mended. Else: how far it bends the figures."
)
KIND_WORDS = {
    "BILL_NO_VENDOR": "Bill without vendor",
    "BILL_NO_AMOUNT": "Bill of nothing",
    "INVOICE_NO_AMOUNT": "Invoice of nothing",
    "BILL_NO_DUE_DATE": "Bill without due date",
    "INVOICE_NO_DUE_DATE": "Invoice without due date",
    "BILL_DATE_ORDER": "Bill due before its date",
    "INVOICE_DATE_ORDER": "Invoice due before its date",
    "INVOICE_NO_CUSTOMER": "Invoice without customer",
    "TXN_DATE_SUSPECT": "Suspect date",
    "BILL_NO_NUMBER": "Bill without number",
    "BILL_DUPLICATE": "Bill entered twice",
    "BILL_DUPLICATE_MAYBE": "Bill perhaps entered twice",
    "INVOICE_DUPLICATE": "Invoice entered twice",
    "BILL_PAID_AS_EXPENSE": "Bill paid as an expense",
    "INVOICE_PAID_AS_DEPOSIT": "Invoice paid as a deposit",
    "INVOICE_UNREACHABLE": "Customer out of reach",
    "INVOICE_NOT_SENT": "Invoice not sent",
    "UNCATEGORIZED_LINE": "Uncategorized",
    "PURCHASE_NO_PAYEE": "Expense without payee",
    "PAYMENT_UNAPPLIED": "Payment not applied",
    "CREDIT_UNAPPLIED": "Credit memo not applied",
    "VENDOR_CREDIT_UNAPPLIED": "Vendor credit not applied",
    "BILL_PAYMENT_UNLINKED": "Bill payment not linked",
    "BILL_ANCIENT": "Ancient bill",
    "INVOICE_ANCIENT": "Ancient invoice",
    "BALANCE_NEGLIGIBLE": "Next to nothing open",
    "PARTY_DUPLICATE": "Name entered twice",
    "BANK_NEGATIVE": "Bank account below zero",
    "UNDEPOSITED_OLD": "Old undeposited funds",
    "CLEARING_NONZERO": "Clearing account not cleared",
    "JE_ON_CONTROL": "Journal entry on A/P or A/R",
    "DELETED_SINCE": "Deleted since the last call",
    "BACKDATED": "Backdated since the last call",
    "NEW_VENDOR_LARGE": "Large bill of a new vendor",
    "BOOKS_STALE": "Books not kept up",
    "TIE_OUT_BROKEN": "Not tied to QuickBooks",
    "SYNC_STALE": "Not fresh",
    "SYNC_THROTTLED": "QuickBooks asked to wait",
    "SYNC_FAILED": "Refresh failed",
    "AUTH_EXPIRED": "Connection ended",
}
"""Code -> what it is called where an accountant reads it."""


def kind_words(code: str) -> str:
    """Return what a kind of finding is called; a code not known here as it is."""
    return KIND_WORDS.get(code, code)


def record_words(entity: object, number_or_id: str, party: object) -> str:
    """Return a record in words: `bill 501 of Acme`; empty where there is no record."""
    if not isinstance(entity, str) or not entity:
        return ""
    whose = f" of {party}" if isinstance(party, str) and party else ""
    return f"{label(entity).lower()} {number_or_id}{whose}"
