"""Refreshing over HTTP: the mirror is QuickBooks' books, and whatever goes wrong is said and repaired."""

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
from tests.kits.practice import FIRST, SECOND, Desk, desk_at, shop

LARCH, MAPLE = "Larch & Daughters", "Maple Works"


def bill_of(desk: Desk, number: str) -> str:
    """Return the id of the bill with a number."""
    bills = desk.sandbox.companies[FIRST].of("Bill")
    return next(id_ for id_, bill in bills.items() if bill["DocNumber"] == number)


def test_the_first_refresh_brings_every_record_as_it_is_served(desk_of_two: Desk) -> None:
    desk = desk_of_two
    outcomes = desk.refresh()
    assert [(one.ok, one.entities, one.rows_deleted) for one in outcomes.values()] == [
        (True, len(ENTITIES), 0)
    ] * 2
    for realm in (FIRST, SECOND):
        assert desk.mirrored(realm) == desk.served(realm)
    served = sum(len(records) for records in desk.served().values())
    assert (outcomes[LARCH].rows_in, outcomes[LARCH].rows_changed) == (served, served)
    assert desk.services.verify().differences == ()


def test_the_figures_are_those_of_the_books(desk: Desk) -> None:
    desk.refresh()
    row = desk.row()
    assert (row["cash_cents"], row["ap_cents"], row["ap_overdue_cents"]) == (511_000, 36_000, 30_000)
    assert (row["ar_cents"], row["ar_overdue_cents"]) == (50_000, 50_000)
    assert (row["tie_out"], row["stale"], row["marks"]) == ("tied", False, ())
    assert row["net_burn_runway_days"] is None or row["cash_generative"], "250.00 came in, 140.00 went out"
    assert row["buffer_days"] == 511_000 * 80 // 14_000, "the first record is 80 days old"


def test_a_refresh_of_unchanged_books_logs_nothing(desk: Desk) -> None:
    desk.refresh()
    logged = desk.logged()
    again = desk.refresh()
    assert [(one.ok, one.rows_changed, one.rows_deleted) for one in again.values()] == [(True, 0, 0)]
    whole = desk.refresh(full=True)
    assert [(one.ok, one.rows_changed, one.rows_deleted) for one in whole.values()] == [(True, 0, 0)]
    assert desk.logged() == logged


@pytest.mark.parametrize("full", [False, True])
def test_an_edit_a_void_and_a_deletion_are_seen_at_the_next_refresh(desk: Desk, full: bool) -> None:
    desk.refresh()
    edited, voided = bill_of(desk, "A-1"), bill_of(desk, "B-1")
    deleted = next(iter(desk.sandbox.companies[FIRST].of("Purchase")))
    desk.edit("Bill", edited, Balance=120.0)
    desk.edit("Bill", voided, Balance=0, TotalAmt=0, PrivateNote="Voided")
    desk.delete("Purchase", deleted)
    outcome = desk.refresh(full=full)[LARCH]
    assert (outcome.rows_changed, outcome.rows_deleted) == (2, 1)
    assert desk.mirrored() == desk.served()
    assert desk.row()["ap_cents"] == 12_000
    assert desk.services.verify().differences == ()
    assert desk.refresh()[LARCH].rows_changed == 0


def test_a_record_that_was_deleted_and_entered_again_is_back(desk: Desk) -> None:
    desk.refresh()
    entered = dict(desk.sandbox.companies[FIRST].of("Bill")[bill_of(desk, "B-1")])
    desk.delete("Bill", entered["Id"])
    desk.refresh()
    assert desk.row()["ap_cents"] == 30_000
    desk.clock.forward(minutes=1)
    desk.sandbox.companies[FIRST].put("Bill", entered, desk.clock.now)
    desk.refresh()
    assert desk.row()["ap_cents"] == 36_000
    assert desk.mirrored() == desk.served()


def test_what_was_known_before_an_edit_is_still_known(desk: Desk) -> None:
    desk.refresh()
    then = desk.clock.now
    desk.edit("Bill", bill_of(desk, "A-1"), Balance=1.0)
    desk.refresh()
    now = desk.services.report("aging-ap", desk.id_of(), Moment(TODAY))["total_cents"].sum()
    before = desk.services.report("aging-ap", desk.id_of(), Moment(TODAY, then))["total_cents"].sum()
    assert (now, before) == (6_100, 36_000)


def test_one_client_that_fails_does_not_stop_the_others(desk_of_two: Desk) -> None:
    desk = desk_of_two
    desk.sandbox.faults(
        {
            "kind": "fault",
            "realm": FIRST,
            "times": None,
            "code": "6190",
            "status": 400,
            "message": "Subscription ended",
        }
    )
    outcomes = desk.refresh()
    assert isinstance(outcomes[LARCH].error, CompanyLocked)
    assert outcomes[LARCH].message
    assert outcomes[LARCH].hint
    assert outcomes[MAPLE].ok
    assert desk.row(SECOND)["cash_cents"] == 511_000
    assert desk.row(FIRST)["stale"]


def test_a_failed_refresh_leaves_the_last_figures_standing_and_says_they_are_stale(desk: Desk) -> None:
    desk.refresh()
    desk.sandbox.faults({"kind": "403", "realm": FIRST, "times": None})
    outcome = desk.refresh()[LARCH]
    assert not outcome.ok
    row = desk.row()
    assert (row["cash_cents"], row["ap_cents"], row["stale"]) == (511_000, 36_000, True)
    assert row["stale_reason"] == outcome.message
    desk.sandbox.faults()
    assert desk.refresh()[LARCH].ok
    assert not desk.row()["stale"]


def test_a_dead_grant_asks_to_reconnect_and_reconnecting_goes_on(desk: Desk) -> None:
    desk.refresh()
    desk.clock.forward(hours=2)
    desk.sandbox.faults({"kind": "invalid_grant", "times": 2})
    outcomes = desk.refresh(business_ids=[desk.id_of()])
    assert isinstance(outcomes[LARCH].error, GrantDead)
    assert "reconnect" in outcomes[LARCH].hint.lower()
    view = desk.services.client_view(desk.id_of(), Moment(TODAY))
    assert view.freshness.needs_reconnect
    assert view.figures is not None
    assert view.figures.cash_cents == 511_000
    desk.sandbox.faults()
    desk.connect(FIRST)
    assert desk.refresh(business_ids=[desk.id_of()])[LARCH].ok
    assert not desk.services.client_view(desk.id_of(), Moment(TODAY)).freshness.needs_reconnect


@pytest.mark.parametrize("report", ["AgedPayables", "AgedReceivables", "BalanceSheet"])
def test_a_refused_report_leaves_the_tie_out_unchecked_and_the_refresh_good(desk: Desk, report: str) -> None:
    desk.sandbox.faults(
        {
            "kind": "fault",
            "match": f"reports/{report}",
            "realm": FIRST,
            "times": None,
            "code": "5020",
            "status": 400,
        }
    )
    outcome = desk.refresh()[LARCH]
    assert outcome.ok, outcome.message
    row = desk.row()
    assert (row["tie_out"], row["stale"], row["cash_cents"]) == ("unchecked", False, 511_000)


def test_a_check_that_could_not_be_made_is_made_up_for_the_same_day(desk: Desk) -> None:
    """A report server that was down at the day's first refresh left the books unchecked until the next day."""
    desk.sandbox.faults({"kind": "fault", "match": "reports/", "times": 1, "code": "5020", "status": 400})
    assert desk.refresh()[LARCH].ok
    desk.clock.forward(minutes=30)
    assert (desk.refresh()[LARCH].requests, desk.row()["tie_out"]) == (1, "unchecked")
    desk.clock.forward(hours=3)
    assert (desk.refresh()[LARCH].requests, desk.row()["tie_out"]) == (6, "tied")
    desk.clock.forward(minutes=30)
    assert desk.refresh()[LARCH].requests == 1


def test_progress_is_data_that_reaches_its_total_for_each_client(desk_of_two: Desk) -> None:
    desk = desk_of_two
    steps: list[Progress] = []
    desk.refresh(on_progress=steps.append)
    for name in (LARCH, MAPLE):
        own = [step for step in steps if step.name == name]
        assert [step.done for step in own] == sorted(step.done for step in own)
        assert (own[-1].outcome, own[-1].done) == ("done", own[-1].total)
        assert {step.entity for step in own} >= {"Bill", "Invoice", "Reports", "Tie-out"}
        assert all(step.outcome == "" for step in own[:-1])


def test_two_callers_at_once_make_one_refresh(tmp_path: Path) -> None:
    with desk_at([shop()], tmp_path / "rowcol.duckdb", latency_ms=60) as desk:
        desk.connect()
        alone = desk.refresh(full=True)[LARCH].requests
        found: list[Any] = []
        callers = [
            threading.Thread(target=lambda: found.extend(desk.services.refresh(full=True))) for _ in range(3)
        ]
        asked = desk.sandbox.stats()["realms"][FIRST]["total"]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert len({id(one) for one in found}) == 1, "all three were told of the same refresh"
        assert found[0].requests == alone
        assert desk.sandbox.stats()["realms"][FIRST]["total"] - asked == alone


ONCE: dict[str, dict[str, Any]] = {
    "429": {"retry_after": 1}, **{kind: {} for kind in
    ("500", "503", "504", "reset", "truncate", "html", "xml", "garbage", "empty", "401")}
}  # fmt: skip


@pytest.mark.parametrize("kind", ONCE)
def test_a_passing_fault_changes_nothing_of_a_first_refresh(desk: Desk, kind: str) -> None:
    desk.sandbox.faults({"kind": kind, "match": "FROM Bill", "times": 1, **ONCE[kind]})
    outcome = desk.refresh()[LARCH]
    assert outcome.ok, outcome.message
    assert desk.sandbox.state.faults.rules() == [], "the fault was met"
    assert desk.mirrored() == desk.served()
    assert desk.services.verify().differences == ()


@pytest.mark.parametrize("kind", ["503", "truncate", "401"])
def test_a_passing_fault_changes_nothing_of_a_later_refresh(desk: Desk, kind: str) -> None:
    desk.refresh()
    desk.edit("Bill", bill_of(desk, "A-1"), Balance=120.0)
    desk.sandbox.faults({"kind": kind, "match": "/cdc", "times": 1})
    outcome = desk.refresh()[LARCH]
    assert (outcome.ok, outcome.rows_changed) == (True, 1)
    assert desk.sandbox.state.faults.rules() == [], "the fault was met"
    assert desk.mirrored() == desk.served()


def test_a_refresh_cut_off_half_way_keeps_what_it_had_and_the_next_one_brings_the_rest(desk: Desk) -> None:
    desk.sandbox.faults(
        {
            "kind": "fault",
            "match": "RefundReceipt",
            "realm": FIRST,
            "times": None,
            "code": "6190",
            "status": 400,
        }
    )
    assert not desk.refresh()[LARCH].ok
    assert desk.mirrored()["Bill"] == desk.served()["Bill"]
    assert desk.services.verify().differences == ()
    desk.sandbox.faults()
    assert desk.refresh()[LARCH].ok
    assert desk.mirrored() == desk.served()


def test_books_can_be_read_while_they_are_refreshed(desk: Desk) -> None:
    """One answer of the refresh is held back until the books were read: a reader that had to wait would fail."""
    desk.refresh()
    desk.sandbox.faults({"kind": "slow", "match": "FROM Invoice", "seconds": 4, "times": 1})
    refreshing = threading.Thread(target=lambda: desk.services.refresh(full=True))
    refreshing.start()
    while desk.sandbox.state.faults.rules():
        refreshing.join(0.02)
    assert desk.row()["cash_cents"] == 511_000
    assert refreshing.is_alive(), "the books were read while the refresh was under way"
    refreshing.join()


def test_a_company_with_nothing_in_it_is_refreshed_and_tied(tmp_path: Path) -> None:
    with desk_at([Books(FIRST, LARCH, today=TODAY).finish()], tmp_path / "rowcol.duckdb") as desk:
        desk.connect()
        outcome = desk.refresh()[LARCH]
        assert outcome.ok, outcome.message
        row = desk.row()
        assert (row["cash_cents"], row["ap_cents"], row["ar_cents"], row["tie_out"]) == (0, 0, 0, "tied")


def test_each_run_says_what_it_was(desk: Desk) -> None:
    desk.refresh()
    desk.clock.forward(minutes=13)
    desk.refresh()
    desk.refresh(full=True)
    desk.clock.forward(days=1)
    desk.refresh()
    desk.clock.forward(days=40)
    desk.refresh()
    with desk.services.database.read() as cursor:
        kinds = cursor.execute("SELECT kind FROM sync_run ORDER BY started_at, finished_at").fetchall()
    assert [kind for (kind,) in kinds] == ["first", "changes", "full", "check", "catch-up"]
