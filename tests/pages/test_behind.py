"""An opened client is read again behind its page; the list shows ages and refreshes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rowcol.domain.freshness import Freshness
from rowcol.ui.kit import navigation
from rowcol.ui.state import views
from rowcol.ui.state.refreshing import BACKGROUND_NOTE
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import JUNIPER, NOW, client_row

AGED = Freshness(
    NOW - timedelta(minutes=40), True, "Not refreshed for more than 15 minutes", "Press Refresh", by_plan=True
)


def test_an_opened_client_is_read_behind_its_figures_and_drawn_again(
    open_page: Open, practice: Practice
) -> None:
    practice.views["b-juniper"] = replace(JUNIPER, freshness=AGED)
    practice.behind = {"b-juniper"}
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert BACKGROUND_NOTE in words_on(at)
    assert "refreshed 40 min ago" in at.caption[0].value
    assert len(at.metric) == 4
    assert not at.warning, "nothing is wrong, so nothing warns"
    assert not at.button(key="refresh").disabled
    practice.behind = set()
    practice.views["b-juniper"] = JUNIPER
    practice.position += 1
    at.run()
    assert BACKGROUND_NOTE not in words_on(at)
    assert "refreshed 4 min ago" in at.caption[0].value


def test_what_failed_before_is_shown_while_it_is_tried_again(open_page: Open, practice: Practice) -> None:
    practice.views["b-juniper"] = replace(JUNIPER, freshness=replace(AGED, reason="It hung", by_plan=False))
    practice.behind = {"b-juniper"}
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert BACKGROUND_NOTE in words_on(at)
    assert "It hung" in at.warning[0].value


def test_old_books_that_are_not_read_now_say_so(open_page: Open, practice: Practice) -> None:
    practice.views["b-juniper"] = replace(JUNIPER, freshness=AGED)
    at = open_page(navigation.CLIENT, client="b-juniper")
    assert "Not refreshed for more than 15 minutes" in at.warning[0].value


def test_a_client_never_read_is_read_when_it_is_opened(open_page: Open, practice: Practice) -> None:
    practice.behind = {"b-new"}
    at = open_page(navigation.CLIENT, client="b-new")
    assert at.subheader[0].value == "Reading the books"


def test_only_an_opened_client_is_refreshed(open_page: Open, practice: Practice) -> None:
    at = open_page()
    assert practice.opened == []
    at.switch_page(navigation.CONNECTIONS).run()
    assert practice.opened == []
    at.switch_page(navigation.CLIENT).run()
    assert practice.opened == ["b-juniper"]


def test_a_past_moment_asks_for_nothing(
    open_page: Open, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rowcol.ui.state.views.chosen_known_at", lambda: NOW - timedelta(days=1))
    assert not views.refresh_behind("b-juniper")
    assert practice.opened == []
    open_page(navigation.CLIENT, client="b-juniper")
    assert practice.opened == []


def test_books_as_old_as_the_schedule_has_them_are_no_alarm_on_the_list(
    open_page: Open, practice: Practice
) -> None:
    practice.rows = [
        client_row(f"b{n}", f"Client {n}", "steady", 100, 50, stale=True, stale_reason="Too old", by_plan=True,
                   synced_at=NOW - timedelta(minutes=20 + n))
        for n in range(9)
    ]  # fmt: skip
    at = open_page()
    assert not at.warning
    assert "9 stale · oldest refresh 28 min ago" in at.caption[0].value
    assert "9 clients were last read more than 15 minutes ago, the oldest 28 min ago" in words_on(at)
    at.switch_page(navigation.CONNECTIONS).run()
    assert at.dataframe[0].value["note"].isna().all(), "nothing is wrong"
