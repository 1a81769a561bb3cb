"""What goes wrong in any books, by hygiene code: each planted once, the way people really do it."""

from rowcol.sandbox.books.bookkeeping import Bookkeeping
from rowcol.sandbox.books.entries import days_ago, new_customer, new_vendor, open_bill, open_invoice
from rowcol.sandbox.books.severe_mistakes import SEVERE, Mistake
from rowcol.sandbox.builder.banking import PartyLine


def mistakes_of(keeping: Bookkeeping) -> None:
    """Make the mistakes of a company's profile: a few, or in messy books every one there is."""
    rng = keeping.rng("mistakes")
    if keeping.profile.messy:
        for mistake in (*SALES.values(), *PURCHASES.values(), *SEVERE.values()):
            mistake(keeping)
        return
    usual = [*PURCHASES.values(), *(SALES.values() if keeping.profile.invoices else ())]
    for mistake in rng.sample(usual, min(keeping.profile.smudges, len(usual))):
        mistake(keeping)


def _bill_without_number(keeping: Bookkeeping) -> None:
    open_bill(keeping, new_vendor(keeping, "Rapid Couriers"), "186.40", 16, None)


def _bill_maybe_twice(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "Corvus Print House")
    open_bill(keeping, vendor, "1240.00", 21, "CP-3391")
    open_bill(keeping, vendor, "1240.00", 19, None)


def _bill_without_due_date(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "Fennel & Rye Catering")
    keeping.books.bill(vendor, "745.00", days_ago(keeping, 12), number="0917", account="Meals")


def _bill_paid_as_expense(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "Stillwater Photography")
    open_bill(keeping, vendor, "2150.00", 40, "SW-204")
    keeping.books.purchase("2150.00", days_ago(keeping, 11), payee=vendor, account="Contractors")


def _vendor_credit_unused(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "Brightline Displays")
    open_bill(keeping, vendor, "3320.00", 25, "BD-7710")
    keeping.books.vendor_credit(vendor, "410.00", days_ago(keeping, 18), number="CR-7710")


def _bill_payment_unlinked(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "Orchid Street Rentals")
    open_bill(keeping, vendor, "960.00", 33, "R-1180")
    keeping.books.pay_bill(vendor, "960.00", days_ago(keeping, 5))


def _uncategorized(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "Sundry Online")
    on = days_ago(keeping, 9)
    keeping.books.purchase("312.77", on, payee=vendor, account="Uncategorized Expense")


def _without_payee(keeping: Bookkeeping) -> None:
    keeping.books.purchase("268.15", days_ago(keeping, 14), account="Office Supplies")


def _vendor_twice(keeping: Bookkeeping) -> None:
    new_vendor(keeping, "Acme Print, Inc.")
    open_bill(keeping, new_vendor(keeping, "ACME Print Inc"), "530.00", 8, "A-551")


def _journal_on_payables(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "Marlowe Consulting")
    lines: list[PartyLine] = [
        ("Professional Fees", "1500.00"),
        ("Accounts Payable (A/P)", "-1500.00", vendor),
    ]
    keeping.books.journal(days_ago(keeping, 38), lines, number="ADJ-11")


def _ancient_bill(keeping: Bookkeeping) -> None:
    open_bill(keeping, new_vendor(keeping, "Delaney Signs"), "870.00", 260, "DS-19")


def _unreachable(keeping: Bookkeeping) -> None:
    customer = keeping.books.customer("Garrick Estate")
    open_invoice(keeping, customer, "1850.00", 52, "G-101")


def _payment_unapplied(keeping: Bookkeeping) -> None:
    customer = new_customer(keeping, "Halloran Foundation")
    open_invoice(keeping, customer, "6400.00", 44, "H-220")
    keeping.books.receive(customer, "6400.00", days_ago(keeping, 6), into="Checking")


def _credit_unapplied(keeping: Bookkeeping) -> None:
    customer = new_customer(keeping, "Tamarind Hotels")
    open_invoice(keeping, customer, "5200.00", 35, "T-310")
    work = keeping.profile.work[0]
    keeping.books.credit_memo(customer, "800.00", days_ago(keeping, 15), number="T-310C", account=work)


def _negligible(keeping: Bookkeeping) -> None:
    customer = new_customer(keeping, "Pallas Athletics")
    invoice = open_invoice(keeping, customer, "2480.00", 61, "P-090")
    paid_on = days_ago(keeping, 22)
    keeping.books.receive(customer, "2476.50", paid_on, {invoice: "2476.50"}, into="Checking")


def _ancient_invoice(keeping: Bookkeeping) -> None:
    open_invoice(keeping, new_customer(keeping, "Verity Galleries"), "3900.00", 190, "V-014")


def _not_sent(keeping: Bookkeeping) -> None:
    customer = new_customer(keeping, "Bellweather Trust")
    waiting = open_invoice(keeping, customer, "2100.00", 4, "B-401")
    keeping.books.amend(waiting, EmailStatus="NeedToSend", DeliveryInfo=None)
    forgotten = open_invoice(keeping, customer, "1925.00", 47, "B-388")
    keeping.books.amend(forgotten, EmailStatus="NotSet", DeliveryInfo=None)


def _customer_twice(keeping: Bookkeeping) -> None:
    new_customer(keeping, "St. Brigid's College")
    open_invoice(keeping, new_customer(keeping, "St Brigids College"), "1480.00", 20, "SB-07")


def _invoice_paid_as_deposit(keeping: Bookkeeping) -> None:
    customer = new_customer(keeping, "Mirabel Cosmetics")
    open_invoice(keeping, customer, "4750.00", 39, "M-660")
    work = keeping.profile.work[0]
    keeping.books.deposit(days_ago(keeping, 7), lines=[(work, "4750.00", customer)])


SALES: dict[str, Mistake] = {
    "INVOICE_UNREACHABLE": _unreachable,
    "PAYMENT_UNAPPLIED": _payment_unapplied,
    "CREDIT_UNAPPLIED": _credit_unapplied,
    "BALANCE_NEGLIGIBLE": _negligible,
    "INVOICE_ANCIENT": _ancient_invoice,
    "INVOICE_NOT_SENT": _not_sent,
    "PARTY_DUPLICATE (customers)": _customer_twice,
    "INVOICE_PAID_AS_DEPOSIT": _invoice_paid_as_deposit,
}
PURCHASES: dict[str, Mistake] = {
    "BILL_NO_NUMBER": _bill_without_number,
    "BILL_DUPLICATE_MAYBE": _bill_maybe_twice,
    "BILL_NO_DUE_DATE": _bill_without_due_date,
    "BILL_PAID_AS_EXPENSE": _bill_paid_as_expense,
    "VENDOR_CREDIT_UNAPPLIED": _vendor_credit_unused,
    "BILL_PAYMENT_UNLINKED": _bill_payment_unlinked,
    "UNCATEGORIZED_LINE": _uncategorized,
    "PURCHASE_NO_PAYEE": _without_payee,
    "PARTY_DUPLICATE (vendors)": _vendor_twice,
    "JE_ON_CONTROL": _journal_on_payables,
    "BILL_ANCIENT": _ancient_bill,
}
