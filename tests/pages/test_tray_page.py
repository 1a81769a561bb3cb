"""Tray: what to mend first, narrowed and opened; dismissed, asked about, made a task of; kinds and past weeks."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pandas as pd
import pytest
import streamlit as st

from rowcol.decisions import reading
from rowcol.decisions.follow_ups import all_questions, all_tasks
from rowcol.store.control import control_rows
from rowcol.store.control.decisions import Decisions
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.ui.kit import navigation
from rowcol.ui.kit.wording import SEVERITY_LABELS
from rowcol.ui.state.tray import weeks
from rowcol.views.client.tie_out import tie_out_view
from rowcol.views.client.working_capital import working_capital_view
from rowcol.views.common.follow_up import follow_up_view
from rowcol.views.tray.page import tray_view, week_at
from tests.kits.pages.app import Open, finish, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import NOW, ROWS
from tests.kits.records import bill, invoice, vendor
from tests.kits.store import PracticeStore, ago, gateway_over

LAKE, HILL = "9300000000000001", "9300000000000002"


class Tended(Practice):
    """A practice whose findings come out of a real store; the rest of its pages are hand-built."""

    def __init__(self) -> None:
        super().__init__(rows=[])
        decisions = Decisions(self.store.database, "practice", self.store.positions)

        gateway = gateway_over(
            self.store.frames, decisions=partial(reading.current_decisions, decisions), now=NOW,
            questions=partial(all_questions, decisions), tasks=partial(all_tasks, decisions),
        )  # fmt: skip
        for view in (tray_view, week_at, follow_up_view, tie_out_view, working_capital_view):
            setattr(self, view.__name__, partial(view, gateway))

    def connect(self, realm: str, name: str) -> str:
        business_id = self.store.client(realm)
        with self.store.database.write() as cursor:
            self.store.clients.connect(control_rows(cursor), realm, name, NOW - timedelta(days=400))
        row = {"business_id": business_id, "realm_id": realm, "name": name, "synced_at": NOW, "stale": False}
        self.rows.append(ROWS[0] | row)
        return business_id

    def read(self, realm: str, at: datetime = NOW) -> None:
        run = SyncRun(self.store.client(realm), f"run-{at}", "full", at, at, "done")
        with self.store.database.write() as cursor:
            record_run(control_rows(cursor), "practice", run)


@pytest.fixture
def tended(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tended]:  # noqa: ARG001 - caches first
    """Two companies connected, nothing read."""
    from rowcol import wiring

    tended = Tended()
    tended.connect(LAKE, "Lakeside & Dental")
    tended.connect(HILL, "*Hill* Sons")
    monkeypatch.setattr(wiring, "services", lambda: tended)
    st.cache_resource.clear()
    weeks.cache_clear()
    yield tended
    finish(weeks())
    weeks.cache_clear()
    tended.store.close()


@pytest.fixture
def seeded(tended: Tended) -> Tended:
    """Lakeside: a bill of 100 without a number, one of 900 without a due date; Hill: an invoice out of reach."""
    store: PracticeStore = tended.store
    for realm in (LAKE, HILL):
        tended.read(realm)
    bank = {"AccountType": "Bank", "CurrentBalance": 5000, "Active": True, "Name": "Checking", "Id": "35"}
    for realm in (LAKE, HILL):
        store.land("Account", bank, realm=realm)
    store.land_all(
        [
            vendor("1", "=Acme<b>"), bill("1", ago(9), ago(-7), 100, Id="501"),
            bill("1", ago(9), None, 900, Id="502", DocNumber="A-2"),
        ],
        realm=LAKE,
    )  # fmt: skip
    store.land("Customer", {"Id": "7", "DisplayName": "Zoë", "Active": True}, realm=HILL)
    store.land("Invoice", invoice("7", ago(40), ago(10), 300, Id="601", DocNumber="9")[1], realm=HILL)
    return tended


def table(at) -> pd.DataFrame:
    """Return the wide table of findings as drawn."""
    return at.dataframe[0].value


def codes_of(at) -> list[str]:
    return list(table(at)["kind"])


def field(at, label: str):
    return next(widget for widget in (*at.text_area, *at.text_input) if widget.label == label)


def press(at, label: str):
    return next(button for button in at.button if button.label == label).click().run()


@pytest.mark.usefixtures("seeded")
def test_the_most_money_soonest_comes_first_across_all_clients(open_page: Open) -> None:
    at = open_page(navigation.TRAY)
    rows = table(at)
    assert rows[["severity", "client", "kind"]].head(3).to_numpy().tolist() == [
        ["■ Blocking", "Lakeside & Dental", "Bill without due date"],
        ["▲ High", "*Hill* Sons", "Customer out of reach"],
        ["○ Low", "Lakeside & Dental", "Bill without number"],
    ]
    assert rows["at_stake"].head(3).tolist() == [900.0, 300.0, 100.0]
    assert at.caption[0].value.startswith(
        "5 findings, 1 of them blocking · 2 clients of 2 · blocking ones first, then the most money soonest"
    )


@pytest.mark.usefixtures("seeded")
def test_the_first_finding_is_open_with_why_and_what_to_do(open_page: Open) -> None:
    words = words_on(open_page(navigation.TRAY))
    assert r"#### Bill A\-2 of \=Acme\<b\> over \$900\.00 has no due date\.".replace(r"\=", "=") in words
    assert r"**Why it matters** Nobody can say when it must be paid\." in words
    assert r"**What to do** Enter its due date, or give the vendor terms\." in words
    assert r"\$900\.00 at stake" in words


@pytest.mark.usefixtures("seeded")
def test_every_row_opens_its_record_in_quickbooks(open_page: Open) -> None:
    urls = table(open_page(navigation.TRAY))["url"]
    assert "pagereq=bill%3FtxnId%3D502" in urls.iloc[0]
    assert LAKE in urls.iloc[0]


def test_choosing_another_row_opens_it(open_page: Open, seeded: Tended) -> None:
    at = open_page(navigation.TRAY)
    hill = seeded.store.client(HILL)
    at.session_state["tray_finding"] = ((hill, "INVOICE_UNREACHABLE", "Invoice", "601"), 1)
    at.run()
    assert "Whom do we write to or call about it?" in field(at, "Question").value
    assert "Customer out of reach" in words_on(at)


def test_where_the_chosen_finding_is_gone_the_one_in_its_place_is_open(
    open_page: Open, seeded: Tended
) -> None:
    at = open_page(navigation.TRAY)
    at.session_state["tray_finding"] = ((seeded.store.client(HILL), "BILL_ANCIENT", "Bill", "9"), 99)
    at.run()
    assert "Books not kept up" in words_on(at)


@pytest.mark.usefixtures("seeded")
def test_filters_narrow_by_severity_kind_and_words(open_page: Open) -> None:
    at = open_page(navigation.TRAY)
    at.pills(key="tray_severity").set_value("blocking").run()
    assert codes_of(at) == ["Bill without due date"]
    at.pills(key="tray_severity").set_value("all").run()
    at.multiselect(key="tray_codes").set_value(["BILL_NO_NUMBER", "INVOICE_UNREACHABLE"]).run()
    assert codes_of(at) == ["Customer out of reach", "Bill without number"]
    at.text_input(key="tray_search").set_value("zoë REACH").run()
    assert codes_of(at) == ["Customer out of reach"]
    at.text_input(key="tray_search").set_value("nothing like it").run()
    assert "No finding matches" in at.info[0].value


def test_narrowed_to_one_client_next_and_previous_go_through_the_list(
    open_page: Open, seeded: Tended
) -> None:
    lake, hill = (row["business_id"] for row in seeded.rows)
    at = open_page(navigation.TRAY, client=lake)
    assert "client" not in at.dataframe[0].proto.column_order
    assert set(codes_of(at)) >= {"Bill without due date", "Bill without number"}
    at.button(key="step_›").click().run()
    assert at.query_params["client"] == hill
    assert codes_of(at)[0] == "Customer out of reach"
    at.button(key="step_‹").click().run()
    assert at.query_params["client"] == lake
    at.selectbox(key=f"tray_scope_{lake}").set_value("all").run()
    assert "client" not in at.query_params
    assert not any(button.key == "step_›" for button in at.button)


@pytest.mark.usefixtures("seeded")
def test_a_client_that_is_not_there_is_a_plain_sentence(open_page: Open) -> None:
    at = open_page(navigation.TRAY, client="nobody")
    assert at.title[0].value == "No such client"


def test_a_finding_is_dismissed_with_a_reason_and_brought_back(open_page: Open, seeded: Tended) -> None:
    at = open_page(navigation.TRAY)
    field(at, "Why does it need no mending?").set_value("Due on receipt")
    for widget in at.text_input:
        if widget.label == "Your name":
            widget.set_value("Ana")
    press(at, "Dismiss")
    assert "Bill without due date" not in codes_of(at)
    assert "Dismissed · 1" in [tab.label for tab in at.tabs]
    assert r"Dismissed: Bill A\-2 of" in at.success[0].value
    dismissed = seeded.tray_view().dismissed
    assert dismissed[["code", "reason", "by"]].to_numpy().tolist() == [
        ["BILL_NO_DUE_DATE", "Due on receipt", "Ana"]
    ]
    press(at, "Undo")
    assert codes_of(at)[0] == "Bill without due date"
    assert not at.success


def test_without_a_reason_nothing_is_dismissed(open_page: Open, seeded: Tended) -> None:
    at = open_page(navigation.TRAY)
    press(at, "Dismiss")
    assert "Write it, then save again." in at.error[0].value
    assert seeded.tray_view().dismissed.empty


def test_the_dismissed_are_listed_and_can_be_brought_back(open_page: Open, seeded: Tended) -> None:
    at = open_page(navigation.TRAY)
    field(at, "Why does it need no mending?").set_value("Due on receipt")
    next(widget for widget in at.text_input if widget.key and widget.key.startswith("dismiss_")).set_value(
        "Ana"
    )
    press(at, "Dismiss")
    at.session_state["tray_tabs"] = "Dismissed · 1"
    at.run()
    rows = at.dataframe[0].value
    assert rows[["kind", "reason", "by"]].to_numpy().tolist() == [
        ["Bill without due date", "Due on receipt", "Ana"]
    ]
    at.session_state["wide_dismissed_1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    at.button(key="restore").click().run()
    assert seeded.tray_view().dismissed.empty


def test_a_finding_becomes_a_question_and_a_task(open_page: Open, seeded: Tended) -> None:
    at = open_page(navigation.TRAY)
    assert field(at, "Question").value.endswith("has no due date. When is it due?")
    for widget in at.text_input:
        if widget.label == "Your name":
            widget.set_value("Ana")
    question_key = field(at, "Question").key
    press(at, "Add the question")
    assert question_key not in [widget.key for widget in at.text_area], (
        "the form stayed open: a second click asks twice"
    )
    assert "Questions · 1 open" in [tab.label for tab in at.tabs]
    field(at, "Who").set_value("Cy")
    press(at, "Add the task")
    assert "Tasks · 1 open" in [tab.label for tab in at.tabs]
    (task,) = all_tasks(seeded.decision_log.decisions).to_dict("records")
    assert (task["owner"], task["entity"], task["qbo_id"], task["code"], task["added_by"]) == (
        "Cy", "Bill", "502", "BILL_NO_DUE_DATE", "Ana",
    )  # fmt: skip
    (question,) = all_questions(seeded.decision_log.decisions).to_dict("records")
    assert question["about"] == "Bill without due date"


@pytest.mark.usefixtures("seeded")
def test_kinds_are_counted_in_a_chart_and_a_table(open_page: Open) -> None:
    at = open_page(navigation.TRAY)
    at.session_state["tray_tabs"] = next(tab.label for tab in at.tabs if tab.label.startswith("Kinds"))
    at.run()
    bars = json.loads(at.get("plotly_chart")[0].proto.spec)["data"][0]
    assert dict(zip(bars["y"], bars["x"], strict=True))["Books not kept up ▲"] == 2
    rows = at.dataframe[0].value.set_index("code")
    assert rows.loc["BOOKS_STALE", ["findings", "clients"]].tolist() == [2, 2]


def test_past_weeks_show_what_was_known_then(open_page: Open, seeded: Tended) -> None:
    seeded.read(LAKE, NOW - timedelta(days=10))
    old = bill("1", ago(30), None, 50, Id="499", DocNumber="OLD")[1]
    seeded.store.land("Bill", old, realm=LAKE, at=NOW - timedelta(days=10))
    at = open_page(navigation.TRAY)
    label = next(tab.label for tab in at.tabs if tab.label.startswith("Kinds"))
    at.session_state["tray_tabs"] = label
    at.run()
    finish(weeks())
    at.run()
    chart = json.loads(at.get("plotly_chart")[1].proto.spec)
    blocking = next(trace for trace in chart["data"] if trace["name"] == SEVERITY_LABELS["blocking"])
    assert blocking["x"][-2:] == ["16 Nov", "Now"]
    assert blocking["y"][-2:] == [1, 2]
    words = words_on(at)
    assert "Known then: each week as the books stood in RowCol on that Monday" in words
    assert r"1 of 2 clients had been read by 16 Nov." in words


@pytest.mark.usefixtures("seeded")
def test_before_anything_was_read_the_weeks_say_so(open_page: Open) -> None:
    at = open_page(navigation.TRAY)
    at.session_state["tray_tabs"] = next(tab.label for tab in at.tabs if tab.label.startswith("Kinds"))
    at.run()
    finish(weeks())
    at.run()
    assert "the past weeks fill in from now on" in words_on(at)


def test_books_with_nothing_wrong_say_so(open_page: Open, tended: Tended) -> None:
    for realm in (LAKE, HILL):
        tended.read(realm)
        spent = {
            "AccountRef": {"value": "35"},
            "TotalAmt": 5,
            "TxnDate": ago(1),
            "EntityRef": {"value": "1"},
            "Line": [],
        }
        bank = {"AccountType": "Bank", "CurrentBalance": 5000, "Active": True, "Name": "Checking", "Id": "35"}
        tended.store.land("Account", bank, realm=realm)
        tended.store.land("Purchase", {"Id": "1", **spent}, realm=realm)
    at = open_page(navigation.TRAY)
    assert "Nothing to mend" in words_on(at)
    assert not at.dataframe


def test_a_practice_without_clients_leads_to_connections(open_page: Open, tended: Tended) -> None:
    tended.rows = []
    at = open_page(navigation.TRAY)
    assert "No client connected yet" in words_on(at)


@pytest.mark.usefixtures("tended")
def test_clients_never_read_say_how_to_read_them(open_page: Open) -> None:
    at = open_page(navigation.TRAY)
    assert "Nothing read from QuickBooks yet" in words_on(at)
    assert "no findings yet · as of" in words_on(at)


def test_a_stale_client_is_shown_above_its_findings(open_page: Open, seeded: Tended) -> None:
    ended = NOW + timedelta(seconds=1)
    run = SyncRun(seeded.store.client(LAKE), "late", "refresh", NOW, ended, "failed", reason="No answer <b>")
    with seeded.store.database.write() as cursor:
        record_run(control_rows(cursor), "practice", run)
    at = open_page(navigation.TRAY)
    assert r"Lakeside \& Dental is not up to date\: No answer \<b\>" in at.warning[0].value
    assert "Refresh failed" in codes_of(at)


def test_a_past_moment_shows_its_findings_and_takes_no_decision(open_page: Open, seeded: Tended) -> None:
    seeded.read(LAKE, NOW - timedelta(days=3))
    old = bill("1", ago(30), None, 50, Id="499", DocNumber="OLD")[1]
    seeded.store.land("Bill", old, realm=LAKE, at=NOW - timedelta(days=3))
    at = open_page(navigation.TRAY)
    at.session_state["chosen_known_at"] = NOW - timedelta(days=2)
    at.run()
    assert "as known at" in at.caption[0].value
    assert "Bill without due date" in codes_of(at)
    assert table(at)["at_stake"].max() == 50
    assert not any(button.label == "Add the task" for button in at.button)


def test_every_code_has_a_name_for_the_page() -> None:
    from rowcol.domain.hygiene.findings import RULES

    assert all(rule.label for rule in RULES.values())
    assert len({rule.label for rule in RULES.values()}) == len(RULES)
