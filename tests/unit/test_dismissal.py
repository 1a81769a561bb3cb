"""A dismissed finding: gone from the tray, the counts and what blocks, until its record changes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.decisions import current
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
from tests.kits.records import bill, vendor
from tests.kits.store import MEMORY, NOW, House, ago, gateway_over
from tests.unit.hygiene_kit import refreshed

HOST = "qbo.intuit.com"
SOON = NOW + timedelta(minutes=1)


class Office:
    """A house whose advisor decides."""

    def __init__(self, advisor_id: str = "practice", house: House | None = None) -> None:
        self.house = House(MEMORY, advisor_id, house.database if house else None)
        self.decisions = Decisions(self.house.database, advisor_id, self.house.positions)

    def log(self, now: datetime) -> DecisionLog:
        return DecisionLog(self.decisions, lambda: now)

    def source(self) -> QuickBooksGateway:
        return gateway_over(
            self.house.frames,
            lambda _: {},
            lambda known_at: current.advice(self.decisions, known_at),
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
def office() -> Iterator[Office]:
    """Give books with one bill without number and due date."""
    own = Office()
    refreshed(own.house, days_ago=1)
    own.house.land_all([vendor("1", "Acme"), bill("1", ago(9), None, 100, Id="501")])
    yield own
    own.house.close()


def test_a_dismissed_finding_leaves_tray_report_and_counts(office: Office) -> None:
    assert office.codes() == ["BILL_NO_DUE_DATE", "BILL_NO_NUMBER", "BOOKS_STALE", "SYNC_STALE"]
    dismiss(office.log(NOW), Actor("", "Ana"), office.finding("BILL_NO_NUMBER"), "They send none")
    assert office.codes() == ["BILL_NO_DUE_DATE", "BOOKS_STALE", "SYNC_STALE"]
    assert office.tray().by_code["code"].tolist() == office.codes()
    told = report_frame(office.source(), "tray")
    assert sorted(told["code"]) == office.codes()
    (row,) = clients_view(office.source()).rows.to_dict("records")
    assert (row["findings"], row["blocking"]) == (3, 1)


def test_the_dismissed_are_listed_with_reason_who_and_when(office: Office) -> None:
    dismiss(office.log(NOW), Actor("", "Ana  Li"), office.finding("BILL_NO_NUMBER"), " They send none ")
    (row,) = office.tray().dismissed.to_dict("records")
    assert (row["code"], row["qbo_id"], row["reason"], row["by"], row["dismissed_at"]) == (
        "BILL_NO_NUMBER", "501", "They send none", "Ana Li", pd.Timestamp(NOW),
    )  # fmt: skip


def test_a_record_whose_blocking_finding_is_dismissed_is_ready_to_be_paid(office: Office) -> None:
    assert office.ready() == []
    dismiss(office.log(NOW), Actor("", "Ana"), office.finding("BILL_NO_DUE_DATE"), "Due on receipt")
    assert office.ready() == ["501"]


def test_it_comes_back_by_itself_when_the_record_changes(office: Office) -> None:
    dismiss(office.log(NOW), Actor("", "Ana"), office.finding("BILL_NO_DUE_DATE"), "Due on receipt")
    office.house.land("Bill", bill("1", ago(9), None, 101, Id="501")[1], at=SOON)
    assert "BILL_NO_DUE_DATE" in office.codes()
    assert office.tray().dismissed.empty
    assert office.ready() == []


def test_a_record_read_again_unchanged_stays_dismissed(office: Office) -> None:
    dismiss(office.log(NOW), Actor("", "Ana"), office.finding("BILL_NO_NUMBER"), "They send none")
    office.house.land("Bill", bill("1", ago(9), None, 100, Id="501")[1], at=SOON)
    assert "BILL_NO_NUMBER" not in office.codes()


def test_a_dismissal_can_be_taken_back_and_made_again(office: Office) -> None:
    finding = office.finding("BILL_NO_NUMBER")
    dismiss(office.log(NOW), Actor("", "Ana"), finding, "They send none")
    restore(office.log(SOON), Actor("", "Ben"), finding)
    assert "BILL_NO_NUMBER" in office.codes()
    dismiss(office.log(SOON + timedelta(minutes=1)), Actor("", "Ben"), finding, "They still send none")
    assert office.tray().dismissed["by"].tolist() == ["Ben"]


def test_before_it_was_dismissed_it_was_not(office: Office) -> None:
    dismiss(office.log(SOON), Actor("", "Ana"), office.finding("BILL_NO_NUMBER"), "They send none")
    assert "BILL_NO_NUMBER" in office.codes(known_at=NOW)
    assert "BILL_NO_NUMBER" not in office.codes(known_at=SOON)


def test_only_that_finding_of_that_record_is_dismissed(office: Office) -> None:
    finding = office.finding("BILL_NO_NUMBER")
    office.house.land("Bill", bill("1", ago(9), ago(-9), 7, Id="502")[1])
    other = Office("another practice", office.house)
    other.house.land_all([bill("1", ago(9), ago(-9), 9, Id="501")])
    dismiss(office.log(NOW), Actor("", "Ana"), finding, "They send none")
    rows = office.tray().rows
    assert rows["qbo_id"][rows["code"] == "BILL_NO_NUMBER"].tolist() == ["502"]
    assert "BILL_NO_NUMBER" in other.codes()


def test_a_finding_on_the_company_comes_back_once_what_it_rests_on_changes(office: Office) -> None:
    refreshed(office.house, outcome="failed", reason="no answer")
    dismiss(office.log(NOW), Actor("", "Ana"), office.finding("SYNC_FAILED"), "QuickBooks was down")
    assert "SYNC_FAILED" not in office.codes()
    later = NOW + timedelta(seconds=30)
    for outcome, at in (("done", later), ("failed", later + timedelta(seconds=30))):
        _run(office.house, outcome, at)
    assert "SYNC_FAILED" in office.codes()


def _run(house: House, outcome: str, at: Any) -> None:
    with house.database.write() as cursor:
        record_run(
            control_rows(cursor),
            house.advisor_id,
            SyncRun(house.client(), f"{at}", "refresh", at, at, outcome),
        )


@pytest.mark.parametrize(("reason", "by"), [("  ", "Ana"), ("Known", ""), ("x" * 1001, "Ana")])
def test_a_dismissal_needs_a_reason_and_a_name(office: Office, reason: str, by: str) -> None:
    with pytest.raises(UsageError):
        dismiss(office.log(NOW), Actor("", by), office.finding("BILL_NO_NUMBER"), reason)
    assert "BILL_NO_NUMBER" in office.codes()


def test_an_unknown_code_cannot_be_dismissed(office: Office) -> None:
    with pytest.raises(UsageError):
        dismiss(office.log(NOW), Actor("", "Ana"), Finding("b", "BILL_UGLY", "Bill", "1", 1), "Known")
