"""The demo's books: twelve service agencies in different states, and as many variations as are wanted."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from rowcol.sandbox.books.bookkeeping import opened
from rowcol.sandbox.books.costs import plan_bank_and_owner, plan_card, plan_payroll, plan_taxes
from rowcol.sandbox.books.edge_cases import enter_edge_cases
from rowcol.sandbox.books.income import plan_counter_sales, plan_invoices
from rowcol.sandbox.books.mistakes import mistakes_of
from rowcol.sandbox.books.opening import enter_opening
from rowcol.sandbox.books.profiles import Profile, profiles
from rowcol.sandbox.books.rates import rate_on
from rowcol.sandbox.books.suppliers import plan_bills
from rowcol.sandbox.company import Company

__all__ = ["demo_companies"]

FIRST_REALM = 9_130_354_982_210_000_016  # nineteen digits, as production companies have
REALM_STEP = 7_919


def demo_companies(count: int = 12, seed: int = 1, *, today: date) -> list[Company]:
    """Return that many companies (up to 300) with books up to the day before `today`.

    The same count, seed and day give the same companies; another day gives the same businesses, moved to it.
    """
    with _collector_paused():
        return [
            _company(profile, str(FIRST_REALM + place * REALM_STEP), today, str(seed))
            for place, profile in enumerate(profiles(count, seed))
        ]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, records of which none is garbage yet."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _company(profile: Profile, realm: str, today: date, seed: str) -> Company:
    keeping = opened(profile, realm, today, seed)
    if profile.invoices:
        plan_invoices(keeping)
    else:
        plan_counter_sales(keeping)
    plan_bills(keeping)
    plan_payroll(keeping)
    plan_card(keeping)
    plan_taxes(keeping)
    plan_bank_and_owner(keeping)
    keeping.schedule.carry_out()
    enter_edge_cases(keeping)
    mistakes_of(keeping)
    enter_opening(keeping)
    company = keeping.books.finish()
    company.rate_on = rate_on
    return company
