"""The twelve agencies, and variations on them: how each earns, pays and stands."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from rowcol.sandbox.books.names import FIRST

GROWTH_DAYS = 548
DECLINE_DAYS_AGO = 200, 120  # when sales began to fall, and when they had fallen
HIRING_LEAD_DAYS = 45
FLAT = (1.0,) * 12
GARDEN = (0.35, 0.45, 0.8, 1.25, 1.5, 1.5, 1.35, 1.3, 1.2, 1.1, 0.75, 0.45)  # January first
FESTIVAL = (0.7, 0.8, 0.95, 1.1, 1.15, 1.2, 1.05, 0.9, 1.1, 1.15, 1.05, 0.85)


@dataclass(frozen=True)
class Profile:
    """One agency. Money in whole units of its home currency; shares are of revenue."""

    name: str
    work: tuple[str, ...]  # what its income accounts are called
    people: int
    buffer_days: float  # cash over daily outflow of the last 90 days, as the books will show it
    salary: int = 6900  # a person a month, taxes and benefits included
    payroll_share: float = 0.56
    payroll: str = "purchase"  # purchase, journal or unlisted
    biweekly: bool = True
    draws: float = 0.06
    materials: float = 0.04  # what is bought for the work itself
    trend: str = "steady"  # steady, growing or falling
    trough: float = 0.4  # what is left of an ordinary day's sales if they are falling
    season: tuple[float, ...] = FLAT
    currency: str = "USD"
    time_zone: str = "America/New_York"
    foreign: tuple[str, ...] = ()
    foreign_bank: str = ""
    customers: int = 16
    every: int = 30  # days between a customer's invoices
    jobs: bool = False
    sales_tax: float = 0.0
    invoices: bool = True
    loan: bool = False
    pays_late: int = 2
    card_buys: float = 1.0  # card purchases a person a month
    card_by: str = "card_payment"  # card_payment, transfer or purchase
    vendor_bills: int = 1  # bills of each supplier a month
    history_days: int = 548
    stale_days: int = 0
    smudges: int = 3
    messy: bool = False
    taxes_ahead: str = ""  # a payroll tax payment QuickBooks Payroll has scheduled: in no entity, dated ahead


TWELVE = (
    Profile("Northlight Creative", ("Campaigns", "Brand Design", "Media Production"), 18, 6.4, trend="falling",
            trough=0.42, customers=22, pays_late=9, loan=True, smudges=6, card_by="purchase"),
    Profile("Juniper & Vale PR", ("Retainers", "Press Projects"), 14, 11.3, trend="falling", customers=18, pays_late=6,
            payroll="journal", card_by="transfer", messy=True),
    Profile("Harbor Point Studio", ("Architecture Fees", "Interior Design Fees", "Reimbursable Expenses"), 21, 17.2,
            trend="falling", trough=0.36, taxes_ahead="412.10", jobs=True, customers=12, loan=True, biweekly=False,
            time_zone="America/Los_Angeles"),
    Profile("Castellan IT Services", ("Managed Services", "Projects", "Hardware Sales"), 24, 19.8, trend="falling",
            trough=0.34, payroll="unlisted", sales_tax=0.0825, materials=0.08, customers=26, time_zone="America/Chicago",
            smudges=5),
    Profile("Maple Row Interiors", ("Design Fees", "Procurement"), 12, 22.4, trend="falling", trough=0.32,
            currency="CAD", time_zone="America/Toronto", foreign=("USD",), sales_tax=0.13, materials=0.09,
            salary=6300, customers=14, payroll="journal", smudges=4),
    Profile("Oxbow Engineering", ("Inspections", "Materials Testing", "Survey Work"), 30, 53.0, customers=330, every=26,
            vendor_bills=5, card_buys=5.5, draws=0.05, smudges=8, time_zone="America/Denver"),
    Profile("Fathom Films", ("Production Fees", "Post-Production", "Licensing"), 11, 66.0, season=FESTIVAL, stale_days=19,
            materials=0.07, customers=10, every=38, biweekly=False, time_zone="America/Los_Angeles"),
    Profile("Lark & Sons Landscaping", ("Landscape Design", "Installation", "Garden Care"), 22, 74.0, season=GARDEN,
            sales_tax=0.06, materials=0.1, salary=5200, payroll_share=0.5, customers=34, loan=True, draws=0.05,
            card_by="transfer", smudges=4),
    Profile("Quill Legal Support", ("Document Review", "Transcription", "Court Filing"), 16, 91.0, customers=20,
            foreign=("EUR", "GBP"), foreign_bank="EUR", payroll_share=0.5, draws=0.09),
    Profile("Ternary Labs", ("Consulting", "Support Plans"), 27, 118.0, trend="growing", salary=8200,
            payroll_share=0.86, payroll="unlisted", draws=0.0, customers=15, smudges=5,
            time_zone="America/Los_Angeles"),
    Profile("Salt & Ember Catering", ("Event Catering", "Café Sales"), 19, 47.5, invoices=False, season=FESTIVAL,
            salary=4300, payroll_share=0.42, materials=0.2, sales_tax=0.07, draws=0.06),
    Profile("Windrow Consulting", ("Advisory Fees",), 10, 140.0, customers=4, history_days=14, smudges=0, draws=0.0,
            every=10),
)  # fmt: skip
REPEATABLE = tuple(
    profile
    for profile in TWELVE
    if not profile.messy and profile.history_days > 100 and profile.customers < 100
)
VARIED_HISTORY_DAYS = 380
KINDS = ("Studio", "Associates", "Collective", "Works", "& Daughters", "Bureau", "Partners", "Group", "Guild")


def profiles(count: int, seed: int) -> list[Profile]:
    """Return the twelve, or the first of them, then variations on those that bear repeating."""
    rng = Random(f"{seed}:profiles")
    names = [f"{first} {kind}" for first in FIRST for kind in KINDS]
    rng.shuffle(names)
    extra = max(0, count - len(TWELVE))
    return [*TWELVE[:count], *(_variation(rng, index, names[index]) for index in range(extra))]


def _variation(rng: Random, index: int, name: str) -> Profile:
    base = REPEATABLE[index % len(REPEATABLE)]
    return replace(
        base,
        name=name,
        people=rng.randint(10, 30),
        buffer_days=round(base.buffer_days * rng.uniform(0.7, 1.4), 1),
        customers=max(6, base.customers + rng.randint(-5, 6)),
        history_days=VARIED_HISTORY_DAYS,
        pays_late=rng.randint(0, 8),
        stale_days=0,
        smudges=rng.randint(0, 6),
    )


def revenue(profile: Profile) -> float:
    """Return the revenue of an ordinary month."""
    return profile.people * profile.salary / profile.payroll_share


def pace(profile: Profile, day: date, today: date) -> float:
    """Return what a day's sales are to an ordinary day's: the season, and where the business is heading."""
    return profile.season[day.month - 1] * _course(profile.trend, (today - day).days, profile.trough)


def headcount(profile: Profile, day: date, today: date) -> float:
    """Return the people on the payroll on a day; who grows hires ahead of sales, who shrinks lets nobody go."""
    return profile.people * (
        _course("growing", (today - day).days - HIRING_LEAD_DAYS) if profile.trend == "growing" else 1.0
    )


def _course(trend: str, days_ago: int, trough: float = 1.0) -> float:
    if trend == "growing":
        return float(0.45 + 0.55 * max(0.0, 1 - days_ago / GROWTH_DAYS))
    if trend == "falling":
        since, until = DECLINE_DAYS_AGO
        left = min(1.0, max(0.0, (days_ago - until) / (since - until)))
        return trough + (1.0 - trough) * left
    return 1.0
