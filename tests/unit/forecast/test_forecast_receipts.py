"""Definitions.md, 13-week forecast: when open invoices are expected, and which are left out."""

import pytest

from rowcol.domain.forecast.scenario import Scenario, top_customer
from tests.kits.forecasts import ahead, decided, forecast_of, items_of, teach
from tests.kits.records import AR, credit_memo, customer, debit, entered_on, invoice, journal, payment
from tests.kits.store import TODAY, PracticeStore, ago


def expected(store: PracticeStore, *invoices: tuple[str, str | None, int]) -> list[tuple[int | None, str]]:
    """Return (days from today, reason) of open invoices: customer, due date, amount."""
    for number, (party, due, amount) in enumerate(invoices):
        store.land(*invoice(party, ago(300), due, amount, Id=str(100 + number)))
    forecast = forecast_of(store)
    kept = {
        qbo_id: (day, reason) for qbo_id, day, reason in items_of(forecast, "qbo_id", "expected_on", "reason")
    }
    return [kept[str(100 + number)] for number in range(len(invoices))]


@pytest.mark.parametrize(
    ("habit", "due_in", "day"),
    [
        (5, 10, 15), (5, 0, 5), (0, 10, 10), (0, 0, 0), (-5, 10, 5), (-5, 3, 0), (-5, 0, 0),
        (12, -5, 7), (12, -11, 1), (12, -12, 7), (12, -13, 7), (12, -72, 7), (0, -1, 7), (-5, -1, 7), (40, -1, 39),
    ],
)  # fmt: skip
def test_an_invoice_is_expected_by_its_customers_habit(
    store: PracticeStore, habit: int, due_in: int, day: int
) -> None:
    """Not yet due: due + habit, not before today; less late than usual: the same; else in a week."""
    teach(store, "9", habit, habit, habit)
    assert expected(store, ("9", ahead(due_in), 80)) == [(day, "")]


@pytest.mark.parametrize(
    ("habit", "late", "reason"),
    [
        (0, 90, ""),
        (0, 91, "doubtful"),
        (30, 90, ""),
        (31, 91, ""),
        (31, 92, "doubtful"),
        (-40, 91, "doubtful"),
    ],
)
def test_an_invoice_much_later_than_the_customer_ever_is_is_doubtful(
    store: PracticeStore, habit: int, late: int, reason: str
) -> None:
    teach(store, "9", habit, habit, habit)
    ((day, forecast),) = expected(store, ("9", ago(late), 80))
    assert (day, forecast) == ((None, "doubtful") if reason else (7, ""))


def test_due_means_the_effective_due_date_and_undated_invoices_come_within_a_week(
    store: PracticeStore,
) -> None:
    store.land_all([invoice("9", ago(3), None, 80, Id="1"), invoice("9", None, None, 50, Id="2")])
    assert items_of(forecast_of(store), "qbo_id", "expected_on", "reason") == [
        ("1", 7, ""),
        ("2", 7, ""),
    ]


def test_a_promise_overrides_habit_and_doubt_until_its_day_has_passed(store: PracticeStore) -> None:
    teach(store, "9", 5, 5, 5)
    for number, due in enumerate((ago(200), ahead(10), ago(200), ahead(10))):
        store.land(*invoice("9", ago(300), due, 80, Id=str(number)))
    promises = [
        {"business_id": store.client(), "qbo_id": str(number), "promised_on": day}
        for number, day in enumerate((ahead(0), ahead(33), ago(1), ago(1)))
    ]
    rows = items_of(
        forecast_of(store, decided(promises=promises)), "qbo_id", "expected_on", "reason", "basis"
    )
    assert rows == [
        ("0", 0, "", "promised"), ("3", 15, "", "habit +5 days"), ("1", 33, "", "promised"),
        ("2", None, "doubtful", ""),
    ]  # fmt: skip


def test_beyond_91_days_is_beyond_and_the_91st_day_is_not(store: PracticeStore) -> None:
    store.land_all([invoice("9", ago(3), ahead(day), day) for day in (90, 91)])
    forecast = forecast_of(store)
    assert items_of(forecast, "expected_on", "state") == [(90, "placed"), (91, "beyond")]
    assert forecast.weeks["receipts_cents"].tolist() == [0] * 12 + [9_000]


def test_invoices_are_net_of_credits_and_what_is_left_of_credits_is_excluded_as_negative(
    store: PracticeStore,
) -> None:
    store.land_all(
        [
            invoice("9", ago(9), ahead(5), 80, Id="1"), invoice("9", ago(9), ahead(2), 30, Id="2"),
            credit_memo("9", ago(4), 50, Id="3"), credit_memo("8", ago(4), 70, Id="4"),
            payment("8", ago(2), 20, UnappliedAmt=20, Id="5"), invoice("8", ago(9), ahead(2), 60, Id="6"),
        ]
    )  # fmt: skip
    forecast = forecast_of(store)
    assert items_of(forecast, "qbo_id", "amount_cents", "reason", line="receipts") == [
        ("1", 6_000, ""), ("4", -1_000, "credit balance"), ("5", -2_000, "credit balance"),
    ]  # fmt: skip
    assert forecast.days["receipts_cents"].sum() == 6_000


def test_a_hand_posted_charge_is_expected_as_if_due_on_its_date(store: PracticeStore) -> None:
    store.land_all([journal(ago(9), debit(40, AR, Type="Customer", id="9")), customer("9", "Beta")])
    assert items_of(forecast_of(store), "entity", "party", "amount_cents", "expected_on") == [
        ("JournalEntry", "Beta", 4_000, 7)
    ]


def test_invoices_entered_ahead_belong_to_the_forecast_on_a_line_of_their_own(store: PracticeStore) -> None:
    teach(store, "9", 5, 5, 5)
    store.land_all([
        invoice("9", ahead(10), ahead(20), 80), credit_memo("9", ahead(12), 30),
        invoice("9", ahead(10), ahead(20), 70, **entered_on(ahead(1))),
    ])  # fmt: skip
    forecast = forecast_of(store)
    assert items_of(forecast, "line", "amount_cents", "expected_on") == [("receipts dated later", 5_000, 25)]
    assert forecast.weeks["receipts_cents"].tolist()[3] == 5_000


def test_the_basis_says_whose_habit_it_is(store: PracticeStore) -> None:
    store.land_all(
        [customer("1", "Parent"), customer("2", "Job", ParentRef={"value": "1"}, BillWithParent=True)]
    )
    store.land(*invoice("9", ago(300), ahead(1), 10))
    assert items_of(forecast_of(store), "basis") == ["due date"]
    teach(store, "1", 4, 4, 4)
    store.land_all([invoice("2", ago(300), ahead(2), 10), invoice("1", ago(300), ahead(3), 10)])
    assert items_of(forecast_of(store), "basis") == [
        "client's habit +4 days", "parent's habit +4 days", "habit +4 days",
    ]  # fmt: skip


def test_the_band_has_each_receipt_as_late_after_its_expected_day_as_four_of_five_invoices_were(
    store: PracticeStore,
) -> None:
    """Ten paid invoices, due after three that taught 0 days late: 0 four times, 8 four times, 20 twice."""
    teach(store, "9", 0, 0, 0, closed=200)
    teach(store, "9", *[0] * 4, *[8] * 4, *[20] * 2, closed=60)
    store.land_all(
        [invoice("7", ago(300), ahead(3), 80, Id="1"), invoice("7", ago(300), ahead(85), 70, Id="2")]
    )
    forecast = forecast_of(store, scenario=Scenario(new_business=False))
    assert items_of(forecast, "qbo_id", "expected_on", "late_on") == [("1", 3, 11), ("2", 85, 93)]
    behind = (forecast.days["closing_cents"] - forecast.days["closing_p80_cents"]).tolist()
    assert {day: cents for day, cents in enumerate(behind) if cents} == {
        **dict.fromkeys(range(3, 11), 8_000), **dict.fromkeys(range(85, 91), 7_000),
    }  # fmt: skip
    assert forecast.weeks["closing_p80_cents"].tolist() == forecast.days["closing_p80_cents"].tolist()[6::7]


def test_new_business_comes_later_in_the_band_too(store: PracticeStore) -> None:
    teach(store, "9", 0, 0, 0, closed=200)
    teach(store, "9", *[0] * 4, *[8] * 6, closed=60, days_to_pay=61)
    store.land(*invoice("9", ago(9), ago(9), 0, TotalAmt=900))
    days = forecast_of(store).days
    sold = days["new_business_in_cents"].sum()
    late = int((days["closing_cents"] - days["closing_p80_cents"]).iloc[-1])
    assert (sold, late) == (30 * 1_000, 8 * 1_000)


def test_no_band_is_drawn_of_fewer_than_ten_paid_invoices(store: PracticeStore) -> None:
    teach(store, "9", *[5] * 9, closed=60)
    store.land(*invoice("9", ago(300), ahead(3), 80))
    forecast = forecast_of(store)
    assert items_of(forecast, "expected_on", "late_on") == [(8, None)]
    assert forecast.days["closing_p80_cents"].isna().all()
    assert forecast.weeks["closing_p80_cents"].isna().all()


def test_a_customer_may_be_supposed_to_slip_or_not_to_pay(store: PracticeStore) -> None:
    store.land_all([customer("9", "Beta"), customer("8", "Gamma")])
    store.land_all([invoice("9", ago(3), ahead(5), 80), invoice("8", ago(3), ahead(5), 50)])
    whole = forecast_of(store)
    assert top_customer(whole, store.client()) == ("9", "Beta")
    late = forecast_of(store, scenario=Scenario(slips={"9": 14}))
    assert items_of(late, "party", "expected_on") == [("Gamma", 5), ("Beta", 19)]
    never = forecast_of(store, scenario=Scenario(unpaid=frozenset({"9"})))
    assert items_of(never, "party", "expected_on", "reason") == [
        ("Gamma", 5, ""),
        ("Beta", None, "does not pay"),
    ]
    assert whole.items["amount_cents"].sum() == never.items["amount_cents"].sum()


def test_the_same_customer_id_at_another_client_is_another_customer(store: PracticeStore) -> None:
    teach(store, "9", 6, 6, 6)
    store.land(*invoice("9", ago(3), ahead(5), 80))
    store.land(*invoice("9", ago(3), ahead(5), 80), realm="77")
    forecast = forecast_of(store, as_of=TODAY)
    days = dict(zip(forecast.items["business_id"], forecast.items["expected_on"], strict=True))
    assert (days[store.client()] - days[store.client("77")]).days == 6
