"""What the past teaches: days late, days to pay, and how much of what is billed reaches the bank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.bank import counts
from tests.oracle.books import Account, Books, Document, Party, half_up
from tests.oracle.fold import CHARGES, CREDITS, Application, dated_by, ledger
from tests.oracle.postings import RECEIVABLE, is_undeposited, postings

LEAST = 3


def lower_middle(values: Iterable[int]) -> int:
    """Return the median; of an even count, the lower middle."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]


@dataclass(frozen=True)
class Paid:
    """A charge brought to zero by a payment on a day."""

    doc: Document
    party: Party | None
    paid_on: date
    payment: Document

    @property
    def days_late(self) -> int:
        """Return days after the effective due date."""
        due = self.doc.due or self.doc.date
        return (self.paid_on - due).days if due else 0

    @property
    def days_to_pay(self) -> int:
        """Return days after TxnDate."""
        return (self.paid_on - self.doc.date).days if self.doc.date else 0


def paid(books: Books, side: str, t: date, days: int = 365) -> list[Paid]:
    """Return the bills or invoices that a payment brought to zero in the trailing days."""
    known, book = dated_by(t), ledger(books, side)
    found = []
    for item in book.items:
        doc = item.doc
        if doc.kind != CHARGES[side] or not known(doc) or doc.total <= 0 or not (doc.due or doc.date):
            continue
        joined = [each for each in book.applications if each.charge is item and each.counts(known)]
        if not joined or book.open_native(item, known)[0] != 0:
            continue
        last = max(
            (each.payment for each in joined), key=lambda each: (each.date or date.min, each.number_id)
        )
        if last.total > 0 and last.date and t - timedelta(days=days) <= last.date <= t:
            found.append(Paid(doc, item.party, last.date, last))
    return found


def habit(books: Books, history: list[Paid], party: Party | None) -> int:
    """Return the days late to expect of a customer: its own, its parent's, the client's, or 0."""
    for each in (*family(books, party), None):
        late = [row.days_late for row in history if each is None or row.party == each]
        if len(late) >= LEAST:
            return lower_middle(late)
    return 0


def family(books: Books, party: Party | None) -> list[Party]:
    """Return the party, then its parent if that is billed for it, and so on."""
    found: list[Party] = []
    while party and party not in found:
        found.append(party)
        customer = books.customers.get(party[1], {}) if party[0] == "Customer" else {}
        parent = (customer.get("ParentRef") or {}).get("value") if customer.get("BillWithParent") else None
        party = ("Customer", parent) if parent else None
    return found


def days_to_pay(history: list[Paid]) -> int:
    """Return the client's median days from date to payment; 30 if fewer than three are known."""
    return lower_middle(row.days_to_pay for row in history) if len(history) >= LEAST else 30


@dataclass(frozen=True)
class Shares:
    """Of what was taken off the charges in 180 days: all (B), by bank money (A), through card or clearing (C)."""

    taken: Fraction
    by_bank: Fraction
    by_clearing: Fraction

    @property
    def s(self) -> Fraction:
        """Return the share of new business that reaches the bank by itself."""
        return self.by_bank / self.taken if self.taken else Fraction(1)

    @property
    def k(self) -> Fraction:
        """Return the share that reaches the bank through a card or clearing account."""
        return self.by_clearing / self.taken if self.taken else Fraction(0)


def shares(books: Books, side: str, t: date) -> Shares:
    """Return how charges were settled over the trailing 180 days."""
    known, first = dated_by(t), t - timedelta(days=180)
    rows: list[tuple[int, dict[str, Fraction]]] = []
    for each in ledger(books, side).applications:
        day = each.day
        if (
            each.charge.doc.kind != CHARGES[side]
            or each.credit.doc.kind == CREDITS[side]
            or not each.counts(known)
        ):
            continue
        if day and first <= day <= t:
            rows.append((half_up(each.cents * each.charge.doc.rate), source(books, t, each)))
    for doc in books.of("Invoice") if side == "ar" else []:
        if doc.deposit and doc.date and first <= doc.date <= t:
            into = next(
                each.account
                for each in postings(books, doc)
                if each.account.type != RECEIVABLE and each.home > 0
            )
            rows.append((half_up(doc.deposit * doc.rate), {channel(books, into, t): Fraction(1)}))
    return Shares(
        taken=Fraction(sum(amount for amount, _ in rows)),
        by_bank=sum((amount * parts.get("bank", Fraction(0)) for amount, parts in rows), Fraction(0)),
        by_clearing=sum((amount * parts.get("clearing", Fraction(0)) for amount, parts in rows), Fraction(0)),
    )


def channel(books: Books, account: Account, t: date) -> str:
    """Return what kind of account the money passed through: bank, clearing or other."""
    if is_undeposited(account) or counts(books, account, t):
        return "bank"
    return "clearing" if account.type in ("Credit Card", "Other Current Asset") else "other"


def source(books: Books, t: date, joined: Application) -> dict[str, Fraction]:
    """Return through which channels an application was paid, as parts of one.

    The payment's own money passed through the payment's account; a journal or deposit line through the
    accounts on the other side of its document.
    """
    doc = joined.credit.doc
    entries = postings(books, doc)
    if not joined.credit.hand_posted:
        return {channel(books, entries[0].account, t): Fraction(1)} if entries else {}
    line = next(each for each in entries if each.line_id == joined.credit.line_id)
    other = [each for each in entries if each.native * line.native < 0]
    whole = sum(abs(each.native) for each in other)
    parts: dict[str, Fraction] = {}
    for each in other:
        name = channel(books, each.account, t)
        parts[name] = parts.get(name, Fraction(0)) + Fraction(abs(each.native), whole)
    return parts
