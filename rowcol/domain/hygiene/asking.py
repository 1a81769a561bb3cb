"""A finding as a question to the client: what it says, then what only the client can tell."""

_IS_IT_OWED = "Is this still owed, or was it settled some other way?"
_SAME = "Is this the same one entered twice?"
QUESTIONS = {
    "BILL_NO_VENDOR": "Who is it from?",
    "BILL_NO_AMOUNT": "Do you still have the bill, and what does it come to?",
    "INVOICE_NO_AMOUNT": "What was it meant to charge, or can it be deleted?",
    "BILL_NO_DUE_DATE": "When is it due?",
    "INVOICE_NO_DUE_DATE": "When did you agree it would be paid?",
    "BILL_DATE_ORDER": "What are the two dates on the bill itself?",
    "INVOICE_DATE_ORDER": "Which of the two dates is right?",
    "INVOICE_NO_CUSTOMER": "Who was it for?",
    "TXN_DATE_SUSPECT": "Which date stands on the document itself?",
    "BILL_NO_NUMBER": "Which number stands on the bill?",
    "BILL_DUPLICATE": _SAME,
    "BILL_DUPLICATE_MAYBE": _SAME,
    "INVOICE_DUPLICATE": _SAME,
    "BILL_PAID_AS_EXPENSE": "Was that payment for this bill?",
    "INVOICE_PAID_AS_DEPOSIT": "Was that money the payment of this invoice?",
    "INVOICE_UNREACHABLE": "Whom do we write to or call about it?",
    "INVOICE_NOT_SENT": "Did the customer get it, and how?",
    "UNCATEGORIZED_LINE": "What was it for?",
    "PURCHASE_NO_PAYEE": "Who was paid, and what for?",
    "PAYMENT_UNAPPLIED": "Which invoices was it meant to pay?",
    "CREDIT_UNAPPLIED": "Which invoice shall it be set against?",
    "VENDOR_CREDIT_UNAPPLIED": "Which bill shall it be set against?",
    "BILL_PAYMENT_UNLINKED": "Which bill was it meant to pay?",
    "BILL_ANCIENT": _IS_IT_OWED,
    "INVOICE_ANCIENT": "Do you still expect it to be paid, and when?",
    "BALANCE_NEGLIGIBLE": "May we write the rest off?",
    "PARTY_DUPLICATE": "Are the two one and the same?",
    "BANK_NEGATIVE": "Is the account overdrawn at the bank?",
    "UNDEPOSITED_OLD": "When did this money reach the bank?",
    "CLEARING_NONZERO": "Do you know what is left there?",
    "JE_ON_CONTROL": "Who is it about, and what was it meant to correct?",
    "DELETED_SINCE": "Who deleted it, and why?",
    "BACKDATED": "Who entered it, and why with that date?",
    "NEW_VENDOR_LARGE": "Did you order this, and do you know the vendor?",
    "BOOKS_STALE": "When will the bank feed be brought up to date?",
    "TIE_OUT_BROKEN": "Was anything changed in QuickBooks today?",
    "SYNC_STALE": "Is QuickBooks open to you?",
    "SYNC_THROTTLED": "Is QuickBooks open to you?",
    "SYNC_FAILED": "Is QuickBooks open to you?",
    "AUTH_EXPIRED": "May we connect to your QuickBooks again?",
}
"""Code -> what to ask."""


def question_about(code: str, message: str) -> str:
    """Return a finding as a question: its sentence, then what only the client can tell."""
    return f"{message} {QUESTIONS[code]}"
