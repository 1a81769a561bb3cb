"""Entries a bookkeeper makes by hand, on days counted back from where the books end."""

from datetime import date, timedelta

from rowcol.sandbox.books.bookkeeping import Bookkeeping
from rowcol.sandbox.books.names import address_of


def days_ago(keeping: Bookkeeping, days: int) -> date:
    """Return a day before the books end (today, if they are kept up); negative days are to come."""
    return keeping.schedule.last + timedelta(days=1 - days)


def new_vendor(keeping: Bookkeeping, name: str) -> str:
    """Add a vendor with an e-mail address."""
    return keeping.books.vendor(name, email=address_of(name))


def new_customer(keeping: Bookkeeping, name: str) -> str:
    """Add a customer that can be written to and called."""
    return keeping.books.customer(name, email=address_of(name), phone="(555) 555-0177")


def open_bill(keeping: Bookkeeping, vendor: str | None, amount: str, age: int, number: str | None) -> str:
    """Add an open bill `age` days old, due 30 days after."""
    on = days_ago(keeping, age)
    return keeping.books.bill(vendor, amount, on, due=on + timedelta(days=30), number=number)


def open_invoice(
    keeping: Bookkeeping, customer: str | None, amount: str, age: int, number: str | None
) -> str:
    """Add an open e-mailed invoice `age` days old, due 30 days after."""
    on, work = days_ago(keeping, age), keeping.profile.work[0]
    due = on + timedelta(days=30)
    return keeping.books.invoice(customer, amount, on, due=due, number=number, account=work, sent=True)
