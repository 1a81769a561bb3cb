"""Connections: which companies may be read, and how to add or end one."""

from dataclasses import replace
from datetime import timedelta

from rowcol.ui.kit import navigation
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import NOW


def test_companies_are_listed_with_state_and_last_refresh(open_page: Open) -> None:
    at = open_page(navigation.CONNECTIONS)
    table = at.dataframe[0].value
    assert list(table["state"]) == ["● Connected"] * 3 + ["▲ Ended"] + ["● Connected"] * 3
    assert list(table["refreshed"])[3] == "3 h ago"
    assert list(table["note"])[3] == "access was revoked"
    assert "6 companies connected · 1 ended · QuickBooks sandbox" in at.caption[0].value


def test_an_ended_connection_says_how_to_mend_it(open_page: Open) -> None:
    assert open_page(navigation.CONNECTIONS).warning[0].value == (
        r"The connection to Fathom Films has ended\: access was revoked\. Its last good figures are shown. "
        "**Connect with QuickBooks again and choose this company.**"
    )


def test_the_connect_link_makes_no_state_before_it_is_clicked(open_page: Open) -> None:
    links = [block.proto.body for block in open_page(navigation.CONNECTIONS).get("html")]
    assert any('href="/qbo/connect"' in link for link in links)
    assert not any("state=" in link for link in links)


def test_without_an_application_the_missing_settings_are_named(open_page: Open, practice: Practice) -> None:
    practice.rows, practice.unconfigured = [], ("ROWCOL_QBO_CLIENT_ID",)
    words = words_on(open_page(navigation.CONNECTIONS))
    assert "First set `ROWCOL_QBO_CLIENT_ID`" in words
    assert "No company connected yet" in words


def test_disconnecting_asks_first_and_says_the_books_stay(open_page: Open, practice: Practice) -> None:
    at = open_page(navigation.CONNECTIONS)
    at.session_state["wide_connections"] = {"selection": {"rows": [2], "columns": [], "cells": []}}
    at.run()
    at.button(key="disconnect").click().run()
    assert practice.disconnected == []
    assert "the books read so far stay" in words_on(at)
    at.button(key="disconnect_yes").click().run()
    assert practice.disconnected == ["b-harbor"]


def test_the_months_reads_stand_under_the_companies(open_page: Open) -> None:
    words = words_on(open_page(navigation.CONNECTIONS))
    assert "API budget: 12,480 of 500,000 reads used this month, 301,200 expected by its end." in words


def test_a_slowed_schedule_stands_out(open_page: Open, practice: Practice) -> None:
    practice.budget = replace(practice.budget, used=470_000, outside_factor=3)
    warnings = [box.value for box in open_page(navigation.CONNECTIONS).warning]
    assert any("470,000 of 500,000 reads used" in box and "3 times longer outside" in box for box in warnings)


def test_how_often_the_books_are_read_is_shown(open_page: Open) -> None:
    words = words_on(open_page(navigation.CONNECTIONS))
    assert "every 13 minutes in a client's working hours (Monday to Friday, 08 to 18" in words


def test_an_outage_of_quickbooks_as_a_whole_is_shown_once(open_page: Open, practice: Practice) -> None:
    practice.breakers = dict.fromkeys([str(row["business_id"]) for row in practice.rows], "open")
    practice.intuit = ("open", NOW + timedelta(minutes=4))
    words = [box.value for box in open_page(navigation.CONNECTIONS).warning]
    assert any("none is asked until 09\\:04" in box for box in words)
    assert not any("failed repeatedly" in box for box in words)


def test_a_company_left_alone_after_failures_is_shown_as_such(open_page: Open, practice: Practice) -> None:
    practice.breakers = {"b-juniper": "open", "b-north": "half-open"}
    at = open_page(navigation.CONNECTIONS)
    assert list(at.dataframe[0].value["breaker"])[:3] == ["◆ Left alone", "◆ Tried again", "● As usual"]
    assert "QuickBooks failed repeatedly for Juniper" in at.warning[0].value
    assert "**Wait, or Refresh to ask at once.**" in at.warning[0].value
