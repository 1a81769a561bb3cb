"""The books as QuickBooks would post them: double entry derived from a company's records."""

from collections import defaultdict

from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger.audit import inconsistencies
from rowcol.sandbox.ledger.open_items import OpenItem, open_items
from rowcol.sandbox.ledger.reading import Posting, read_books
from rowcol.sandbox.ledger.restate import restated

__all__ = ["OpenItem", "Posting", "account_balances", "inconsistencies", "open_items", "postings", "restated"]


def postings(company: Company) -> list[Posting]:
    """Return every posting of the company's records: home cents, debit positive, zero in sum per transaction.

    Unlisted bank activity is not among them (`Company.unlisted`).
    """
    return read_books(company).postings


def account_balances(company: Company, at: str | None = None) -> dict[str, int]:
    """Return home cents by account, debit positive, of everything posted up to and on `at` (default: all).

    Unlisted bank activity is included on its bank account; it has no other side in the books.
    """
    balances: dict[str, int] = defaultdict(int)
    for posting in read_books(company).postings:
        if at is None or posting.date <= at:
            balances[posting.account] += posting.amount_cents
    for row in company.unlisted:
        if at is None or row.date <= at:
            balances[row.account] += row.amount_cents
    return dict(balances)
