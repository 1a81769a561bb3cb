"""Definitions.md, 13-week forecast: opening, booked movements, averages, new business, and the day cash runs out."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.domain.burn import status_ahead
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.derived import derive
from rowcol.domain.forecast.days import spread, taken_off
from rowcol.domain.forecast.result import FLOWS, PERIOD_COLUMNS
from rowcol.domain.forecast.scenario import ExtraAmount, Scenario
from rowcol.domain.runway import figures, with_cash_out
from tests.kits.forecasts import ahead, decided, forecast_of, items_of, on_days, teach
from tests.kits.records import (
    AR,
    CHECKING,
    EQUITY,
    SAVINGS,
    account,
    applied,
    banked,
    bill,
    bill_payment,
    chart,
    credit_memo,
    deposit,
    entered_on,
    invoice,
    payment,
    purchase,
    spent,
    transfer,
)
from tests.kits.store import MEMORY, TODAY, PracticeStore, ago

NOW_ENTERED = entered_on(ago(0))


@pytest.fixture
def old(store: PracticeStore) -> PracticeStore:
    """Give a store with 1,000.00 in cash whose records reach back beyond the window."""
    store.land(*bill("1", ago(400), ago(300), 0, TotalAmt=1))
    return store


def outcome(store: PracticeStore, **how: object) -> dict[str, object]:
    (row,) = forecast_of(store, **how).outcome.to_dict("records")
    return {str(key): value for key, value in row.items()}


def test_it_opens_with_cash_and_movements_dated_later_come_on_their_dates(old: PracticeStore) -> None:
    """Checking's 1,000.00 holds them all already: 1,000 + 60 + 90 - 40 = 1,110.00 today."""
    old.land_all(
        [
            account(SAVINGS, "Savings", "Bank", 0), purchase(ahead(3), spent(60), **NOW_ENTERED),
            deposit(ahead(5), banked(40), **NOW_ENTERED), bill_payment("1", ahead(5), 90, **NOW_ENTERED),
            purchase(ahead(91), spent(7), **NOW_ENTERED), transfer(ahead(4), 25, CHECKING, SAVINGS, **NOW_ENTERED),
            purchase(ago(0), spent(30)),
        ]
    )  # fmt: skip
    forecast = forecast_of(old)
    assert forecast.outcome["opening_cents"].tolist() == [111_700]
    assert on_days(forecast, "payments_cents") == {3: 6_000, 5: 9_000}
    assert on_days(forecast, "receipts_cents") == {5: 4_000}
    assert items_of(forecast, "amount_cents", "state", line="booked") == [
        (-6_000, "placed"), (4_000, "placed"), (-9_000, "placed"), (-700, "beyond"),
    ]  # fmt: skip


def test_a_transfer_to_an_account_left_out_of_cash_is_money_gone(old: PracticeStore) -> None:
    old.land_all(
        [
            account(SAVINGS, "Savings", "Bank", 500),
            transfer(ahead(4), 25, CHECKING, SAVINGS, **NOW_ENTERED),
        ]
    )
    forecast = forecast_of(old, settings=ClientSettings(excluded_accounts=(SAVINGS,)))
    assert forecast.outcome["opening_cents"].tolist() == [102_500]
    assert on_days(forecast, "payments_cents") == {4: 2_500}


def typed(store: PracticeStore, cents: int, days: int = 0, **more: object) -> CurrentDecisions:
    """Return that a balance of Checking was typed on a day."""
    row = {"business_id": store.client(), "account_id": CHECKING, "balance_cents": cents, "on": ahead(days)}
    return decided(bank_balances=[{**row, **more}])


def test_a_bank_balance_typed_today_opens_it(old: PracticeStore) -> None:
    old.land(*account(SAVINGS, "Savings", "Bank", 500))
    yesterday = outcome(old, advice=typed(old, 1, days=-1))
    assert (yesterday["opening_cents"], yesterday["opening_typed"]) == (150_000, False)
    today = outcome(old, advice=typed(old, 70_000))
    assert (today["opening_cents"], today["opening_typed"]) == (120_000, True)


def test_what_the_bank_shows_above_the_books_goes_out_tomorrow_unless_it_is_not_booked_yet(
    old: PracticeStore,
) -> None:
    """Checking has 1,000.00 by the books."""
    not_cleared = forecast_of(old, typed(old, 130_000))
    assert on_days(not_cleared, "payments_cents") == {1: 30_000}
    assert items_of(not_cleared, "line", "party", "amount_cents", "expected_on") == [
        ("not yet cleared", "Checking", -30_000, 1)
    ]
    assert (not_cleared.days["closing_cents"].iloc[0], not_cleared.days["closing_cents"].iloc[-1]) == (
        130_000,
        100_000,
    )
    for advice in (typed(old, 130_000, not_booked=True), typed(old, 70_000), typed(old, 130_000, days=-1)):
        assert forecast_of(old, advice).items.empty


def test_the_status_follows_the_typed_balance(old: PracticeStore) -> None:
    settings = ClientSettings(reserve_cents=50_000)
    rows = figures(derive(old.books(settings=settings)))
    for cents, status in ((50_001, "steady"), (50_000, "critical")):
        ahead_of = forecast_of(old, typed(old, cents), settings=settings).outcome
        assert with_cash_out(rows, ahead_of)["status"].tolist() == [status]


def test_the_baseline_is_operating_money_in_and_out_apart_without_settlements_and_financing(
    old: PracticeStore,
) -> None:
    old.land_all(
        [
            purchase(ago(90), spent(90)), purchase(ago(91), spent(900)), purchase(ago(0), spent(900)),
            deposit(ago(1), banked(45)), bill_payment("1", ago(5), 70, applied(70, "Bill", "1")),
            payment("9", ago(5), 60, DepositToAccountRef={"value": CHECKING}), purchase(ago(5), spent(80, EQUITY)),
        ]
    )  # fmt: skip
    forecast = forecast_of(old)
    assert set(forecast.days["baseline_out_cents"]) == {100}
    assert set(forecast.days["baseline_in_cents"]) == {50}


def test_bank_activity_no_record_shows_is_in_the_baseline(old: PracticeStore) -> None:
    old.sheet(TODAY - timedelta(days=91), {CHECKING: 1_000_000})
    old.sheet(TODAY - timedelta(days=1), {CHECKING: 100_000})
    forecast = forecast_of(old)
    assert set(forecast.days["baseline_out_cents"]) == {10_000}
    assert forecast.outcome["cash_out_on"].iloc[0].date() == TODAY + timedelta(days=10), (
        "100.00 is not below 0"
    )


def test_averages_are_spread_so_that_the_weeks_add_up_to_the_cent(old: PracticeStore) -> None:
    """1.00 in 90 days: 1.011... in 91."""
    old.land(*purchase(ago(9), spent(1)))
    forecast = forecast_of(old)
    assert forecast.days["baseline_out_cents"].sum() == 101
    assert forecast.weeks["baseline_out_cents"].tolist() == [8, 8, 7, 8, 8, 8, 7, 8, 8, 8, 8, 7, 8]


def test_new_business_comes_after_the_clients_median_days_to_pay(old: PracticeStore) -> None:
    for day in (30, 20):
        old.land_all(
            [invoice("9", ago(day), ago(day), 0, TotalAmt=50), bill("1", ago(day), ago(day), 0, TotalAmt=9)]
        )
    old.land_all([credit_memo("9", ago(3), 0, TotalAmt=10), invoice("9", ago(91), None, 0, TotalAmt=70)])
    forecast = forecast_of(old)
    coming = on_days(forecast, "new_business_in_cents")
    assert (min(coming), set(coming.values())) == (30, {100})
    assert set(on_days(forecast, "new_business_out_cents")) == set(range(30, 91))
    teach(old, "9", 0, 0, 0, closed=100, days_to_pay=12)
    assert min(on_days(forecast_of(old), "new_business_in_cents")) == 12
    for _ in range(3):
        paid = bill("1", ago(200), ago(200), 0, TotalAmt=9)
        old.land_all([paid, bill_payment("1", ago(195), 9, applied(9, "Bill", paid[1]["Id"]))])
    assert min(on_days(forecast_of(old), "new_business_out_cents")) == 5


def test_the_committed_closing_leaves_new_business_out_and_it_can_be_switched_off(old: PracticeStore) -> None:
    old.land(*invoice("9", ago(9), ago(9), 0, TotalAmt=900))
    forecast, without = forecast_of(old), forecast_of(old, scenario=Scenario(new_business=False))
    assert forecast.days["closing_cents"].iloc[-1] == 100_000 + 61 * 1_000
    assert set(forecast.days["committed_closing_cents"]) == {100_000}
    assert set(without.days["closing_cents"]) == {100_000}
    assert without.days["new_business_in_cents"].sum() == 0


def test_days_and_weeks_add_up(old: PracticeStore) -> None:
    old.land_all(
        [purchase(ago(9), spent(7)), invoice("9", ago(9), ahead(9), 80), bill("1", ago(9), ahead(3), 30)]
    )
    forecast = forecast_of(old)
    for frame in (forecast.days, forecast.weeks):
        net = sum(sign * frame[name] for name, sign in FLOWS.items())
        assert (frame["opening_cents"] + net == frame["closing_cents"]).all()
        assert (
            frame["opening_cents"].iloc[1:].to_numpy() == frame["closing_cents"].iloc[:-1].to_numpy()
        ).all()
    assert (len(forecast.days), len(forecast.weeks)) == (91, 13)
    assert [day.date() for day in forecast.weeks["week_start"]] == [
        TODAY + timedelta(days=7 * week) for week in range(13)
    ]
    assert set(forecast.weeks) == {"business_id", "week_start", *PERIOD_COLUMNS, "closing_p80_cents"}


def test_cash_out_is_the_first_day_that_closes_below_the_reserve(old: PracticeStore) -> None:
    old.land_all(
        [
            bill("1", ago(9), ahead(10), 600),
            bill("1", ago(9), ahead(20), 300),
            invoice("9", ago(3), ahead(40), 500),
        ]
    )
    forecast = outcome(old, scenario=Scenario(new_business=False))
    assert (str(forecast["cash_out_on"]), forecast["trough_cents"]) == ("NaT", 10_000)
    assert forecast["trough_on"].date() == TODAY + timedelta(days=20)
    for reserve, day in ((10_000, None), (10_001, 20), (40_001, 10), (100_001, 0)):
        kept = outcome(
            old, scenario=Scenario(new_business=False), settings=ClientSettings(reserve_cents=reserve)
        )["cash_out_on"]
        assert (None if str(kept) == "NaT" else (kept.date() - TODAY).days) == day


@pytest.mark.parametrize(
    ("cash", "days", "expected"),
    [
        (100, None, "steady"), (100, 43, "steady"), (100, 42, "watch"), (100, 15, "watch"), (100, 14, "critical"),
        (100, 0, "critical"), (50, None, "critical"), (51, None, "steady"),
    ],
)  # fmt: skip
def test_status_goes_by_the_days_to_the_cash_out_date(cash: int, days: int | None, expected: str) -> None:
    assert status_ahead(cash, 50, days) == expected


def test_supposed_sums_come_on_their_days(old: PracticeStore) -> None:
    """A hire from 1 December on, every month; 50.00 more in a week."""
    sums = (
        ExtraAmount("Hire", TODAY + timedelta(days=11), -4_000, monthly=True),
        ExtraAmount("Grant", TODAY + timedelta(days=7), 5_000),
    )
    forecast = forecast_of(old, scenario=Scenario(sums=sums))
    assert on_days(forecast, "payments_cents") == {11: 4_000, 42: 4_000, 73: 4_000}
    assert on_days(forecast, "receipts_cents") == {7: 5_000}
    assert set(items_of(forecast, "line")) == {"what-if"}


def test_an_outlook_of_one_client_gives_what_that_of_all_gives(old: PracticeStore) -> None:
    old.land_all(
        [*chart(checking=50), purchase(ago(9), spent(20)), bill("1", ago(9), ahead(5), 30)], realm="77"
    )
    old.land(*purchase(ago(9), spent(300)))
    forecast = forecast_of(old, scenario=Scenario(new_business=False))
    closing = forecast.days.groupby("business_id")["closing_cents"].last()
    assert closing[old.client()] == 100_000 - round(30_000 * 91 / 90)
    assert closing[old.client("77")] == 5_000 - 3_000 - round(2_000 * 91 / 30)


def test_a_receivable_account_posting_is_not_mistaken_for_cash(old: PracticeStore) -> None:
    old.land(*deposit(ago(9), banked(100, AR, type="Customer", value="9")))
    forecast = forecast_of(old)
    assert forecast.days["baseline_in_cents"].sum() == 0
    assert items_of(forecast, "amount_cents", "reason") == [(-10_000, "credit balance")]


@given(
    total=st.integers(-(10**13), 10**13), days=st.integers(30, 90), lag=st.integers(0, 95)
)  # fmt: skip
def test_spread_adds_up_on_every_day(total: int, days: int, lag: int) -> None:
    daily = spread(np.array([total]), np.array([days]), np.array([lag]))[0].tolist()
    assert daily[:lag] == [0] * min(lag, 91)
    for upto in range(lag, 91):
        exact = total * (upto - lag + 1) / days
        assert abs(sum(daily[: upto + 1]) - exact) <= 0.5 + abs(exact) * 1e-12


@given(
    daily=st.lists(st.integers(-50, 10**11), min_size=91, max_size=91), amount=st.integers(0, 10**13)
)  # fmt: skip
def test_an_amount_is_taken_off_the_earliest_days_first_and_no_day_goes_below_zero(
    daily: list[int], amount: int
) -> None:
    parts = taken_off(np.array([daily]), np.array([amount]))[0].tolist()
    left = amount
    for day, part in zip(daily, parts, strict=True):
        assert part == min(max(day, 0), left)
        left -= part


def test_nothing_at_all_gives_thirteen_empty_weeks() -> None:
    store = PracticeStore(MEMORY)
    store.land_all(chart())
    forecast = forecast_of(store)
    assert forecast.items.empty
    assert (forecast.weeks["closing_cents"] == 0).all()
    store.close()


def test_a_practice_without_clients_has_an_empty_forecast() -> None:
    store = PracticeStore(MEMORY)
    forecast = forecast_of(store)
    assert (len(forecast.items), len(forecast.days), len(forecast.weeks), len(forecast.outcome)) == (
        0,
        0,
        0,
        0,
    )
    store.close()
