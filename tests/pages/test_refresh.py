"""One click refreshes; the page shows how far it is and what came of it."""

import threading
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.errors import Throttled
from rowcol.sync.progress import Progress
from rowcol.ui.kit import navigation
from rowcol.ui.state.refreshing import RefreshState, fraction_done, progress_text, refresher
from rowcol.views.clients import ClientsView
from tests.kits.pages.app import Open, finish, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import FIRST_READ, outcome


def test_refresh_all_reads_every_client_and_shows_the_sum(open_page: Open, practice: Practice) -> None:
    at = open_page()
    at.button(key="refresh").click().run()
    finish(refresher())
    at.run()
    assert [len(clients) for clients in practice.refreshed] == [7]
    assert "✓ Refreshed 7 clients: 840 rows read, 49 changed, 98 requests to QuickBooks, 2 s" in words_on(at)


def test_a_client_page_refreshes_that_client_for_the_date_shown(open_page: Open, practice: Practice) -> None:
    at = open_page(navigation.CLIENT, client="b-north")
    at.date_input[0].set_value(pd.Timestamp("2026-11-03").date()).run()
    at.button(key="refresh").click().run()
    finish(refresher())
    assert practice.refreshed == [["b-north"]]
    assert practice.refreshed_as_of == pd.Timestamp("2026-11-03").date()


def test_while_it_runs_every_page_shows_a_bar_with_words_and_no_second_one_starts(
    open_page: Open, practice: Practice
) -> None:
    go_on = threading.Event()
    practice.before_refresh = lambda: go_on.wait(10)
    at = open_page()
    at.button(key="refresh").click().run()
    try:
        assert at.button(key="refresh").label == "Refreshing…"
        assert at.button(key="refresh").disabled
        assert at.get("progress")[0].proto.text == "Refreshing 0 of 7"
        at.switch_page(navigation.CLIENT).run()
        assert at.get("progress")
        assert not refresher().start(practice, {"b-north": "Northlight Creative"})
    finally:
        go_on.set()
    finish(refresher())
    at.run()
    assert not at.button(key="refresh").disabled
    assert len(practice.refreshed) == 1


def test_a_first_refresh_says_that_the_books_are_being_read(open_page: Open, practice: Practice) -> None:
    go_on = threading.Event()
    practice.before_refresh = lambda: go_on.wait(10)
    at = open_page(navigation.CLIENT, client="b-new")
    at.button(key="refresh").click().run()
    try:
        assert "Reading the books" in words_on(at)
    finally:
        go_on.set()


def test_a_client_that_failed_is_named_and_the_others_go_on(open_page: Open, practice: Practice) -> None:
    failed = outcome("b-north", "Northlight Creative", "QuickBooks is throttling", "Later")
    practice.outcomes["b-north"] = failed
    at = open_page()
    at.button(key="refresh").click().run()
    finish(refresher())
    at.run()
    assert "✓ Refreshed 6 clients" in words_on(at)
    assert "▲ Could not be refreshed: Northlight Creative" in words_on(at)


def test_a_refresh_that_is_refused_as_a_whole_says_why(open_page: Open, practice: Practice) -> None:
    def refuse() -> None:
        raise Throttled("QuickBooks asks to come back later")

    practice.before_refresh = refuse
    at = open_page()
    at.button(key="refresh").click().run()
    finish(refresher())
    at.run()
    assert (
        "QuickBooks asks to come back later. **Nothing to do\\: the next refresh tries again.**"
        in words_on(at)
    )


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_refresh_that_breaks_does_not_leave_the_page_waiting(open_page: Open, practice: Practice) -> None:
    def break_down() -> None:
        raise ZeroDivisionError

    practice.before_refresh = break_down
    at = open_page()
    at.button(key="refresh").click().run()
    finish(refresher())
    at.run()
    assert "The refresh stopped unexpectedly" in words_on(at)
    assert not at.button(key="refresh").disabled


def test_progress_counts_clients_alike_by_the_steps_they_are_through() -> None:
    state = RefreshState(1, {"a": "Acme", "b": "Bolt", "c": "Core"})
    step = Progress("a", "Acme", "BillPayment", 9, 18, 4_200)
    state = replace(
        state, steps={"a": step, "b": replace(step, business_id="b", name="Bolt", outcome="done")}
    )
    assert fraction_done(state) == pytest.approx(0.5)
    assert progress_text(state) == "Refreshing 1 of 3 · Acme: bill payments, 4,200 rows"


def test_a_refresh_that_ends_while_the_page_is_read_has_it_read_again(
    open_page: Open, practice: Practice
) -> None:
    """Else the page would show the books of before, beside words that they were refreshed, until a person clicks."""
    go_on, newest = threading.Event(), practice.rows
    practice.rows = [practice.known(row, FIRST_READ - timedelta(days=1)) for row in newest]
    practice.before_refresh = lambda: go_on.wait(10)
    at = open_page()
    at.button(key="refresh").click().run()
    read, times = practice.clients_view, []

    def read_as_it_ends(moment: Moment) -> ClientsView:
        view = read(moment)
        if not times:
            practice.rows = newest
            go_on.set()
            finish(refresher())
        times.append(moment)
        return view

    practice.clients_view = read_as_it_ends
    practice.position += 1
    at.run()
    assert len(times) > 1
    assert "✓ Refreshed 7 clients" in words_on(at)
    assert at.dataframe
