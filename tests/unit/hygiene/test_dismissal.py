"""A dismissed finding: gone from the tray, the counts and what blocks, until its record changes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.decisions import reading
from rowcol.decisions.dismissals import Finding, dismiss, restore
from rowcol.decisions.recording import Actor, DecisionLog
from rowcol.errors import UsageError
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control import control_rows
from rowcol.store.control.decisions import Decisions
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.views.clients import clients_view
from rowcol.views.reports import report_frame
from rowcol.views.tray.page import TrayView, tray_view
from tests.kits.findings import refreshed
from tests.kits.records import bill, vendor
from tests.kits.store import MEMORY, NOW, PracticeStore, ago, gateway_over

HOST = "qbo.intuit.com"
SOON = NOW + timedelta(minutes=1)


class Practice:
    """A store whose advisor decides."""

    def __init__(self, advisor_id: str = "practice", store: PracticeStore | None = None) -> None:
        self.store = PracticeStore(MEMORY, advisor_id, store.database if store else None)
        self.decisions = Decisions(self.store.database, advisor_id, self.store.positions)

    def log(self, now: datetime) -> DecisionLog:
        return DecisionLog(self.decisions, lambda: now)

    def source(self) -> QuickBooksGateway:
        return gateway_over(
            self.store.frames,
            lambda _: {},
            lambda known_at: reading.current_decisions(self.decisions, known_at),
            NOW,
            "America/Los_Angeles",
        )

    def tray(self, **how: Any) -> TrayView:
        return tray_view(self.source(), None, Moment(**how))

    def codes(self, **how: Any) -> list[str]:
        return sorted(self.tray(**how).rows["code"])

    def finding(self, code: str) -> Finding:
        rows = self.tray().rows
        (row,) = rows[rows["code"] == code].to_dict("records")
        return Finding(row["business_id"], row["code"], row["entity"], row["qbo_id"], row["version"])

    def ready(self) -> list[str]:
        with self.source().open() as books:
            return books.list_payment_ready()["qbo_id"].tolist()


@pytest.fixture
def practice() -> Iterator[Practice]:
    """Give books with one bill without number and due date."""
    practice = Practice()
    refreshed(practice.store, days_ago=1)
    practice.store.land_all([vendor("1", "Acme"), bill("1", ago(9), None, 100, Id="501")])
    yield practice
    practice.store.close()


def test_a_dismissed_finding_leaves_tray_report_and_counts(practice: Practice) -> None:
    assert practice.codes() == ["BILL_NO_DUE_DATE", "BILL_NO_NUMBER", "BOOKS_STALE", "SYNC_STALE"]
    dismiss(practice.log(NOW), Actor("", "Ana"), practice.finding("BILL_NO_NUMBER"), "They send none")
    assert practice.codes() == ["BILL_NO_DUE_DATE", "BOOKS_STALE", "SYNC_STALE"]
    assert practice.tray().by_code["code"].tolist() == practice.codes()
    report = report_frame(practice.source(), "tray")
    assert sorted(report["code"]) == practice.codes()
    (row,) = clients_view(practice.source()).rows.to_dict("records")
    assert (row["findings"], row["blocking"]) == (3, 1)


def test_the_dismissed_are_listed_with_reason_who_and_when(practice: Practice) -> None:
    dismiss(practice.log(NOW), Actor("", "Ana  Li"), practice.finding("BILL_NO_NUMBER"), " They send none ")
    (row,) = practice.tray().dismissed.to_dict("records")
    assert (row["code"], row["qbo_id"], row["reason"], row["by"], row["dismissed_at"]) == (
        "BILL_NO_NUMBER", "501", "They send none", "Ana Li", pd.Timestamp(NOW),
    )  # fmt: skip


def test_a_record_whose_blocking_finding_is_dismissed_is_ready_to_be_paid(practice: Practice) -> None:
    assert practice.ready() == []
    dismiss(practice.log(NOW), Actor("", "Ana"), practice.finding("BILL_NO_DUE_DATE"), "Due on receipt")
    assert practice.ready() == ["501"]


def test_it_comes_back_by_itself_when_the_record_changes(practice: Practice) -> None:
    dismiss(practice.log(NOW), Actor("", "Ana"), practice.finding("BILL_NO_DUE_DATE"), "Due on receipt")
    practice.store.land("Bill", bill("1", ago(9), None, 101, Id="501")[1], at=SOON)
    assert "BILL_NO_DUE_DATE" in practice.codes()
    assert practice.tray().dismissed.empty
    assert practice.ready() == []


def test_a_record_read_again_unchanged_stays_dismissed(practice: Practice) -> None:
    dismiss(practice.log(NOW), Actor("", "Ana"), practice.finding("BILL_NO_NUMBER"), "They send none")
    practice.store.land("Bill", bill("1", ago(9), None, 100, Id="501")[1], at=SOON)
    assert "BILL_NO_NUMBER" not in practice.codes()


def test_a_dismissal_can_be_taken_back_and_made_again(practice: Practice) -> None:
    finding = practice.finding("BILL_NO_NUMBER")
    dismiss(practice.log(NOW), Actor("", "Ana"), finding, "They send none")
    restore(practice.log(SOON), Actor("", "Ben"), finding)
    assert "BILL_NO_NUMBER" in practice.codes()
    dismiss(practice.log(SOON + timedelta(minutes=1)), Actor("", "Ben"), finding, "They still send none")
    assert practice.tray().dismissed["by"].tolist() == ["Ben"]


def test_before_it_was_dismissed_it_was_not(practice: Practice) -> None:
    dismiss(practice.log(SOON), Actor("", "Ana"), practice.finding("BILL_NO_NUMBER"), "They send none")
    assert "BILL_NO_NUMBER" in practice.codes(known_at=NOW)
    assert "BILL_NO_NUMBER" not in practice.codes(known_at=SOON)


def test_only_that_finding_of_that_record_is_dismissed(practice: Practice) -> None:
    finding = practice.finding("BILL_NO_NUMBER")
    practice.store.land("Bill", bill("1", ago(9), ago(-9), 7, Id="502")[1])
    other = Practice("another practice", practice.store)
    other.store.land_all([bill("1", ago(9), ago(-9), 9, Id="501")])
    dismiss(practice.log(NOW), Actor("", "Ana"), finding, "They send none")
    rows = practice.tray().rows
    assert rows["qbo_id"][rows["code"] == "BILL_NO_NUMBER"].tolist() == ["502"]
    assert "BILL_NO_NUMBER" in other.codes()


def test_a_finding_on_the_company_comes_back_once_what_it_rests_on_changes(practice: Practice) -> None:
    refreshed(practice.store, outcome="failed", reason="no answer")
    dismiss(practice.log(NOW), Actor("", "Ana"), practice.finding("SYNC_FAILED"), "QuickBooks was down")
    assert "SYNC_FAILED" not in practice.codes()
    later = NOW + timedelta(seconds=30)
    for outcome, at in (("done", later), ("failed", later + timedelta(seconds=30))):
        _run(practice.store, outcome, at)
    assert "SYNC_FAILED" in practice.codes()


def _run(store: PracticeStore, outcome: str, at: Any) -> None:
    with store.database.write() as cursor:
        record_run(
            control_rows(cursor),
            store.advisor_id,
            SyncRun(store.client(), f"{at}", "refresh", at, at, outcome),
        )


@pytest.mark.parametrize(("reason", "by"), [("  ", "Ana"), ("Known", ""), ("x" * 1001, "Ana")])
def test_a_dismissal_needs_a_reason_and_a_name(practice: Practice, reason: str, by: str) -> None:
    with pytest.raises(UsageError):
        dismiss(practice.log(NOW), Actor("", by), practice.finding("BILL_NO_NUMBER"), reason)
    assert "BILL_NO_NUMBER" in practice.codes()


def test_an_unknown_code_cannot_be_dismissed(practice: Practice) -> None:
    with pytest.raises(UsageError):
        dismiss(practice.log(NOW), Actor("", "Ana"), Finding("b", "BILL_UGLY", "Bill", "1", 1), "Known")
