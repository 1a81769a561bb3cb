"""What a company started with, so that what it has now comes out as its profile says."""

from collections import defaultdict
from datetime import timedelta

from rowcol.sandbox.books.bookkeeping import Bookkeeping, money
from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger import Posting, postings

WINDOW_DAYS = 90
FEWEST_DAYS = 30
NOT_OPERATING = ("Bank", "Equity", "Long Term Liability")
NOT_MONEY = ("Bill", "Invoice", "VendorCredit", "CreditMemo")
SAVES_FROM_DAYS = 60  # who has more than this keeps a quarter of the opening cash in savings
LOAN_CENTS = 18_000_000


def enter_opening(keeping: Bookkeeping) -> None:
    """Enter the opening balances on the first day: the cash that leaves the buffer the profile asks for."""
    profile, books = keeping.profile, keeping.books
    cash = _cash_at_the_start(keeping)
    equity = "Opening Balance Equity" if profile.messy else "Owner's Equity"
    loan = LOAN_CENTS if profile.loan else 0
    saved = cash // 4 if profile.buffer_days > SAVES_FROM_DAYS else 0
    lines = [("Checking", money(cash - saved)), (equity, money(loan - cash))]
    if saved:
        lines.append(("Savings", money(saved)))
    if loan:
        lines.append(("Term Loan", money(-loan)))
    books.journal(keeping.schedule.first, lines, number="OPEN", note="Opening balances")


def _cash_at_the_start(keeping: Bookkeeping) -> int:
    """Return the cents in the bank on the first day: those wanted today, less what has moved since."""
    company, today = keeping.books.company, keeping.today.isoformat()
    accounts = company.of("Account")
    banks = {id_ for id_, account in accounts.items() if account["AccountType"] == "Bank"}
    posted = postings(_money_side(company))
    moved = sum(side.amount_cents for side in posted if side.account in banks and side.date <= today)
    moved += sum(row.amount_cents for row in company.unlisted if row.date <= today)
    wanted = round(keeping.profile.buffer_days * _daily_outflow(keeping, posted, banks))
    return wanted - moved


def _money_side(company: Company) -> Company:
    """Return the books without their bills and invoices: what they post to no bank account need not be read."""
    rest = Company(company.realm, company.name, company.currency)
    rest.entities = {name: records for name, records in company.entities.items() if name not in NOT_MONEY}
    return rest


def _daily_outflow(keeping: Bookkeeping, posted: list[Posting], banks: set[str]) -> float:
    """Return the operating outflow a day over the window, in cents: money out, loans, draws and moves aside."""
    accounts = keeping.books.company.of("Account")
    since = (keeping.today - timedelta(days=WINDOW_DAYS)).isoformat()
    until = keeping.today.isoformat()
    by_txn: dict[tuple[str, str], list[Posting]] = defaultdict(list)
    for posting in posted:
        if since <= posting.date < until:
            by_txn[posting.entity, posting.txn_id].append(posting)
    out = -sum(row.amount_cents for row in keeping.books.company.unlisted if since <= row.date < until)
    for sides in by_txn.values():
        paid = -sum(side.amount_cents for side in sides if side.account in banks)
        if paid > 0:
            apart = sum(
                side.amount_cents
                for side in sides
                if side.account not in banks and accounts[side.account]["AccountType"] in NOT_OPERATING
            )
            out += max(0, paid - apart)
    days = min(WINDOW_DAYS, max(FEWEST_DAYS, keeping.profile.history_days))
    return out / days
