"""Whether the books on screen are current, and if not, why. Source: docs/definitions.md, Freshness."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from rowcol.clock import WorkingTime

FRESH_FOR = timedelta(minutes=15)
LONGEST_PACE = timedelta(hours=2, minutes=15)
"""The schedule leaves no client alone for longer: older books mean that it did not run."""
OPENED_FOR = timedelta(days=7)
"""A client connected for longer may be one that is refreshed rarely, because nobody opens its page."""


@dataclass(frozen=True)
class ClientSchedule:
    """When a client is at work, and when it was connected: how old its books may be follows from both."""

    working: WorkingTime
    connected_at: datetime


@dataclass(frozen=True)
class Freshness:
    """How old the books of one client are, and why they are stale when they are.

    `synced_at` is the end of the last refresh that succeeded (None: never refreshed);
    `reason` a sentence for the advisor, `hint` the one thing to do; both empty when fresh. `by_plan`: nothing is
    wrong with stale books, they are as old as the schedule lets them be outside working hours. `overdue`: they are older
    than the client's own schedule lets them be, or were never read, though nothing failed.
    """

    synced_at: datetime | None
    stale: bool
    reason: str = ""
    hint: str = ""
    needs_reconnect: bool = False
    by_plan: bool = False
    overdue: bool = False


def freshness(
    synced_at: datetime | None,
    outcome: str | None,
    reason: str,
    hint: str,
    now: datetime,
    schedule: ClientSchedule | None = None,
) -> Freshness:
    """Return the freshness of a client from its last good refresh and how its last refresh ended.

    Stale: never refreshed, the last refresh failed, or it is older than its time to live.
    """
    if outcome is not None and outcome != "done":
        return Freshness(synced_at, True, reason, hint, outcome == "reconnect")
    if synced_at is None:
        return Freshness(None, True, "Not refreshed yet", "Press Refresh", overdue=True)
    if now - synced_at > FRESH_FOR:
        asleep = schedule is not None and _asleep(schedule.working, synced_at, now)
        paced = now - synced_at <= LONGEST_PACE
        rarely = paced and schedule is not None and now - schedule.connected_at > OPENED_FOR
        reason = "Not refreshed for more than 15 minutes"
        return Freshness(
            synced_at, True, reason, "Press Refresh", by_plan=paced or asleep, overdue=not (asleep or rarely)
        )
    return Freshness(synced_at, False)


def _asleep(working: WorkingTime, synced_at: datetime, now: datetime) -> bool:
    """Return whether the time to live has not passed yet in the client's working hours, which a weekend may lie between."""
    return now - synced_at <= OPENED_FOR and working.between(synced_at, now) <= FRESH_FOR


def freshness_of(
    runs: pd.DataFrame, business_id: str, now: datetime, schedule: ClientSchedule | None = None
) -> Freshness:
    """Return a client's freshness at a moment from `runs`, the last refreshes indexed by business_id."""
    if business_id not in runs.index:
        return freshness(None, None, "", "", now)
    run: dict[Any, Any] = runs.loc[business_id].to_dict()
    synced = (
        None if pd.isna(run["synced_at"]) else run["synced_at"].to_pydatetime().replace(tzinfo=now.tzinfo)
    )
    return freshness(synced, run["outcome"], run["reason"], run["hint"], now, schedule)
