"""Client: one client's cash and runway, and what is open."""

import json
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from rowcol.decisions.follow_ups import all_questions, all_tasks, ask
from rowcol.decisions.recording import Actor
from rowcol.domain.calls import Call
from rowcol.domain.clients import ClientSettings
from rowcol.domain.freshness import Freshness
from rowcol.ui.kit import navigation
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import FIGURES, JUNIPER, NOW, TODAY, tie_out, working_capital


def test_four_figures_exact_to_the_cent_with_their_definitions(open_page: Open) -> None:
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert at.title[0].value == "Juniper & Vale PR".replace("&", r"\&")
    assert [(m.label, m.value) for m in at.metric] == [
        ("Cash in the books", r"\$41,208\.55"),
        ("Cash buffer", "11 days"),
        ("Net-burn runway", "16 days"),
        ("Cash-out date", "27 Nov"),
    ]
    assert "Excluded\\: Trust account" in at.metric[0].help
    assert "22 Aug to 19 Nov, 90 days" in at.metric[1].help
    assert "Mark\\: stale books" in at.metric[2].help
    assert "below the reserve" in at.metric[3].help
    assert at.metric[3].delta == "in 7 days"


def test_a_client_that_earns_more_than_it_spends_is_cash_generative(
    open_page: Open, practice: Practice
) -> None:
    figures = replace(FIGURES, net_burn_runway_days=None, cash_generative=True, inflow_cents=40_000_000)
    practice.views["b-juniper"] = replace(JUNIPER, figures=replace(figures, buffer_days=None))
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert at.metric[1].value == "n/a"
    assert at.metric[2].value == r"Cash\-generative"
    assert at.metric[2].delta == r"\$698 a day more in than out"


def test_the_caption_shows_status_date_age_currency_and_tie_out(open_page: Open) -> None:
    assert open_page(navigation.CLIENT, client="b-juniper").caption[0].value == (
        "▲ Critical · as of Fri 20 Nov 2026 · refreshed 4 min ago · book figures in USD · "
        "✓ ties to QuickBooks, checked 2 h ago"
    )


def test_stale_figures_say_so_with_reason_age_and_what_to_do(open_page: Open, practice: Practice) -> None:
    ended = Freshness(
        NOW - pd.Timedelta(days=3), True, "The grant was revoked", "Reconnect it", needs_reconnect=True
    )
    practice.views["b-juniper"] = replace(JUNIPER, freshness=ended)
    assert open_page(navigation.CLIENT, client="b-juniper").warning[0].value == (
        r"Not up to date\: The grant was revoked; the figures shown are from the refresh 3 d ago. **Reconnect it.**"
    )


def test_charts_draw_the_weeks_and_the_buckets(open_page: Open) -> None:
    charts = open_page(navigation.CLIENT, client="b-juniper").get("plotly_chart")
    cash, aging = (json.loads(chart.proto.spec) for chart in charts)
    assert [trace["name"] for trace in cash["data"]] == ["In", "Out", "Financing", "Closing cash"]
    assert cash["data"][3]["customdata"][-1] == "$41,208.55"
    assert aging["data"][1]["x"] == [42000, 18000, 9000, 4000, 2200]
    assert aging["data"][0]["text"] == ["$30,000", "$12,000", "$3,000", "", "$400"]


def test_after_a_call_each_figure_says_how_it_moved_since(open_page: Open, practice: Practice) -> None:
    kept = {"cash_cents": 4_000_000, "buffer_days": 12, "net_burn_runway_days": None, "cash_out_on": None}
    call = Call("b-juniper", NOW - timedelta(days=7), TODAY - timedelta(days=7), figures=kept)
    practice.views["b-juniper"] = replace(JUNIPER, last_call=call)
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert [metric.delta for metric in at.metric] == [
        r"\+\$1,208\.55 since 13 Nov",
        "−1 day since 13 Nov",
        "no figure on 13 Nov",
        "beyond 13 weeks on 13 Nov",
    ]
    assert at.metric[0].help.startswith(r"\$8,120 card debt")


def test_tabs_say_how_much_is_behind_them(open_page: Open) -> None:
    assert [tab.label for tab in open_page(navigation.CLIENT, client="b-juniper").tabs] == [
        r"Bills · 3 open, \$1,780",
        r"Invoices · 3 open, \$1,780",
        r"A/P by vendor · 2, \$45,400",
        r"A/R by customer · 2, \$75,200",
        r"Bank accounts · 2, \$50,209",
        "Tasks · 0 open",
        "Questions · 0 open",
        "What changed",
        "Calls",
        "Working capital",
        "Test drive",
        "Tie-out · ✓ tied",
        "Settings",
    ]


def test_open_bills_show_dates_days_and_exact_balances(open_page: Open) -> None:
    bills = open_page(navigation.CLIENT, client="b-juniper").dataframe[0].value
    assert list(bills["balance"]) == [1200.00, 430.20, 150.00]
    assert list(bills["days_past_due"])[:2] == [12, -11]
    assert pd.isna(bills["due_date"].iloc[2])


def test_tie_out_differences_come_first(open_page: Open, practice: Practice) -> None:
    broken = pd.DataFrame(
        [("A/R", "Acme", 1_000_00, 587_90, 412_10)],
        columns=["subject", "party", "ours_cents", "qbo_cents", "difference_cents"],
    )
    practice.views["b-juniper"] = replace(JUNIPER, tie_out=broken, tie_out_state="broken")
    practice.tied = tie_out(("ar", "7", "Acme", 1_000_00, 587_90, 412_10), ("ap", "1", "PG&E", 5, 5, 0))
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert at.tabs[0].label == "✗ Tie-out · 1 difference"
    assert list(at.dataframe[0].value["difference"]) == [412.10, 0]
    assert "✗ differs from QuickBooks" in at.caption[0].value
    assert r"**✗ 1 total of 2 differs, \$412\.10 in all.** Checked 2 h ago for Fri 20 Nov 2026" in words_on(
        at
    )


def test_what_the_books_lack_is_shown(open_page: Open, practice: Practice) -> None:
    practice.views["b-juniper"] = replace(JUNIPER, missing=("No exchange rate is known for Savings",))
    assert (
        open_page(navigation.CLIENT, client="b-juniper").info[0].value
        == "No exchange rate is known for Savings."
    )


def test_next_goes_down_the_list_of_danger_and_round_its_end(open_page: Open) -> None:
    at = open_page(navigation.CLIENT, client="b-juniper")
    at.button(key="step_›").click().run()
    assert at.title[0].value == "Northlight Creative"
    assert at.query_params["client"] == "b-north"
    at.button(key="step_‹").click().run()
    at.button(key="step_‹").click().run()
    assert at.query_params["client"] == "b-new"


def test_the_picker_opens_another_client(open_page: Open) -> None:
    at = open_page(navigation.CLIENT, client="b-juniper")
    at.selectbox(key="picker_b-juniper").set_value("b-maple").run()
    assert at.title[0].value == "Maple Row Interiors"


def test_without_a_choice_the_most_endangered_client_is_open(open_page: Open) -> None:
    assert open_page(navigation.CLIENT).title[0].value == r"Juniper \& Vale PR"


def test_a_client_never_read_says_how_to_read_it(open_page: Open) -> None:
    at = open_page(navigation.CLIENT, client="b-new")
    assert "Nothing read from QuickBooks yet" in words_on(at)
    assert not at.metric


def test_an_unknown_client_in_the_address_is_a_plain_sentence(open_page: Open) -> None:
    at = open_page(navigation.CLIENT, client="nobody")
    assert at.title[0].value == "No such client"
    assert "**Open Clients and choose one from the list.**" in at.error[0].value


def test_without_any_client_the_page_leads_to_the_list(open_page: Open, practice: Practice) -> None:
    practice.rows = []
    at = open_page(navigation.CLIENT)
    assert "No client to show" in words_on(at)
    assert at.get("page_link")[0].proto.label == "Go to Clients"


def open_settings(open_page: Open):
    at = open_page(navigation.CLIENT, client="b-juniper")
    at.session_state["tabs_b-juniper"] = "Settings"
    return at.run()


def test_saving_settings_shows_what_changed_and_can_be_undone(open_page: Open, practice: Practice) -> None:
    at = open_settings(open_page)
    at.number_input[0].set_value(25_000.50)
    at.multiselect[0].set_value(["36"])
    save = next(button for button in at.button if button.label == "Save settings")
    save.click().run()
    assert practice.views["b-juniper"].settings == ClientSettings(2_500_050, ("36",))
    assert r"reserve \$10,000\.00 → \$25,000\.50" in at.success[0].value
    at.button(key="settings_undo").click().run()
    assert practice.views["b-juniper"].settings == ClientSettings(1_000_000)
    assert at.number_input[0].value == 10_000.0


def test_the_class_of_accounts_is_set_and_one_account_has_one_class(
    open_page: Open, practice: Practice
) -> None:
    at = open_settings(open_page)
    assert [select.label for select in at.multiselect[1:]] == [
        "Counted as operating", "Counted as financing", "Counted as investing",
    ]  # fmt: skip
    at.multiselect[2].set_value(["60"])
    next(button for button in at.button if button.label == "Save settings").click().run()
    assert practice.views["b-juniper"].settings.account_classes == (("60", "financing"),)
    assert "the class of accounts" in at.success[0].value
    at.multiselect[1].set_value(["60"])
    next(button for button in at.button if button.label == "Save settings").click().run()
    assert "Account 60 has two classes" in at.error[0].value


def test_working_days_are_chosen_by_day_and_the_pace_is_shown(open_page: Open, practice: Practice) -> None:
    at = open_settings(open_page)
    assert "every 13 minutes in these hours" in words_on(at)
    assert at.get("button_group")[0].value == [0, 1, 2, 3, 4]
    at.get("button_group")[0].set_value([6, 0, 1, 2, 3])
    next(button for button in at.button if button.label == "Save settings").click().run()
    assert practice.views["b-juniper"].settings.working_days == "Sun-Thu"


def test_each_setting_says_which_figures_depend_on_it(open_page: Open) -> None:
    words = words_on(open_settings(open_page))
    assert "Moves cash, cash buffer, net-burn runway and the status" in words
    assert "never added to cash" in words


def open_tab(open_page: Open, label: str):
    at = open_page(navigation.CLIENT, client="b-juniper")
    at.session_state["tabs_b-juniper"] = label
    return at.run()


def press(at, label: str):
    return next(button for button in at.button if button.label == label).click().run()


def field(at, label: str):
    return next(widget for widget in (*at.text_area, *at.text_input) if widget.label == label)


def test_a_narrow_screen_keeps_the_money_of_each_document(open_page: Open) -> None:
    at = open_tab(open_page, "Bills · 3 open, $1,780")
    wide, narrow = (widget.value.columns.tolist() for widget in at.dataframe)
    assert set(narrow) < set(wide)
    assert narrow == ["bucket", "party", "doc_number", "due_date", "balance", "url"]


def test_a_task_is_noted_done_and_opened_again(open_page: Open, practice: Practice) -> None:
    at = open_tab(open_page, "Tasks · 0 open")
    assert "No task is open" in words_on(at)
    field(at, "What").set_value("Ask PG&E for a statement")
    field(at, "Who").set_value("Cy")
    field(at, "Your name").set_value("Ana")
    next(widget for widget in at.date_input if widget.label == "By when").set_value(
        TODAY - pd.Timedelta(days=1)
    )
    press(at, "Add the task")
    assert field(at, "What").value == "", "a second click must not add it again"
    assert "Tasks · 1 open" in [tab.label for tab in at.tabs]
    row = at.dataframe[0].value.iloc[0]
    assert (row["mark"], row["what"], row["owner"]) == ("▲ Overdue", "Ask PG&E for a statement", "Cy")
    at.session_state["wide_tasks_open_1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    press(at, "Done")
    assert all_tasks(practice.decision_log.decisions)["done_by"].tolist() == ["Ana"]
    assert "Tasks · 0 open" in [tab.label for tab in at.tabs]


def test_a_task_without_an_owner_is_refused_in_a_sentence(open_page: Open, practice: Practice) -> None:
    at = open_tab(open_page, "Tasks · 0 open")
    field(at, "What").set_value("Call")
    field(at, "Your name").set_value("Ana")
    press(at, "Add the task")
    assert at.error[0].value == "Nothing was written for who does it. **Write it, then save again.**"
    assert field(at, "What").value == "Call", "what was typed is still there"
    assert all_tasks(practice.decision_log.decisions).empty


def test_a_question_is_asked_copied_and_answered(open_page: Open, practice: Practice) -> None:
    at = open_tab(open_page, "Questions · 0 open")
    field(at, "Question").set_value("What was *Zed* for?")
    field(at, "Your name").set_value("Ana")
    press(at, "Add the question")
    assert "Questions · 1 open" in [tab.label for tab in at.tabs]
    assert at.code[0].value == "Questions on the books of Juniper & Vale PR:\n\n1. What was *Zed* for?"
    at.session_state["wide_questions_open_1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    assert r"**What was \*Zed\* for?**" in words_on(at)
    field(at, "What did the client answer?").set_value("Paper")
    press(at, "Save the answer")
    assert all_questions(practice.decision_log.decisions)[
        ["state", "answer", "answered_by"]
    ].to_numpy().tolist() == [["answered", "Paper", "Ana"]]


def test_the_name_typed_once_is_there_the_next_time(open_page: Open, practice: Practice) -> None:
    ask(practice.decision_log, Actor("", "Ben"), "b-juniper", "Why?")
    at = open_tab(open_page, "Questions · 1 open")
    assert field(at, "Your name").value == "Ben"


def test_working_capital_says_what_each_figure_is(open_page: Open) -> None:
    at = open_tab(open_page, "Working capital")
    shown = {metric.label: (metric.value, metric.delta) for metric in at.metric}
    assert shown["DSO"] == ("45.5 days", r"best possible 20\.5 days")
    assert shown["DPO (purchases)"] == ("n/a", "over 90 days")
    assert shown["Concentration"] == ("17.0 %", r"\*Zed\* \& Co")
    assert "*reconstructed*" in words_on(at)
    assert r"A/P / bills of the window" in words_on(at)
    table = at.dataframe[0].value
    assert [str(day) for day in table["day"]] == ["2026-11-20", "2026-10-31"]
    line = json.loads(at.get("plotly_chart")[2].proto.spec)
    assert [trace["name"] for trace in line["data"]] == ["DSO", "Best possible"]


def test_books_without_a_record_have_no_working_capital(open_page: Open, practice: Practice) -> None:
    practice.capital = working_capital()
    assert "no working capital to measure" in words_on(open_tab(open_page, "Working capital"))


def test_the_tie_out_can_be_checked_on_demand(open_page: Open, practice: Practice) -> None:
    at = open_tab(open_page, "Tie-out · ✓ tied")
    assert "**✓ 1 total ties to QuickBooks to the cent.** Checked 2 h ago" in words_on(at)
    at.button(key="check_tie_out").click().run()
    assert practice.checked == ["b-juniper"]


def test_a_tie_out_never_made_says_why(open_page: Open, practice: Practice) -> None:
    practice.views["b-juniper"] = replace(JUNIPER, tie_out_state="unchecked")
    practice.tied = tie_out()
    words = words_on(open_tab(open_page, "Tie-out · not checked"))
    assert "QuickBooks would not give a report: The report timed out." in words


def test_a_difference_names_the_records_that_may_explain_it(open_page: Open, practice: Practice) -> None:
    clue = {
        "subject": "ap", "party_id": "1", "says": "posted to accounts payable by hand", "entity": "JournalEntry",
        "qbo_id": "77", "doc_number": "ADJ-1", "txn_date": TODAY, "amount_cents": 500, "url": None,
    }  # fmt: skip
    bare = clue | {"says": "Norcal was made inactive", "entity": None, "qbo_id": None}
    practice.tied = tie_out(("ap", "1", "Norcal", 500, 0, 500), clues=pd.DataFrame([clue, bare]))
    at = open_tab(open_page, "Tie-out · ✓ tied")
    assert r"**What may explain \$5\.00 at Norcal?**" in words_on(at)
    assert r"Norcal was made inactive\." in words_on(at)
    records = at.dataframe[2].value
    assert records[["says", "record", "amount"]].to_numpy().tolist() == [
        ["posted to accounts payable by hand", "Journal entry ADJ-1", 5.0]
    ]


def test_the_next_13_weeks_come_first_and_the_last_26_are_one_click_away(
    open_page: Open, practice: Practice
) -> None:
    weeks = pd.DataFrame(
        {"week_start": pd.date_range("2026-11-20", periods=13, freq="7D"), "closing_cents": 4_120_855}
    )
    flows = [
        "receipts_cents", "payments_cents", "baseline_in_cents", "baseline_out_cents", "recurring_out_cents",
        "debt_service_cents", "new_business_in_cents", "new_business_out_cents",
    ]  # fmt: skip
    weeks = weeks.assign(
        **dict.fromkeys(flows, 0), committed_closing_cents=4_000_000, closing_p80_cents=3_900_000
    )
    practice.views["b-juniper"] = replace(JUNIPER, weeks_ahead=weeks)
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert "**When does cash get tight?**" in words_on(at)
    ahead = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert ahead["data"][-1]["customdata"][0] == "$41,208.55"
    at.button_group(key="cash_weeks").set_value("Last 26 weeks").run()
    assert "**How did cash move in the last 26 weeks?**" in words_on(at)
