"""Console: what to pay, whom to chase and when cash gets tight, on a real store's books."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from zlib import crc32

import pytest
from streamlit.testing.v1 import AppTest

from rowcol.ui.kit import navigation
from rowcol.views.console.forecast import forecast_view
from rowcol.views.console.inputs import console_inputs
from tests.kits.call_console import IN_DAYS, USUAL, Call
from tests.kits.page_app import Open, words_on
from tests.kits.page_services import Practice, client_row
from tests.kits.records import applied, bill, bill_payment, invoice
from tests.kits.store import NOW, TODAY, ago

At = Callable[..., AppTest]


@pytest.fixture
def call() -> Iterator[Call]:
    own = Call()
    yield own
    own.close()


def seat(practice: Practice, call: Call) -> None:
    """Have the practice serve this client's console."""
    practice.rows = [client_row(call.business_id, "Client", "watch", 2_000, 20), *practice.rows]
    practice.console_inputs = partial(console_inputs, call.source())
    practice.forecast_view = partial(forecast_view, call.source())
    practice.decision_log = call.log
    practice.other_position = call.house.frames.log_position


@pytest.fixture
def open_console(open_page: Open, practice: Practice, call: Call) -> At:
    seat(practice, call)

    def opened(tab: str = "", name: str = "Ada") -> AppTest:
        at = open_page(navigation.CONSOLE, client=call.business_id)
        at.session_state["advisor_name"] = name
        if tab:
            at.session_state[f"console_tabs_{call.business_id}"] = next(
                one.label for one in at.tabs if one.label.startswith(tab)
            )
        at.run()
        assert not at.exception, at.exception
        return at

    return opened


def chart_of(at: AppTest, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(at.get("plotly_chart")[number].proto.spec)
    return found


def test_tabs_say_how_much_is_behind_them(open_console: At) -> None:
    assert [tab.label for tab in open_console().tabs] == [
        r"Pay · 3 bills, \$2,530", r"Collect · 2 invoices, \$2,500", "Forecast · above reserve for 13 weeks",
    ]  # fmt: skip


def test_the_caption_tells_status_date_age_and_what_the_forecast_opens_from(open_console: At) -> None:
    told = open_console().caption[0].value
    assert told.startswith("● Steady · as of Fri 20 Nov 2026 · refreshed ")
    assert "opens from book cash, USD" in told


def test_bills_are_shown_with_their_group_and_what_credits_leave(open_console: At) -> None:
    grid = open_console().dataframe[0].value
    assert grid["when"].tolist() == ["▲ 12 days overdue", "◆ due in 3 days", "○ due in 20 days"]
    assert grid["balance"].tolist() == [1200.00, 430.20, 900.00]
    assert not grid["pay"].any()


def test_what_is_kept_out_and_netted_is_said(open_console: At) -> None:
    told = words_on(open_console())
    assert "1 open bill kept out by a blocking finding" in told
    assert "1 open bill covered by vendor credits" in told
    assert "RowCol moves no money" in told
    assert open_console().expander[0].label == r"Vendor credits netted first · 1 credit, \$50\.00 used"


def test_the_chart_draws_with_and_without_the_plan_and_the_reserve(open_console: At) -> None:
    chart = chart_of(open_console())
    assert [trace["name"] for trace in chart["data"] if trace.get("name")] == [
        "Without the plan",
        "With the plan",
    ]
    assert chart["data"][1]["customdata"][6] == "$1,562.80"
    assert any("Reserve" in note["text"] for note in chart["layout"]["annotations"])
    assert any("Lowest $1,562.80 on 26 Nov" in note["text"] for note in chart["layout"]["annotations"])


def edit(at: AppTest, call: Call, cells: dict[int, dict[str, Any]], drawn: int = 0) -> AppTest:
    """Edit cells of the table as a reader does; the grid itself cannot be clicked in AppTest."""
    ids = "\n".join(call.ready()).encode()
    key = f"wide_bills_{call.business_id}_{crc32(ids):x}_{drawn}"
    at.session_state[key] = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}
    at.run()
    assert not at.exception, at.exception
    return at


def test_a_tick_plans_the_bill_and_the_chart_answers(open_console: At, call: Call) -> None:
    at = edit(open_console(), call, {0: {"pay": True}})
    assert call.plans() == {"101": (TODAY, None)}
    assert chart_of(at)["data"][1]["customdata"][0] == "$799.00"
    assert "Planned: 1 bill" in words_on(at)


def test_unticking_takes_it_out_again(open_console: At, call: Call) -> None:
    at = edit(open_console(), call, {0: {"pay": True}})
    edit(at, call, {0: {"pay": False}})
    assert call.plans() == {}


def test_a_part_is_paid_on_a_day_of_its_own(open_console: At, call: Call) -> None:
    at = edit(open_console(), call, {0: {"amount": 200.10, "pay_on": str(IN_DAYS)}})
    assert call.plans() == {"101": (IN_DAYS, 20_010)}
    assert at.dataframe[0].value["amount"][0] == 200.10


def test_more_than_is_open_is_refused_and_told_and_the_table_shows_what_is_stored(
    open_console: At, call: Call
) -> None:
    at = edit(open_console(), call, {0: {"amount": 9_999}})
    assert call.plans() == {}
    assert "at most what is open of the bill" in at.warning[0].value
    assert not at.dataframe[0].value["pay"].any()


def test_a_bill_is_held_and_given_a_priority_in_the_table(open_console: At, call: Call) -> None:
    at = edit(open_console(), call, {1: {"held": "✗ disputed", "priority": "▲ must pay"}})
    advice = call.advice()
    assert advice.holds[["scope", "subject_id", "state"]].to_numpy().tolist() == [["bill", "102", "dispute"]]
    assert advice.priorities["priority"].tolist() == ["must"]
    assert at.dataframe[0].value["held"][1] == "✗ disputed"


def test_nothing_is_decided_without_a_name(open_console: At, call: Call) -> None:
    at = edit(open_console(name=""), call, {0: {"pay": True}})
    assert call.plans() == {}
    assert "Write your name" in at.warning[0].value
    at.text_input(key="console_name").input("Bo").run()
    edit(at, call, {0: {"pay": True}}, drawn=1)
    assert call.decisions.newest("plan")[(call.business_id, "101")]["by"] == "Bo"


def test_undo_takes_back_the_last_step(open_console: At, call: Call) -> None:
    at = edit(open_console(), call, {0: {"pay": True}})
    assert at.button(key="console_undo").help == "Takes back: 1 bill planned"
    at.button(key="console_undo").click().run()
    assert call.plans() == {}
    assert not at.dataframe[0].value["pay"].any()


def test_ticks_can_be_paid_next_week(open_console: At, call: Call) -> None:
    at = open_console()
    at.button_group(key="tick_pays").set_value("Next week").run()
    edit(at, call, {2: {"pay": True}})
    assert call.plans() == {"103": (IN_DAYS, None)}


def test_what_is_safe_is_planned_by_one_click(open_console: At, call: Call) -> None:
    call.set_reserve(0)
    at = open_console()
    assert r"**2 bills, \$1,630\.20** of 2 due" in words_on(at)
    at.button(key="plan_safe").click().run()
    assert call.plans() == {"101": (TODAY, None), "102": (TODAY, None)}
    assert "No due bill is left to decide on." in words_on(at)
    at.button(key="console_undo").click().run()
    assert call.plans() == {}


def test_where_nothing_is_safe_the_page_says_why_and_what_would_be(open_console: At, call: Call) -> None:
    at = open_console()
    assert "None of 2 due bills. The first of them would take a later day below the reserve." in words_on(at)
    assert r"If the other due bills wait: **1 bill, \$1,200\.00**" in words_on(at)
    at.button(key="plan_waiting").click().run()
    assert call.plans() == {"101": (TODAY, None)}


def test_the_line_of_what_waits_is_drawn_when_asked_for(open_console: At) -> None:
    at = open_console()
    at.toggle(key="console_waits").set_value(True).run()
    chart = chart_of(at)
    assert [trace.get("name") for trace in chart["data"]][:3] == [
        "Without the plan",
        "The rest waits",
        "With the plan",
    ]
    assert chart["data"][1]["customdata"][7] == "$4,422.00"


def test_the_whole_plan_is_cleared_at_once(open_console: At, call: Call) -> None:
    at = edit(open_console(), call, {0: {"pay": True}, 1: {"pay": True}})
    assert len(call.plans()) == 2
    at.button(key="clear_plan").click().run()
    assert call.plans() == {}


def test_bills_are_found_by_vendor_and_group(open_console: At) -> None:
    at = open_console()
    at.text_input(key="bill_search").input("norcal").run()
    assert at.dataframe[0].value["doc_number"].tolist() == ["A-1182", "A-1190"]
    at.button_group(key="bill_group").set_value("upcoming").run()
    assert at.dataframe[0].value["doc_number"].tolist() == ["A-1190"]
    at.text_input(key="bill_search").input("nobody").run()
    assert "No bill matches" in words_on(at)


def test_planned_and_really_paid_stand_side_by_side(open_console: At, call: Call) -> None:
    edit(open_console(), call, {0: {"amount": 300}})
    paid = bill("1", ago(42), ago(12), 900, Id="101", DocNumber="A-1182", TotalAmt=1_200)
    call.house.land_all([paid, bill_payment("1", ago(0), 300, applied(300, "Bill", "101"))])
    at = open_console()
    assert at.expander[1].label == "Planned against really paid · 1 paid"
    rows = at.dataframe[-1].value
    assert rows[["outcome", "planned", "paid", "difference"]].to_numpy().tolist() == [["✓ paid", 300, 300, 0]]
    assert rows["by"].tolist() == ["Ada"]


def test_a_past_moment_is_read_and_not_decided_in(open_console: At, call: Call) -> None:
    edit(open_console(), call, {0: {"pay": True}})
    at = open_console()
    at.session_state["chosen_known_at"] = NOW - timedelta(days=1)
    at.run()
    assert "Nothing was known then" in words_on(at)
    call.now += timedelta(days=1)
    at.session_state["chosen_known_at"] = NOW + timedelta(minutes=1)
    at.run()
    assert at.dataframe[0].value["pay"].tolist() == [True, False, False]
    assert not [button for button in at.button if button.key in ("clear_plan", "plan_safe", "plan_waiting")]


def test_a_client_without_bills_or_customers_says_what_is_so(open_page: Open, practice: Practice) -> None:
    empty = Call(records=())
    seat(practice, empty)
    at = open_page(navigation.CONSOLE, client=empty.business_id)
    assert "No bill is ready to be paid" in words_on(at)
    assert "The books have no open bill at this date." in words_on(at)
    at.session_state[f"console_tabs_{empty.business_id}"] = at.tabs[1].label
    at.run()
    assert "Nobody to chase" in words_on(at)
    empty.close()


def test_stale_books_say_so(open_console: At, call: Call) -> None:
    call.now += timedelta(minutes=1)
    call.refreshed("failed", "QuickBooks asked to come back later")
    assert "QuickBooks asked to come back later" in open_console().warning[0].value


def test_a_client_never_read_says_how_to_read_it(open_page: Open, practice: Practice) -> None:
    unread = Call(refreshed=False)
    seat(practice, unread)
    at = open_page(navigation.CONSOLE, client=unread.business_id)
    assert "Nothing read from QuickBooks yet" in words_on(at)
    assert not at.tabs
    unread.close()


def test_without_any_client_the_page_leads_to_the_list(open_page: Open, practice: Practice) -> None:
    practice.rows = []
    assert "No client to show" in words_on(open_page(navigation.CONSOLE))


def test_customers_to_chase_are_listed_and_those_covered_by_credits_are_not(open_console: At) -> None:
    at = open_console("Collect")
    rows = at.dataframe[0].value
    assert rows[["customer", "invoices", "owed", "days_past_due"]].to_numpy().tolist() == [
        ["Acme *Corp*", 2, 2_500, 60]
    ]
    assert rows[["phone", "email"]].to_numpy().tolist() == [["555 0100", "pay@acme.example"]]
    assert "1 invoice covered by credits: not chased." in words_on(at)


def test_what_a_customer_is_expected_to_pay_leaves_out_what_is_doubtful(
    open_page: Open, practice: Practice
) -> None:
    part = Call([*USUAL, invoice("9", ago(300), ago(200), 700, Id="205", DocNumber="900")])
    seat(practice, part)
    at = open_page(navigation.CONSOLE, client=part.business_id)
    at.session_state[f"console_tabs_{part.business_id}"] = "Collect · 3 invoices, $3,200"
    at.run()
    told = words_on(at).replace("\\", "")
    assert "no habit known · $2,500.00 of it expected 27 Nov, the rest doubtful" in told
    part.close()


def test_what_has_no_reason_or_party_is_a_dash(open_console: At, call: Call) -> None:
    at = open_console("Forecast")
    at.session_state[f"forecast_tabs_{call.business_id}"] = "Nothing is lost"
    at.run()
    rows = next(one.value for one in at.dataframe if "reason" in one.value)
    assert rows["reason"].isna().any()
    assert not rows["reason"].eq("").any()


def test_the_reminder_lists_the_invoices_ready_to_copy(open_console: At) -> None:
    subject, text = (block.value for block in open_console("Collect").code)
    assert subject == "Invoices from Client 4620816365201690220: a friendly reminder"
    assert "Hello Acme *Corp*," in text
    assert "- Invoice 1001 of 22 August 2026, due 21 September 2026: $2,000.00" in text
    assert "Together they come to $2,500.00." in text


def test_a_promise_moves_the_invoices_in_the_forecast(open_console: At, call: Call) -> None:
    at = open_console("Collect")
    form = next(one for one in at.date_input if one.label == "On")
    form.set_value(TODAY + timedelta(days=2))
    next(one for one in at.button if one.label == "Keep").click().run()
    assert call.advice().promises["qbo_id"].tolist() == ["201", "202"]
    assert at.dataframe[2].value["expected"].tolist() == ["22 Nov", "22 Nov"]


def test_keeping_no_day_takes_nothing_back_and_is_refused(open_console: At, call: Call) -> None:
    at = open_console("Collect")
    next(one for one in at.button if one.label == "Keep").click().run()
    assert "No day was chosen" in words_on(at)
    assert call.advice().promises.empty


def test_a_promise_kept_stands_in_its_form_and_emptied_is_taken_back(open_console: At, call: Call) -> None:
    at = open_console("Collect")
    on = next(one for one in at.date_input if one.label == "On")
    on.set_value(IN_DAYS)
    next(one for one in at.button if one.label == "Keep").click().run()
    again = next(one for one in at.date_input if one.label == "On")
    assert again.value == IN_DAYS
    again.set_value(None)
    next(one for one in at.button if one.label == "Keep").click().run()
    assert not at.exception
    assert call.advice().promises.empty


def test_keeping_a_promise_leaves_a_note_half_written_where_it_is(open_console: At) -> None:
    at = open_console("Collect")
    note = at.text_area[0].id
    next(one for one in at.date_input if one.label == "On").set_value(IN_DAYS)
    next(one for one in at.button if one.label == "Keep").click().run()
    assert at.text_area[0].id == note, "another widget: the browser drops what was typed"


def test_a_note_is_kept_with_the_next_contact(open_console: At) -> None:
    at = open_console("Collect")
    at.text_area[0].input("They *will* pay")
    next(one for one in at.date_input if one.label == "Next contact").set_value(IN_DAYS)
    next(one for one in at.button if one.label == "Keep note").click().run()
    assert not at.exception
    told = words_on(at)
    assert r"They \*will\* pay" in told
    assert "20 Nov, Ada, next 27 Nov" in told
    assert at.dataframe[0].value["next_on"].tolist() == [IN_DAYS]


def test_the_13_weeks_are_drawn_with_their_parts_lines_and_band(open_console: At) -> None:
    chart = chart_of(open_console("Forecast"))
    names = [trace["name"] for trace in chart["data"] if trace.get("name")]
    assert names == [
        "Open bills", "Recurring and dated", "Everyday and new bills", "Open invoices", "Everyday and new sales",
        "Committed only", "Closing cash",
    ]  # fmt: skip
    assert chart["data"][-1]["customdata"][0] == "$1,562.80"


def test_the_items_of_a_week_add_up_to_its_change(open_console: At, call: Call) -> None:
    at = open_console("Forecast")
    at.selectbox(key=f"week_{call.business_id}").set_value(1).run()
    rows = at.dataframe[0].value
    assert sorted(rows["amount"]) == [-1_200, -70, -7, 500, 2_000]
    at.selectbox(key=f"part_{call.business_id}").set_value("Open bills").run()
    assert at.dataframe[0].value["amount"].tolist() == [-1_200, -70]


def open_below(open_console: At, call: Call, name: str) -> AppTest:
    at = open_console("Forecast")
    key = f"forecast_tabs_{call.business_id}"
    at.session_state[key] = next(one.label for one in at.tabs if one.label.startswith(name))
    return at.run()


def test_a_what_if_is_kept_drawn_and_deleted(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "What if")
    at.checkbox[1].check()
    next(one for one in at.text_input if one.label == "Name").input("Acme fails")
    next(one for one in at.button if one.label == "Keep this what-if").click().run()
    assert not at.exception
    assert "| **Acme fails** | Acme" in words_on(at)
    names = [trace.get("name") for trace in chart_of(at)["data"]]
    assert "Acme fails" in names
    next(one for one in at.button if one.label == "Delete Acme fails").click().run()
    assert "Acme fails" not in words_on(at)


def test_a_second_what_if_is_drawn_beside_the_first(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "What if")
    for box, name in ((1, "Acme fails"), (2, "No sales")):
        at.checkbox[box].check()
        next(one for one in at.text_input if one.label == "Name").input(name)
        next(one for one in at.button if one.label == "Keep this what-if").click().run()
    names = [trace.get("name") for trace in chart_of(at)["data"]]
    assert {"Acme fails", "No sales"} <= set(names)


def test_a_what_if_that_supposes_nothing_is_refused(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "What if")
    next(one for one in at.button if one.label == "Keep this what-if").click().run()
    assert "supposes nothing" in at.warning[0].value


def test_todays_bank_balance_opens_the_forecast_and_shows_the_gap(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "Bank balance")
    at.number_input[0].set_value(1_750.25).run()
    assert call.advice().bank_balances["balance_cents"].tolist() == [175_025]
    assert r"Gap \-\$249\.75" in words_on(at)
    assert "opens from the bank balance typed in, USD" in at.caption[0].value
    assert chart_of(at)["data"][-1]["customdata"][0] == "$1,313.05"


def test_a_payment_to_come_is_entered_and_deleted(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "Payments to come")
    next(one for one in at.date_input if one.label == "On").set_value(IN_DAYS)
    at.number_input[0].set_value(1_450.00)
    next(one for one in at.button if one.label == "Keep this payment").click().run()
    (kept,) = call.advice().commitments.to_dict("records")
    assert (kept["name"], kept["kind"], kept["amount_cents"]) == ("Next payroll", "payroll", 145_000)
    assert at.dataframe[0].value[["name", "amount"]].to_numpy().tolist() == [["Next payroll", 1_450]]
    next(one for one in at.button if one.label == "Delete Next payroll").click().run()
    assert call.advice().commitments.empty


def test_nothing_open_is_lost_and_the_page_shows_it(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "Nothing is lost")
    rows = at.dataframe[0].value
    together = rows[rows["state"] == "Together"]
    assert together["amount"].tolist() == together["open"].tolist() == [2_500, 2_600.20]
    assert "✓ Everything open is placed" in words_on(at)


def test_without_paid_invoices_the_page_does_not_claim_to_foretell(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "How customers pay")
    assert "how well habits foretell cannot be told" in words_on(at)
    assert at.dataframe[0].value[["party", "open", "paid"]].to_numpy().tolist() == [["Acme *Corp*", 2_500, 0]]


def test_a_client_not_known_a_week_ago_has_no_forecast_to_score(open_console: At, call: Call) -> None:
    assert "come back in a week" in words_on(open_below(open_console, call, "Last week"))
