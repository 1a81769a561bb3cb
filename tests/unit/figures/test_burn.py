"""Definitions.md, Bank movements and burn; Runway: the window, what is burned in it, and the days it leaves."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.domain.books import Books
from rowcol.domain.burn import INCOMPLETE, STALE_BOOKS, burn, days_of_cash, status
from rowcol.domain.clients import ClientSettings
from rowcol.domain.derived import derive
from rowcol.domain.runway import figures
from rowcol.domain.window import windows
from tests.kits.records import (
    CHECKING,
    EQUITY,
    SAVINGS,
    account,
    applied,
    banked,
    bill,
    bill_payment,
    deposit,
    payment,
    purchase,
    spent,
    transfer,
)
from tests.kits.store import NOW, TODAY, PracticeStore, ago


def figures_of(books: Books) -> pd.Series:
    return figures(derive(books)).iloc[0]


def burned(store: PracticeStore) -> pd.Series:
    books = store.books()
    return burn(derive(books)).iloc[0]


def tie_bank(store: PracticeStore, opening: int, closing: int, first: int = 91) -> None:
    """Give the two balance sheets of the window, Checking alone on them."""
    store.sheet(TODAY - timedelta(days=first), {CHECKING: opening})
    store.sheet(TODAY - timedelta(days=1), {CHECKING: closing})


def window_of(store: PracticeStore) -> tuple[date, date, int]:
    books = store.books()
    row = windows(books.clients, books.first_dates).iloc[0]
    return row["start"].date(), row["end"].date(), int(row["days"])


def test_the_window_is_the_ninety_days_before_the_as_of_date(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(400), ago(300), 1)])
    assert window_of(store) == (date(2026, 8, 22), date(2026, 11, 19), 90)


def test_the_window_of_a_young_company_starts_at_its_first_record(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(41), ago(30), 1), bill("1", ago(10), ago(30), 1)])
    assert window_of(store) == (date(2026, 10, 10), date(2026, 11, 19), 41)


def test_a_window_divides_by_thirty_days_at_least(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(5), ago(1), 1)])
    assert window_of(store) == (date(2026, 11, 15), date(2026, 11, 19), 30)


def test_a_company_without_a_record_has_the_whole_window(store: PracticeStore) -> None:
    assert window_of(store) == (date(2026, 8, 22), date(2026, 11, 19), 90)


def test_a_company_that_only_begins_tomorrow_has_burned_nothing(store: PracticeStore) -> None:
    store.land_all([purchase(ago(-1), spent(50))])
    assert window_of(store) == (date(2026, 11, 20), date(2026, 11, 19), 30)
    assert (burned(store)["outflow_cents"], burned(store)["inflow_cents"]) == (0, 0)


def test_burn_is_operating_and_settlement_in_the_window_internal_and_financing_apart(
    store: PracticeStore,
) -> None:
    store.land_all(
        [
            account(SAVINGS, "Savings", "Bank", 0), bill("1", ago(400), ago(300), 1),
            purchase(ago(90), spent(100)), purchase(ago(1), spent(20)),
            purchase(ago(91), spent(5000)), purchase(ago(0), spent(5000)),
            bill_payment("1", ago(9), 300, applied(300, "Bill", "1")),
            payment("9", ago(9), 250, DepositToAccountRef={"value": CHECKING}),
            deposit(ago(9), banked(7)),
            transfer(ago(9), 900, CHECKING, SAVINGS), purchase(ago(9), spent(800, EQUITY)),
        ]
    )  # fmt: skip
    row = burned(store)
    assert (row["outflow_cents"], row["inflow_cents"]) == (42_000, 25_700)


def test_a_fee_kept_back_from_a_deposit_nets_with_it(store: PracticeStore) -> None:
    store.land_all([deposit(ago(9), applied(100, "Payment", "1"), banked(-3))])
    row = burned(store)
    assert (row["outflow_cents"], row["inflow_cents"]) == (0, 9_700)


def test_payroll_no_record_shows_is_an_operating_outflow(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(400), ago(300), 1), purchase(ago(9), spent(100))])
    tie_bank(store, 200_000, 100_000)
    row = burned(store)
    assert (row["outflow_cents"], row["inflow_cents"], row["unlisted_cents"]) == (100_000, 0, -90_000)
    assert not row["incomplete"]


def test_money_no_record_shows_is_an_operating_inflow(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(400), ago(300), 1), purchase(ago(9), spent(100))])
    tie_bank(store, 100_000, 130_000)
    row = burned(store)
    assert (row["outflow_cents"], row["inflow_cents"], row["unlisted_cents"]) == (
        10_000,
        40_000,
        40_000,
    )


def test_the_sheets_of_a_young_company_are_of_the_day_before_its_window(store: PracticeStore) -> None:
    store.land_all([purchase(ago(40), spent(100))])
    tie_bank(store, 0, 5_000, first=41)
    assert burned(store)["unlisted_cents"] == 15_000


def test_buffer_days_and_runway_are_floored_from_exact_sums(store: PracticeStore) -> None:
    """Cash 1,000.00; 300.00 out and 30.00 in over 90 days: 300 days of buffer, 333.3 of runway."""
    store.land_all(
        [bill("1", ago(400), ago(300), 1), purchase(ago(9), spent(300)), deposit(ago(8), banked(30))]
    )
    row = figures_of(store.books())
    assert (row["cash_cents"], row["buffer_days"], row["net_burn_runway_days"]) == (100_000, 300, 333)
    assert not row["cash_generative"]


def test_a_client_that_takes_in_more_than_it_spends_is_cash_generative(store: PracticeStore) -> None:
    store.land_all([purchase(ago(9), spent(30)), deposit(ago(8), banked(30))])
    row = figures_of(store.books())
    assert row["buffer_days"] == 1000, "1,000.00 at 30.00 in 30 days"
    assert pd.isna(row["net_burn_runway_days"])
    assert row["cash_generative"]


def test_a_client_that_spends_nothing_has_no_buffer_days(store: PracticeStore) -> None:
    store.land_all([deposit(ago(8), banked(30))])
    assert pd.isna(figures_of(store.books())["buffer_days"])


@pytest.mark.parametrize("balance", [0, -10])
def test_no_cash_is_no_days_even_where_more_comes_in_than_goes_out(
    store: PracticeStore, balance: int
) -> None:
    store.land_all([account(CHECKING, "Checking", "Bank", balance), deposit(ago(8), banked(30))])
    row = figures_of(store.books())
    assert (row["buffer_days"], row["net_burn_runway_days"], row["status"]) == (0, 0, "critical")


@pytest.mark.parametrize(("days", "marked"), [(14, False), (15, True)])
def test_books_whose_newest_movement_is_older_than_fourteen_days_are_stale(
    store: PracticeStore, days: int, marked: bool
) -> None:
    """A movement of tomorrow does not make them fresher."""
    store.land_all([purchase(ago(days), spent(1)), purchase(ago(-1), spent(1))])
    assert (STALE_BOOKS in figures_of(store.books())["marks"]) is marked


def test_books_without_any_movement_are_stale(store: PracticeStore) -> None:
    assert figures_of(store.books())["marks"] == (STALE_BOOKS, INCOMPLETE)


def test_the_incomplete_mark_goes_when_both_balance_sheets_were_read(store: PracticeStore) -> None:
    store.land_all([purchase(ago(91), spent(1)), purchase(ago(2), spent(1))])
    assert figures_of(store.books())["marks"] == (INCOMPLETE,)
    tie_bank(store, 100_100, 100_000)
    assert figures_of(store.books())["marks"] == ()


def test_a_balance_sheet_read_again_later_leaves_what_was_known_before(store: PracticeStore) -> None:
    """The later reading once took the earlier one's place, and the past lost its payroll."""
    store.land_all([purchase(ago(91), spent(1)), purchase(ago(2), spent(1))])
    tie_bank(store, 150_100, 100_000)
    before = figures_of(store.books(known_at=NOW))
    later = NOW + timedelta(hours=1)
    store.land(*purchase(ago(3), spent(7)), at=later)
    store.sheet(TODAY - timedelta(days=91), {CHECKING: 150_100}, at=later)
    store.sheet(TODAY - timedelta(days=1), {CHECKING: 90_000}, at=later)
    assert (before["unlisted_cents"], before["marks"]) == (-50_000, ())
    after = figures_of(store.books(known_at=NOW))
    assert (after["unlisted_cents"], after["marks"]) == (-50_000, ())
    assert figures_of(store.books())["unlisted_cents"] == -59_300


def test_the_reserve_decides_critical_and_equal_is_not_above(store: PracticeStore) -> None:
    store.land_all([purchase(ago(9), spent(1))])
    kept = [
        figures_of(store.books(settings=ClientSettings(reserve_cents=cents)))["status"]
        for cents in (0, 99_999, 100_000)
    ]
    assert kept == ["steady", "steady", "critical"]


@pytest.mark.parametrize(
    ("buffer_days", "expected"),
    [(0, "critical"), (13, "critical"), (14, "watch"), (41, "watch"), (42, "steady"), (None, "steady")],
)
def test_status_goes_by_buffer_days_while_there_is_no_forecast(
    buffer_days: int | None, expected: str
) -> None:
    assert status(100, 0, buffer_days) == expected


def test_days_of_cash_are_exact_where_floats_would_slip() -> None:
    """29 days of 0.29 a day over 90: 0.29 / 100 is no float."""
    assert days_of_cash(2_900, 9_000, 90) == 29
    assert days_of_cash(10**17 + 1, 10**17, 90) == 90


@given(cash=st.integers(-(10**12), 10**12), burned=st.integers(-(10**12), 10**12), days=st.integers(30, 90))
def test_days_of_cash_are_never_negative_and_last_no_longer_than_the_cash(
    cash: int, burned: int, days: int
) -> None:
    result = days_of_cash(cash, burned, days)
    if cash <= 0:
        assert result == 0
    elif burned <= 0:
        assert result is None
    else:
        assert result is not None
        assert result * burned <= cash * days < (result + 1) * burned


def test_clients_do_not_mix(store: PracticeStore) -> None:
    store.land_all([purchase(ago(9), spent(300))])
    store.land_all([account(CHECKING, "Checking", "Bank", 50), purchase(ago(9), spent(20))], realm="77")
    books = store.books()
    rows = figures(derive(books))
    assert rows.loc[store.client(), ["cash_cents", "outflow_cents"]].tolist() == [100_000, 30_000]
    assert rows.loc[store.client("77"), ["cash_cents", "outflow_cents"]].tolist() == [5_000, 2_000]
