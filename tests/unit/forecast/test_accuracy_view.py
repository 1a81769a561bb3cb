"""How accurate a client's forecasts are: everything open is in them, habits tested against the past, last week's scored."""

from datetime import date, datetime, timedelta

import pytest

from rowcol.clock import Moment
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import no_decisions
from rowcol.domain.forecast.inputs import BANK_DAYS
from rowcol.domain.forecast.open_amounts import conservation
from rowcol.errors import UnknownClient
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control import control_rows
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.views.console.accuracy import AccuracyView, BackTest, accuracy_view
from tests.kits.forecasts import ahead, teach
from tests.kits.records import (
    CHECKING,
    account,
    applied,
    bill,
    bill_payment,
    customer,
    deposit,
    invoice,
    payment,
    purchase,
    spent,
)
from tests.kits.store import NOW, PRACTICE, TODAY, PracticeStore, ago, gateway_over

LAST_WEEK = NOW - timedelta(days=7)
ZONE = "America/Los_Angeles"


def refreshed(store: PracticeStore, at: datetime) -> None:
    """Note a refresh that ended well at a moment."""
    run = SyncRun(store.client(), f"run-{at}", "full", at, at, "done", requests=1, rows_in=1)
    with store.database.write() as cursor:
        record_run(control_rows(cursor), PRACTICE, run)


def gateway(store: PracticeStore) -> QuickBooksGateway:
    settings: dict[str, ClientSettings] = {}
    return gateway_over(store.frames, lambda _: settings, lambda _: no_decisions(), NOW, ZONE)


def viewed(store: PracticeStore, as_of: date | None = TODAY, business_id: str | None = None) -> AccuracyView:
    return accuracy_view(gateway(store), business_id or store.client(), Moment(as_of))


def test_it_says_what_became_of_everything_open(store: PracticeStore) -> None:
    store.land_all(
        [
            invoice("9", ago(40), ago(10), 80, Id="1"), invoice("9", ago(300), ago(200), 70),
            invoice("9", ago(3), ahead(120), 60), bill("1", ago(9), ahead(5), 30),
        ]
    )  # fmt: skip
    refreshed(store, NOW)
    with gateway(store).open_with_forecast((store.client(),), Moment(TODAY), BANK_DAYS) as books:
        placed = conservation(books.forecast.items, books.items)
        assert books.figures["status"].tolist() == ["steady"]
    assert placed.drop(columns="items").to_numpy(na_value=None).tolist() == [
        ["ar", "placed", "", 8_000, None], ["ar", "beyond", "", 6_000, None],
        ["ar", "excluded", "doubtful", 7_000, None], ["ar", "total", "", 21_000, 21_000],
        ["ap", "placed", "", 3_000, None], ["ap", "total", "", 3_000, 3_000],
    ]  # fmt: skip
    assert placed["items"].tolist() == [1, 1, 1, 3, 1, 1]


def test_customers_that_owe_stand_with_how_they_pay(store: PracticeStore) -> None:
    store.land(*customer("9", "Beta"))
    teach(store, "9", 4, 6, 8)
    store.land_all([invoice("9", ago(3), ahead(5), 80), invoice("8", ago(3), ahead(5), 90)])
    rows = viewed(store).customers[["party", "open_cents", "paid", "days_late", "days_late_p80"]]
    assert rows.to_numpy(na_value=None).tolist() == [["8", 9_000, 0, None, None], ["Beta", 8_000, 3, 6, 8]]


def test_the_back_test_holds_habits_of_before_against_the_last_ninety_days(store: PracticeStore) -> None:
    """Ten days late before; then 13 and 3: off by 3 and 7, the due date by 13 and 3. Two are too few for a band."""
    teach(store, "9", 10, 10, 10, closed=100)
    teach(store, "9", 13, 3, closed=20)
    assert viewed(store).back_test == BackTest(
        2, error_days=5, due_date_error_days=8, p80_days=None, on_time_share=None
    )


def test_the_back_test_says_how_many_were_paid_by_their_p80_day(store: PracticeStore) -> None:
    """Ten days late before; then once each 11 to 20 days: eight of ten at most 8 days after the expected day."""
    teach(store, "9", 10, 10, 10, closed=100)
    teach(store, "9", *range(11, 21), closed=20)
    assert viewed(store).back_test == BackTest(
        10, error_days=5.5, due_date_error_days=15.5, p80_days=8, on_time_share=0.8
    )


def test_nothing_paid_lately_gives_no_back_test(store: PracticeStore) -> None:
    teach(store, "9", 10, 10, 10, closed=100)
    assert viewed(store).back_test == BackTest(0, None, None, None, None)


def test_last_weeks_forecast_is_the_one_known_then_against_what_happened(store: PracticeStore) -> None:
    """1,000.00 a week ago, 80.00 expected and 30.00 to pay; 50.00 came, 45.00 was paid, 7.00 spent, 20.00 invested."""
    known = [invoice("9", ago(30), ago(5), 80, Id="1"), bill("1", ago(30), ago(4), 30, Id="2")]
    store.land(*account(CHECKING, "Checking", "Bank", 1000), at=LAST_WEEK)
    for entity, record in known:
        store.land(entity, record, at=LAST_WEEK - timedelta(hours=1))
    refreshed(store, LAST_WEEK - timedelta(hours=1))
    refreshed(store, NOW)
    store.land_all(
        [
            payment("9", ago(3), 50, applied(50, "Invoice", "1"), DepositToAccountRef={"value": CHECKING}),
            bill_payment("1", ago(2), 45), purchase(ago(1), spent(7), spent(20, "70")), purchase(ago(0), spent(500)),
            account(CHECKING, "Checking", "Bank", 478), account("70", "Vehicles", "Fixed Asset", 0),
        ]
    )  # fmt: skip
    last_week = viewed(store).last_week
    assert last_week is not None
    assert (last_week.made_on, last_week.known_at) == (TODAY - timedelta(days=7), LAST_WEEK)
    actual = dict(zip(last_week.rows["line"], last_week.rows["actual_cents"], strict=True))
    forecast = dict(zip(last_week.rows["line"], last_week.rows["forecast_cents"], strict=True))
    assert (forecast["receipts"], forecast["payments"]) == (8_000, -3_000)
    assert (actual["receipts"], actual["payments"], actual["recurring and everyday"]) == (5_000, -4_500, -700)
    assert actual["debt service and draws"] == -2_000
    assert actual["closing cash"] == 97_800
    for column in ("forecast_cents", "actual_cents"):
        cents = last_week.rows[column].tolist()
        assert sum(cents[:-1]) == cents[-1], "the lines add up from opening to closing"


def test_a_client_not_yet_known_last_week_has_nothing_to_score(store: PracticeStore) -> None:
    store.land(*deposit(ago(3), spent(5)))
    refreshed(store, NOW - timedelta(days=2))
    assert viewed(store).last_week is None


def test_an_unknown_client_is_refused(store: PracticeStore) -> None:
    store.client()
    with pytest.raises(UnknownClient):
        viewed(store, business_id="nobody")
