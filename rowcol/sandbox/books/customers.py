"""The customers of a demo company, and the habits they pay by."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from rowcol.sandbox.books.bookkeeping import Bookkeeping
from rowcol.sandbox.books.names import STREETS, address_of, business_names, phone_of

TERMS = (15, 30, 30, 30, 45)
HABITS = (-2, 0, 0, 2, 4, 6, 9, 13, 18, 24, 33)  # median days late, from the punctual to the slow
SPREADS = (1, 1, 2, 2, 3, 5)
STOPPED = 0.04  # share of customers who stopped paying
STOPPED_DAYS = (100, 190)
BY_CHECK = 0.35  # share of customers whose checks pass through Undeposited Funds
FOREIGN = 0.4  # share of customers abroad, if a company has any
MAIN_CUSTOMER = 3  # the larger, the less the largest customers stand out


@dataclass(frozen=True)
class Customer:
    """A customer: its part of sales, its terms, and how late it pays."""

    id: str
    share: float
    every: int  # days between invoices
    terms: int
    late: int  # median days
    spread: int  # most days to either side of it
    by_check: bool
    currency: str
    stopped_days: int  # what fell due within so many days stays unpaid


def customers_of(keeping: Bookkeeping) -> list[Customer]:
    """Add a company's customers to its books; returns them with the jobs they are invoiced on."""
    profile, rng = keeping.profile, keeping.rng("customers")
    weights = [1 / (place + MAIN_CUSTOMER) ** 0.7 for place in range(profile.customers)]
    found: list[Customer] = []
    for place, name in enumerate(business_names(rng, profile.customers)):
        habits = Random(f"{keeping.seed}:{profile.name}:habits {place}")
        abroad = bool(profile.foreign) and habits.random() < FOREIGN
        currency = profile.foreign[place % len(profile.foreign)] if abroad else profile.currency
        phone = phone_of(habits)
        id_ = keeping.books.customer(name, email=address_of(name), phone=phone, currency=currency)
        customer = Customer(
            id_,
            weights[place] / sum(weights),
            profile.every,
            habits.choice(TERMS),
            habits.choice(HABITS),
            habits.choice(SPREADS),
            habits.random() < BY_CHECK and not abroad,
            currency,
            habits.randint(*STOPPED_DAYS) if place > 2 and habits.random() < STOPPED else 0,
        )
        found += _jobs(keeping, customer, habits) if profile.jobs else [customer]
    return found


def _jobs(keeping: Bookkeeping, customer: Customer, habits: Random) -> Iterator[Customer]:
    """Split a customer into the jobs done for it; most are billed with their parent, by whom they are paid."""
    count = habits.randint(1, 3)
    with_parent = habits.random() < 0.7
    for street in habits.sample(STREETS, count):
        number = habits.randrange(10, 400)
        name = f"{number} {street} St"
        contact = None if with_parent else address_of(name)
        id_ = keeping.books.customer(
            name, parent=customer.id, bill_with_parent=with_parent, project=not with_parent, email=contact
        )
        yield replace(customer, id=id_, share=customer.share / count, every=customer.every + 5 * (count - 1))
