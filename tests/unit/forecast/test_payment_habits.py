"""Definitions.md: customer_habits are learned from invoices that payments brought to zero in the trailing 365 days."""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from rowcol.domain.applications import payment_lines
from rowcol.domain.forecast.inputs import read_settled
from rowcol.domain.forecast.settlement import mixed_payments
from rowcol.domain.payment_habits import PaymentHabits, customer_habits, payment_habits, quantile
from tests.kits.records import applied, bill, bill_payment, credit_memo, customer, invoice, payment
from tests.kits.store import NOW, TODAY, PracticeStore, ago


def learned(store: PracticeStore) -> PaymentHabits:
    books = store.books()
    with store.frames.open(store.frames.scope()) as reading:
        settled = read_settled(reading, mixed_payments(payment_lines(books)), TODAY)
    return payment_habits(settled, books.clients)


def paid(store: PracticeStore, party: str, late: int, closed: int = 10) -> None:
    """Land an invoice due `closed + late` days ago, written 30 days before, that a payment closed `closed` days ago."""
    due = closed + late
    written = invoice(party, ago(due + 30), ago(due), 0, TotalAmt=100)
    store.land_all([written, payment(party, ago(closed), 100, applied(100, "Invoice", written[1]["Id"]))])


def habit_of(store: PracticeStore, *parties: str | None) -> list[tuple[int, str]]:
    wanted = pd.DataFrame({"business_id": store.client(), "party_id": list(parties)}, dtype="object")
    habits = customer_habits(learned(store), store.books().parties, wanted)
    return list(zip(habits["habit"], habits["learned_from"], strict=True))


def test_a_habit_is_the_median_days_late_of_three_or_more_paid_invoices(store: PracticeStore) -> None:
    for late in (4, 30, 9):
        paid(store, "9", late)
    assert habit_of(store, "9") == [(9, "own")]


def test_an_even_count_takes_the_lower_middle(store: PracticeStore) -> None:
    for late in (4, 30, 9, 12):
        paid(store, "9", late)
    assert habit_of(store, "9") == [(9, "own")]


def test_two_paid_invoices_are_no_habit_and_the_clients_median_stands_in(store: PracticeStore) -> None:
    for party, late in (("9", 50), ("9", 60), ("8", 2)):
        paid(store, party, late)
    assert habit_of(store, "9", "8", None) == [(50, "client"), (50, "client"), (50, "client")]


def test_a_client_with_fewer_than_three_paid_invoices_has_no_habit(store: PracticeStore) -> None:
    paid(store, "9", 50)
    paid(store, "9", 50)
    assert habit_of(store, "9") == [(0, "none")]


def test_customers_that_pay_early_have_a_negative_habit(store: PracticeStore) -> None:
    for late in (-4, -3, -9):
        paid(store, "9", late)
    assert habit_of(store, "9") == [(-4, "own")]


def test_a_customer_billed_with_its_parent_has_the_parents_habit_until_it_has_its_own(
    store: PracticeStore,
) -> None:
    store.land_all(
        [
            customer("1", "Parent"), customer("2", "Job", ParentRef={"value": "1"}, BillWithParent=True),
            customer("3", "Own", ParentRef={"value": "1"}),
        ]
    )  # fmt: skip
    for late in (5, 6, 7):
        paid(store, "1", late)
    for late in (40, 40, 40, 40):
        paid(store, "8", late)
    assert habit_of(store, "2", "3") == [(6, "parent"), (40, "client")]
    for late in (11, 12, 13):
        paid(store, "2", late)
    assert habit_of(store, "2") == [(12, "own")]


@pytest.mark.parametrize(("closed", "habit"), [(365, 7), (366, 0), (0, 7), (-1, 0)])
def test_only_what_was_closed_in_the_trailing_365_days_teaches(
    store: PracticeStore, closed: int, habit: int
) -> None:
    for _ in range(3):
        paid(store, "9", 7, closed)
    assert habit_of(store, "9")[0][0] == habit


def test_the_last_of_several_payments_brought_it_to_zero(store: PracticeStore) -> None:
    for _ in range(3):
        written = invoice("9", ago(90), ago(60), 0, TotalAmt=100)
        first, last = (
            payment("9", ago(day), 50, applied(50, "Invoice", written[1]["Id"])) for day in (58, 40)
        )
        store.land_all([written, last, first])
    assert habit_of(store, "9") == [(20, "own")]


def test_what_is_open_void_of_nothing_or_closed_by_credit_teaches_nothing(store: PracticeStore) -> None:
    def settled(total: float, by: float, **more: Any) -> None:
        written = invoice("9", ago(90), ago(60), 0, TotalAmt=total, **more)
        store.land_all([written, payment("9", ago(10), by, applied(total or 5, "Invoice", written[1]["Id"]))])

    for _ in range(3):
        settled(100, 0)
        settled(0, 100)
        settled(100, 100, PrivateNote="Voided", Line=[])
        partly = invoice("9", ago(90), ago(60), 1, TotalAmt=100)
        store.land_all([partly, payment("9", ago(10), 99, applied(99, "Invoice", partly[1]["Id"]))])
    assert learned(store).clients["paid"].tolist() == [0]


def test_a_credit_applied_last_closes_it_and_a_payment_after_a_credit_does_too(store: PracticeStore) -> None:
    for day, teaches in ((20, False), (50, True)):
        for _ in range(3):
            written = invoice("9", ago(90), ago(60), 0, TotalAmt=100)
            invoice_id = written[1]["Id"]
            store.land_all(
                [
                    written, credit_memo("9", ago(60), 0, TotalAmt=10),
                    payment("9", ago(day), 0, applied(10, "Invoice", invoice_id), applied(10, "CreditMemo", "77")),
                    payment("9", ago(30), 90, applied(90, "Invoice", invoice_id)),
                ]
            )  # fmt: skip
        assert learned(store).clients["paid"].tolist() == [3 if teaches else 0]


def test_a_deleted_payment_teaches_nothing(store: PracticeStore) -> None:
    for _ in range(3):
        paid(store, "9", 7)
    with store.frames.open(store.frames.scope()) as reading:
        ids = reading.settlements()["payment_id"].tolist()
    store.delete("Payment", ids[0], at=NOW + timedelta(hours=1))
    assert learned(store).clients["paid"].tolist() == [2]


def test_spread_and_trend_of_a_customer(store: PracticeStore) -> None:
    """80 % of ten invoices is the eighth; the last 90 days are 10 days slower than before."""
    for late in (1, 2, 3, 4, 5):
        paid(store, "9", late, closed=200)
    for late in (11, 12, 13, 14, 15):
        paid(store, "9", late, closed=20)
    (row,) = learned(store).customers.to_dict("records")
    assert (row["paid"], row["days_late"], row["days_late_p80"], row["trend_days"]) == (10, 5, 13, 10)
    assert row["days_to_pay"] == 35


def test_days_to_pay_of_invoices_and_bills_are_the_clients_medians_and_thirty_where_few_were_paid(
    store: PracticeStore,
) -> None:
    for late in (0, 5, 9):
        paid(store, "9", late)
    (row,) = learned(store).clients.to_dict("records")
    assert (row["days_to_pay"], row["bill_days_to_pay"]) == (35, 30)
    for day in (80, 70, 60):
        owed = bill("1", ago(100), None, 0, TotalAmt=100)
        store.land_all([owed, bill_payment("1", ago(day), 100, applied(100, "Bill", owed[1]["Id"]))])
    (row,) = learned(store).clients.to_dict("records")
    assert (row["bills_paid"], row["bill_days_to_pay"]) == (3, 30)
    owed = bill("1", ago(100), None, 0, TotalAmt=100)
    store.land_all([owed, bill_payment("1", ago(75), 100, applied(100, "Bill", owed[1]["Id"]))])
    assert learned(store).clients["bill_days_to_pay"].tolist() == [25]


def test_clients_without_anything_paid_have_behaviour_all_the_same(store: PracticeStore) -> None:
    habits = learned(store)
    assert habits.customers.empty
    assert habits.clients[["paid", "days_to_pay", "bill_days_to_pay"]].to_numpy().tolist() == [[0, 30, 30]]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([3], 0.5, 3), ([1, 2], 0.5, 1), ([1, 2, 3], 0.5, 2), ([1, 2, 3, 4, 5], 0.8, 4), ([1, 2], 0.8, 2)],
)
def test_a_quantile_is_one_of_the_values(values: list[int], share: float, expected: int) -> None:
    rows = pd.DataFrame({"key": "a", "value": values})
    assert quantile(rows, ["key"], "value", share).tolist() == [expected]


@pytest.mark.parametrize(
    ("written", "credited", "teaches"), [(40, 40, True), (-1, 40, False), (40, -1, False)]
)
def test_a_payment_made_before_its_invoice_or_before_a_credit_it_uses_teaches_once_all_are_there(
    store: PracticeStore, written: int, credited: int, teaches: bool
) -> None:
    for _ in range(3):
        owed = invoice("9", ago(written), ago(written), 0, TotalAmt=100)
        memo = credit_memo("9", ago(credited), 0, TotalAmt=30)
        lines = applied(100, "Invoice", owed[1]["Id"]), applied(30, "CreditMemo", memo[1]["Id"])
        store.land_all([owed, memo, payment("9", ago(10), 70, *lines)])
    assert learned(store).clients["paid"].tolist() == [3 if teaches else 0]


def test_a_credit_that_comes_later_keeps_only_what_it_was_set_against(store: PracticeStore) -> None:
    """The memo is set against the first of two invoices, so the second was paid by money alone."""
    for _ in range(3):
        first, second = (invoice("9", ago(40), ago(40), 0, TotalAmt=100) for _ in range(2))
        memo = credit_memo("9", ago(-1), 0, TotalAmt=30)
        lines = (
            applied(100, "Invoice", first[1]["Id"]), applied(100, "Invoice", second[1]["Id"]),
            applied(30, "CreditMemo", memo[1]["Id"]),
        )  # fmt: skip
        store.land_all([first, second, memo, payment("9", ago(10), 170, *lines)])
    assert learned(store).clients["paid"].tolist() == [3]
