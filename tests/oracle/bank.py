"""Bank movements, their classes, and the cash figures: window, burn, cash, card debt, buffer days, runway.

Unlisted movements are zero here: the books of the oracle hold everything that moved a bank account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.books import Account, Books, Document, Party, half_up
from tests.oracle.fold import dated_by
from tests.oracle.postings import PAYABLE, RECEIVABLE, Posting, is_undeposited, postings

INTERNAL, SET_ASIDE, SETTLEMENT = "internal", "set aside", "settlement"
FINANCING, INVESTING, OPERATING = "financing", "investing", "operating"
BORROWINGS = {
    "LoanPayable",
    "LineOfCredit",
    "ShortTermBorrowings",
    "CurrentPortionOfObligationsUnderFinanceLeases",
}


@dataclass(frozen=True)
class Portion:
    """The part of a movement that one class and payee explain: home cents, in positive, out negative."""

    kind: str
    cents: int
    payee: tuple[str, str] | None


@dataclass(frozen=True)
class Movement:
    """The signed change of one counted bank account by one transaction, home cents."""

    doc: Document
    account: Account
    date: date
    cents: int
    portions: tuple[Portion, ...]


@dataclass(frozen=True)
class Window:
    """The days the averages are taken over: first and last day, and the number to divide by."""

    first: date
    last: date
    days: int

    def holds(self, day: date | None) -> bool:
        """Tell whether a day lies in the window."""
        return day is not None and self.first <= day <= self.last


def window(books: Books, t: date) -> Window:
    """Return t-90 .. t-1, cut at the first dated record; at least 30 days to divide by."""
    dates = [doc.date for doc in books.documents if doc.date]
    first = max([t - timedelta(days=90), *([min(dates)] if dates else [])])
    return Window(first, t - timedelta(days=1), max(30, (t - first).days))


def counts(books: Books, account: Account, t: date) -> bool:
    """Tell whether a bank account counts: not excluded, and a rate is known."""
    known = account.currency == books.currency or rate(books, account.currency, t) is not None
    return account.type == "Bank" and account.id not in books.settings.excluded and known


def rate(books: Books, currency: str, t: date) -> Fraction | None:
    """Return QuickBooks' own newest rate, else the newest on a document, dated on or before t."""
    own = [(day, value) for code, day, value in books.rates if code == currency and day <= t]
    if own:
        return max(own)[1]
    seen = [
        doc
        for doc in books.documents
        if doc.currency == currency and doc.date and doc.date <= t and not doc.voided
    ]
    return max(seen, key=lambda doc: (doc.date or date.min, doc.number_id)).rate if seen else None


def movements(books: Books, t: date) -> list[Movement]:
    """Return every movement of the accounts that count at t, whatever its date."""
    pool = undeposited_payments(books)
    found = []
    for doc in books.documents:
        parts: dict[str, list[Portion]] = {}
        cents: dict[str, int] = {}
        for entries in steps(books, doc):
            for account in {each.account.id: each.account for each in entries}.values():
                amount = sum(each.home for each in entries if each.account is account)
                if amount and counts(books, account, t):
                    cents[account.id] = cents.get(account.id, 0) + amount
                    parts.setdefault(account.id, []).extend(
                        portions(books, t, doc, account, amount, entries, pool)
                    )
        found += [
            Movement(doc, books.accounts[id_], doc.date, amount, tuple(parts[id_]))
            for id_, amount in cents.items()
            if doc.date
        ]
    return found


def steps(books: Books, doc: Document) -> list[list[Posting]]:
    """Return a document's postings; of a deposit with cash back to a bank account the whole deposit, then the cash back."""
    entries = postings(books, doc)
    has_back = doc.kind == "Deposit" and (doc.raw.get("CashBack") or {}).get("Amount")
    if not has_back or entries[1].account.type != "Bank":
        return [entries]
    into, back, *lines = entries
    whole = replace(into, native=into.native + back.native, home=into.home + back.home)
    out = replace(into, native=-back.native, home=-back.home)
    return [[whole, *lines], [out, back]]


def portions(
    books: Books,
    t: date,
    doc: Document,
    account: Account,
    amount: int,
    entries: list[Posting],
    pool: dict[str, int],
) -> tuple[Portion, ...]:
    """Split a movement over the postings of the opposite sign, pro rata with cumulative rounding."""
    other = [each for each in entries if each.account is not account and each.home * amount < 0]
    if doc.kind == "Invoice":  # what stands opposite its Deposit is the receivable, not the income
        other = [each for each in other if each.account.type == RECEIVABLE]
    own_party = next((each.party for each in entries if each.account is account and each.party), None)
    whole, before, done = sum(abs(each.home) for each in other), 0, 0
    found: list[Portion] = []
    for each in other:
        before += abs(each.home)
        share = half_up(Fraction(abs(amount) * before, whole)) - done
        done += share
        signed = share if amount > 0 else -share
        payee: Party | None = own_party or each.party
        found += split(books, t, doc, each, signed, payee, pool)
    return tuple(each for each in found if each.cents)


def split(
    books: Books,
    t: date,
    doc: Document,
    other: Posting,
    signed: int,
    payee: Party | None,
    pool: dict[str, int],
) -> list[Portion]:
    """Class one share of a movement by the posting on its other side."""
    account = other.account
    if account.type == "Bank":
        if counts(books, account, t):
            return [Portion(INTERNAL, signed, payee)]
        return [Portion(SET_ASIDE, signed, payee or ("Account", account.id))]
    if other.link or not is_undeposited(account):
        return [Portion(kind_of(other), signed, payee)]
    settled = min(signed, pool.get(doc.id, 0)) if signed > 0 else 0
    return [Portion(SETTLEMENT, settled, payee), Portion(OPERATING, signed - settled, payee)]


def kind_of(other: Posting) -> str:
    """Return the class of a posting on the other side, Undeposited Funds and banks aside."""
    account = other.account
    if other.link and other.link.type in ("Payment", "Bill", "Invoice"):
        return SETTLEMENT
    return class_of(account)


def class_of(account: Account) -> str:
    """Return the class of the money that goes to or comes from an account, banks aside."""
    if account.type in (PAYABLE, RECEIVABLE):
        return SETTLEMENT
    if account.type in ("Equity", "Long Term Liability"):
        return FINANCING
    if account.type == "Other Current Liability" and account.subtype in BORROWINGS:
        return FINANCING
    if account.type in ("Fixed Asset", "Other Asset"):
        return INVESTING
    return OPERATING


def undeposited_payments(books: Books) -> dict[str, int]:
    """Return, for each transfer or journal out of Undeposited Funds, how much of it is customers' payments.

    Payments (and deposits received with an invoice) put there by its date and not yet taken out, oldest first.
    """
    pool: dict[str, int] = {}
    arrived: dict[str, date] = {}
    settled: dict[str, int] = {}
    for doc in sorted(
        books.documents,
        key=lambda each: (each.date or date.min, each.kind not in ("Payment", "Invoice"), each.number_id),
    ):
        entries = [each for each in postings(books, doc) if is_undeposited(each.account)]
        if doc.kind in ("Payment", "Invoice") and entries:
            pool[doc.id] = sum(each.home for each in entries)
            arrived[doc.id] = doc.date or date.min
        for link in doc.links if doc.kind == "Deposit" else ():
            pool.pop(link.id, None)
        taken = -sum(each.home for each in entries if not each.link)
        if doc.kind in ("Transfer", "JournalEntry", "Deposit") and taken > 0:
            settled[doc.id] = take_oldest(pool, arrived, taken)
    return settled


def take_oldest(pool: dict[str, int], arrived: dict[str, date], wanted: int) -> int:
    """Take up to so much from the oldest payments of the pool; return how much was there."""
    left = wanted
    for key in sorted(pool, key=lambda each: (arrived[each], int(each))):
        used = min(left, pool[key])
        pool[key] -= used
        left -= used
    return wanted - left


def all_postings(books: Books) -> list[tuple[Document, Posting]]:
    """Return every posting with its document."""
    return [(doc, each) for doc in books.documents for each in postings(books, doc)]


def balance_at(books: Books, account: Account, t: date) -> int:
    """Return an account's balance at t in its own currency, with CurrentBalance's sign."""
    moved = 0
    for doc, each in all_postings(books):
        if each.account is account and doc.date is not None and doc.date > t:
            moved += each.native if doc.currency in ("", account.currency) else each.home
    return account.balance - moved


def cash(books: Books, t: date) -> int:
    """Return book cash at t: active bank accounts that count, in home cents."""
    return sum(
        balance_at(books, each, t) if each.currency == books.currency else carried_at(books, each, t)
        for each in books.accounts.values()
        if each.active and counts(books, each, t)
    )


def carried_at(books: Books, account: Account, t: date) -> int:
    """Return what a BalanceSheet of t states for a foreign account whose every entry is in the books."""
    return sum(each.home for doc, each in all_postings(books) if each.account is account and dated_by(t)(doc))


def card_debt(books: Books, t: date) -> int:
    """Return what is owed on the cards at t; a card in credit counts for nothing."""
    cards = [each for each in books.accounts.values() if each.type == "Credit Card"]
    return sum(max(0, -balance_at(books, each, t)) for each in cards)


@dataclass(frozen=True)
class Burn:
    """Operating outflows and inflows of the window, settlements included, home cents."""

    window: Window
    out: int
    into: int

    @property
    def net(self) -> int:
        """Return outflows less inflows."""
        return self.out - self.into


def burn(books: Books, t: date) -> Burn:
    """Return the operating movements of the window."""
    span = window(books, t)
    parts = [
        each.cents
        for move in movements(books, t)
        if span.holds(move.date)
        for each in move.portions
        if each.kind in (OPERATING, SETTLEMENT)
    ]
    return Burn(span, -sum(each for each in parts if each < 0), sum(each for each in parts if each > 0))


def buffer_days(money: int, spent: Burn) -> int | None:
    """Return whole days of cash at the daily outflow; None if there is no outflow."""
    if money <= 0:
        return 0
    return money * spent.window.days // spent.out if spent.out else None


def runway_days(money: int, spent: Burn) -> int | None:
    """Return whole days of cash at the daily net burn; None if the client is cash-generative."""
    if money <= 0:
        return 0
    return money * spent.window.days // spent.net if spent.net > 0 else None


def effect_days(amount: int, spent: Burn) -> Fraction | None:
    """Return an amount in days of net burn (outflow if cash-generative), to one decimal; None if neither."""
    base = spent.net if spent.net > 0 else spent.out
    return Fraction(half_up(Fraction(amount * spent.window.days * 10, base)), 10) if base else None
