"""Refreshing over HTTP: the mirror is QuickBooks' books, and whatever goes wrong is reported and repaired."""

import threading
from pathlib import Path
from typing import Any

import pytest

from rowcol.clock import Moment
from rowcol.entities import ENTITIES
from rowcol.errors import CompanyLocked, GrantDead
from rowcol.sandbox.builder import Books
from rowcol.sync.progress import Progress
from tests.kits.clock import TODAY
from tests.kits.practice import FIRST, SECOND, PracticeStage, practice_at, shop

LARCH, MAPLE = "Larch & Daughters", "Maple Works"


def bill_of(practice: PracticeStage, number: str) -> str:
    """Return the id of the bill with a number."""
    bills = practice.sandbox.companies[FIRST].of("Bill")
    return next(id_ for id_, bill in bills.items() if bill["DocNumber"] == number)


def test_the_first_refresh_brings_every_record_as_it_is_served(practice_of_two: PracticeStage) -> None:
    practice = practice_of_two
    outcomes = practice.refresh()
    assert [(outcome.ok, outcome.entities, outcome.rows_deleted) for outcome in outcomes.values()] == [
        (True, len(ENTITIES), 0)
    ] * 2
    for realm in (FIRST, SECOND):
        assert practice.mirrored(realm) == practice.served(realm)
    served = sum(len(records) for records in practice.served().values())
    assert (outcomes[LARCH].rows_in, outcomes[LARCH].rows_changed) == (served, served)
    assert practice.services.verify().differences == ()


def test_the_figures_are_those_of_the_books(practice: PracticeStage) -> None:
    practice.refresh()
    row = practice.row()
    assert (row["cash_cents"], row["ap_cents"], row["ap_overdue_cents"]) == (511_000, 36_000, 30_000)
    assert (row["ar_cents"], row["ar_overdue_cents"]) == (50_000, 50_000)
    assert (row["tie_out"], row["stale"], row["marks"]) == ("tied", False, ())
    assert row["net_burn_runway_days"] is None or row["cash_generative"], "250.00 came in, 140.00 went out"
    assert row["buffer_days"] == 511_000 * 80 // 14_000, "the first record is 80 days old"


def test_a_refresh_of_unchanged_books_logs_nothing(practice: PracticeStage) -> None:
    practice.refresh()
    logged = practice.logged()
    again = practice.refresh()
    assert [(outcome.ok, outcome.rows_changed, outcome.rows_deleted) for outcome in again.values()] == [
        (True, 0, 0)
    ]
    whole = practice.refresh(full=True)
    assert [(outcome.ok, outcome.rows_changed, outcome.rows_deleted) for outcome in whole.values()] == [
        (True, 0, 0)
    ]
    assert practice.logged() == logged


@pytest.mark.parametrize("full", [False, True])
def test_an_edit_a_void_and_a_deletion_are_seen_at_the_next_refresh(
    practice: PracticeStage, full: bool
) -> None:
    practice.refresh()
    edited, voided = bill_of(practice, "A-1"), bill_of(practice, "B-1")
    deleted = next(iter(practice.sandbox.companies[FIRST].of("Purchase")))
    practice.edit("Bill", edited, Balance=120.0)
    practice.edit("Bill", voided, Balance=0, TotalAmt=0, PrivateNote="Voided")
    practice.delete("Purchase", deleted)
    outcome = practice.refresh(full=full)[LARCH]
    assert (outcome.rows_changed, outcome.rows_deleted) == (2, 1)
    assert practice.mirrored() == practice.served()
    assert practice.row()["ap_cents"] == 12_000
    assert practice.services.verify().differences == ()
    assert practice.refresh()[LARCH].rows_changed == 0


def test_a_record_that_was_deleted_and_entered_again_is_back(practice: PracticeStage) -> None:
    practice.refresh()
    entered = dict(practice.sandbox.companies[FIRST].of("Bill")[bill_of(practice, "B-1")])
    practice.delete("Bill", entered["Id"])
    practice.refresh()
    assert practice.row()["ap_cents"] == 30_000
    practice.clock.forward(minutes=1)
    practice.sandbox.companies[FIRST].put("Bill", entered, practice.clock.now)
    practice.refresh()
    assert practice.row()["ap_cents"] == 36_000
    assert practice.mirrored() == practice.served()


def test_what_was_known_before_an_edit_is_still_known(practice: PracticeStage) -> None:
    practice.refresh()
    then = practice.clock.now
    practice.edit("Bill", bill_of(practice, "A-1"), Balance=1.0)
    practice.refresh()
    now = practice.services.report("aging-ap", practice.id_of(), Moment(TODAY))["total_cents"].sum()
    before = practice.services.report("aging-ap", practice.id_of(), Moment(TODAY, then))["total_cents"].sum()
    assert (now, before) == (6_100, 36_000)


def test_one_client_that_fails_does_not_stop_the_others(practice_of_two: PracticeStage) -> None:
    practice = practice_of_two
    practice.sandbox.faults(
        {
            "kind": "fault",
            "realm": FIRST,
            "times": None,
            "code": "6190",
            "status": 400,
            "message": "Subscription ended",
        }
    )
    outcomes = practice.refresh()
    assert isinstance(outcomes[LARCH].error, CompanyLocked)
    assert outcomes[LARCH].message
    assert outcomes[LARCH].hint
    assert outcomes[MAPLE].ok
    assert practice.row(SECOND)["cash_cents"] == 511_000
    assert practice.row(FIRST)["stale"]


def test_a_failed_refresh_leaves_the_last_figures_standing_and_says_they_are_stale(
    practice: PracticeStage,
) -> None:
    practice.refresh()
    practice.sandbox.faults({"kind": "403", "realm": FIRST, "times": None})
    outcome = practice.refresh()[LARCH]
    assert not outcome.ok
    row = practice.row()
    assert (row["cash_cents"], row["ap_cents"], row["stale"]) == (511_000, 36_000, True)
    assert row["stale_reason"] == outcome.message
    practice.sandbox.faults()
    assert practice.refresh()[LARCH].ok
    assert not practice.row()["stale"]


def test_a_dead_grant_asks_to_reconnect_and_reconnecting_goes_on(practice: PracticeStage) -> None:
    practice.refresh()
    practice.clock.forward(hours=2)
    practice.sandbox.faults({"kind": "invalid_grant", "times": 2})
    outcomes = practice.refresh(business_ids=[practice.id_of()])
    assert isinstance(outcomes[LARCH].error, GrantDead)
    assert "reconnect" in outcomes[LARCH].hint.lower()
    view = practice.services.client_view(practice.id_of(), Moment(TODAY))
    assert view.freshness.needs_reconnect
    assert view.figures is not None
    assert view.figures.cash_cents == 511_000
    practice.sandbox.faults()
    practice.connect(FIRST)
    assert practice.refresh(business_ids=[practice.id_of()])[LARCH].ok
    assert not practice.services.client_view(practice.id_of(), Moment(TODAY)).freshness.needs_reconnect


@pytest.mark.parametrize("report", ["AgedPayables", "AgedReceivables", "BalanceSheet"])
def test_a_refused_report_leaves_the_tie_out_unchecked_and_the_refresh_good(
    practice: PracticeStage, report: str
) -> None:
    practice.sandbox.faults(
        {
            "kind": "fault",
            "match": f"reports/{report}",
            "realm": FIRST,
            "times": None,
            "code": "5020",
            "status": 400,
        }
    )
    outcome = practice.refresh()[LARCH]
    assert outcome.ok, outcome.message
    row = practice.row()
    assert (row["tie_out"], row["stale"], row["cash_cents"]) == ("unchecked", False, 511_000)


def test_a_check_that_could_not_be_made_is_made_up_for_the_same_day(practice: PracticeStage) -> None:
    """A report server that was down at the day's first refresh left the books unchecked until the next day."""
    practice.sandbox.faults({"kind": "fault", "match": "reports/", "times": 1, "code": "5020", "status": 400})
    assert practice.refresh()[LARCH].ok
    practice.clock.forward(minutes=30)
    assert (practice.refresh()[LARCH].requests, practice.row()["tie_out"]) == (1, "unchecked")
    practice.clock.forward(hours=3)
    assert (practice.refresh()[LARCH].requests, practice.row()["tie_out"]) == (6, "tied")
    practice.clock.forward(minutes=30)
    assert practice.refresh()[LARCH].requests == 1


def test_progress_is_data_that_reaches_its_total_for_each_client(practice_of_two: PracticeStage) -> None:
    practice = practice_of_two
    steps: list[Progress] = []
    practice.refresh(on_progress=steps.append)
    for name in (LARCH, MAPLE):
        of_client = [step for step in steps if step.name == name]
        assert [step.done for step in of_client] == sorted(step.done for step in of_client)
        assert (of_client[-1].outcome, of_client[-1].done) == ("done", of_client[-1].total)
        assert {step.entity for step in of_client} >= {"Bill", "Invoice", "Reports", "Tie-out"}
        assert all(step.outcome == "" for step in of_client[:-1])


def test_two_callers_at_once_make_one_refresh(tmp_path: Path) -> None:
    with practice_at([shop()], tmp_path / "rowcol.duckdb", latency_ms=60) as practice:
        practice.connect()
        alone = practice.refresh(full=True)[LARCH].requests
        outcomes: list[Any] = []
        callers = [
            threading.Thread(target=lambda: outcomes.extend(practice.services.refresh(full=True)))
            for _ in range(3)
        ]
        before = practice.sandbox.stats()["realms"][FIRST]["total"]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert len({id(outcome) for outcome in outcomes}) == 1, "all three were told of the same refresh"
        assert outcomes[0].requests == alone
        assert practice.sandbox.stats()["realms"][FIRST]["total"] - before == alone


ONCE: dict[str, dict[str, Any]] = {
    "429": {"retry_after": 1}, **{kind: {} for kind in
    ("500", "503", "504", "reset", "truncate", "html", "xml", "garbage", "empty", "401")}
}  # fmt: skip


@pytest.mark.parametrize("kind", ONCE)
def test_a_passing_fault_changes_nothing_of_a_first_refresh(practice: PracticeStage, kind: str) -> None:
    practice.sandbox.faults({"kind": kind, "match": "FROM Bill", "times": 1, **ONCE[kind]})
    outcome = practice.refresh()[LARCH]
    assert outcome.ok, outcome.message
    assert practice.sandbox.state.faults.rules() == [], "the fault was met"
    assert practice.mirrored() == practice.served()
    assert practice.services.verify().differences == ()


@pytest.mark.parametrize("kind", ["503", "truncate", "401"])
def test_a_passing_fault_changes_nothing_of_a_later_refresh(practice: PracticeStage, kind: str) -> None:
    practice.refresh()
    practice.edit("Bill", bill_of(practice, "A-1"), Balance=120.0)
    practice.sandbox.faults({"kind": kind, "match": "/cdc", "times": 1})
    outcome = practice.refresh()[LARCH]
    assert (outcome.ok, outcome.rows_changed) == (True, 1)
    assert practice.sandbox.state.faults.rules() == [], "the fault was met"
    assert practice.mirrored() == practice.served()


def test_a_refresh_cut_off_half_way_keeps_what_it_had_and_the_next_one_brings_the_rest(
    practice: PracticeStage,
) -> None:
    practice.sandbox.faults(
        {
            "kind": "fault",
            "match": "RefundReceipt",
            "realm": FIRST,
            "times": None,
            "code": "6190",
            "status": 400,
        }
    )
    assert not practice.refresh()[LARCH].ok
    assert practice.mirrored()["Bill"] == practice.served()["Bill"]
    assert practice.services.verify().differences == ()
    practice.sandbox.faults()
    assert practice.refresh()[LARCH].ok
    assert practice.mirrored() == practice.served()


def test_books_can_be_read_while_they_are_refreshed(practice: PracticeStage) -> None:
    """One answer of the refresh is held back until the books were read: a reader that had to wait would fail."""
    practice.refresh()
    practice.sandbox.faults({"kind": "slow", "match": "FROM Invoice", "seconds": 4, "times": 1})
    refreshing = threading.Thread(target=lambda: practice.services.refresh(full=True))
    refreshing.start()
    while practice.sandbox.state.faults.rules():
        refreshing.join(0.02)
    assert practice.row()["cash_cents"] == 511_000
    assert refreshing.is_alive(), "the books were read while the refresh was under way"
    refreshing.join()


def test_a_company_with_nothing_in_it_is_refreshed_and_tied(tmp_path: Path) -> None:
    with practice_at([Books(FIRST, LARCH, today=TODAY).finish()], tmp_path / "rowcol.duckdb") as practice:
        practice.connect()
        outcome = practice.refresh()[LARCH]
        assert outcome.ok, outcome.message
        row = practice.row()
        assert (row["cash_cents"], row["ap_cents"], row["ar_cents"], row["tie_out"]) == (0, 0, 0, "tied")


def test_each_run_says_what_it_was(practice: PracticeStage) -> None:
    practice.refresh()
    practice.clock.forward(minutes=13)
    practice.refresh()
    practice.refresh(full=True)
    practice.clock.forward(days=1)
    practice.refresh()
    practice.clock.forward(days=40)
    practice.refresh()
    with practice.services.database.read() as cursor:
        kinds = cursor.execute("SELECT kind FROM sync_run ORDER BY started_at, finished_at").fetchall()
    assert [kind for (kind,) in kinds] == ["first", "changes", "full", "check", "catch-up"]
