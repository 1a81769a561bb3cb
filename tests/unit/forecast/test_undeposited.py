"""Definitions.md, 13-week forecast: what waits in Undeposited Funds, and what is put there ahead."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kits.examples import examples
from tests.kits.forecasts import ahead, forecast_of, items_of, on_days
from tests.kits.records import (
    UNDEPOSITED,
    account,
    applied,
    bill,
    chart,
    deposit,
    entered_on,
    invoice,
    payment,
    refund_receipt,
    sales_receipt,
)
from tests.kits.store import MEMORY, PracticeStore, ago

Placed = tuple[str | None, int, int | None, str]
"""Id, cents, day and reason of an item."""


@pytest.fixture
def old(store: PracticeStore) -> PracticeStore:
    """Give a store whose records reach back beyond the window."""
    store.land(*bill("1", ago(400), ago(300), 0, TotalAmt=1))
    return store


def funds(store: PracticeStore, balance: Any) -> None:
    """Land Undeposited Funds with their `CurrentBalance`: what is dated after the day is in it."""
    store.land(*account(UNDEPOSITED, "Undeposited Funds", "Other Current Asset", balance,
                        AccountSubType="UndepositedFunds"))  # fmt: skip


def placed(store: PracticeStore) -> list[Placed]:
    columns = ("qbo_id", "amount_cents", "expected_on", "reason")
    rows = items_of(forecast_of(store), *columns, line="undeposited")
    return [(row[0] if isinstance(row[0], str) else None, *row[1:]) for row in rows]


def test_they_arrive_tomorrow_but_those_older_than_30_days_do_not(old: PracticeStore) -> None:
    funds(old, 230)
    old.land_all(
        [
            payment("9", ago(30), 100, Id="1"), sales_receipt(ago(31), 80, UNDEPOSITED, Id="2"),
            sales_receipt(ago(2), 50, UNDEPOSITED, Id="3"), payment("9", ago(5), 500, Id="8"),
            deposit(ago(4), applied(500, "Payment", "8")),
        ]
    )  # fmt: skip
    assert placed(old) == [
        ("1", 10_000, 1, ""), ("3", 5_000, 1, ""), ("2", 8_000, None, "undeposited for more than 30 days"),
    ]  # fmt: skip
    assert on_days(forecast_of(old), "receipts_cents") == {1: 15_000}


@pytest.mark.parametrize(
    ("balance", "arrives", "excluded"),
    [
        (230, 15_000, 8_000),
        (250, 15_000, 10_000),
        (180, 15_000, 3_000),
        (120, 12_000, 0),
        (0, 0, 0),
        (-60, 0, 0),
    ],
)
def test_the_newest_receipts_explain_the_balance_and_what_none_explains_is_excluded(
    old: PracticeStore, balance: int, arrives: int, excluded: int
) -> None:
    funds(old, balance)
    for day, cents in ((30, 100), (31, 80), (2, 50)):
        old.land(*sales_receipt(ago(day), cents, UNDEPOSITED))
    forecast = forecast_of(old)
    assert forecast.days["receipts_cents"].sum() == arrives
    assert sum(items_of(forecast, "amount_cents", line="undeposited")) == arrives + excluded


def test_deposits_received_with_invoices_count_and_refunds_are_negative(old: PracticeStore) -> None:
    funds(old, 150)
    old.land_all(
        [
            invoice("9", ago(3), ahead(20), 60, TotalAmt=100, Deposit=40, Id="1"),
            refund_receipt(ago(2), 30, UNDEPOSITED, Id="2"), sales_receipt(ago(9), 80, UNDEPOSITED, Id="3"),
            sales_receipt(ago(10), 90, UNDEPOSITED, Id="4"),
        ]
    )  # fmt: skip
    assert placed(old) == [
        ("1", 4_000, 1, ""),
        ("2", -3_000, 1, ""),
        ("3", 8_000, 1, ""),
        ("4", 6_000, 1, ""),
    ]


def test_what_is_entered_ahead_arrives_the_day_after_its_date_whatever_the_balance(
    old: PracticeStore,
) -> None:
    funds(old, -60 + 80 + 50 + 70)
    old.land_all(
        [
            sales_receipt(ahead(9), 80, UNDEPOSITED, Id="1", **entered_on(ago(0))),
            sales_receipt(ahead(4), 50, UNDEPOSITED, Id="2", **entered_on(ago(9))),
            sales_receipt(ahead(5), 70, UNDEPOSITED, Id="3", **entered_on(ahead(1))),
        ]
    )  # fmt: skip
    assert placed(old) == [("2", 5_000, 5, ""), ("1", 8_000, 10, "")], "3 is not written yet"


def test_a_balance_of_which_every_receipt_is_dated_later_is_unexplained(old: PracticeStore) -> None:
    funds(old, 150)
    old.land(*sales_receipt(ahead(9), 50, UNDEPOSITED, Id="1"))
    assert placed(old) == [("1", 5_000, 10, ""), (None, 10_000, None, "not explained by receipts")]


def test_a_receipt_of_a_deposit_entered_ahead_comes_with_that_deposit_only(old: PracticeStore) -> None:
    """It explains its part of the balance all the same: 130.00 today, 50.00 after the sale and the deposit."""
    funds(old, 50)
    old.land_all(
        [
            payment("9", ago(5), 80, Id="1"), sales_receipt(ahead(2), 20, UNDEPOSITED, Id="2", **entered_on(ago(0))),
            deposit(ahead(3), applied(80, "Payment", "1"), applied(20, "SalesReceipt", "2"), **entered_on(ago(0))),
            payment("9", ago(6), 70, Id="3"),
        ]
    )  # fmt: skip
    assert placed(old) == [("3", 5_000, 1, "")]
    assert on_days(forecast_of(old), "receipts_cents") == {1: 5_000, 3: 10_000}


@dataclass(frozen=True)
class Receipt:
    """Cents put there so many days ago, and how many days ago a deposit took it (None: none did)."""

    age: int
    cents: int
    deposited: int | None


receipts = st.builds(
    Receipt, st.integers(-20, 60), st.integers(-5_000, 9_000).filter(bool), st.none() | st.integers(-20, 60)
)


@settings(max_examples=examples(8), deadline=None)
@given(st.integers(-5_000, 30_000), st.lists(receipts, max_size=12))
def test_the_items_are_those_the_rules_name(balance: int, drawn: list[Receipt]) -> None:
    store = PracticeStore(MEMORY)
    store.land_all(chart())
    put_later = sum(row.cents for row in drawn if row.age < 0)
    taken_later = sum(row.cents for row in drawn if row.deposited is not None and row.deposited < 0)
    funds(store, (balance + put_later - taken_later) / 100)
    for number, row in enumerate(drawn, start=1):
        put = sales_receipt if row.cents > 0 else refund_receipt
        store.land(
            *put(ago(row.age), abs(row.cents) / 100, UNDEPOSITED, Id=str(number), **entered_on(ago(60)))
        )
        if row.deposited is not None:
            entity = "SalesReceipt" if row.cents > 0 else "RefundReceipt"
            line = applied(row.cents / 100, entity, str(number))
            store.land(*deposit(ago(row.deposited), line, **entered_on(ago(60))))
    assert sorted(placed(store), key=str) == sorted(by_the_rules(balance, drawn), key=str)
    store.close()


def by_the_rules(balance: int, drawn: list[Receipt]) -> list[Placed]:
    rows: list[Placed] = []
    left = max(balance, 0)
    newest_first = sorted(enumerate(drawn, start=1), key=lambda entry: (entry[1].age, -entry[0]))
    for number, row in newest_first:
        if row.age < 0 and row.deposited is None:
            rows.append((str(number), row.cents, 1 - row.age, ""))
        if row.age >= 0 and (row.deposited is None or row.deposited < 0) and left > 0:
            part = min(row.cents, left)
            left -= part
            if row.deposited is None:
                day, reason = (None, "undeposited for more than 30 days") if row.age > 30 else (1, "")
                rows.append((str(number), part, day, reason))
    return rows if left == 0 else [*rows, (None, left, None, "not explained by receipts")]
