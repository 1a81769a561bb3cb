"""What the demo companies sell, and how the money comes in."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from random import Random

from rowcol.sandbox.books.bookkeeping import Bookkeeping, money
from rowcol.sandbox.books.customers import Customer, customers_of
from rowcol.sandbox.books.rates import rate_on
from rowcol.sandbox.books.schedule import DAY, weekly, workday

WEDNESDAY, FRIDAY, SUNDAY = 2, 4, 6
PART_PAYMENTS = 0.04  # share of invoices paid in two parts
SECOND_PART_DAYS = 20
ROUND_TO = 2500  # cents; fees are round sums
DAYS_A_MONTH = 30.4
SENT = 0.97  # share of invoices e-mailed from QuickBooks
OVER_THE_COUNTER = 0.55  # share of takings rung up on the spot; a card processor settles the rest
SHOP_DAYS_A_MONTH = 26
PROCESSOR_FEE = 0.029

InvoiceKey = tuple[str, int]
Dues = dict[date, list[tuple[InvoiceKey, int]]]  # what a customer will pay on a day: invoice, cents


def plan_invoices(keeping: Bookkeeping) -> None:
    """Plan every customer's invoices, and the payments their habits lead to."""
    for customer in customers_of(keeping):
        rng = keeping.rng(f"customer {customer.id}")
        dues: Dues = defaultdict(list)
        day = keeping.schedule.first + DAY * rng.randrange(customer.every)
        number = 0
        while day <= keeping.schedule.last:
            number += 1
            _plan_invoice(keeping, customer, workday(day), number, rng, dues)
            day += DAY * max(3, customer.every + rng.randint(-3, 3))
        for paid_on, parts in dues.items():
            keeping.schedule.at(paid_on, _receiving(keeping, customer, paid_on, parts))
    _plan_deposits(keeping)


def plan_counter_sales(keeping: Bookkeeping) -> None:
    """Plan a business that invoices nobody: takings rung up daily, cards settled weekly by their processor."""
    rng = keeping.rng("counter")
    day = keeping.schedule.first
    while day <= keeping.schedule.last:
        takings = keeping.monthly_revenue(day) / SHOP_DAYS_A_MONTH * OVER_THE_COUNTER * rng.uniform(0.6, 1.4)
        if day.weekday() != SUNDAY:
            keeping.schedule.at(day, _ringing_up(keeping, day, round(takings * 100)))
        if day.weekday() == WEDNESDAY:
            settled = keeping.monthly_revenue(day) * 7 / DAYS_A_MONTH * (1 - OVER_THE_COUNTER)
            keeping.schedule.at(day, _settling(keeping, day, round(settled * rng.uniform(0.8, 1.2) * 100)))
        day += DAY
    _plan_deposits(keeping)


def _plan_invoice(
    keeping: Bookkeeping, customer: Customer, day: date, number: int, rng: Random, dues: Dues
) -> None:
    usual = keeping.monthly_revenue(day) * customer.share * customer.every / DAYS_A_MONTH
    rate = rate_on(customer.currency, keeping.profile.currency, day)
    fee = usual * rng.uniform(0.8, 1.2) / float(rate or 1) * 100
    cents = max(ROUND_TO, round(fee / ROUND_TO) * ROUND_TO)
    tax = round(cents * keeping.profile.sales_tax) if customer.currency == keeping.profile.currency else 0
    due = day + DAY * customer.terms
    key = (customer.id, number)
    keeping.schedule.at(day, _invoicing(keeping, customer, key, day, cents, tax, rng.random() < SENT))
    paid_on = workday(due + DAY * (customer.late + rng.randint(-customer.spread, customer.spread)))
    if (keeping.today - due).days < customer.stopped_days:
        return
    if rng.random() < PART_PAYMENTS:
        first = (cents + tax) // 2
        dues[paid_on].append((key, first))
        dues[workday(paid_on + DAY * SECOND_PART_DAYS)].append((key, cents + tax - first))
    else:
        dues[paid_on].append((key, cents + tax))


def _invoicing(
    keeping: Bookkeeping, customer: Customer, key: InvoiceKey, day: date, cents: int, tax: int, sent: bool
) -> Callable[[], None]:
    def act() -> None:
        keeping.add("invoice number", 1)
        keeping.add("sales tax", tax)
        work = keeping.profile.work
        keeping.ids[key] = keeping.books.invoice(
            customer.id,
            money(cents),
            day,
            due=day + DAY * customer.terms,
            number=str(1000 + keeping.tills["invoice number"]),
            account=work[key[1] % len(work)],
            tax=money(tax),
            sent=sent,
            rate=rate_on(customer.currency, keeping.profile.currency, day),
        )

    return act


def _receiving(
    keeping: Bookkeeping, customer: Customer, day: date, parts: list[tuple[InvoiceKey, int]]
) -> Callable[[], None]:
    def act() -> None:
        total = sum(cents for _, cents in parts)
        abroad = customer.currency == keeping.profile.foreign_bank
        bank = f"{customer.currency} Account" if abroad else "Checking"
        payment = keeping.books.receive(
            customer.id,
            money(total),
            day,
            {keeping.ids[key]: money(cents) for key, cents in parts},
            into=None if customer.by_check else bank,
            rate=rate_on(customer.currency, keeping.profile.currency, day),
        )
        if customer.by_check:
            keeping.undeposited.append(payment)
        if abroad:
            keeping.add(bank, total)

    return act


def _ringing_up(keeping: Bookkeeping, day: date, cents: int) -> Callable[[], None]:
    def act() -> None:
        tax = round(cents * keeping.profile.sales_tax)
        keeping.add("sales tax", tax)
        work = keeping.profile.work[day.weekday() % 2]
        receipt = keeping.books.sales_receipt(money(cents), day, account=work, tax=money(tax))
        keeping.undeposited.append(receipt)

    return act


def _settling(keeping: Bookkeeping, day: date, cents: int) -> Callable[[], None]:
    def act() -> None:
        tax = round(cents * keeping.profile.sales_tax)
        keeping.add("sales tax", tax)
        fee = round((cents + tax) * PROCESSOR_FEE)
        lines = [
            (keeping.profile.work[0], money(cents)),
            ("Sales Tax Payable", money(tax)),
            ("Bank Charges", money(-fee)),
        ]
        keeping.books.deposit(day, lines=lines, note="Card settlement")

    return act


def _plan_deposits(keeping: Bookkeeping) -> None:
    """Plan the weekly walk to the bank with what lies in Undeposited Funds."""

    def banking(day: date) -> Callable[[], None]:
        def act() -> None:
            if keeping.undeposited:
                keeping.books.deposit(day, receipts=list(keeping.undeposited))
                keeping.undeposited.clear()

        return act

    for day in weekly(keeping.schedule.first, keeping.schedule.last, FRIDAY):
        keeping.schedule.at(day, banking(day), late=True)
