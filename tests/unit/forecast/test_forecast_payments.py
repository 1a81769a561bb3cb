"""Definitions.md, 13-week forecast: when open bills are expected to be paid, and which are left out."""

import pytest

from rowcol.domain.clients import ClientSettings
from rowcol.domain.forecast.scenario import Scenario
from tests.kits.forecasts import ahead, decided, forecast_of, items_of
from tests.kits.records import AP, bill, credit, entered_on, journal, vendor, vendor_credit
from tests.kits.store import PracticeStore, ago


@pytest.mark.parametrize(("due_in", "day"), [(5, 5), (0, 0), (-1, 7), (-179, 7)])
def test_a_bill_is_paid_when_due_and_on_the_next_pay_day_once_it_is_past_due(
    store: PracticeStore, due_in: int, day: int
) -> None:
    store.land(*bill("1", ago(300), ahead(due_in), 80))
    forecast = forecast_of(store)
    assert items_of(forecast, "line", "amount_cents", "expected_on") == [("payments", -8_000, day)]
    assert forecast.days["payments_cents"].sum() == 8_000


def test_the_pay_day_is_the_clients_own(store: PracticeStore) -> None:
    store.land(*bill("1", ago(300), ago(5), 80))
    assert items_of(forecast_of(store, settings=ClientSettings(pay_day_offset=3)), "expected_on") == [3]


def test_a_bill_of_180_days_past_due_is_stale_unless_it_is_planned(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(300), ago(180), 80, Id="1"), bill("1", ago(300), ago(179), 70, Id="2")])
    assert items_of(forecast_of(store), "qbo_id", "expected_on", "reason") == [
        ("2", 7, ""),
        ("1", None, "stale or disputed"),
    ]
    plan = {"business_id": store.client(), "qbo_id": "1", "pay_on": ahead(3), "amount_cents": None}
    assert items_of(forecast_of(store, decided(plans=[plan])), "qbo_id", "expected_on", "basis") == [
        ("1", 3, "planned"), ("2", 7, "next pay day"),
    ]  # fmt: skip


def test_a_part_payment_leaves_the_rest_where_it_would_be(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(300), ago(5), 80, Id="1"), bill("1", ago(300), ago(200), 70, Id="2")])
    plans = [
        {"business_id": store.client(), "qbo_id": qbo_id, "pay_on": ahead(1), "amount_cents": cents}
        for qbo_id, cents in (("1", 3_000), ("2", 2_000))
    ]
    forecast = forecast_of(store, decided(plans=plans))
    assert items_of(forecast, "qbo_id", "amount_cents", "expected_on", "reason") == [
        ("1", -3_000, 1, ""), ("2", -2_000, 1, ""), ("1", -5_000, 7, ""), ("2", -5_000, None, "stale or disputed"),
    ]  # fmt: skip


def test_a_plan_of_more_than_is_open_pays_what_is_open_and_one_whose_day_has_passed_nothing(
    store: PracticeStore,
) -> None:
    store.land_all([bill("1", ago(300), ahead(9), 80, Id="1"), bill("1", ago(300), ahead(9), 70, Id="2")])
    plans = [
        {"business_id": store.client(), "qbo_id": "1", "pay_on": ahead(0), "amount_cents": 99_900},
        {"business_id": store.client(), "qbo_id": "2", "pay_on": ago(1), "amount_cents": None},
    ]
    assert items_of(forecast_of(store, decided(plans=plans)), "qbo_id", "amount_cents", "expected_on") == [
        ("1", -8_000, 0), ("2", -7_000, 9),
    ]  # fmt: skip


def test_held_and_disputed_bills_and_vendors_are_left_out_and_a_hold_wins_over_a_plan(
    store: PracticeStore,
) -> None:
    store.land_all([vendor("1", "Acme"), vendor("2", "Brook")])
    store.land_all([bill("1", ago(9), ahead(5), 10, Id=str(number)) for number in (1, 2, 3)])
    store.land_all([bill("2", ago(9), ahead(5), 10, Id="4"), bill("2", ago(9), ahead(5), 10, Id="5")])
    client = store.client()
    holds = [
        {"business_id": client, "scope": "bill", "subject_id": "1", "state": "hold"},
        {"business_id": client, "scope": "bill", "subject_id": "2", "state": "dispute"},
        {"business_id": client, "scope": "vendor", "subject_id": "2", "state": "hold"},
        {"business_id": client, "scope": "bill", "subject_id": "5", "state": "dispute"},
        {"business_id": client, "scope": "vendor", "subject_id": "3", "state": "hold"},
    ]
    plan = {"business_id": client, "qbo_id": "1", "pay_on": ahead(3), "amount_cents": None}
    assert items_of(forecast_of(store, decided(holds=holds, plans=[plan])), "qbo_id", "expected_on", "reason") == [
        ("3", 5, ""), ("1", None, "held"), ("2", None, "disputed"), ("4", None, "held"), ("5", None, "disputed"),
    ]  # fmt: skip


def test_bills_are_net_of_vendor_credits_and_the_rest_of_credits_is_excluded(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(9), ahead(5), 80, Id="1"), vendor_credit("1", ago(4), 100, Id="2")])
    assert items_of(forecast_of(store), "qbo_id", "amount_cents", "reason") == [
        ("2", 2_000, "credit balance")
    ]


def test_a_hand_posted_debt_is_paid_as_if_due_on_its_date(store: PracticeStore) -> None:
    store.land_all([journal(ago(9), credit(40, AP, Type="Vendor", id="1"))])
    assert items_of(forecast_of(store), "amount_cents", "expected_on") == [(-4_000, 7)]


def test_bills_entered_ahead_belong_to_the_forecast_on_a_line_of_their_own(store: PracticeStore) -> None:
    store.land_all([
        bill("1", ahead(10), ahead(20), 80), bill("1", ahead(10), None, 30),
        bill("1", ahead(10), ahead(20), 70, **entered_on(ahead(1))),
    ])  # fmt: skip
    forecast = forecast_of(store)
    assert items_of(forecast, "line", "amount_cents", "expected_on") == [
        ("payments dated later", -3_000, 10), ("payments dated later", -8_000, 20),
    ]  # fmt: skip


def test_everything_overdue_may_be_supposed_paid_today_stale_bills_too_but_not_what_is_held(
    store: PracticeStore,
) -> None:
    store.land_all(
        [
            bill("1", ago(300), day, 10, Id=str(number))
            for number, day in enumerate((ago(200), ago(5), ahead(5)))
        ]
    )
    store.land(*bill("2", ago(300), ago(5), 10, Id="9"))
    hold = {"business_id": store.client(), "scope": "vendor", "subject_id": "2", "state": "hold"}
    plan = {"business_id": store.client(), "qbo_id": "1", "pay_on": ahead(30), "amount_cents": None}
    forecast = forecast_of(store, decided(holds=[hold], plans=[plan]), Scenario(overdue_paid_today=True))
    assert items_of(forecast, "qbo_id", "expected_on", "reason") == [
        ("0", 0, ""), ("1", 0, ""), ("2", 5, ""), ("9", None, "held"),
    ]  # fmt: skip
