"""Definitions.md, 13-week forecast: what recurs, on which days, and that it leaves the baseline."""

from collections.abc import Sequence

import pytest

from tests.kits.forecasts import ahead, decided, forecast_of, items_of, on_days
from tests.kits.records import (
    CHECKING,
    EQUITY,
    EXPENSE,
    LOAN,
    SAVINGS,
    account,
    bill,
    bill_payment,
    deposit,
    purchase,
    spent,
    vendor,
)
from tests.kits.store import PracticeStore, ago

PAYEE = {"value": "7", "type": "Vendor"}


def pay(
    store: PracticeStore, days: Sequence[int], amounts: Sequence[float] | float = 100, to: str = EXPENSE,
    payee: dict[str, str] | None = PAYEE, account_id: str = CHECKING,
) -> None:  # fmt: skip
    """Land payments to a payee on these days ago."""
    sums = amounts if isinstance(amounts, Sequence) else [amounts] * len(days)
    reference = {} if payee is None else {"EntityRef": payee}
    for day, amount in zip(days, sums, strict=True):
        store.land(*purchase(ago(day), spent(amount, to), account_id=account_id, **reference))


def coming(store: PracticeStore) -> list[int]:
    return items_of(forecast_of(store), "expected_on", line="recurring")


@pytest.fixture
def old(store: PracticeStore) -> PracticeStore:
    """Give a store whose records reach back beyond the window."""
    store.land_all([bill("1", ago(400), ago(300), 0, TotalAmt=1), vendor("7", "Landlord")])
    return store


def test_every_week_and_every_fortnight_recur_by_the_interval(old: PracticeStore) -> None:
    pay(old, (16, 9, 2))
    pay(old, (31, 17, 3), payee={"value": "8", "type": "Vendor"})
    forecast = forecast_of(old)
    assert items_of(forecast, "expected_on", party_id="7") == list(range(5, 91, 7))
    assert items_of(forecast, "expected_on", party_id="8") == list(range(11, 91, 14))
    assert items_of(forecast, "party", party_id="7")[0] == "Landlord"


def test_monthly_recurs_on_the_same_day_of_the_month(old: PracticeStore) -> None:
    """Today is 20 November; paid on 5 September, October and November."""
    pay(old, (76, 46, 15))
    assert coming(old) == [15, 46, 77], "5 December, January, February"


def test_the_last_day_of_a_month_stands_for_a_day_it_has_not(old: PracticeStore) -> None:
    """Paid on 31 August, 30 September and 31 October: next on 30 November, 31 December and 31 January."""
    pay(old, (81, 51, 20))
    assert coming(old) == [10, 41, 72]


def test_twice_a_month_recurs_by_the_median_interval(old: PracticeStore) -> None:
    pay(old, (50, 35, 20, 4))
    assert coming(old) == [11, 26, 41, 56, 71, 86]


@pytest.mark.parametrize(
    ("days", "recurs"),
    [
        ((16, 9), False), ((21, 11, 8), False), ((19, 9, 2), True), ((20, 9, 2), False), ((22, 12, 2), False),
        ((47, 25, 3), False), ((181, 151, 121), False), ((180, 150, 120, 90, 60, 30, 0), True), ((9, 9, 2, 2), False),
    ],
)  # fmt: skip
def test_it_takes_three_payments_at_even_intervals_in_180_days(
    old: PracticeStore, days: tuple[int, ...], recurs: bool
) -> None:
    pay(old, days)
    assert bool(coming(old)) is recurs


def test_the_amount_is_the_median_of_the_last_three(old: PracticeStore) -> None:
    pay(old, (30, 23, 16, 9, 2), (900, 900, 10, 30, 20))
    assert set(items_of(forecast_of(old), "amount_cents", line="recurring")) == {-2_000}


@pytest.mark.parametrize(("last", "first"), [(7, 0), (8, 0), (10, 0), (11, None)])
def test_one_that_is_late_comes_today_and_one_later_than_one_and_a_half_intervals_is_dropped(
    old: PracticeStore, last: int, first: int | None
) -> None:
    pay(old, (last + 14, last + 7, last))
    days = coming(old)
    assert (days[0] if days else None) == first
    if first is not None:
        assert days[1] == 14 - last, "the one after it comes on its own day"


def test_a_series_of_another_account_or_payee_or_of_nobody_is_another(old: PracticeStore) -> None:
    old.land(*account(SAVINGS, "Savings", "Bank", 0))
    pay(old, (16, 2))
    pay(old, (9,), account_id=SAVINGS)
    pay(old, (16, 9, 2), payee=None)
    assert coming(old) == []


def test_payments_of_bills_and_refunds_received_do_not_recur(old: PracticeStore) -> None:
    for day in (16, 9, 2):
        old.land(*bill_payment("7", ago(day), 100))
        old.land(*purchase(ago(day), spent(100), Credit=True, EntityRef=PAYEE))
        old.land(*deposit(ago(day), spent(100)))
    assert coming(old) == []


def test_what_recurs_leaves_the_baseline_and_what_was_dropped_does_not(old: PracticeStore) -> None:
    pay(old, (16, 9, 2))
    assert forecast_of(old).days["baseline_out_cents"].sum() == 0
    pay(old, (31, 24, 17), payee={"value": "8", "type": "Vendor"})
    assert forecast_of(old).days["baseline_out_cents"].sum() == 30_333, "300.00 in 90 days, so 303.33 in 91"


def test_loan_payments_and_draws_recur_on_a_line_of_their_own(old: PracticeStore) -> None:
    """A loan payment of 100.00, 20.00 of it interest: the interest recurs as any other cost."""
    for day in (76, 46, 15):
        old.land(*purchase(ago(day), spent(80, LOAN), spent(20), EntityRef=PAYEE))
    pay(old, (75, 45, 14), 50, to=EQUITY, payee={"value": "8", "type": "Vendor"})
    forecast = forecast_of(old)
    debt = "debt service and draws"
    assert items_of(forecast, "expected_on", "amount_cents", line=debt)[:2] == [(15, -8_000), (16, -5_000)]
    assert items_of(forecast, "expected_on", "amount_cents", line="recurring")[0] == (15, -2_000)
    assert on_days(forecast, "debt_service_cents") == {
        15: 8_000, 16: 5_000, 46: 8_000, 47: 5_000, 77: 8_000, 78: 5_000,
    }  # fmt: skip
    assert on_days(forecast, "recurring_out_cents") == {15: 2_000, 46: 2_000, 77: 2_000}


def test_a_commitment_comes_on_its_day_and_replaces_the_nearest_payment_to_the_payee_it_names(
    old: PracticeStore,
) -> None:
    pay(old, (32, 18, 4))
    rows = [
        {"business_id": old.client(), "commitment_id": str(number), "name": name, "kind": "payroll", "on": ahead(day),
         "amount_cents": cents, "replaces": payee}
        for number, (name, day, cents, payee) in enumerate(
            [("Payroll", 12, 15_000, "landlord"), ("Estimate", 30, 70_000, ""), ("Payroll", 25, 14_000, "7"),
             ("Over", -1, 5_000, "7"), ("Far", 91, 5_000, "")]
        )
    ]  # fmt: skip
    forecast = forecast_of(old, decided(commitments=rows))
    assert items_of(forecast, "party", "expected_on", "state", line="commitments") == [
        ("Payroll", 12, "placed"), ("Payroll", 25, "placed"), ("Estimate", 30, "placed"), ("Far", 91, "beyond"),
    ]  # fmt: skip
    recurring = items_of(forecast, "due_on", "expected_on", "reason", line="recurring")
    assert [due for due, on, _ in recurring if on is None] == [10, 24]
    assert {reason for _, on, reason in recurring if on is None} == {"replaced by a commitment"}
    paid = on_days(forecast, "recurring_out_cents")
    assert {day: paid[day] for day in sorted(paid)[:4]} == {12: 15_000, 25: 14_000, 30: 70_000, 38: 10_000}
