"""What everyone who writes a demo company's books has on the desk."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from rowcol.sandbox.books.profiles import Profile, pace, revenue
from rowcol.sandbox.books.schedule import Schedule
from rowcol.sandbox.builder import Books

EXPENSE_ACCOUNTS = (
    "Wages",
    "Payroll Taxes",
    "Employee Benefits",
    "Contractors",
    "Rent",
    "Utilities",
    "Insurance",
    "Software",
    "Advertising",
    "Travel",
    "Meals",
    "Office Supplies",
    "Professional Fees",
    "Equipment",
    "Interest Expense",
    "Income Tax",
    "Job Materials",
)
OTHER_ACCOUNTS = (
    ("Owner's Equity", "Equity", "OwnersEquity"),
    ("Owner's Draw", "Equity", "PersonalExpense"),
    ("Term Loan", "Long Term Liability", "NotesPayable"),
    ("Payroll Clearing", "Other Current Asset", "OtherCurrentAssets"),
    ("Savings", "Bank", "Savings"),
)


@dataclass(frozen=True)
class Bookkeeping:
    """One company's books in the making: who they are of, what is planned, what waits to be banked."""

    profile: Profile
    books: Books
    schedule: Schedule
    today: date
    seed: str
    ids: dict[tuple[str, int], str] = field(default_factory=dict)  # documents by plan key, once written
    undeposited: list[str] = field(default_factory=list)
    tills: dict[str, int] = field(
        default_factory=dict
    )  # running cents: tax collected, card owed, foreign bank

    def rng(self, stream: str) -> Random:
        """Return a source of chance of its own for a stream, so that one change leaves the rest alone."""
        return Random(f"{self.seed}:{self.profile.name}:{stream}")

    def monthly_revenue(self, day: date) -> float:
        """Return a month's revenue at a day's pace, in whole units of home currency."""
        return revenue(self.profile) * pace(self.profile, day, self.today)

    def add(self, till: str, cents: int) -> None:
        """Count cents into a till."""
        self.tills[till] = self.tills.get(till, 0) + cents

    def empty(self, till: str) -> int:
        """Take everything out of a till; returns the cents."""
        return self.tills.pop(till, 0)


def money(cents: int) -> Decimal:
    """Return cents as an amount."""
    return Decimal(cents).scaleb(-2)


def opened(profile: Profile, realm: str, today: date, seed: str) -> Bookkeeping:
    """Return the desk of a company with its chart of accounts and nothing written."""
    first = date.fromordinal(today.toordinal() - profile.history_days)
    last = date.fromordinal(today.toordinal() - 1 - profile.stale_days)
    books = Books(
        realm, profile.name, profile.currency, today=today, started=first, time_zone=profile.time_zone
    )
    for name in profile.work:
        books.account(name, "Income", "ServiceFeeIncome")
    for name in EXPENSE_ACCOUNTS:
        books.account(name, "Expense", "OtherMiscellaneousServiceCost")
    for account in OTHER_ACCOUNTS:
        books.account(*account)
    if profile.foreign_bank:
        books.account(f"{profile.foreign_bank} Account", "Bank", "Checking", currency=profile.foreign_bank)
    return Bookkeeping(profile, books, Schedule(first, last), today, seed)
