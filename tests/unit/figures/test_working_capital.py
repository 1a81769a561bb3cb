"""Definitions.md, Working-capital figures: DSO, best-possible DSO, DPO, CEI, concentration."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from rowcol.domain.aging import aged, totals
from rowcol.domain.books import Books
from rowcol.domain.window import windows
from rowcol.domain.working_capital import month_ends, over_months, reach_days, working_capital
from rowcol.entities import ENTITIES
from rowcol.sandbox.books import demo_companies
from tests.kits.records import (
    AR,
    INCOME,
    applied,
    bill,
    chart,
    credit,
    credit_memo,
    customer,
    debit,
    invoice,
    journal,
    payment,
    vendor,
)
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago


@pytest.fixture
def store() -> Iterator[PracticeStore]:
    store = PracticeStore(MEMORY)
    store.land_all([*chart(checking=1000), customer("9", "Beta"), customer("8", "Cole"), vendor("1", "Acme")])
    yield store
    store.close()


def far_back(store: PracticeStore, as_of: date = TODAY) -> tuple[Books, pd.DataFrame]:
    """Return books and daily charges that reach back as far as twelve months need."""
    since = as_of - timedelta(days=reach_days())
    with store.frames.open(store.frames.scope()) as reading:
        return store.books(as_of, open_since=since), reading.daily_charges(since)


def figures(store: PracticeStore, as_of: date = TODAY) -> dict[str, Any]:
    books, charges = far_back(store, as_of)
    (row,) = working_capital(books, aged(books), charges).to_dict("records")
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def test_each_figure_is_worked_out_by_its_formula(store: PracticeStore) -> None:
    """Window 90 days. A/R 1,500 of 3,000 sold net; 600 not yet due; 2,000 received; A/P 450 of 900 billed."""
    sold = invoice("9", ago(60), ago(30), 700, TotalAmt=2_700, Id="501")
    store.land_all([
        sold, invoice("9", ago(10), ago(-20), 600), invoice("8", ago(100), ago(70), 200, TotalAmt=200),
        credit_memo("9", ago(20), 0, TotalAmt=300, Id="502"),
        payment("9", ago(5), 1_700, applied(1_700, "Invoice", "501"), UnappliedAmt=0),
        payment("9", ago(4), 0, applied(300, "Invoice", "501"), applied(300, "CreditMemo", "502"), UnappliedAmt=0),
        bill("1", ago(40), ago(10), 450, TotalAmt=900),
    ])  # fmt: skip
    row = figures(store)
    assert (row["days"], row["ar_cents"], row["current_ar_cents"]) == (90, 150_000, 60_000)
    assert row["credit_sales_cents"] == 300_000
    assert row["opening_ar_cents"] == 20_000
    assert row["dso"] == 45.0  # 1,500 / 3,000 x 90
    assert row["best_dso"] == 18.0  # 600 / 3,000 x 90
    assert row["dpo"] == 45.0  # 450 / 900 x 90
    assert row["cei"] == 65.4  # (200 + 3,000 - 1,500) / (200 + 3,000 - 600)
    assert (row["concentration"], row["largest_customer"]) == (86.7, "Beta")


def test_a_denominator_of_nothing_or_less_is_not_available(store: PracticeStore) -> None:
    store.land_all([credit_memo("9", ago(20), 300), payment("9", ago(9), 50, UnappliedAmt=50)])
    row = figures(store)
    assert row["credit_sales_cents"] == -30_000
    assert [row[name] for name in ("dso", "best_dso", "dpo", "cei", "concentration")] == [None] * 5
    assert row["largest_customer"] is None


def test_books_without_a_document_have_no_figure(store: PracticeStore) -> None:
    row = figures(store)
    assert [row[name] for name in ("dso", "best_dso", "dpo", "cei", "concentration")] == [None] * 5


def test_what_is_dated_at_the_window_s_ends_is_in_it(store: PracticeStore) -> None:
    store.land_all([
        invoice("9", ago(91), ago(60), 1), invoice("9", ago(90), ago(60), 10), invoice("9", ago(1), ago(-9), 100),
        invoice("9", ago(0), ago(-9), 1_000),
    ])  # fmt: skip
    row = figures(store)
    assert (row["credit_sales_cents"], row["ar_cents"]) == (11_000, 111_100)


def test_voided_invoices_sell_nothing_and_foreign_ones_count_at_home(store: PracticeStore) -> None:
    euro = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 2}
    store.land_all([
        invoice("9", ago(9), ago(-9), 10, **euro, HomeTotalAmt=20, HomeBalance=20),
        invoice("9", ago(9), ago(-9), 0, TotalAmt=0, PrivateNote="Voided"),
    ])  # fmt: skip
    assert figures(store)["credit_sales_cents"] == 2_000


def test_lines_posted_to_receivables_by_hand_are_no_sales(store: PracticeStore) -> None:
    who = {"Type": "Customer", "id": "9"}
    store.land_all([
        journal(ago(9), debit(70, AR, **who), credit(70, INCOME)),
        journal(ago(8), debit(30, INCOME), credit(30, AR, **who)),
    ])  # fmt: skip
    row = figures(store)
    assert (row["credit_sales_cents"], row["ar_cents"], row["opening_ar_cents"]) == (0, 4_000, 0)


def test_nobody_is_the_largest_customer_without_a_name(store: PracticeStore) -> None:
    store.land_all([invoice(None, ago(9), ago(-9), 900), invoice("9", ago(9), ago(-9), 100)])
    row = figures(store)
    assert (row["largest_customer"], row["concentration"]) == ("Beta", 10.0)


def test_the_months_end_with_the_day_itself() -> None:
    days = month_ends(date(2026, 3, 15), 3)
    assert days == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 15)]


def test_the_line_begins_with_the_first_record_and_ends_today(store: PracticeStore) -> None:
    sold = invoice("9", ago(70), ago(40), 0, TotalAmt=90, Id="501")
    store.land_all([sold, payment("9", ago(15), 90, applied(90, "Invoice", "501"), UnappliedAmt=0)])
    line = over_months(*far_back(store))
    assert [str(day.date()) for day in line["day"]] == ["2026-09-30", "2026-10-31", "2026-11-20"]
    assert line["ar_cents"].tolist() == [9_000, 9_000, 0]
    assert line["current_ar_cents"].tolist() == [9_000, 0, 0]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_opening_receivables_are_those_of_the_day_before_the_window(number: int) -> None:
    """The A/R of books whose day that is; those that reach back to it give the same."""
    company = demo_companies(count=6, seed=1, today=TODAY)[number]
    store = PracticeStore(MEMORY)
    store.land_all([(entity, record) for entity in ENTITIES for record in company.of(entity).values()])
    books, charges = far_back(store)
    (row,) = working_capital(books, aged(books), charges).to_dict("records")
    start = windows(books.clients, books.first_dates)["start"].iloc[0].date()
    before = store.books(start - timedelta(days=1))
    assert row["opening_ar_cents"] == int(totals(aged(before))["ar_cents"].iloc[0])
    assert _plausible(books, row)
    store.close()


def _plausible(books: Books, row: dict[Any, Any]) -> bool:
    assert NOW.date() == books.clients["as_of"].iloc[0].date()
    return bool(0 < row["best_dso"] <= row["dso"] < 400 and 0 < row["cei"] <= 100)
