"""Whether QuickBooks is read for a person who wants to see a client."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rowcol.store.control.runs import LastRun
from rowcol.sync.staleness import Action, Decision, RefreshConditions, decide

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WELL = RefreshConditions()


def ended(outcome: str = "done", minutes_ago: float = 20, reason: str = "") -> LastRun:
    finished = NOON - timedelta(minutes=minutes_ago)
    return LastRun(finished - timedelta(seconds=5), finished, outcome, reason, "")


def action(last: LastRun | None, conditions: RefreshConditions = WELL) -> Action:
    return decide(False, last, conditions, NOON).action


def test_a_fresh_mirror_is_served_whatever_else_is_so() -> None:
    troubled = RefreshConditions("gone", breaker_open=True, refreshing=True, slower=9, spent=True)
    assert decide(True, ended("failed"), troubled, NOON) == Decision(Action.FRESH)


def test_old_books_are_refreshed_and_those_never_read_too() -> None:
    assert action(ended()) is Action.REFRESH
    assert action(None) is Action.REFRESH


def test_a_refresh_under_way_is_waited_for_and_not_made_twice() -> None:
    assert action(ended(), replace(WELL, refreshing=True)) is Action.JOIN


def test_a_company_without_a_valid_grant_is_not_refreshed() -> None:
    decision = decide(
        False, ended("reconnect"), RefreshConditions("Intuit no longer accepts the refresh token"), NOON
    )
    assert decision == Decision(
        Action.SERVE_STALE, "Intuit no longer accepts the refresh token", "AUTH_EXPIRED"
    )


@pytest.mark.parametrize(
    ("outcome", "finding"),
    [("failed", "SYNC_FAILED"), ("throttled", "SYNC_THROTTLED"), ("reconnect", "AUTH_EXPIRED")],
)
def test_a_refresh_that_failed_just_now_is_reported_and_not_repeated(outcome: str, finding: str) -> None:
    decision = decide(False, ended(outcome, 4.9, "It hung"), WELL, NOON)
    assert decision == Decision(Action.SERVE_STALE, "It hung", finding)
    assert action(ended(outcome, 5)) is Action.REFRESH


def test_an_open_breaker_is_respected_with_the_reason_that_opened_it() -> None:
    open_ = replace(WELL, breaker_open=True)
    assert decide(False, ended("failed", 30, "It hung"), open_, NOON).reason == "It hung"
    decision = decide(False, ended(), open_, NOON)
    assert (decision.action, decision.finding) == (Action.SERVE_STALE, "SYNC_STALE")
    assert "left alone" in decision.reason


def test_nothing_is_refreshed_once_the_months_reads_are_used_up() -> None:
    decision = decide(False, ended(), replace(WELL, spent=True), NOON)
    assert (decision.action, decision.reason) == (
        Action.SERVE_STALE,
        "This month's reads of QuickBooks are used up",
    )


def test_a_slowed_schedule_makes_readers_wait_as_many_times_longer() -> None:
    slowed = replace(WELL, slower=3)
    assert action(ended(minutes_ago=44), slowed) is Action.SERVE_STALE
    assert action(ended(minutes_ago=45), slowed) is Action.REFRESH
    assert action(None, slowed) is Action.REFRESH


def test_webhooks_that_never_cease_cost_a_request_a_minute_at_most() -> None:
    assert action(ended(minutes_ago=0.5)) is Action.SERVE_STALE
    assert action(ended(minutes_ago=1)) is Action.REFRESH
