"""What every set of books has a little of: credits, refunds, voids, part payments, entries dated ahead."""

from datetime import timedelta

from rowcol.sandbox.books.bookkeeping import Bookkeeping
from rowcol.sandbox.books.entries import days_ago

# Names as people really type them into the name field, to be carried unharmed to every page and file.
AWKWARD_NAMES = (
    "=cmd|'/C calc'!A0",
    "<script>alert('x')</script> Media",
    "+1 Hospitality",
    "@home Realty",
    "D’Arcy “Dash” Winter – Décor",
    "株式会社あおぞら",
    "Trailing Spaces Ltd  ",
)


def enter_edge_cases(keeping: Bookkeeping) -> None:
    """Enter a credit used, a refund, a void and a part payment of each kind; messy books get much more."""
    if keeping.profile.history_days < 60:  # nothing odd has had time to happen
        return
    _vendor_side(keeping)
    if keeping.profile.invoices:
        _customer_side(keeping)
    if keeping.profile.taxes_ahead:
        books = keeping.books
        books.payroll(days_ago(keeping, -4), keeping.profile.taxes_ahead)
    if keeping.profile.messy:
        _awkward_names(keeping)
        _lines_on_control_accounts(keeping)
        _dated_ahead(keeping)


def _vendor_side(keeping: Bookkeeping) -> None:
    books, on = keeping.books, days_ago(keeping, 80)
    vendor = books.vendor("Bluebell Furniture", email="ar@bluebell.example")
    due = on + timedelta(days=30)
    bill = books.bill(vendor, "3600.00", on, due=due, number="BB-41", account="Equipment")
    credit = books.vendor_credit(
        vendor, "450.00", on + timedelta(days=5), number="BB-41C", account="Equipment"
    )
    books.pay_bill(vendor, "3150.00", on + timedelta(days=28), {bill: "3600.00", credit: "450.00"})
    wrong = books.bill(vendor, "118.00", on + timedelta(days=9), due=due, number="BB-44", note="Wrong vendor")
    books.void(wrong)
    shop = books.vendor("Harrow Electronics")
    books.purchase("1299.00", on, payee=shop, paid_from="Credit Card", account="Equipment")
    returned = on + timedelta(days=6)
    books.purchase("1299.00", returned, payee=shop, paid_from="Credit Card", account="Equipment", credit=True)


def _customer_side(keeping: Bookkeeping) -> None:
    books, work, on = keeping.books, keeping.profile.work[0], days_ago(keeping, 85)
    customer = books.customer("Corinth Chamber Players", email="office@corinth.example")
    due = on + timedelta(days=30)
    invoice = books.invoice(customer, "2400.00", on, due=due, number="CC-1", account=work, sent=True)
    memo = books.credit_memo(customer, "400.00", on + timedelta(days=8), number="CC-1C", account=work)
    books.receive(customer, "0", on + timedelta(days=8), {invoice: "400.00", memo: "400.00"})
    books.receive(customer, "2000.00", on + timedelta(days=33), invoice, into="Checking")
    wrong = books.invoice(customer, "990.00", on + timedelta(days=2), due=due, number="CC-2", account=work)
    books.void(wrong)
    books.refund_receipt("150.00", on + timedelta(days=50), customer=customer, account=work)
    current = days_ago(keeping, 36)
    half = books.invoice(
        customer, "1800.00", current, due=current + timedelta(days=30), number="CC-3", account=work, sent=True
    )
    books.receive(customer, "900.00", days_ago(keeping, 12), {half: "900.00"}, into="Checking")


def _awkward_names(keeping: Bookkeeping) -> None:
    books = keeping.books
    for place, name in enumerate(AWKWARD_NAMES):
        on = days_ago(keeping, 20 + 3 * place)
        due = on + timedelta(days=15)
        customer = books.customer(name, email="pay@awkward.example")
        books.invoice(customer, str(400 + 35 * place), on, due=due, number=f"AW-{place}", sent=True)
        vendor = books.vendor(f"{name} (supplies)", phone="(555) 555-0119")
        books.bill(vendor, str(260 + 15 * place), on, due=due, number=f"=SUM(A{place})")


def _lines_on_control_accounts(keeping: Bookkeeping) -> None:
    books = keeping.books
    customer = books.customer("Prepaid Pictures", email="hello@prepaid.example")
    books.deposit(days_ago(keeping, 21), lines=[("Accounts Receivable (A/R)", "1200.00", customer)])
    vendor = books.vendor("Deposit First Ltd", email="ar@depositfirst.example")
    books.purchase("700.00", days_ago(keeping, 19), payee=vendor, account="Accounts Payable (A/P)")


def _dated_ahead(keeping: Bookkeeping) -> None:
    books, vendor = keeping.books, keeping.books.vendor("Hudson Lofts", email="rent@hudson.example")
    books.purchase("4200.00", days_ago(keeping, -3), payee=vendor, account="Rent", number="2071")
    on = days_ago(keeping, -9)
    books.bill(vendor, "380.00", on, due=on + timedelta(days=30), number="HL-12", account="Utilities")
    customer = books.customer("Ahead of Time GmbH", email="rechnung@ahead.example")
    on = days_ago(keeping, -6)
    books.invoice(customer, "2600.00", on, due=on + timedelta(days=30), number="AT-1")
    books.transfer("500.00", days_ago(keeping, -2), "Checking", "Savings")
