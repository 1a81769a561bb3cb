"""Mistakes of books that nobody looks after, by hygiene code."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median

from rowcol.sandbox.books.bookkeeping import Bookkeeping, money
from rowcol.sandbox.books.entries import days_ago, new_customer, new_vendor, open_bill, open_invoice
from rowcol.sandbox.builder.banking import PartyLine
from rowcol.sandbox.ledger.amounts import cents

Mistake = Callable[[Bookkeeping], object]


def _bill_of_nobody(keeping: Bookkeeping) -> None:
    open_bill(keeping, None, "412.50", 20, "88-A")
    gone = keeping.books.vendor("Gable & Finch Printing (deleted)", active=False)
    open_bill(keeping, gone, "655.00", 28, "GF-31")


def _nothing_on_it(keeping: Bookkeeping) -> None:
    open_bill(keeping, new_vendor(keeping, "Paper Moon Stationers"), "0", 10, "PM-2")
    open_invoice(keeping, new_customer(keeping, "Ostara Gardens"), "0", 10, "O-002")


def _invoice_of_nobody(keeping: Bookkeeping) -> None:
    open_invoice(keeping, None, "975.00", 18, "X-1")


def _invoice_without_due_date(keeping: Bookkeeping) -> None:
    customer = new_customer(keeping, "Cobalt Rowing Club")
    keeping.books.invoice(customer, "1320.00", days_ago(keeping, 27), number="C-77", sent=True)


def _due_before_dated(keeping: Bookkeeping) -> None:
    on, due = days_ago(keeping, 15), days_ago(keeping, 45)
    keeping.books.bill(new_vendor(keeping, "Larkspur Media"), "1890.00", on, due=due, number="LM-5")
    customer = new_customer(keeping, "Hobart & Sons")
    keeping.books.invoice(customer, "2240.00", on, due=due, number="HS-5", sent=True)


def _wrong_year(keeping: Bookkeeping) -> None:
    open_bill(keeping, new_vendor(keeping, "Quayside Storage"), "330.00", -45, "QS-12")
    on = days_ago(keeping, 400)
    customer = new_customer(keeping, "Ravenna Press")
    due = on + timedelta(days=30)
    created = days_ago(keeping, 5)
    keeping.books.invoice(customer, "1150.00", on, due=due, number="RP-3", sent=True, created=created)


def _entered_twice(keeping: Bookkeeping) -> None:
    vendor = new_vendor(keeping, "O'Malley & Daughters")
    open_bill(keeping, vendor, "1675.00", 32, "OM-1042")
    open_bill(keeping, vendor, "1675.00", 24, "om 1042")
    customer = new_customer(keeping, "Zoë Brontë Photographie")
    open_invoice(keeping, customer, "2950.00", 30, "Z-19")
    open_invoice(keeping, customer, "2950.00", 29, None)


def _journal_of_nobody(keeping: Bookkeeping) -> None:
    work = keeping.profile.work[0]
    keeping.books.journal(
        days_ago(keeping, 26), [("Accounts Receivable (A/R)", "640.00"), (work, "-640.00")], number="ADJ-12"
    )
    customer = new_customer(keeping, "Søren Ångström AB")
    owed: list[PartyLine] = [("Accounts Receivable (A/R)", "2200.00", customer), (work, "-2200.00")]
    journal = keeping.books.journal(days_ago(keeping, 66), owed, number="ADJ-13")
    paid_on = days_ago(keeping, 30)
    keeping.books.receive(customer, "900.00", paid_on, {journal: "900.00"}, into="Checking")


def _overdrawn(keeping: Bookkeeping) -> None:
    keeping.books.transfer("850.00", days_ago(keeping, 44), "Savings", "Checking")


def _never_banked(keeping: Bookkeeping) -> None:
    customer = new_customer(keeping, "Lowell Street Dental")
    invoice = open_invoice(keeping, customer, "1760.00", 58, "LD-8")
    keeping.books.receive(customer, "1760.00", days_ago(keeping, 24), invoice, number="1183")


def _left_in_clearing(keeping: Bookkeeping) -> None:
    lines = [("Payroll Clearing", "1240.55"), ("Wages", "-1240.55")]
    keeping.books.journal(days_ago(keeping, 75), lines, number="ADJ-10")


def _deleted(keeping: Bookkeeping) -> None:
    bill = open_bill(keeping, new_vendor(keeping, "Ninth Street Florist"), "240.00", 9, "NF-6")
    keeping.books.delete(bill, days_ago(keeping, 2))


def _backdated(keeping: Bookkeeping) -> None:
    on = days_ago(keeping, 62)
    vendor = new_vendor(keeping, "Calder Freight")
    due = on + timedelta(days=30)
    created = days_ago(keeping, 2)
    keeping.books.bill(vendor, "1380.00", on, due=due, number="CF-90", created=created)


def _new_and_large(keeping: Bookkeeping) -> None:
    bills = keeping.books.company.of("Bill").values()
    usual = median(cents(bill["TotalAmt"]) for bill in bills)
    vendor = keeping.books.vendor("Apex Global Solutions LLC", created=days_ago(keeping, 6))
    amount = money(max(150_000, round(usual * 4 / 100) * 100))
    on = days_ago(keeping, 3)
    keeping.books.bill(
        vendor, amount, on, due=on + timedelta(days=7), number="1", account="Professional Fees"
    )


def _ask_my_accountant(keeping: Bookkeeping) -> None:
    keeping.books.account("Ask My Accountant", "Other Expense", "OtherMiscellaneousExpense")
    on = days_ago(keeping, 17)
    keeping.books.purchase("529.00", on, account="Ask My Accountant", payee=new_vendor(keeping, "PayPal"))
    keeping.books.deposit(days_ago(keeping, 13), lines=[("Uncategorized Income", "1175.25")])


SEVERE: dict[str, Mistake] = {
    "BILL_NO_VENDOR": _bill_of_nobody,
    "BILL_NO_AMOUNT, INVOICE_NO_AMOUNT": _nothing_on_it,
    "INVOICE_NO_CUSTOMER": _invoice_of_nobody,
    "INVOICE_NO_DUE_DATE": _invoice_without_due_date,
    "BILL_DATE_ORDER, INVOICE_DATE_ORDER": _due_before_dated,
    "TXN_DATE_SUSPECT": _wrong_year,
    "BILL_DUPLICATE, INVOICE_DUPLICATE": _entered_twice,
    "JE_ON_CONTROL (no entity)": _journal_of_nobody,
    "BANK_NEGATIVE": _overdrawn,
    "UNDEPOSITED_OLD": _never_banked,
    "CLEARING_NONZERO": _left_in_clearing,
    "DELETED_SINCE": _deleted,
    "BACKDATED": _backdated,
    "NEW_VENDOR_LARGE": _new_and_large,
    "UNCATEGORIZED_LINE (accountant)": _ask_my_accountant,
}
