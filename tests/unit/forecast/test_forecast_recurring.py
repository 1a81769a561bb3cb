"""Definitions.md, 13-week forecast: what recurs, on which days, and that it leaves the baseline."""

from collections.abc import Sequence
from datetime import date

import pytest

from rowcol.domain.clients import ClientSettings
from tests.kits.forecasts import forecast_of, items_of, on_days
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
    transfer,
    vendor,
)
from tests.kits.store import TODAY, PracticeStore, ago

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


def test_month_end_stays_month_end(old: PracticeStore) -> None:
    """Paid on 31 August, 30 September and 31 October: next on 30 November, 31 December and 31 January."""
    pay(old, (81, 51, 20))
    assert coming(old) == [10, 41, 72]


@pytest.mark.parametrize(
    ("paid", "comes"),
    [
        (("08-31", "09-30", "10-31"), ["2026-11-30", "2026-12-31", "2027-01-31"]),
        (("08-30", "09-30", "10-30"), ["2026-11-30", "2026-12-30", "2027-01-30"]),
        (("07-31", "08-31", "09-30", "10-30"), ["2026-11-30", "2026-12-31", "2027-01-31"]),
        (("08-03", "09-03", "10-02", "11-03"), ["2026-12-03", "2027-01-03", "2027-02-03"]),
        (("09-01", "10-02", "11-03"), ["2026-12-03", "2027-01-03", "2027-02-03"]),
        (("08-07", "09-07", "10-06", "11-05"), ["2026-12-07", "2027-01-07", "2027-02-07"]),
    ],
    ids=["month ends", "the 30th is one month's end only", "the 31st, or a shorter month's last day", "most frequent",
         "as frequent: the greatest", "the last is not the most frequent"],
)  # fmt: skip
def test_monthly_comes_on_the_most_frequent_day_of_the_month(
    old: PracticeStore, paid: tuple[str, ...], comes: list[str]
) -> None:
    pay(old, [(TODAY - date.fromisoformat(f"2026-{day}")).days for day in paid])
    items = forecast_of(old).items
    assert items[items["line"] == "recurring"]["due_on"].dt.strftime("%Y-%m-%d").tolist() == comes


def test_a_monthly_payment_made_early_does_not_come_again_at_once(old: PracticeStore) -> None:
    """Paid on the 21st, then on the 19th, a day before today: 21 November is 2 days after it, less than half a month."""
    pay(old, (121, 91, 60, 32, 1))
    assert coming(old) == [31, 62], "21 December and January"


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


def test_payments_of_one_day_are_one(old: PracticeStore) -> None:
    pay(old, (16, 9, 9, 2, 2), (100, 40, 60, 30, 70))
    assert coming(old) == list(range(5, 91, 7))
    assert set(items_of(forecast_of(old), "amount_cents", line="recurring")) == {-10_000}


@pytest.mark.parametrize(
    ("amounts", "recurs"),
    [
        ((100, 100, 100), True),
        ((90, 100, 110), True),
        ((89.99, 100, 100), False),
        ((100, 100, 110.01), False),
    ],
)
def test_payments_of_bills_recur_if_each_is_within_a_tenth_of_the_median(
    old: PracticeStore, amounts: tuple[float, ...], recurs: bool
) -> None:
    for day, amount in zip((16, 9, 2), amounts, strict=True):
        old.land(*bill_payment("7", ago(day), amount))
    assert bool(coming(old)) is recurs


def test_payments_of_bills_recur_from_before_the_window(old: PracticeStore) -> None:
    for day in (135, 105, 75, 45, 15):
        old.land(*bill_payment("7", ago(day), 100))
    forecast = forecast_of(old)
    assert items_of(forecast, "expected_on", line="recurring") == [16, 47, 78], (
        "6 December, January, February"
    )
    assert forecast.days["baseline_out_cents"].sum() == 0, "payments of bills are in no baseline"


def test_what_comes_in_does_not_recur(old: PracticeStore) -> None:
    for day in (16, 9, 2):
        old.land(*purchase(ago(day), spent(100), Credit=True, EntityRef=PAYEE))
        old.land(*deposit(ago(day), spent(100)))
    assert coming(old) == []


@pytest.mark.parametrize("kind", ["Employee", "Customer"])
def test_an_employee_or_customer_is_a_payee_too(old: PracticeStore, kind: str) -> None:
    pay(old, (16, 9, 2), payee={"value": "9", "type": kind, "name": "Robin"})
    assert items_of(forecast_of(old), "party", line="recurring")[0] == "Robin"


def test_money_set_aside_recurs_on_a_line_of_its_own(old: PracticeStore) -> None:
    old.land(*account(SAVINGS, "Tax savings", "Bank", 0))
    old.land_all(transfer(ago(day), 200, CHECKING, SAVINGS) for day in (16, 9, 2))
    forecast = forecast_of(old, settings=ClientSettings(excluded_accounts=(SAVINGS,)))
    rows = items_of(forecast, "party", "expected_on", "amount_cents", line="set aside")
    assert rows[0] == ("Tax savings", 5, -20_000)
    assert on_days(forecast, "recurring_out_cents") == dict.fromkeys(range(5, 91, 7), 20_000)
    assert forecast.days["baseline_out_cents"].sum() == 0
    assert items_of(forecast_of(old), "line", line="set aside") == [], (
        "between accounts that count it is nothing"
    )


def test_money_set_aside_to_somebody_named_recurs_by_who_is_named(old: PracticeStore) -> None:
    """An odd payment to a named vendor, coded to the same account, is not of the transfers' series."""
    old.land(*account(SAVINGS, "Tax savings", "Bank", 0))
    old.land_all(transfer(ago(day), 200, CHECKING, SAVINGS) for day in (16, 9, 2))
    pay(old, (12,), 70, to=SAVINGS)
    forecast = forecast_of(old, settings=ClientSettings(excluded_accounts=(SAVINGS,)))
    assert on_days(forecast, "recurring_out_cents") == dict.fromkeys(range(5, 91, 7), 20_000)


def test_what_is_bought_to_keep_recurs_as_debt_service_does(old: PracticeStore) -> None:
    old.land(*account("95", "Vehicles", "Fixed Asset", 0))
    pay(old, (16, 9, 2), to="95")
    assert items_of(forecast_of(old), "expected_on", line="debt service and draws") == list(range(5, 91, 7))


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
