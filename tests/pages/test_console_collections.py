"""Console: whom to chase, the 13 weeks and what is supposed of them, on a real store's books."""

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from rowcol.ui.kit import navigation
from tests.kits.call_console import IN_DAYS, USUAL, Call
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.console import At, chart_of, seat
from tests.kits.pages.services import Practice
from tests.kits.records import invoice
from tests.kits.store import TODAY, ago


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
    words = words_on(at).replace("\\", "")
    assert "no habit known · $2,500.00 of it expected 27 Nov, the rest doubtful" in words
    part.close()


def test_what_has_no_reason_or_party_is_a_dash(open_console: At, call: Call) -> None:
    at = open_console("Forecast")
    at.session_state[f"forecast_tabs_{call.business_id}"] = "Nothing is lost"
    at.run()
    rows = next(widget.value for widget in at.dataframe if "reason" in widget.value)
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
    form = next(widget for widget in at.date_input if widget.label == "On")
    form.set_value(TODAY + timedelta(days=2))
    next(widget for widget in at.button if widget.label == "Keep").click().run()
    assert call.current_decisions().promises["qbo_id"].tolist() == ["201", "202"]
    assert at.dataframe[2].value["expected"].tolist() == ["22 Nov", "22 Nov"]


def test_keeping_no_day_takes_nothing_back_and_is_refused(open_console: At, call: Call) -> None:
    at = open_console("Collect")
    next(widget for widget in at.button if widget.label == "Keep").click().run()
    assert "No day was chosen" in words_on(at)
    assert call.current_decisions().promises.empty


def test_a_promise_kept_stands_in_its_form_and_emptied_is_taken_back(open_console: At, call: Call) -> None:
    at = open_console("Collect")
    on = next(widget for widget in at.date_input if widget.label == "On")
    on.set_value(IN_DAYS)
    next(widget for widget in at.button if widget.label == "Keep").click().run()
    again = next(widget for widget in at.date_input if widget.label == "On")
    assert again.value == IN_DAYS
    again.set_value(None)
    next(widget for widget in at.button if widget.label == "Keep").click().run()
    assert not at.exception
    assert call.current_decisions().promises.empty


def test_keeping_a_promise_leaves_a_note_half_written_where_it_is(open_console: At) -> None:
    at = open_console("Collect")
    note = at.text_area[0].id
    next(widget for widget in at.date_input if widget.label == "On").set_value(IN_DAYS)
    next(widget for widget in at.button if widget.label == "Keep").click().run()
    assert at.text_area[0].id == note, "another widget: the browser drops what was typed"


def test_a_note_is_kept_with_the_next_contact(open_console: At) -> None:
    at = open_console("Collect")
    at.text_area[0].input("They *will* pay")
    next(widget for widget in at.date_input if widget.label == "Next contact").set_value(IN_DAYS)
    next(widget for widget in at.button if widget.label == "Keep note").click().run()
    assert not at.exception
    words = words_on(at)
    assert r"They \*will\* pay" in words
    assert "20 Nov, Ada, next 27 Nov" in words
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
    at.session_state[key] = next(widget.label for widget in at.tabs if widget.label.startswith(name))
    return at.run()


def test_a_what_if_is_kept_drawn_and_deleted(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "What if")
    at.checkbox[1].check()
    next(widget for widget in at.text_input if widget.label == "Name").input("Acme fails")
    next(widget for widget in at.button if widget.label == "Keep this what-if").click().run()
    assert not at.exception
    assert "| **Acme fails** | Acme" in words_on(at)
    names = [trace.get("name") for trace in chart_of(at)["data"]]
    assert "Acme fails" in names
    next(widget for widget in at.button if widget.label == "Delete Acme fails").click().run()
    assert "Acme fails" not in words_on(at)


def test_a_second_what_if_is_drawn_beside_the_first(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "What if")
    for box, name in ((1, "Acme fails"), (2, "No sales")):
        at.checkbox[box].check()
        next(widget for widget in at.text_input if widget.label == "Name").input(name)
        next(widget for widget in at.button if widget.label == "Keep this what-if").click().run()
    names = [trace.get("name") for trace in chart_of(at)["data"]]
    assert {"Acme fails", "No sales"} <= set(names)


def test_a_what_if_that_supposes_nothing_is_refused(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "What if")
    next(widget for widget in at.button if widget.label == "Keep this what-if").click().run()
    assert "supposes nothing" in at.warning[0].value


def test_todays_bank_balance_opens_the_forecast_and_shows_the_gap(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "Bank balance")
    at.number_input[0].set_value(1_750.25).run()
    assert call.current_decisions().bank_balances["balance_cents"].tolist() == [175_025]
    assert r"Gap \-\$249\.75" in words_on(at)
    assert "opens from the bank balance typed in, USD" in at.caption[0].value
    assert chart_of(at)["data"][-1]["customdata"][0] == "$1,313.05"


def test_a_payment_to_come_is_entered_and_deleted(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "Payments to come")
    next(widget for widget in at.date_input if widget.label == "On").set_value(IN_DAYS)
    at.number_input[0].set_value(1_450.00)
    next(widget for widget in at.button if widget.label == "Keep this payment").click().run()
    (kept,) = call.current_decisions().commitments.to_dict("records")
    assert (kept["name"], kept["kind"], kept["amount_cents"]) == ("Next payroll", "payroll", 145_000)
    assert at.dataframe[0].value[["name", "amount"]].to_numpy().tolist() == [["Next payroll", 1_450]]
    next(widget for widget in at.button if widget.label == "Delete Next payroll").click().run()
    assert call.current_decisions().commitments.empty


def test_nothing_open_is_lost_and_the_page_shows_it(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "Nothing is lost")
    rows = at.dataframe[0].value
    together = rows[rows["state"] == "Together"]
    assert together["amount"].tolist() == together["open"].tolist() == [2_500, 2_600.20]
    assert "✓ Everything open or entered ahead is placed" in words_on(at)


def test_without_paid_invoices_the_page_does_not_claim_to_foretell(open_console: At, call: Call) -> None:
    at = open_below(open_console, call, "How customers pay")
    assert "how well habits foretell cannot be told" in words_on(at)
    assert at.dataframe[0].value[["party", "open", "paid"]].to_numpy().tolist() == [["Acme *Corp*", 2_500, 0]]


def test_a_client_not_known_a_week_ago_has_no_forecast_to_score(open_console: At, call: Call) -> None:
    assert "come back in a week" in words_on(open_below(open_console, call, "Last week"))
