"""Calls with a client: marked held, taken back, and what the next begins from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.decisions import calls, payables, reading, receivables
from rowcol.decisions.payables import PlannedPayment
from rowcol.decisions.recording import Actor, DecisionLog, undo
from rowcol.domain.calls import Call
from rowcol.domain.clients import ClientSettings
from rowcol.errors import UnknownClient, UsageError
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control.decisions import Decisions
from rowcol.views.clients import clients_view
from rowcol.views.tray.page import tray_rows
from tests.kits.calls import CallStage
from tests.kits.comparisons import OLD, ZONE, changed, land
from tests.kits.findings import refreshed
from tests.kits.records import (
    CHECKING,
    account,
    applied,
    bill,
    bill_payment,
    chart,
    customer,
    invoice,
    payment,
    purchase,
    spent,
    vendor,
)
from tests.kits.store import MEMORY, NOW, PRACTICE, PracticeStore, ago, gateway_over

BILL = bill("1", ago(20), ago(-5), 100, Id="501", DocNumber="A-1")
INVOICE = invoice("9", ago(60), ago(40), 80, Id="601", DocNumber="I-1")
ADA, BOB = Actor("", " Ada "), Actor("", "Bob")
MONDAY = NOW - timedelta(days=4)


class Practice:
    """A practice of one client, at a moment that can be moved on."""

    def __init__(self) -> None:
        self.store = PracticeStore(MEMORY)
        self.now = NOW
        land(
            self.store,
            *chart(checking=1000),
            vendor("1", "Acme"),
            customer("9", "Beta"),
            BILL,
            INVOICE,
            at=OLD,
        )
        land(self.store, purchase(ago(30), spent(90), Id="801"), at=OLD)
        refreshed(self.store, 30)
        self.decisions = Decisions(self.store.database, PRACTICE, self.store.positions)
        self.log = DecisionLog(self.decisions, lambda: self.now)
        self.book = CallStage(self.source(), self.log)
        self.client = self.store.client()

    def source(self) -> QuickBooksGateway:
        """Return the gateway that gives views of the present moment."""
        settings: dict[str, ClientSettings] = {}
        return gateway_over(
            self.store.frames, lambda _: settings, partial(reading.current_decisions, self.decisions),
            lambda: self.now, ZONE,
            partial(calls.all_calls, self.decisions), partial(calls.snapshots, self.decisions),
        )  # fmt: skip

    def hold(self, notes: str = "") -> Call:
        """Mark a call as held by Ada and return it."""
        self.book.hold(ADA, self.client, notes)
        return calls.all_calls(self.decisions)[self.client][-1]

    def codes(self) -> set[str]:
        """Return the codes of the tray's findings."""
        with self.source().open((self.client,)) as books:
            return set(tray_rows(books)["code"])


@pytest.fixture
def practice() -> Iterator[Practice]:
    practice = Practice()
    yield practice
    practice.store.close()


def test_a_call_keeps_the_figures_on_the_table(practice: Practice) -> None:
    call = practice.hold("Rent goes up in May. ")
    assert (call.by, call.notes, call.held_at, call.as_of) == ("Ada", "Rent goes up in May.", NOW, NOW.date())
    assert {name: call.figures[name] for name in ("cash_cents", "buffer_days", "ap_cents", "ar_cents", "plans")} == {
        "cash_cents": 100_000, "buffer_days": 666, "ap_cents": 10_000, "ar_cents": 8_000, "plans": 0,
    }  # fmt: skip
    listed = practice.book.view(practice.client).past
    assert listed[["held_at", "by", "cash_cents", "status"]].to_dict("records") == [
        {"held_at": pd.Timestamp(NOW), "by": "Ada", "cash_cents": 100_000, "status": call.figures["status"]}
    ]
    assert practice.book.view(practice.client).last == call


def test_a_call_needs_a_name_and_books_that_were_read(practice: Practice) -> None:
    with pytest.raises(UsageError, match="your name"):
        practice.book.hold(Actor("", " "), practice.client)
    with pytest.raises(UsageError, match="longer"):
        practice.book.hold(ADA, practice.client, "x" * 1_001)
    with pytest.raises(UsageError, match="Nothing is known"):
        practice.book.hold(ADA, practice.store.client("77"))
    with pytest.raises(UnknownClient):
        practice.book.hold(ADA, "nobody")
    assert practice.book.view(practice.client).past.empty


def test_a_call_can_be_taken_back_put_back_and_noted(practice: Practice) -> None:
    call = practice.hold("First.")
    withdrawn = calls.withdraw(practice.log, BOB, call)
    assert practice.book.view(practice.client).last is None
    undo(practice.log, BOB, withdrawn)
    assert practice.book.view(practice.client).last == call
    calls.note(practice.log, BOB, call, "Second.")
    assert practice.book.view(practice.client).last == replace(call, notes="Second.")
    assert practice.book.view(practice.client, Moment(known_at=NOW - timedelta(minutes=1))).last is None


def test_findings_since_the_last_call_look_back_to_it(practice: Practice) -> None:
    practice.store.delete("Bill", "501", at=NOW - timedelta(days=2))
    assert "DELETED_SINCE" in practice.codes()
    assert clients_view(practice.source()).rows["findings"].item() == len(practice.codes())
    call = practice.hold()
    practice.now = NOW + timedelta(hours=1)
    assert "DELETED_SINCE" not in practice.codes()
    assert clients_view(practice.source()).rows["findings"].item() == len(practice.codes())
    calls.withdraw(practice.log, ADA, call)
    assert "DELETED_SINCE" in practice.codes()


def test_a_call_long_ago_still_counts_as_the_last(practice: Practice) -> None:
    practice.now = NOW - timedelta(days=20)
    practice.hold()
    practice.store.delete("Bill", "501", at=NOW - timedelta(days=15))
    practice.now = NOW
    assert "DELETED_SINCE" in practice.codes()


def test_a_past_date_knows_only_the_calls_up_to_it(practice: Practice) -> None:
    practice.hold()
    assert practice.book.view(practice.client, Moment(NOW.date() - timedelta(days=1))).last is None


def test_what_changed_begins_at_the_last_call_as_it_was_kept(practice: Practice) -> None:
    practice.now = MONDAY
    practice.hold()
    practice.now = NOW
    land(practice.store, account(CHECKING, "Checking", "Bank", 955, AccountSubType="Checking"), at=NOW)
    land(practice.store, purchase(ago(1), spent(45), Id="802"), changed(BILL, DocNumber="A-2"), at=NOW)
    by_call, by_moment = (
        practice.book.changes(practice.client),
        practice.book.changes(practice.client, MONDAY),
    )
    assert (by_call.clients["called"].item(), by_moment.clients["called"].item()) == (True, False)
    for name in ("figures", "accounts", "findings", "ahead"):
        kept, replayed = (getattr(changes.first, name) for changes in (by_call, by_moment))
        pd.testing.assert_frame_equal(kept.reset_index(), replayed.reset_index(), check_index_type=False)
    pd.testing.assert_frame_equal(by_call.changes, by_moment.changes)
    pd.testing.assert_frame_equal(by_call.steps, by_moment.steps)
    assert by_call.steps.set_index("cause")["cash_cents"].to_dict()["other_out"] == -4_500


def test_what_was_planned_is_compared_with_what_was_paid(practice: Practice) -> None:
    other = bill("1", ago(20), ago(-9), 30, Id="502")
    land(practice.store, other, at=OLD)
    practice.now = MONDAY
    for bill_id, days in (("501", 2), ("502", 1)):
        day = MONDAY.date() + timedelta(days=days)
        plan = PlannedPayment(bill_id, day, None, 10_000 if bill_id == "501" else 3_000)
        payables.plan(practice.log, ADA, practice.client, [plan], MONDAY.date())
    practice.hold()
    practice.now = NOW
    paid = bill_payment("1", ago(2), 100, applied(100, "Bill", "501"), Id="701")
    land(practice.store, changed(BILL, Balance=0), paid, at=NOW)
    plans = practice.book.view(practice.client).plans.set_index("qbo_id")
    assert plans["outcome"].to_dict() == {"501": "paid", "502": "not paid"}
    assert plans.loc["501", ["doc_number", "party", "paid_cents"]].tolist() == ["A-1", "Acme", 10_000]


def test_a_promise_is_kept_or_broken(practice: Practice) -> None:
    promised = {"601": 2, "602": 1, "603": 2, "604": 3, "605": 9, "606": 2}
    for number in ("602", "603", "604", "605", "606"):
        land(practice.store, changed(INVOICE, Id=number, DocNumber=f"I-{number}"), at=OLD)
    practice.now = MONDAY
    for invoice_id, days in promised.items():
        day = MONDAY.date() + timedelta(days=days)
        receivables.promise(practice.log, ADA, practice.client, [invoice_id], day, MONDAY.date())
    practice.hold()
    practice.now = NOW
    for number, days, amount in (("601", 2, 80), ("602", 2, 80), ("603", 2, 30)):
        settled = payment("9", ago(days), amount, applied(amount, "Invoice", number), Id=f"7{number}")
        land(practice.store, changed(INVOICE, Id=number, Balance=80 - amount), settled, at=NOW)
    practice.store.delete("Invoice", "606", at=NOW)
    promises = practice.book.view(practice.client).promises.set_index("qbo_id")
    assert promises["outcome"].to_dict() == {
        "601": "kept", "602": "paid late", "603": "paid in part", "604": "broken", "605": "to come",
        "606": "closed without a payment",
    }  # fmt: skip
    assert promises.loc["603", ["party", "paid_cents", "open_cents"]].tolist() == ["Beta", 3_000, 5_000]


def test_each_call_s_forecast_is_compared_with_the_cash_at_the_next(practice: Practice) -> None:
    """1,000.00 and 1.50 a day out: at the next call there are 960.00, now 500.00."""
    practice.now = NOW - timedelta(days=11)
    practice.hold()
    land(practice.store, account(CHECKING, "Checking", "Bank", 960, AccountSubType="Checking"), at=MONDAY)
    practice.now = MONDAY
    practice.hold()
    land(practice.store, account(CHECKING, "Checking", "Bank", 500, AccountSubType="Checking"), at=NOW)
    practice.now = NOW
    view = practice.book.view(practice.client)
    assert view.past["happened_cents"].tolist() == [50_000, 96_000]
    assert view.past["came_true"].tolist() == [False, True]
    assert (view.came_true, view.scored) == (1, 2)
    expected = view.past["expected_cents"].tolist()
    assert expected[1] == pytest.approx(100_000, abs=9_600)
    assert view.past["as_of"].dt.date.tolist() == [MONDAY.date(), date(2026, 11, 9)]
