"""The books at a date: what is open, and the aging of each party.

An application joins one charge with one credit by a payment. It counts only if all three documents are
known. At a date t those dated on or before t are known (`dated_by`); netting also knows what was entered
ahead (`known_by`). Every application that does not count is added back to what QuickBooks states as open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tests.oracle.books import Books, Document, Link, Party, half_up
from tests.oracle.postings import PAYABLE, RECEIVABLE, postings

Known = Callable[[Document], bool]
CONTROL = {"ap": PAYABLE, "ar": RECEIVABLE}
CHARGES = {"ap": "Bill", "ar": "Invoice"}
CREDITS = {"ap": "VendorCredit", "ar": "CreditMemo"}
PAYMENTS = {"ap": "BillPayment", "ar": "Payment"}
PARTY_KIND = {"ap": "Vendor", "ar": "Customer"}
DOCUMENTS = {"Bill", "VendorCredit", "BillPayment", "Invoice", "CreditMemo", "Payment"}
BUCKETS = ("current", "d1_30", "d31_60", "d61_90", "d91_over", "undated")


@dataclass(frozen=True, eq=False)
class Item:
    """A charge (sign 1) or credit (sign -1) on A/P or A/R: a document, or one hand-posted line of one."""

    side: str
    sign: int
    doc: Document
    party: Party | None
    amount: int
    line_id: str | None = None
    hand_posted: bool = False

    @property
    def due(self) -> date | None:
        """Return the date it is aged from: the effective due date of a charge, the date of a credit."""
        return (self.doc.due or self.doc.date) if self.sign > 0 and not self.hand_posted else self.doc.date


@dataclass(frozen=True)
class Application:
    """So many cents of a credit (or of the payment's own money) set against a charge."""

    charge: Item
    credit: Item
    payment: Document
    cents: int

    @property
    def day(self) -> date | None:
        """Return the day it takes effect: the last of the three dates."""
        dates = [each.date for each in (self.charge.doc, self.credit.doc, self.payment) if each.date]
        return max(dates, default=None)

    def counts(self, known: Known) -> bool:
        """Tell whether all three documents are known."""
        return known(self.charge.doc) and known(self.credit.doc) and known(self.payment)


@dataclass(frozen=True)
class Ledger:
    """All items and applications of one side."""

    side: str
    items: list[Item]
    applications: list[Application]

    def open_native(self, item: Item, known: Known) -> tuple[int, bool]:
        """Return the open amount in the item's currency, and whether an application was added back."""
        touching = [each for each in self.applications if item in (each.charge, each.credit)]
        added = sum(each.cents for each in touching if not each.counts(known))
        stated = item.doc.balance if not item.hand_posted else None
        if stated is None:
            stated = item.amount - item.doc.deposit - sum(each.cents for each in touching)
        return stated + added, added != 0

    def open_home(self, item: Item, known: Known) -> int:
        """Return the open amount in home cents, not signed."""
        amount, added = self.open_native(item, known)
        if item.doc.home_balance is not None and not added and not item.hand_posted:
            return item.doc.home_balance
        return half_up(amount * item.doc.rate)


def dated_by(t: date) -> Known:
    """Know what is dated on or before t, or not dated."""
    return lambda doc: doc.date is None or doc.date <= t


def ahead(doc: Document, t: date) -> bool:
    """Tell whether the document was entered ahead: dated after t, created on or before t."""
    return doc.date is not None and doc.date > t and doc.created is not None and doc.created <= t


def known_by(t: date) -> Known:
    """Know what is dated on or before t, or entered ahead."""
    return lambda doc: doc.date is None or doc.date <= t or ahead(doc, t)


def ledger(books: Books, side: str) -> Ledger:
    """Collect the items and applications of one side."""
    items = [
        Item(side, sign, doc, doc.party, doc.total)
        for kind, sign in ((CHARGES[side], 1), (CREDITS[side], -1), (PAYMENTS[side], -1))
        for doc in books.of(kind)
    ]
    items += [item for doc in books.documents for item in hand_posted(books, doc, side)]
    filled: dict[Item, int] = {}
    joined = []
    for payment in sorted(books.of(PAYMENTS[side]), key=lambda doc: (doc.date or date.min, doc.number_id)):
        own = next(item for item in items if item.doc is payment)
        joined += pairs(
            payment, own, [part for link in payment.links for part in targets(link, own, items, filled)]
        )
    return Ledger(side, items, joined)


def hand_posted(books: Books, doc: Document, side: str) -> list[Item]:
    """Return the lines on the control account of a document that is no bill, invoice, credit or payment."""
    if doc.kind in DOCUMENTS:
        return []
    more = 1 if side == "ar" else -1
    return [
        Item(
            side=side,
            sign=1 if each.native * more > 0 else -1,
            doc=doc,
            party=each.party or doc.party,
            amount=abs(each.native),
            line_id=each.line_id,
            hand_posted=True,
        )
        for each in postings(books, doc)
        if each.account.type == CONTROL[side]
    ]


def targets(link: Link, payer: Item, items: list[Item], filled: dict[Item, int]) -> list[tuple[Item, int]]:
    """Return the items a link points to, each with its part of the amount."""
    if link.type in (CHARGES[payer.side], CREDITS[payer.side]):
        return [(each, link.cents) for each in items if each.doc.kind == link.type and each.doc.id == link.id]
    lines = [
        each for each in items if each.hand_posted and each.doc.id == link.id and each.party == payer.party
    ]
    named = [each for each in lines if link.line_id is not None and each.line_id == link.line_id]
    left, found = link.cents, []
    for each in named or lines:
        part = min(left, each.amount - filled.get(each, 0))
        if part > 0:
            filled[each] = filled.get(each, 0) + part
            found.append((each, part))
            left -= part
    return found


def pairs(payment: Document, own: Item, parts: list[tuple[Item, int]]) -> list[Application]:
    """Set credits against charges, both in line order; the payment's own money takes what is left."""
    credits = [item for item, _ in parts if item.sign < 0]
    unused = [cents for item, cents in parts if item.sign < 0]
    found = []
    for charge, cents in [part for part in parts if part[0].sign > 0]:
        left = cents
        for n, credit in enumerate(credits):
            used = min(left, unused[n])
            if used > 0:
                found.append(Application(charge, credit, payment, used))
                unused[n] -= used
                left -= used
        if left > 0:
            found.append(Application(charge, own, payment, left))
    return found


def open_items(book: Ledger, known: Known) -> list[tuple[Item, int]]:
    """Return the known items with what is open of each, signed: charges positive, credits negative."""
    opened = [(item, item.sign * book.open_home(item, known)) for item in book.items if known(item.doc)]
    return [(item, amount) for item, amount in opened if amount]


def bucket(due: date | None, t: date) -> str:
    """Return the aging bucket of a due date."""
    if due is None:
        return "undated"
    late = (t - due).days
    for name, top in (("current", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90)):
        if late <= top:
            return name
    return "d91_over"


def aging(book: Ledger, t: date) -> dict[Party | None, dict[str, int]]:
    """Return each party's buckets and total at t."""
    rows: dict[Party | None, dict[str, int]] = {}
    for item, amount in open_items(book, dated_by(t)):
        row = rows.setdefault(item.party, dict.fromkeys((*BUCKETS, "total"), 0))
        row[bucket(item.due, t)] += amount
        row["total"] += amount
    return rows


def total(rows: Iterable[dict[str, int]]) -> int:
    """Return A/P or A/R: all parties together."""
    return sum(row["total"] for row in rows)


def overdue(rows: Iterable[dict[str, int]]) -> int:
    """Return the four past-due buckets summed, credits included."""
    return sum(row[name] for row in rows for name in BUCKETS[1:5])
