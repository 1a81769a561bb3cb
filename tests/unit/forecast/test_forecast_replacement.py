"""Definitions.md, 13-week forecast: what replaces a recurring payment, and what is taken off the everyday payments."""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.forecast.commitments import matching_payee
from rowcol.domain.forecast.direct_method import forecast, replan
from rowcol.domain.forecast.result import Forecast
from tests.kits.forecasts import ahead, decided, forecast_of, items_of, looked_ahead, on_days
from tests.kits.records import (
    CARD,
    CHECKING,
    LOAN,
    SALES_TAX,
    SAVINGS,
    Record,
    account,
    applied,
    banked,
    bill,
    bill_payment,
    card_payment,
    deposit,
    purchase,
    spent,
    vendor,
)
from tests.kits.store import TODAY, PracticeStore, ago

PAYEE = {"value": "7", "type": "Vendor"}
WAGES, VEHICLES = "97", "95"


@pytest.fixture
def old(store: PracticeStore) -> PracticeStore:
    """Give a store whose records reach back beyond the window."""
    store.land_all(
        [
            bill("1", ago(400), ago(300), 0, TotalAmt=1), vendor("7", "Landlord"),
            account(WAGES, "Wages", "Expense", 0, AccountSubType="PayrollExpenses"),
            account(VEHICLES, "Vehicles", "Fixed Asset", 0),
        ]
    )  # fmt: skip
    return store


def fortnightly(store: PracticeStore, *lines: Record, last: int = 4, **more: Any) -> None:
    """Land three payments to the payee, 14 days apart; the next comes 14 days after the last."""
    for day in (last + 28, last + 14, last):
        store.land(*purchase(ago(day), *(lines or (spent(100),)), **{"EntityRef": PAYEE, **more}))


def entered(store: PracticeStore, day: int, *lines: Record, **more: Any) -> None:
    """Land a payment to the payee N days ahead."""
    store.land(*purchase(ahead(day), *lines, **{"EntityRef": PAYEE, **more}))


def commitments(store: PracticeStore, *rows: tuple[str, int, int, str], card: str = "") -> CurrentDecisions:
    """Give commitments: kind, days ahead, cents, the payee whose payment each replaces; `card` is the card paid."""
    columns = ("kind", "on", "amount_cents", "replaces")
    return decided(
        commitments=[
            {"business_id": store.client(), "commitment_id": str(number), "name": row[0], "account_id": card,
             **dict(zip(columns, row, strict=True)), "on": ahead(row[1])}
            for number, row in enumerate(rows)
        ]
    )  # fmt: skip


def replaced(forecast: Forecast) -> list[tuple[int, str]]:
    """Return the own day and the reason of each occurrence that does not come."""
    rows = items_of(forecast, "due_on", "reason", state="excluded")
    return [(day, reason) for day, reason in rows if reason.startswith("replaced")]


def everyday_out(forecast: Forecast) -> int:
    return int(forecast.days["baseline_out_cents"].sum())


AHEAD, BILLED, COMMITTED = (
    "replaced by what is entered ahead",
    "replaced by a bill",
    "replaced by a commitment",
)


@pytest.mark.parametrize(
    ("day", "amount", "gone"),
    [
        (10, 100, 10),
        (3, 100, 10),
        (17, 50, 10),
        (17.5, 100, 24),
        (2, 100, None),
        (12, 49.99, None),
        (24, 900, 24),
    ],
)
def test_a_payment_entered_ahead_replaces_the_nearest_of_at_most_twice_its_amount(
    old: PracticeStore, day: float, amount: float, gone: int | None
) -> None:
    """Occurrences on days 10, 24 and so on; 7 days are half an interval, and between two as near the earlier goes."""
    fortnightly(old)
    entered(old, round(day + 0.01), spent(amount))
    forecast = forecast_of(old)
    assert replaced(forecast) == ([] if gone is None else [(gone, AHEAD)])
    assert sum(items_of(forecast, "amount_cents", line="booked")) == -round(amount * 100)


def test_one_entered_ahead_from_another_account_or_to_another_payee_replaces_nothing(
    old: PracticeStore,
) -> None:
    old.land(*account(SAVINGS, "Savings", "Bank", 0))
    fortnightly(old)
    entered(old, 10, spent(100), account_id=SAVINGS)
    entered(old, 10, spent(100), EntityRef={"value": "8", "type": "Vendor"})
    entered(old, 10, spent(100, LOAN))
    assert replaced(forecast_of(old)) == []


def test_one_payment_of_two_classes_replaces_one_of_each(old: PracticeStore) -> None:
    """A loan payment: 80.00 of principal, 20.00 of interest; the one entered ahead has too little principal."""
    fortnightly(old, spent(80, LOAN), spent(20))
    entered(old, 10, spent(80, LOAN), spent(20))
    entered(old, 24, spent(39, LOAN), spent(61))
    forecast = forecast_of(old)
    assert sorted(items_of(forecast, "due_on", "line", reason=AHEAD)) == [
        (10, "debt service and draws"), (10, "recurring"), (24, "recurring"),
    ]  # fmt: skip


def test_a_late_one_is_compared_by_its_own_day(old: PracticeStore) -> None:
    """Due six days ago: what is entered for tomorrow is seven days from it, for the day after tomorrow eight from either."""
    fortnightly(old, last=20)
    assert items_of(forecast_of(old), "due_on", "expected_on", line="recurring")[0] == (-6, 0)
    entered(old, 1, spent(100))
    forecast = forecast_of(old)
    assert replaced(forecast) == [(-6, AHEAD)]
    assert items_of(forecast, "due_on", line="recurring", state="placed")[0] == 8


def test_a_check_for_a_bill_replaces_the_payment_of_bills_that_recurs(old: PracticeStore) -> None:
    for day in (32, 18, 4):
        old.land(*bill_payment("7", ago(day), 100))
    owed = bill("7", ago(1), ahead(11), 0, TotalAmt=100)
    old.land_all([owed, bill_payment("7", ahead(11), 100, applied(100, "Bill", owed[1]["Id"]))])
    forecast = forecast_of(old)
    assert replaced(forecast) == [(10, AHEAD)]
    assert on_days(forecast, "payments_cents") == {11: 10_000}


@pytest.mark.parametrize(
    ("due", "amount", "gone"),
    [(10, 100, 10), (10, 110, 10), (10, 90, 10), (10, 110.01, None), (10, 89.99, None), (17, 100, 10), (2, 100, None),
     (20, 100, 24)],
)  # fmt: skip
def test_a_bill_within_a_tenth_replaces_one_by_its_due_date(
    old: PracticeStore, due: int, amount: float, gone: int | None
) -> None:
    fortnightly(old)
    old.land(*bill("7", ago(1), ahead(due), amount))
    assert replaced(forecast_of(old)) == ([] if gone is None else [(gone, BILLED)])


def test_a_bill_counts_by_its_total_whatever_is_paid_of_it(old: PracticeStore) -> None:
    fortnightly(old)
    old.land(*bill("7", ago(1), ahead(10), 30, TotalAmt=100))
    assert replaced(forecast_of(old)) == [(10, BILLED)]


def test_a_bill_that_is_not_placed_replaces_nothing(old: PracticeStore) -> None:
    fortnightly(old)
    old.land(*bill("7", ago(1), ahead(10), 100, Id="55"))
    row = {"business_id": old.client(), "scope": "bill", "subject_id": "55", "state": "hold"}
    assert replaced(forecast_of(old, decided(holds=[row]))) == []


def test_a_bill_has_the_classes_of_its_lines(old: PracticeStore) -> None:
    """A bill of 80.00 for the loan and 20.00 of interest, as the payments were; one for a vehicle is not the interest."""
    fortnightly(old, spent(80, LOAN), spent(20))
    old.land(*bill("7", ago(1), ahead(10), 100, Line=[spent(80, LOAN), spent(20)]))
    old.land(*bill("7", ago(1), ahead(24), 20, Line=[spent(20, VEHICLES)]))
    assert replaced(forecast_of(old)) == [(10, BILLED), (10, BILLED)]


def test_a_bill_paid_from_two_accounts_replaces_one_of_each_series(old: PracticeStore) -> None:
    old.land(*account(SAVINGS, "Savings", "Bank", 0))
    fortnightly(old)
    fortnightly(old, account_id=SAVINGS)
    old.land(*bill("7", ago(1), ahead(10), 100))
    assert replaced(forecast_of(old)) == [(10, BILLED), (10, BILLED)]


def test_each_stands_for_one_occurrence_and_each_occurrence_is_replaced_once(old: PracticeStore) -> None:
    fortnightly(old)
    entered(old, 11, spent(100))
    old.land(*bill("7", ago(1), ahead(12), 100))
    rows = commitments(old, ("payroll", 17, 9_000, "7"))
    assert replaced(forecast_of(old, rows)) == [(10, AHEAD), (24, COMMITTED)]


def test_a_commitment_comes_on_its_day_and_replaces_the_nearest_payment_to_the_payee_it_names(
    old: PracticeStore,
) -> None:
    fortnightly(old)
    rows = commitments(
        old, ("payroll", 12, 15_000, "landlord"), ("estimate", 30, 70_000, ""), ("payroll", 25, 14_000, "7"),
        ("payroll", -1, 5_000, "7"), ("payroll", 91, 5_000, ""), ("payroll", 46, 5_000, "7"),
    )  # fmt: skip
    forecast = forecast_of(old, rows)
    assert items_of(forecast, "expected_on", "state", line="commitments") == [
        (12, "placed"), (25, "placed"), (30, "placed"), (46, "placed"), (91, "beyond"),
    ]  # fmt: skip
    assert replaced(forecast) == [(10, COMMITTED), (24, COMMITTED), (52, COMMITTED)]
    paid = on_days(forecast, "recurring_out_cents")
    assert {day: paid[day] for day in sorted(paid)[:4]} == {12: 15_000, 25: 14_000, 30: 70_000, 38: 10_000}


def test_one_that_comes_after_the_13_weeks_replaces_one_at_their_end(old: PracticeStore) -> None:
    """Occurrences on days 80 and 94."""
    fortnightly(old)
    assert replaced(forecast_of(old, commitments(old, ("payroll", 92, 9_000, "7")))) == []
    fortnightly(old, last=8, EntityRef={"value": "8", "type": "Vendor"})
    rows = commitments(old, ("payroll", 92, 9_000, "8"))
    assert replaced(forecast_of(old, rows)) == [(90, COMMITTED)]


def test_payroll_that_replaces_nothing_is_taken_off_unlisted_and_payroll_payments(old: PracticeStore) -> None:
    """Every day 10.00 unlisted, 5.00 on wages, 3.00 of anything else: the first four days lose the 15.00, the fifth 7.50."""
    old.land_all([purchase(ago(9), spent(450, WAGES)), purchase(ago(8), spent(270))])
    old.sheet(TODAY - timedelta(days=91), {CHECKING: 1_000_000})
    old.sheet(TODAY - timedelta(days=1), {CHECKING: 1_000_000 - 90 * 1_800})
    rows = commitments(old, ("payroll", 20, 5_000, ""), ("payroll tax", 30, 1_750, ""))
    out = forecast_of(old, rows).days["baseline_out_cents"].tolist()
    assert (out[:6], set(out[6:])) == ([300, 300, 300, 300, 1_050, 1_800], {1_800})


def test_sales_tax_is_taken_off_unlisted_and_tax_payments_and_not_twice_off_the_unlisted(
    old: PracticeStore,
) -> None:
    old.land(*purchase(ago(9), spent(450, SALES_TAX)))
    old.sheet(TODAY - timedelta(days=91), {CHECKING: 1_000_000})
    old.sheet(TODAY - timedelta(days=1), {CHECKING: 1_000_000 - 90 * 1_500})
    rows = commitments(old, ("sales tax", 20, 100_000, ""), ("payroll", 30, 2_000, ""))
    out = forecast_of(old, rows).days["baseline_out_cents"]
    assert out.sum() == 91 * 1_500 - 100_000 - 2_000
    assert out.min() == 0
    rows = commitments(old, ("sales tax", 20, 10**9, ""), ("payroll", 30, 10**9, ""))
    assert everyday_out(forecast_of(old, rows)) == 0


def test_a_card_payment_is_taken_off_payments_to_that_card(old: PracticeStore) -> None:
    """Every day 5.00 to the Visa, 4.00 to the Amex, 3.00 of anything else."""
    old.land(*account("42", "Amex", "Credit Card", 0))
    old.land_all(
        [card_payment(ago(9), 450), purchase(ago(8), spent(360, "42")), purchase(ago(8), spent(270))]
    )
    assert everyday_out(forecast_of(old)) == 91 * 1_200
    row = ("card", 20, 50_000, "")
    assert everyday_out(forecast_of(old, commitments(old, row, card=CARD))) == 91 * 700
    assert everyday_out(forecast_of(old, commitments(old, row, card="42"))) == 91 * 800
    assert everyday_out(forecast_of(old, commitments(old, row))) == 91 * 1_200 - 50_000


@pytest.mark.parametrize(
    ("row", "off"),
    [(("estimate", 20, 9_000, ""), 0), (("other", 20, 9_000, ""), 0), (("payroll", 91, 9_000, ""), 0),
     (("payroll", 10, 9_000, "7"), 0), (("payroll", 10, 9_000, "9"), 9_000), (("payroll", 90, 9_000, ""), 9_000)],
)  # fmt: skip
def test_what_replaces_a_payment_or_comes_later_or_is_of_no_kind_is_taken_off_nothing(
    old: PracticeStore, row: tuple[str, int, int, str], off: int
) -> None:
    fortnightly(old)
    old.land(*purchase(ago(9), spent(450, WAGES)))
    assert everyday_out(forecast_of(old, commitments(old, row))) == 91 * 500 - off


def test_what_is_entered_ahead_and_replaces_nothing_is_taken_off_its_direction(old: PracticeStore) -> None:
    """Every day 5.00 out and 4.00 in: 12.00 to come out and 6.00 to come in are the first days' money."""
    old.land_all([purchase(ago(9), spent(450)), deposit(ago(9), banked(360))])
    old.land_all([purchase(ahead(30), spent(12), spent(70, LOAN)), deposit(ahead(40), banked(6))])
    old.land_all([purchase(ahead(91), spent(900)), bill_payment("1", ahead(3), 900)])
    forecast = forecast_of(old)
    assert forecast.days["baseline_out_cents"].tolist()[:4] == [0, 0, 300, 500]
    assert forecast.days["baseline_in_cents"].tolist()[:3] == [0, 200, 400]


def test_what_is_entered_ahead_and_replaces_a_payment_leaves_the_everyday_payments(
    old: PracticeStore,
) -> None:
    fortnightly(old)
    old.land(*purchase(ago(9), spent(450)))
    entered(old, 10, spent(100))
    assert everyday_out(forecast_of(old)) == 91 * 500
    entered(old, 11, spent(100))
    assert everyday_out(forecast_of(old)) == 91 * 500 - 10_000, "the second stands for nothing that recurs"


@pytest.mark.parametrize(
    ("kind", "on", "cents", "payee"),
    [
        ("payroll", 10, 70_000, "8"), ("payroll", 10, 12_000, "9"), ("payroll", 1, 12_000, ""), ("other", 10, 10_000, ""),
        ("sales tax", 10, 9_600, "7"), ("sales tax", 10, 13_000, ""),
    ],
    ids=["of its kind", "nearer by amount", "too far", "no kind", "of about its amount", "of another amount"],
)  # fmt: skip
def test_a_new_commitment_stands_by_default_for_the_payment_it_matches(
    old: PracticeStore, kind: str, on: int, cents: int, payee: str
) -> None:
    fortnightly(old)
    fortnightly(old, spent(900, WAGES), EntityRef={"value": "8", "type": "Vendor"})
    fortnightly(old, spent(100, WAGES), spent(9), EntityRef={"value": "9", "type": "Employee"})
    coming = looked_ahead(old).recurring
    assert matching_payee(coming, kind, TODAY + timedelta(days=on), cents) == payee


def test_a_plan_decides_whether_a_bill_replaces_the_payment_it_stands_for(old: PracticeStore) -> None:
    """A plan for a day after the 13 weeks takes the bill out of them: then the payment that recurs comes."""
    fortnightly(old, last=6)
    old.land(*bill("7", ago(1), ahead(9), 100, Id="55"))
    state = looked_ahead(old)
    plan = {
        "business_id": old.client(),
        "qbo_id": "55",
        "pay_on": ahead(100),
        "amount_cents": pd.NA,
        "open_cents": pd.NA,
    }
    later = decided(plans=[plan])
    base = forecast(state, decided())
    assert replaced(base) == [(8, BILLED)]
    again = replan(base, state, later)
    assert replaced(again) == []
    whole = forecast(state, later)
    assert again.days.equals(whole.days)
    key = ["line", "qbo_id", "due_on", "amount_cents"]
    ordered = [found.items.sort_values(key, ignore_index=True) for found in (again, whole)]
    pd.testing.assert_frame_equal(*ordered)
