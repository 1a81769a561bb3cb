"""The oracle gives the right figure of every case, and its random books are consistent with themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.bank import balance_at
from tests.oracle.books import Books, books_of, read
from tests.oracle.compare import exact
from tests.oracle.figures import figures
from tests.oracle.fold import aging, ahead, ledger, total
from tests.oracle.forecast import Forecast, forecast
from tests.oracle.random_books import TODAY, Random, company
from tests.oracle.ready import bills

IN_ONE_CURRENCY = [seed for seed in range(1, 41) if not Random(seed, TODAY).multi]
"""Seeds of companies whose control accounts carry no exchange differences."""
CASES = Path(__file__).parent.parent / "cases"


def placed(made: Forecast) -> int:
    """Return the sum of all placed rows of the detail: items, funds, booked movements and series."""
    items = sum(each.cents for each in made.receivable + made.funds if each.within(made.t))
    items -= sum(each.cents for each in made.payable if each.within(made.t))
    items += sum(move.cents for move in made.booked)
    return items - sum(made.lines["recurring_out"]) - sum(made.lines["debt_service"])


def sum_of(*lines: str) -> Callable[[Forecast], int]:
    """Return the sum of some lines of the 13 weeks."""
    return lambda made: sum(sum(made.lines[line]) for line in lines)


def month_ends(made: Forecast) -> list[str]:
    """Return the dates of all occurrences."""
    return [each.placed.isoformat() for line in made.series for each in line.occurrences]


FORECASTS: list[tuple[str, date, Callable[[Forecast], Any], Any]] = [
    ("c01", TODAY, placed, 100000),
    ("c05", TODAY, placed, 0),
    ("c09", TODAY, lambda made: sum(each.cents for each in made.funds if each.day), 0),
    ("c12", TODAY, sum_of("baseline_out", "new_business_out"), 910000),
    ("c21", TODAY, sum_of("payments", "recurring_out"), 450000),
    ("c41", date(2026, 12, 1), month_ends, ["2026-12-31", "2027-01-31", "2027-02-28"]),
]
CLIENTS: list[tuple[str, date, str, int]] = [
    ("c03", TODAY, "ar_cents", -335737),
    ("c11", TODAY, "cash_cents", 2000000),
    ("c14", TODAY, "ap_cents", 90000),
    ("c14", TODAY, "ar_cents", 70000),
    ("d45", TODAY, "buffer_days", 6000),
    ("d61", TODAY, "card_debt_cents", 83604),
    ("e72", date(2026, 10, 28), "ar_cents", 100000),
]


def case(name: str) -> Books:
    """Read a case by the beginning of its name."""
    return read(next(CASES.glob(f"{name}-*.json")))


@pytest.mark.parametrize(("name", "t", "figure", "right"), FORECASTS)
def test_a_case_has_the_right_forecast(
    name: str, t: date, figure: Callable[[Forecast], Any], right: Any
) -> None:
    assert figure(forecast(case(name), t)) == right


@pytest.mark.parametrize(("name", "t", "figure", "right"), CLIENTS)
def test_a_case_has_the_right_figure(name: str, t: date, figure: str, right: int) -> None:
    assert figures(case(name), t)[f"clients//{figure}"] == right


def test_rent_with_one_number_is_ready_to_pay() -> None:
    assert [row.id for row in bills(case("c19"), TODAY)] == ["123"]


def random_company(seed: int) -> Books:
    """Return one random company as the wire carries it."""
    raw, settings = company(seed, TODAY)
    return books_of(exact(raw), settings)


@pytest.mark.parametrize("seed", range(1, 31))
def test_accounts_of_a_random_company_begin_at_zero(seed: int) -> None:
    books = random_company(seed)
    kept = [each for each in books.accounts.values() if each.type not in ("Expense", "Income")]
    assert {each.name: balance_at(books, each, date(2020, 1, 1)) for each in kept} == dict.fromkeys(
        (each.name for each in kept), 0
    )


@pytest.mark.parametrize("seed", IN_ONE_CURRENCY)
@pytest.mark.parametrize("back", [0, 45, -10])
def test_open_documents_of_a_random_company_equal_its_control_accounts(seed: int, back: int) -> None:
    books, t = random_company(seed), TODAY - timedelta(days=back)
    for side, kind, sign in (("ap", "Accounts Payable", -1), ("ar", "Accounts Receivable", 1)):
        control = sum(balance_at(books, each, t) for each in books.accounts.values() if each.type == kind)
        assert total(aging(ledger(books, side), t).values()) == sign * control


@pytest.mark.parametrize("seed", IN_ONE_CURRENCY)
@pytest.mark.parametrize("back", [0, 45])
def test_nothing_open_vanishes_from_the_forecast(seed: int, back: int) -> None:
    books, t = random_company(seed), TODAY - timedelta(days=back)
    made = forecast(books, t)
    for side, items in (("ap", made.payable), ("ar", made.receivable)):
        book = ledger(books, side)
        coming = sum(
            item.sign * (item.amount - (0 if item.hand_posted else item.doc.deposit))
            for item in book.items
            if ahead(item.doc, t)
        )
        assert sum(each.cents for each in items) == total(aging(book, t).values()) + coming


def test_a_seed_gives_the_same_company() -> None:
    one, other = (json.dumps(company(5, TODAY)[0]) for _ in range(2))
    assert one == other
    assert Decimal(
        json.loads(one, parse_float=Decimal)["entities"]["Account"][0]["CurrentBalance"]
    ).is_finite()
