"""The console's books and views: read once, decided on many times; nothing is lost on the way."""

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.decisions import cash_ahead, payables, receivables
from rowcol.decisions.payables import PlannedPayment
from rowcol.decisions.recording import Actor
from rowcol.domain.forecast.direct_method import forecast
from rowcol.domain.forecast.open_amounts import TOTAL, conservation
from rowcol.errors import UnknownClient
from rowcol.views.console.page import (
    ConsoleView,
    collection_list,
    planned_and_paid,
    safe_if_rest_waits,
    waiting_closings,
    without_plans,
)
from rowcol.views.console.weeks import PART_COLUMNS, SALES, week_items
from tests.kits.call_console import IN_DAYS, Call
from tests.kits.records import applied, bill, bill_payment, customer, invoice, vendor_credit
from tests.kits.store import NOW, TODAY, ago

ADA = Actor("", "Ada")


@pytest.fixture
def call() -> Iterator[Call]:
    call = Call()
    yield call
    call.close()


def view(call: Call) -> ConsoleView:
    inputs = call.console.inputs(call.business_id)
    return call.console.view(inputs)


def plan(call: Call, *payments: PlannedPayment) -> None:
    payables.plan(call.log, ADA, call.business_id, payments, TODAY)


def test_a_bill_is_offered_after_netting_and_without_a_blocking_finding(call: Call) -> None:
    shown = view(call)
    assert shown.bills["qbo_id"].tolist() == ["101", "102", "103"]
    out = shown.inputs.kept_out
    assert (out.blocked_bills, out.netted_bills, out.blocked_invoices, out.netted_invoices) == (1, 1, 0, 1)
    credits = shown.inputs.credits[["vendor", "amount_cents", "left_cents"]].to_numpy().tolist()
    assert credits == [["Covered Co", -5_000, 0]]


def test_a_customer_whose_credits_cover_the_debt_is_not_chased(call: Call) -> None:
    assert collection_list(view(call)).customers["customer"].tolist() == ["Acme *Corp*"]


def test_the_plan_moves_the_money_and_the_rest_stays_where_it_was(call: Call) -> None:
    before = view(call)
    plan(call, PlannedPayment("101", TODAY, 50_000, 120_000))
    after = view(call)
    moved = before.expected.days["closing_cents"] - after.expected.days["closing_cents"]
    assert moved.tolist() == [50_000] * 7 + [0] * 84
    pd.testing.assert_frame_equal(after.unplanned.days, before.expected.days)
    row = after.bills.set_index("qbo_id").loc["101"]
    assert (row["pay_on"], row["planned_cents"], row["free"]) == (pd.Timestamp(TODAY), 50_000, False)


def test_planning_what_is_safe_keeps_every_day_at_or_above_the_reserve(call: Call) -> None:
    call.set_reserve(30_000)
    safe = view(call).safe
    assert safe.taken == ("101", "102")
    plan(call, *(PlannedPayment(bill_id, TODAY, None, 120_000) for bill_id in safe.taken))
    after = view(call)
    assert after.expected.days["closing_cents"].min() == safe.lowest_cents >= 30_000
    assert after.safe.taken == ()


def test_what_waits_is_in_no_closing_and_the_safe_set_agrees_with_it(call: Call) -> None:
    shown = view(call)
    waiting = waiting_closings(shown)
    assert (waiting - shown.expected.days["closing_cents"]).tolist()[2:9] == [0] + [43_020] * 4 + [
        163_020
    ] * 2
    assert safe_if_rest_waits(shown).lowest_cents == int((waiting - 120_000).min())


def test_a_held_bill_is_in_no_forecast_and_never_safe(call: Call) -> None:
    call.set_reserve(0)
    payables.hold(call.log, ADA, call.business_id, "vendor", "1", "dispute")
    shown = view(call)
    assert shown.bills["held"].tolist() == ["dispute", "", "dispute"]
    assert shown.safe.taken == ("102",)
    assert shown.bills["placed_day"].isna().tolist() == [True, False, True]


def test_what_is_decided_elsewhere_does_not_read_the_books_again(call: Call) -> None:
    position, unplanned = (
        call.console.position(call.business_id),
        call.console.unplanned_position(call.business_id),
    )
    plan(call, PlannedPayment("101", TODAY, None, 120_000))
    assert (call.console.position(call.business_id), call.console.unplanned_position(call.business_id)) == (
        position,
        unplanned,
    )
    payables.hold(call.log, ADA, call.business_id, "bill", "102", "hold")
    assert call.console.position(call.business_id) == position
    assert call.console.unplanned_position(call.business_id) > unplanned
    call.store.land_all([bill("2", ago(1), ago(-9), 5, Id="107", DocNumber="Z")])
    assert call.console.position(call.business_id) > position


def test_every_week_is_what_its_items_and_sums_come_to(call: Call) -> None:
    expected = view(call).expected
    for week, row in enumerate(expected.weeks.to_dict("records")):
        items = week_items(expected, week)
        assert items["amount_cents"].sum() == row["closing_cents"] - row["opening_cents"]
        for part, columns in PART_COLUMNS.items():
            amount = int(items["amount_cents"][items["part"] == part].sum())
            assert abs(amount) == sum(row[name] for name in columns), (week, part)
    assert SALES in week_items(expected, 12)["part"].to_list()


def test_conservation_holds_whatever_is_decided(call: Call) -> None:
    plan(call, PlannedPayment("101", IN_DAYS, 50_000, 120_000))
    payables.hold(call.log, ADA, call.business_id, "bill", "103", "hold")
    shown = view(call)
    rows = conservation(shown.expected.items, shown.inputs.entered)
    totals = rows[rows["state"] == TOTAL]
    assert totals["amount_cents"].tolist() == totals["open_cents"].tolist() == [250_000, 260_020]


def test_a_part_payment_that_was_paid_is_listed_and_stands_no_more(call: Call) -> None:
    plan(call, PlannedPayment("101", IN_DAYS, 50_000, 120_000))
    left = bill("1", ago(42), ago(12), 700, Id="101", DocNumber="A-1182", TotalAmt=1_200)
    call.store.land_all([left, bill_payment("1", ago(0), 500, applied(500, "Bill", "101"))])
    shown = view(call)
    (row,) = planned_and_paid(shown).to_dict("records")
    assert (row["outcome"], row["planned_cents"], row["paid_cents"]) == ("paid", 50_000, 50_000)
    assert shown.bills.set_index("qbo_id").loc["101", "free"]
    planned = shown.expected.items[shown.expected.items["basis"] == "planned"]
    assert planned.empty


def test_a_plan_tried_out_gives_the_same_forecast_as_one_from_the_books(call: Call) -> None:
    plan(call, PlannedPayment("102", IN_DAYS, None, 43_020), PlannedPayment("101", TODAY, 50_000, 120_000))
    cash_ahead.bank_balance(call.log, ADA, call.business_id, "35", 150_000, TODAY)
    payables.hold(call.log, ADA, call.business_id, "bill", "103", "hold")
    call.store.land_all([vendor_credit("2", ago(5), 900, Id="109", DocNumber="VC-2")])
    expected = view(call).expected
    again = forecast(view(call).inputs.forecast_inputs, call.current_decisions().of(call.business_id))
    for name in ("days", "weeks", "outcome"):
        pd.testing.assert_frame_equal(getattr(expected, name), getattr(again, name))
    order = ["line", "entity", "qbo_id", "amount_cents"]
    items, whole = (side.items.sort_values(order, ignore_index=True) for side in (expected, again))
    pd.testing.assert_frame_equal(items, whole)


def test_the_forecast_the_books_were_read_with_is_used_until_something_else_is_decided(call: Call) -> None:
    receivables.promise(call.log, ADA, call.business_id, ["201"], IN_DAYS, TODAY)
    inputs = call.console.inputs(call.business_id)
    decided = call.current_decisions().of(call.business_id)
    assert without_plans(inputs, decided) is inputs.forecast
    again = forecast(inputs.forecast_inputs, decided)
    for name in ("items", "days", "weeks", "outcome"):
        pd.testing.assert_frame_equal(getattr(inputs.forecast, name), getattr(again, name))
    payables.hold(call.log, ADA, call.business_id, "bill", "101", "hold")
    held = without_plans(inputs, call.current_decisions().of(call.business_id))
    assert held is not inputs.forecast
    assert "101" not in set(held.items["qbo_id"][held.items["state"] == "placed"])


def test_who_to_reach_is_the_invoices_own_mail_then_the_customers_then_the_parents() -> None:
    call = Call([
        customer("1", "Parent", PrimaryEmailAddr={"Address": "parent@x.example"}, PrimaryPhone={"FreeFormNumber": "1"}),
        customer("2", "Child", ParentRef={"value": "1"}, BillWithParent=True),
        customer("3", "Stranger", ParentRef={"value": "1"}, BillWithParent=False),
        invoice("2", ago(90), ago(60), 10, Id="21", BillEmail={"Address": "own@x.example"}),
        invoice("2", ago(90), ago(60), 20, Id="22"),
        invoice("3", ago(90), ago(60), 30, Id="23"),
    ])  # fmt: skip
    rows = call.console.inputs(call.business_id).invoices.set_index("qbo_id")
    assert rows["email"].to_dict() == {"21": "own@x.example", "22": "parent@x.example", "23": ""}
    assert rows["phone"].to_dict() == {"21": "1", "22": "1", "23": ""}
    call.close()


def test_an_unknown_client_has_no_console(call: Call) -> None:
    with pytest.raises(UnknownClient):
        call.console.inputs("nobody")


def test_a_console_of_a_past_moment_knows_neither_later_books_nor_later_decisions(call: Call) -> None:
    then = NOW + timedelta(minutes=1)
    call.now = NOW + timedelta(days=1)
    plan(call, PlannedPayment("101", IN_DAYS, None, 120_000))
    call.store.land("Bill", bill("2", ago(1), ago(0), 5, Id="108", DocNumber="Z")[1], at=call.now)
    inputs = call.console.inputs(call.business_id, Moment(TODAY, then))
    shown = call.console.view(inputs, Moment(TODAY, then))
    assert shown.bills["qbo_id"].tolist() == ["101", "102", "103"]
    assert shown.bills["pay_on"].isna().all()
