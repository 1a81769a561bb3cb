"""The Client page's tabs of what changed and of the calls held, on real books."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rowcol.decisions import calls, reading
from rowcol.decisions.recording import Actor, DecisionLog
from rowcol.domain.clients import ClientSettings
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control.decisions import Decisions
from rowcol.ui.kit import navigation
from rowcol.ui.kit.wording import plain
from rowcol.views.common.calls import call_held_now, call_view
from rowcol.views.common.changes import changes_between
from tests.kits.calls import CallStage
from tests.kits.comparisons import OLD, ZONE, changed, land
from tests.kits.findings import refreshed
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import client_row
from tests.kits.records import CHECKING, account, bill, chart, purchase, spent, vendor
from tests.kits.store import MEMORY, NOW, PRACTICE, PracticeStore, ago, gateway_over

BILL = bill("1", ago(20), ago(-5), 100, Id="501", DocNumber="A-1")


class Real:
    """A call book on a store of its own, read a month ago and changed a day ago."""

    def __init__(self) -> None:
        self.store = PracticeStore(MEMORY)
        self.now = NOW
        land(self.store, *chart(checking=1000), vendor("1", "Acme <b>&</b> Co"), BILL, at=OLD)
        land(self.store, purchase(ago(30), spent(90), Id="801"), at=OLD)
        refreshed(self.store, 30)
        yesterday = NOW - timedelta(days=1)
        land(self.store, account(CHECKING, "Checking", "Bank", 955, AccountSubType="Checking"), at=yesterday)
        land(self.store, purchase(ago(2), spent(45), Id="802"), changed(BILL, DueDate=ago(-9)), at=yesterday)
        self.decisions = Decisions(self.store.database, PRACTICE, self.store.positions)
        self.log = DecisionLog(self.decisions, lambda: self.now)
        self.book = CallStage(self.source(), self.log)

    def source(self) -> QuickBooksGateway:
        settings: dict[str, ClientSettings] = {}
        return gateway_over(
            self.store.frames, lambda _: settings, partial(reading.current_decisions, self.decisions),
            lambda: self.now, ZONE,
            partial(calls.all_calls, self.decisions), partial(calls.snapshots, self.decisions),
        )  # fmt: skip


@pytest.fixture
def real(practice: Practice) -> Iterator[Real]:
    real = Real()
    practice.rows.append(client_row(real.store.client(), "Real Books", "steady", 955, 100))
    practice.decision_log = real.log
    practice.call_view = partial(call_view, real.source(), real.decisions)
    practice.changes_between = partial(changes_between, real.source())
    practice.call_held_now = partial(call_held_now, real.source())
    practice.other_position = real.store.frames.log_position
    yield real
    real.store.close()


def opened(open_page: Open, client: str, tab: str) -> AppTest:
    at = open_page(navigation.CLIENT, client=client)
    at.session_state[f"tabs_{client}"] = tab
    at.run()
    assert not at.exception, at.exception
    return at


def bridges(at: AppTest) -> list[dict[str, Any]]:
    """Return the waterfalls drawn."""
    traces = [trace for chart in at.get("plotly_chart") for trace in json.loads(chart.proto.spec)["data"]]
    return [trace for trace in traces if trace["type"] == "waterfall"]


def test_what_changed_shows_the_bridge_and_the_changes(open_page: Open, real: Real) -> None:
    at = opened(open_page, real.store.client(), "What changed")
    assert plain("Cash: $1,000.00 → $955.00").partition(": ")[2] in words_on(at)
    (bridge,) = bridges(at)
    assert bridge["y"] == ["Then", "Other money out", "Now"]
    rows = at.dataframe[0].value
    assert ["Edited", "Bill", "Due date"] in rows[["change", "entity", "field"]].values.tolist()


def test_a_day_before_the_first_refresh_says_that_nothing_was_known(open_page: Open, real: Real) -> None:
    at = opened(open_page, real.store.client(), "What changed")
    at.date_input(key=f"changes_since_{real.store.client()}").set_value(OLD.date()).run()
    assert "Nothing was known of" in words_on(at)
    assert bridges(at) == []


def area(at: AppTest, label: str = "Note") -> Any:
    return next(field for field in at.text_area if field.label == label)


def press(at: AppTest, label: str) -> None:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception, at.exception


def test_a_call_is_marked_as_held_and_taken_back_and_held_again(open_page: Open, real: Real) -> None:
    client = real.store.client()
    at = opened(open_page, client, "Calls")
    assert "No call was held yet" in words_on(at)
    area(at).set_value("Rent *goes* up")
    next(field for field in at.text_input if field.label == "Your name").set_value("Ada")
    press(at, "Call held")
    last = real.book.view(client).last
    assert last is not None
    assert (last.by, last.notes, last.figures["cash_cents"]) == ("Ada", "Rent *goes* up", 95_500)
    assert "held by Ada" in words_on(at)
    assert at.dataframe[-1].value.columns.tolist() == ["held_at", "cash", "cash_out_on", "status", "notes"]
    assert "Rent \\*goes\\* up" in words_on(at)
    press(at, "Take back")
    assert real.book.view(client).last is None
    assert "No call was held yet" in words_on(at)
    press(at, "Undo")
    assert real.book.view(client).last == last
    assert "held by Ada" in words_on(at)
    assert "Taken back" not in words_on(at)


def test_a_form_that_held_a_call_is_empty_and_another(open_page: Open, real: Real) -> None:
    at = opened(open_page, real.store.client(), "Calls")
    before = area(at).key
    area(at).set_value("Once")
    next(field for field in at.text_input if field.label == "Your name").set_value("Ada")
    press(at, "Call held")
    fields = {field.key: field.value for field in at.text_area}
    assert before not in fields, "the form stayed open: a second click would hold a second call"
    assert "" in fields.values()


def test_the_note_of_any_call_can_be_edited(open_page: Open, real: Real) -> None:
    client = real.store.client()
    first = real.now
    real.book.hold(Actor("", "Ada"), client, "Rent goes up")
    real.now += timedelta(hours=1)
    real.book.hold(Actor("", "Ben"), client, "Nothing new")
    at = opened(open_page, client, "Calls")
    assert area(at).value == "Nothing new"
    next(widget for widget in at.selectbox if widget.label == "Call").select_index(1).run()
    assert area(at).value == "Rent goes up"
    area(at).set_value("Rent goes up in January")
    next(field for field in at.text_input if field.label == "Your name").set_value("Ben")
    press(at, "Save the note")
    assert [(call.by, call.notes) for call in real.book.view(client).held] == [
        ("Ben", "Nothing new"),
        ("Ada", "Rent goes up in January"),
    ]
    assert [call.held_at for call in real.book.view(client).held] == [real.now, first]


def test_a_call_without_a_name_is_refused_in_a_sentence_and_keeps_the_note(
    open_page: Open, real: Real
) -> None:
    at = opened(open_page, real.store.client(), "Calls")
    area(at).set_value("A long note")
    press(at, "Call held")
    assert any("your name" in error.value for error in at.error)
    assert area(at).value == "A long note"
    assert real.book.view(real.store.client()).last is None
