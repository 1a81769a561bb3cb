"""Where each open item goes: the expected date of a receipt or a payment, or the reason it is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.books import Books, Document
from tests.oracle.fold import Item, ahead
from tests.oracle.habits import habit, paid
from tests.oracle.netting import Net, netted
from tests.oracle.postings import is_undeposited, postings

DOUBTFUL, STALE, CREDIT = "doubtful", "stale or disputed", "credit balance"
OLD, UNEXPLAINED = "more than 30 days in Undeposited Funds", "unexplained part of Undeposited Funds"
HORIZON = 90


@dataclass(frozen=True)
class Placed:
    """One item of the forecast: its day, or the reason it has none. Cents are negative for a credit left over."""

    side: str
    entity: str
    id: str
    day: date | None
    cents: int
    reason: str | None = None
    item: Item | None = None

    def within(self, t: date) -> bool:
        """Tell whether the item falls into the 13 weeks."""
        return self.day is not None and self.day <= t + timedelta(days=HORIZON)


def expected(due: date | None, t: date, late: int) -> tuple[date | None, str | None]:
    """Return the expected date of a receipt with this due date and habit, or the reason there is none."""
    if due is None:
        return t + timedelta(days=7), None
    past = (t - due).days
    if past <= 0:
        return max(t, due + timedelta(days=late)), None
    if past > max(90, late + 60):
        return None, DOUBTFUL
    return t + timedelta(days=late - past if past < late else 7), None


def planned(item: Item, t: date, pay_day: int) -> tuple[date | None, str | None]:
    """Return the day a bill is paid on, or the reason it is left out."""
    due = item.due
    if due is not None and due >= t:
        return due, None
    if due is not None and (t - due).days >= 180:
        return None, STALE
    return t + timedelta(days=pay_day), None


def place(books: Books, side: str, t: date) -> list[Placed]:
    """Return every item of A/R or A/P that netting left something of, placed or excluded."""
    history = paid(books, "ar", t) if side == "ar" else []
    return [
        place_one(books, row, t, habit(books, history, row.item.party))
        for row in netted(books, side, t)
        if row.left
    ]


def place_one(books: Books, row: Net, t: date, late: int) -> Placed:
    """Place one item."""
    item = row.item
    if item.sign < 0:
        return Placed(item.side, item.doc.kind, item.doc.id, None, -row.left, CREDIT, item)
    day, reason = (
        expected(item.due, t, late) if item.side == "ar" else planned(item, t, books.settings.pay_day)
    )
    return Placed(item.side, item.doc.kind, item.doc.id, day, row.left, reason, item)


def undeposited_balance(books: Books, t: date) -> int:
    """Return Undeposited Funds at t."""
    stated = sum(each.balance for each in books.accounts.values() if is_undeposited(each))
    return stated - sum(put(books, doc) for doc in books.documents if doc.date and doc.date > t)


def put(books: Books, doc: Document) -> int:
    """Return what a document moved Undeposited Funds by."""
    return sum(each.home for each in postings(books, doc) if is_undeposited(each.account))


def undeposited_funds(books: Books, t: date) -> list[Placed]:
    """Return what is expected from Undeposited Funds, and what is left out."""
    puts = [doc for doc in books.of("Payment", "SalesReceipt", "RefundReceipt", "Invoice") if put(books, doc)]
    deposits = books.of("Deposit")
    taken = {link.id for doc in deposits if doc.date and doc.date <= t for link in doc.links}
    coming = {link.id for doc in deposits if ahead(doc, t) for link in doc.links}
    found = explain(
        books, [doc for doc in puts if doc.date and doc.date <= t and doc.id not in taken], coming, t
    )
    for doc in puts:
        if ahead(doc, t) and doc.id not in coming and doc.date:
            found.append(Placed("uf", doc.kind, doc.id, doc.date + timedelta(days=1), put(books, doc)))
    return found


def explain(books: Books, waiting: list[Document], coming: set[str], t: date) -> list[Placed]:
    """Explain the balance by what waits there, newest first, the last in part."""
    left, found = undeposited_balance(books, t), []
    for doc in sorted(waiting, key=lambda each: (each.date or date.min, each.number_id), reverse=True):
        if left <= 0:
            break
        amount = min(left, put(books, doc))
        left -= amount
        if doc.id in coming:
            continue
        if doc.date and (t - doc.date).days > 30:
            found.append(Placed("uf", doc.kind, doc.id, None, amount, OLD))
        else:
            found.append(Placed("uf", doc.kind, doc.id, t + timedelta(days=1), amount))
    if left > 0:
        found.append(Placed("uf", "Account", "", None, left, UNEXPLAINED))
    return found
