"""Definitions.md, New business: only what reaches the bank, net of credits, less what is entered ahead; and k."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.domain.applications import payment_lines
from rowcol.domain.bank import bank_movements
from rowcol.domain.books import Books
from rowcol.domain.clients import ClientSettings
from rowcol.domain.derived import derive
from rowcol.domain.forecast.inputs import Paid, read_paid
from rowcol.domain.forecast.new_business import (
    new_business,
    new_business_sums,
    ways_of_settling,
    without_placed,
)
from rowcol.domain.forecast.recurring import outflows, series
from rowcol.domain.forecast.result import ITEM_COLUMNS
from rowcol.domain.payment_habits import payment_habits
from rowcol.domain.runway import figures
from tests.kits.forecasts import ahead, forecast_of, on_days
from tests.kits.records import (
    AP,
    AR,
    CARD,
    CHECKING,
    EXPENSE,
    Pair,
    Record,
    account,
    applied,
    banked,
    bill,
    bill_payment,
    credit,
    credit_memo,
    debit,
    deposit,
    entered_on,
    invoice,
    journal,
    payment,
    purchase,
    spent,
    vendor_credit,
)
from tests.kits.store import TODAY, PracticeStore, ago

PAYPAL, BAD_DEBT = "50", "61"
CARD_PAID = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": {"value": CARD}}}
AR_LINE = {"Type": "Customer", "id": "9"}


@pytest.fixture
def old(store: PracticeStore) -> PracticeStore:
    """Give a store whose records reach back beyond the window, with a processor's clearing account."""
    store.land_all(
        [bill("1", ago(400), ago(300), 0, TotalAmt=1), account(PAYPAL, "PayPal", "Other Current Asset", 0)]
    )
    return store


def sold(total: int, *paid: Pair, days: int = 60) -> list[Pair]:
    """Return an invoice of customer 9, its id `S<days>`, and what paid it."""
    return [invoice("9", ago(days), ago(days), 0, TotalAmt=total, Id=f"S{days}"), *paid]


def received(total: int, *lines: Record, into: str | None = CHECKING, on: str | None = None) -> Pair:
    to = {"DepositToAccountRef": {"value": into}} if into else {}
    return payment("9", on or ago(50), total, *lines, **to)


def ways(store: PracticeStore, settings: ClientSettings | None = None) -> dict[str, tuple[int, int, int]]:
    """Return of what was settled (B), by counted accounts (A), in the baseline (C): `in` and `out`, in whole units."""
    books = store.books(settings=settings)
    with store.frames.open(store.frames.scope()) as reading:
        settled = read_paid(reading, payment_lines(books), (TODAY, TODAY)).through
    (row,) = ways_of_settling(books, settled).to_dict("records")
    return {
        way: (
            row[f"settled_{way}_cents"] // 100,
            row[f"counted_{way}_cents"] // 100,
            row[f"everyday_{way}_cents"] // 100,
        )
        for way in ("in", "out")
    }


def test_money_into_a_bank_account_or_undeposited_funds_counts_and_into_a_clearing_account_does_not(
    old: PracticeStore,
) -> None:
    old.land_all(sold(100, received(100, applied(100, "Invoice", "S60"))))
    old.land_all(sold(50, received(50, applied(50, "Invoice", "S61"), into=None), days=61))
    old.land_all(sold(70, received(70, applied(70, "Invoice", "S62"), into=PAYPAL), days=62))
    assert ways(old)["in"] == (220, 150, 70)
    left_out = ClientSettings(excluded_accounts=(CHECKING,))
    assert ways(old, left_out)["in"] == (220, 50, 70)


def test_of_a_payment_that_uses_credits_only_the_money_counts(old: PracticeStore) -> None:
    old.land(*credit_memo("9", ago(55), 0, TotalAmt=30, Id="C"))
    old.land_all(sold(100, received(70, applied(100, "Invoice", "S60"), applied(30, "CreditMemo", "C"))))
    assert ways(old)["in"] == (70, 70, 0)


def test_credits_alone_take_nothing_off(old: PracticeStore) -> None:
    old.land(*credit_memo("9", ago(55), 0, TotalAmt=100, Id="C"))
    old.land_all(sold(100, received(0, applied(100, "Invoice", "S60"), applied(100, "CreditMemo", "C"))))
    assert ways(old)["in"] == (0, 0, 0)


@pytest.mark.parametrize(
    ("other_side", "expected"),
    [
        ([debit(100, BAD_DEBT)], (100, 0, 0)),
        ([debit(100, CHECKING)], (100, 100, 0)),
        ([debit(60, PAYPAL), debit(40, EXPENSE)], (100, 0, 60)),
        ([debit(200, PAYPAL), credit(100, EXPENSE)], (100, 0, 100)),
    ],
)
def test_a_journal_counts_by_its_other_side(
    old: PracticeStore, other_side: Sequence[Record], expected: tuple[int, int, int]
) -> None:
    old.land(*journal(ago(55), credit(100, AR, **AR_LINE), *other_side, Id="J"))
    old.land_all(sold(100, received(0, applied(100, "Invoice", "S60"), applied(100, "JournalEntry", "J"))))
    assert ways(old)["in"] == expected


def test_credits_are_set_against_charges_in_the_order_of_the_lines(old: PracticeStore) -> None:
    """The 30 of credit pay the first of two charges, the invoice: money pays its other 70."""
    old.land_all(
        [
            journal(ago(55), debit(100, AR, **AR_LINE), credit(100, EXPENSE), Id="J"),
            credit_memo("9", ago(55), 0, TotalAmt=30, Id="C"),
        ]
    )  # fmt: skip
    lines = applied(100, "Invoice", "S60"), applied(100, "JournalEntry", "J"), applied(30, "CreditMemo", "C")
    old.land_all(sold(100, received(170, *lines)))
    assert ways(old)["in"] == (70, 70, 0)


def test_deposits_received_with_invoices_and_deposits_posted_to_receivables_count(old: PracticeStore) -> None:
    old.land(
        *invoice("9", ago(70), ago(60), 0, TotalAmt=40, Deposit=40, DepositToAccountRef={"value": PAYPAL})
    )
    old.land(*deposit(ago(55), banked(100, AR, type="Customer", value="9"), Id="D"))
    old.land_all(sold(100, received(0, applied(100, "Invoice", "S60"), applied(100, "Deposit", "D"))))
    assert ways(old)["in"] == (140, 100, 40)


def test_bills_count_by_the_account_they_were_paid_from(old: PracticeStore) -> None:
    for number, (total, how) in enumerate(((100, {}), (60, CARD_PAID)), start=1):
        old.land(*bill("1", ago(60), ago(60), 0, TotalAmt=total, Id=f"B{number}"))
        old.land(*bill_payment("1", ago(50), total, applied(total, "Bill", f"B{number}"), **how))
    old.land_all(
        [
            bill("1", ago(60), ago(60), 0, TotalAmt=50, Id="B3"), vendor_credit("1", ago(59), 0, TotalAmt=20, Id="V"),
            purchase(ago(55), spent(30, AP), EntityRef={"value": "1", "type": "Vendor"}, account_id=CARD, Id="P"),
            bill_payment("1", ago(50), 0, applied(50, "Bill", "B3"), applied(20, "VendorCredit", "V"),
                         applied(30, "Expense", "P")),
        ]
    )  # fmt: skip
    assert ways(old)["out"] == (190, 100, 90)


@pytest.mark.parametrize(
    ("invoiced", "paid", "counts"), [(60, 181, True), (181, 50, True), (60, 0, True), (181, 181, False)]
)
def test_a_payment_counts_on_the_later_of_its_date_and_the_invoices(
    old: PracticeStore, invoiced: int, paid: int, counts: bool
) -> None:
    old.land(*invoice("9", ago(invoiced), ago(invoiced), 0, TotalAmt=100, Id="S"))
    old.land(*received(100, applied(100, "Invoice", "S"), on=ago(paid)))
    assert ways(old)["in"] == ((100, 100, 0) if counts else (0, 0, 0))


def test_what_is_settled_later_does_not_count_yet(old: PracticeStore) -> None:
    old.land_all(sold(100, received(100, applied(100, "Invoice", "S60"), on=ahead(1))))
    assert ways(old)["in"] == (0, 0, 0)


def test_new_business_is_the_share_that_reaches_the_bank_rounded_once(old: PracticeStore) -> None:
    """901.00 less 1.00 in 90 days x 70 / 210: 300.00, so 3.33 1/3 a day from day 30 on."""
    for days, total, into in ((60, 70, CHECKING), (61, 140, PAYPAL)):
        old.land_all(
            [
                invoice("9", ago(days + 60), ago(days + 60), 0, TotalAmt=total, Id=f"S{days}"),
                received(total, applied(total, "Invoice", f"S{days}"), into=into),
            ]
        )  # fmt: skip
    old.land_all([invoice("9", ago(9), ago(9), 0, TotalAmt=901), credit_memo("9", ago(8), 0, TotalAmt=1)])
    days = on_days(forecast_of(old), "new_business_in_cents")
    assert (min(days), [days[day] for day in (30, 31, 32)], sum(days.values())) == (
        30,
        [333, 334, 333],
        20_333,
    )


def test_credits_beyond_what_was_invoiced_make_no_new_business_and_vendor_credits_count(
    old: PracticeStore,
) -> None:
    old.land_all(
        [
            invoice("9", ago(9), ago(9), 0, TotalAmt=50), credit_memo("9", ago(8), 0, TotalAmt=90),
            bill("1", ago(9), ago(9), 0, TotalAmt=900), vendor_credit("1", ago(8), 0, TotalAmt=450),
        ]
    )  # fmt: skip
    forecast = forecast_of(old)
    assert on_days(forecast, "new_business_in_cents") == {}
    assert set(on_days(forecast, "new_business_out_cents").values()) == {500}


def test_documents_entered_ahead_are_taken_off_new_business_earliest_first(old: PracticeStore) -> None:
    """9.00 a day from day 30 on: 25.00 of it stands in the invoice dated on the tenth."""
    old.land(*invoice("9", ago(9), ago(9), 0, TotalAmt=810))
    old.land(*invoice("9", ahead(10), ahead(20), 25, **entered_on(ago(1))))
    days = on_days(forecast_of(old), "new_business_in_cents")
    assert [days.get(day, 0) for day in range(30, 34)] == [0, 0, 200, 900]


def test_bills_of_a_vendor_that_is_paid_evenly_are_left_out(old: PracticeStore) -> None:
    """The rent recurs, so its bills are no new business; those of the other vendor are."""
    for turn in range(4):
        rent = bill("1", ago(30 * turn + 12), ago(30 * turn + 10), 0, TotalAmt=100, Id=f"R{turn}")
        old.land_all([rent, bill_payment("1", ago(30 * turn + 10), 100, applied(100, "Bill", f"R{turn}"))])
    old.land(*bill("2", ago(9), ago(9), 0, TotalAmt=90))
    old.land(*bill("1", ahead(10), ahead(20), 100, **entered_on(ago(1))))
    days = on_days(forecast_of(old), "new_business_out_cents")
    assert set(days.values()) == {100}


def test_bills_paid_by_card_are_in_the_baseline_so_their_share_of_what_is_placed_is_taken_off_it(
    old: PracticeStore,
) -> None:
    """Half of what bills come to is paid by card; of the 40.00 open 20.00 come with the payment of the card."""
    for number, how in enumerate(({}, CARD_PAID)):
        old.land(*bill("1", ago(100), ago(100), 0, TotalAmt=60, Id=f"B{number}"))
        old.land(*bill_payment("1", ago(95), 60, applied(60, "Bill", f"B{number}"), **how))
    old.land_all([purchase(ago(9), spent(900)), bill("2", ago(100), ahead(5), 40, Id="O")])
    days = on_days(forecast_of(old), "baseline_out_cents")
    assert [days.get(day, 0) for day in range(4)] == [0, 0, 1_000, 1_000]


cents = st.integers(0, 10**9)


@given(
    st.lists(st.tuples(cents, cents, cents), min_size=1, max_size=5), st.integers(30, 90), st.integers(0, 100)
)  # fmt: skip
def test_what_is_taken_off_is_never_more_than_there_is_and_never_below_zero(
    drawn: list[tuple[int, int, int]], days: int, lag: int
) -> None:
    sold_cents, ahead_cents, placed = (np.array(column) for column in zip(*drawn, strict=True))
    count = len(drawn)
    clients = pd.DataFrame(
        {
            "business_id": [str(number) for number in range(count)], "days": days, "receive_after": lag, "pay_after": 0,
            "sales_cents": sold_cents, "bought_cents": 0, "sales_ahead_cents": ahead_cents, "bought_ahead_cents": 0,
            "settled_in_cents": 3, "counted_in_cents": 3, "everyday_in_cents": 2,
            "settled_out_cents": 0, "counted_out_cents": 0, "everyday_out_cents": 0,
        }
    )  # fmt: skip
    coming, _ = new_business(clients)
    whole, _ = new_business(clients.assign(sales_ahead_cents=0))
    assert (coming >= 0).all()
    assert (coming.sum(axis=1) == np.maximum(whole.sum(axis=1) - ahead_cents, 0)).all()
    items = pd.DataFrame(
        {"business_id": clients["business_id"], "line": "receipts", "entity": "Invoice", "state": "placed"}
    ).assign(amount_cents=placed).reindex(columns=list(ITEM_COLUMNS))  # fmt: skip
    left, _ = without_placed((whole, whole), clients, items)
    thirds = (4 * placed.astype(object) + 3) // 6
    assert (left >= 0).all()
    assert (left.sum(axis=1) == np.maximum(whole.sum(axis=1) - thirds, 0)).all()


def test_what_pays_with_a_later_credit_counts_on_the_days_of_each(old: PracticeStore) -> None:
    """Money counts on the payment's date, what a journal pays once that exists; both at the invoice's rate."""
    abroad = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 2}
    old.land_all(
        [
            journal(ahead(1), credit(40, AR, **AR_LINE), debit(40, CHECKING), Id="J", ExchangeRate=3),
            invoice("9", ago(60), ago(60), 0, TotalAmt=100, Id="S", **abroad),
            payment("9", ago(50), 60, applied(100, "Invoice", "S"), applied(40, "JournalEntry", "J"),
                    DepositToAccountRef={"value": CHECKING}, CurrencyRef={"value": "EUR"}, ExchangeRate=5),
        ]
    )  # fmt: skip
    assert ways(old)["in"] == (120, 120, 0)


DAYS_APART = 9
AGES = (0, 1, 8, 9, 10, 89, 90, 91, 98, 99, 100, 171, 172, 179, 180, 181, 188, 189, 190)


def test_what_is_read_for_several_days_at_once_gives_each_day_its_own_sums(old: PracticeStore) -> None:
    for number, age in enumerate(AGES):
        amount, day = 2**number, ago(age)
        into = CHECKING if number % 2 else PAYPAL
        old.land_all(
            sold(amount, received(amount, applied(amount, "Invoice", f"S{age}"), into=into, on=day), days=age)
        )
        old.land(*bill("1", day, day, amount, Id=f"B{age}"))
    first = TODAY - timedelta(days=DAYS_APART)
    books = old.books(open_since=first)
    with old.frames.open(old.frames.scope()) as reading:
        together = read_paid(reading, payment_lines(books), (first, TODAY))
    for back in range(DAYS_APART + 1):
        day = TODAY - timedelta(days=back)
        at = books.at(day)
        with old.frames.open(old.frames.scope()) as reading:
            alone = read_paid(reading, payment_lines(at), (day, day))
        pd.testing.assert_frame_equal(
            ways_of_settling(at, together.through), ways_of_settling(at, alone.through)
        )
        sums = [_of_new_business(at, paid) for paid in (together, alone)]
        pd.testing.assert_frame_equal(*sums)
        bought = sum(2**number for number, age in enumerate(AGES) if back < age <= back + 90)
        assert sums[0]["bought_cents"].tolist() == [bought * 100]


def _of_new_business(books: Books, paid: Paid) -> pd.DataFrame:
    rows, habits = figures(derive(books)), payment_habits(paid.settled, books.clients)
    ways = ways_of_settling(books, paid.through)
    return new_business_sums(paid.charges, rows, ways, series(outflows(books, bank_movements(books))), habits)
