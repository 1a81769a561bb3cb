"""Bills of the demo companies' suppliers, and the weekly runs that pay them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rowcol.sandbox.books.bookkeeping import Bookkeeping, money
from rowcol.sandbox.books.names import FREELANCERS, address_of
from rowcol.sandbox.books.profiles import revenue
from rowcol.sandbox.books.rates import rate_on
from rowcol.sandbox.books.schedule import DAY, monthly

THURSDAY = 3
CONTRACTORS = 0.11  # of revenue, all freelancers together
DAYS_OF_TROUBLE = 130  # how long a falling business has been paying its bills later and later
LATEST = 55
WITHOUT_NUMBER = 0.02
# Who else sends bills: name, account, share of an ordinary month's revenue, day of the month, terms.
SUPPLIERS = (
    ("Tidewater Properties LLC", "Rent", 0.045, 24, 7),
    ("Keystone Benefits", "Employee Benefits", 0.032, 3, 20),
    ("Pinecrest Insurance", "Insurance", 0.011, 8, 30),
    ("City Power & Light", "Utilities", 0.005, 11, 21),
    ("Metro Fiber", "Utilities", 0.003, 17, 15),
    ("Ledger & Loom CPAs", "Professional Fees", 0.008, 20, 30),
    ("Halyard Marketing", "Advertising", 0.015, 14, 30),
)
FOREIGN_SUPPLIERS = {
    "EUR": "Übersetzungsbüro Krämer GmbH",
    "GBP": "Pemberton Legal Archives Ltd",
    "USD": "Cascade Fabrics Inc.",
}


@dataclass(frozen=True)
class Supplier:
    """Who sends bills: of what size (cents of its currency, before chance), when, and payable how."""

    id: str
    account: str
    cents: float
    fixed: bool
    day: int
    terms: int
    currency: str


def plan_bills(keeping: Bookkeeping) -> None:
    """Plan the suppliers' bills and their payment, on Thursdays, as late as the company has come to pay."""
    for supplier in _suppliers(keeping):
        rng = keeping.rng(f"supplier {supplier.id}")
        runs: dict[date, list[tuple[tuple[str, int], int]]] = defaultdict(list)
        number = 0
        for part in range(keeping.profile.vendor_bills):
            first_day = (supplier.day + part * 6 - 1) % 28 + 1
            for day in monthly(keeping.schedule.first, keeping.schedule.last, first_day):
                number += 1
                chance = 1.0 if supplier.fixed else rng.uniform(0.75, 1.25)
                size = supplier.cents if supplier.fixed else supplier.cents * _activity(keeping, day)
                cents = max(1000, round(size * chance / keeping.profile.vendor_bills))
                key = (f"bill {supplier.id}", number)
                has_number = rng.random() >= WITHOUT_NUMBER
                keeping.schedule.at(day, _entering(keeping, supplier, key, day, cents, has_number))
                due = day + DAY * supplier.terms
                runs[_pay_run(due + DAY * _days_late(keeping, due))].append((key, cents))
        for day, bills in runs.items():
            keeping.schedule.at(day, _paying(keeping, supplier, day, bills))


def _suppliers(keeping: Bookkeeping) -> list[Supplier]:
    profile, books = keeping.profile, keeping.books
    month = revenue(profile) * 100
    found = []
    for name, account, share, day, terms in SUPPLIERS:
        id_ = books.vendor(name, email=address_of(name))
        found.append(Supplier(id_, account, share * month, True, day, terms, profile.currency))
    trade = books.vendor("Allied Trade Supply", email="ar@alliedtrade.example")
    found.append(Supplier(trade, "Job Materials", profile.materials * month, False, 9, 30, profile.currency))
    rng = keeping.rng("freelancers")
    names = rng.sample(FREELANCERS, max(3, profile.people // 4))
    for name in names:
        id_ = books.vendor(name, phone="(555) 555-0142")
        cents = CONTRACTORS * month / len(names)
        found.append(
            Supplier(
                id_,
                "Contractors",
                cents,
                False,
                rng.randint(1, 28),
                rng.choice((7, 15, 30)),
                profile.currency,
            )
        )
    for currency in profile.foreign:
        id_ = books.vendor(FOREIGN_SUPPLIERS[currency], currency=currency)
        found.append(Supplier(id_, "Contractors", 0.02 * month, False, 6, 30, currency))
    return found


def _activity(keeping: Bookkeeping, day: date) -> float:
    return max(0.4, keeping.monthly_revenue(day) / revenue(keeping.profile))


def _days_late(keeping: Bookkeeping, due: date) -> int:
    usual = keeping.profile.pays_late
    if keeping.profile.trend != "falling":
        return usual
    trouble = max(0, DAYS_OF_TROUBLE - (keeping.today - due).days) / DAYS_OF_TROUBLE
    return round(usual + (LATEST - usual) * min(1.0, trouble) * min(1.0, usual / 8))


def _pay_run(day: date) -> date:
    return day + DAY * ((THURSDAY - day.weekday()) % 7)


def _entering(
    keeping: Bookkeeping, supplier: Supplier, key: tuple[str, int], day: date, cents: int, has_number: bool
) -> Callable[[], None]:
    def act() -> None:
        keeping.ids[key] = keeping.books.bill(
            supplier.id,
            money(cents),
            day,
            due=day + DAY * supplier.terms,
            number=f"{supplier.id}{key[1]:04d}" if has_number else None,
            account=supplier.account,
            rate=rate_on(supplier.currency, keeping.profile.currency, day),
        )

    return act


def _paying(
    keeping: Bookkeeping, supplier: Supplier, day: date, bills: list[tuple[tuple[str, int], int]]
) -> Callable[[], None]:
    def act() -> None:
        total = sum(cents for _, cents in bills)
        keeping.books.pay_bill(
            supplier.id,
            money(total),
            day,
            {keeping.ids[key]: money(cents) for key, cents in bills},
            rate=rate_on(supplier.currency, keeping.profile.currency, day),
        )

    return act
