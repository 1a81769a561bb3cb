"""The postings of each document: which account it debits and which it credits.

A debit is positive. A posting names an account of the chart, or one made up here where the document does
not say (the receivables of a payment, the income of a sales receipt, tax).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.oracle.books import Account, Books, Document, Json, Link, Party, cents, half_up, line_party, ref

PAYABLE = "Accounts Payable"
RECEIVABLE = "Accounts Receivable"
UNDEPOSITED = "UndepositedFunds"


@dataclass(frozen=True)
class Posting:
    """One debit (positive) or credit (negative): own and home cents, party, link, line id; `header` if none."""

    account: Account
    native: int
    home: int
    party: Party | None = None
    link: Link | None = None
    line_id: str | None = None


def made_up(kind: str) -> Account:
    """Return an account that stands for one the document does not name."""
    return Account(id="", name=kind, type=kind, subtype="", active=True, balance=0, currency="")


def is_undeposited(account: Account) -> bool:
    """Tell whether the account is Undeposited Funds."""
    return account.subtype == UNDEPOSITED


def undeposited(books: Books) -> Account:
    """Return the account that takes payments which name none."""
    return next(
        (each for each in books.accounts.values() if is_undeposited(each)), made_up("Other Current Asset")
    )


def postings(books: Books, doc: Document) -> list[Posting]:
    """Return every posting of a document, the header's first, then the lines in order."""
    if doc.voided or doc.kind not in BY_KIND:
        return []
    return [each for each in BY_KIND[doc.kind](books, doc) if each.native]


def find(books: Books, account_id: str | None, otherwise: str) -> Account:
    """Return the account of this id, or a made-up one of this type."""
    return books.accounts.get(account_id or "") or made_up(otherwise)


def receivable(books: Books, doc: Document) -> Account:
    """Return the receivables account of a sale or payment; of its currency if it names none."""
    of_currency = (
        each.id
        for each in books.accounts.values()
        if each.type == RECEIVABLE and each.currency == doc.currency
    )
    return find(books, ref(doc.raw, "ARAccountRef") or next(of_currency, None), RECEIVABLE)


def header(doc: Document, account: Account, sign: int) -> Posting:
    """Return the header's posting: the whole total to one account."""
    return Posting(account, sign * doc.total, sign * doc.home_total, doc.party)


def home(doc: Document, amount: int) -> int:
    """Return an amount of the document at its own rate."""
    return half_up(amount * doc.rate)


def remainder(doc: Document, lines: list[Posting], sign: int, *, kind: str = "Expense") -> Iterator[Posting]:
    """Yield what the lines leave of the total (tax), so that the postings balance."""
    left = sign * doc.total - sum(each.native for each in lines)
    left_home = sign * doc.home_total - sum(each.home for each in lines)
    if left:
        yield Posting(made_up(kind), left, left_home, doc.party)


def detail_of(line: Json) -> Json:
    """Return the detail of a line, whatever its type."""
    found: Json = line.get(line.get("DetailType") or "") or {}
    return found


def expense_lines(books: Books, doc: Document, sign: int) -> list[Posting]:
    """Return the account lines of a bill, purchase or vendor credit, debits positive."""
    found = []
    for line in doc.raw.get("Line") or []:
        if line.get("DetailType") not in ("AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"):
            continue
        amount = sign * cents(line.get("Amount"))
        account = find(books, ref(detail_of(line), "AccountRef"), "Expense")
        linked = next((link for link in links_of_line(line)), None)
        found.append(Posting(account, amount, home(doc, amount), doc.party, linked, line.get("Id")))
    return found


def links_of_line(line: Json) -> Iterator[Link]:
    """Yield the links of one line."""
    for link in line.get("LinkedTxn") or []:
        yield Link(link["TxnType"], link["TxnId"], link.get("TxnLineId"), cents(line.get("Amount")))


def bill(books: Books, doc: Document) -> Iterator[Posting]:
    """A bill: payables credited; a vendor credit the other way round."""
    sign = 1 if doc.kind == "Bill" else -1
    yield header(doc, find(books, ref(doc.raw, "APAccountRef"), PAYABLE), -sign)
    lines = expense_lines(books, doc, sign)
    yield from lines
    yield from remainder(doc, lines, sign)


def invoice(books: Books, doc: Document) -> Iterator[Posting]:
    """An invoice: receivables debited, income credited; its Deposit goes to an account at once."""
    sign = 1 if doc.kind == "Invoice" else -1
    yield header(doc, receivable(books, doc), sign)
    yield header(doc, made_up("Income"), -sign)
    if doc.deposit:
        into = books.accounts.get(ref(doc.raw, "DepositToAccountRef") or "") or undeposited(books)
        amount = home(doc, doc.deposit)
        yield Posting(into, doc.deposit, amount, doc.party)
        yield Posting(receivable(books, doc), -doc.deposit, -amount, doc.party)


def bill_payment(books: Books, doc: Document) -> Iterator[Posting]:
    """A bill payment: bank or card credited, payables debited."""
    paid_from = ref(doc.raw.get("CheckPayment") or {}, "BankAccountRef") or ref(
        doc.raw.get("CreditCardPayment") or {}, "CCAccountRef"
    )
    yield header(doc, find(books, paid_from, "Expense"), -1)
    yield header(doc, find(books, ref(doc.raw, "APAccountRef"), PAYABLE), 1)


def payment(books: Books, doc: Document) -> Iterator[Posting]:
    """A customer's payment: the account it goes to debited, receivables credited."""
    yield header(doc, books.accounts.get(ref(doc.raw, "DepositToAccountRef") or "") or undeposited(books), 1)
    yield header(doc, receivable(books, doc), -1)


def receipt(books: Books, doc: Document) -> Iterator[Posting]:
    """A sales receipt in, a refund receipt out."""
    sign = 1 if doc.kind == "SalesReceipt" else -1
    yield header(
        doc, books.accounts.get(ref(doc.raw, "DepositToAccountRef") or "") or undeposited(books), sign
    )
    yield header(doc, made_up("Income"), -sign)


def purchase(books: Books, doc: Document) -> Iterator[Posting]:
    """An expense, check or card charge; the other way round if it is a Credit."""
    sign = -1 if doc.raw.get("Credit") else 1
    yield header(doc, find(books, ref(doc.raw, "AccountRef"), "Expense"), -sign)
    lines = expense_lines(books, doc, sign)
    yield from lines
    yield from remainder(doc, lines, sign)


def deposit(books: Books, doc: Document) -> Iterator[Posting]:
    """A deposit: bank debited by the total, CashBack debited, lines credited."""
    yield header(doc, find(books, ref(doc.raw, "DepositToAccountRef"), "Expense"), 1)
    back = doc.raw.get("CashBack") or {}
    taken = cents(back.get("Amount"))
    yield Posting(find(books, ref(back, "AccountRef"), "Expense"), taken, home(doc, taken))
    lines = []
    for line in doc.raw.get("Line") or []:
        detail, amount = detail_of(line), cents(line.get("Amount"))
        linked = next(links_of_line(line), None)
        account = undeposited(books) if linked else find(books, ref(detail, "AccountRef"), "Income")
        lines.append(
            Posting(account, -amount, -home(doc, amount), line_party(detail), linked, line.get("Id"))
        )
    yield from lines
    left = -doc.total - taken - sum(each.native for each in lines)
    if left:
        yield Posting(made_up("Income"), left, home(doc, left))


def transfer(books: Books, doc: Document) -> Iterator[Posting]:
    """A transfer between two accounts."""
    yield header(doc, find(books, ref(doc.raw, "FromAccountRef"), "Expense"), -1)
    yield header(doc, find(books, ref(doc.raw, "ToAccountRef"), "Expense"), 1)


def card_payment(books: Books, doc: Document) -> Iterator[Posting]:
    """A payment of the credit card from the bank."""
    yield header(doc, find(books, ref(doc.raw, "BankAccountRef"), "Expense"), -1)
    yield header(doc, find(books, ref(doc.raw, "CreditCardAccountRef"), "Expense"), 1)


def journal(books: Books, doc: Document) -> Iterator[Posting]:
    """A journal entry: its lines as they are."""
    for line in doc.raw.get("Line") or []:
        detail = detail_of(line)
        sign = 1 if detail.get("PostingType") == "Debit" else -1
        amount = sign * cents(line.get("Amount"))
        account = find(books, ref(detail, "AccountRef"), "Expense")
        yield Posting(account, amount, home(doc, amount), line_party(detail), None, line.get("Id"))


BY_KIND: dict[str, Callable[[Books, Document], Iterator[Posting]]] = {
    "Bill": bill,
    "VendorCredit": bill,
    "Invoice": invoice,
    "CreditMemo": invoice,
    "BillPayment": bill_payment,
    "Payment": payment,
    "SalesReceipt": receipt,
    "RefundReceipt": receipt,
    "Purchase": purchase,
    "Deposit": deposit,
    "Transfer": transfer,
    "CreditCardPayment": card_payment,
    "JournalEntry": journal,
}
