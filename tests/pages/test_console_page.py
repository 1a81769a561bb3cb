"""Console: what to pay, whom to chase and when cash gets tight, on a real store's books."""

from datetime import timedelta
from typing import Any
from zlib import crc32

from streamlit.testing.v1 import AppTest

from rowcol.ui.kit import navigation
from tests.kits.call_console import IN_DAYS, Call
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.console import At, chart_of, seat
from tests.kits.pages.services import Practice
from tests.kits.records import applied, bill, bill_payment
from tests.kits.store import NOW, TODAY, ago


def test_tabs_say_how_much_is_behind_them(open_console: At) -> None:
    assert [tab.label for tab in open_console().tabs] == [
        r"Pay · 3 bills, \$2,530", r"Collect · 2 invoices, \$2,500", "Forecast · above reserve for 13 weeks",
    ]  # fmt: skip


def test_the_caption_shows_status_date_age_and_what_the_forecast_opens_from(open_console: At) -> None:
    words = open_console().caption[0].value
    assert words.startswith("● Steady · as of Fri 20 Nov 2026 · refreshed ")
    assert "opens from book cash, USD" in words


def test_bills_are_shown_with_their_group_and_what_credits_leave(open_console: At) -> None:
    grid = open_console().dataframe[0].value
    assert grid["when"].tolist() == ["▲ 12 days overdue", "◆ due in 3 days", "○ due in 20 days"]
    assert grid["balance"].tolist() == [1200.00, 430.20, 900.00]
    assert not grid["pay"].any()


def test_what_is_kept_out_and_netted_is_shown(open_console: At) -> None:
    words = words_on(open_console())
    assert "1 open bill kept out by a blocking finding" in words
    assert "1 open bill covered by vendor credits" in words
    assert "RowCol moves no money" in words
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


def test_more_than_is_open_is_refused_with_a_message_and_the_table_shows_what_is_stored(
    open_console: At, call: Call
) -> None:
    at = edit(open_console(), call, {0: {"amount": 9_999}})
    assert call.plans() == {}
    assert "at most what is open of the bill" in at.warning[0].value
    assert not at.dataframe[0].value["pay"].any()


def test_a_bill_is_held_and_given_a_priority_in_the_table(open_console: At, call: Call) -> None:
    at = edit(open_console(), call, {1: {"held": "✗ disputed", "priority": "▲ must pay"}})
    advice = call.current_decisions()
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


def test_the_line_of_what_waits_is_drawn_when_requested(open_console: At) -> None:
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
    call.store.land_all([paid, bill_payment("1", ago(0), 300, applied(300, "Bill", "101"))])
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
