"""Whether a client is refreshed when a person opens it: decided from what is known of it alone.

One request brings a client up to date, so opening its page may cost one. A list of clients causes none: it shows
how old each is, and the schedule refreshes them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from rowcol.store.control.runs import LastRun

Finding = Literal["SYNC_FAILED", "SYNC_THROTTLED", "AUTH_EXPIRED", "SYNC_STALE"]

RETRY_AFTER = timedelta(minutes=5)
"""Within this time of a failed refresh its reason is shown instead of another attempt; the schedule and a person's
Refresh are not held back."""
REFRESH_AGAIN_AFTER = timedelta(minutes=1)
"""A page left open while webhooks keep arriving refreshes no more often than this."""
FULL_PACE = timedelta(minutes=15)
"""If the month's budget slows the schedule, readers wait as many times longer than this between two refreshes."""
FINDINGS: dict[str, Finding] = {
    "reconnect": "AUTH_EXPIRED",
    "throttled": "SYNC_THROTTLED",
    "failed": "SYNC_FAILED",
}


class Action(Enum):
    """What is done when a person opens a client."""

    FRESH = "the mirror is current"
    REFRESH = "refresh it"
    JOIN = "wait for the refresh in progress"
    SERVE_STALE = "the mirror is old, and QuickBooks is not asked now"


@dataclass(frozen=True)
class RefreshConditions:
    """What allows or prevents a refresh, apart from the age of the books.

    `ended`: why the client cannot be refreshed at all (disconnected, its grant ended). `slower`: how many times longer
    than planned the month's budget makes the schedule wait; `spent`: nothing of the budget is left.
    """

    ended: str = ""
    breaker_open: bool = False
    refreshing: bool = False
    slower: int = 1
    spent: bool = False


@dataclass(frozen=True)
class Decision:
    """What is done and, if the mirror stays old, why: as a sentence and as a finding."""

    action: Action
    reason: str = ""
    finding: Finding | None = None


def decide(fresh: bool, last: LastRun | None, conditions: RefreshConditions, now: datetime) -> Decision:
    """Return what is done when a person opens a client's books; `last` is None if it was never refreshed."""
    if fresh:
        return Decision(Action.FRESH)
    if conditions.refreshing:
        return Decision(Action.JOIN)
    if conditions.ended:
        return Decision(Action.SERVE_STALE, conditions.ended, "AUTH_EXPIRED")
    failed = last is not None and last.outcome in FINDINGS
    if last is not None and failed and (conditions.breaker_open or now - last.finished_at < RETRY_AFTER):
        return Decision(Action.SERVE_STALE, last.reason, FINDINGS[last.outcome])
    if conditions.breaker_open:
        return _stale("QuickBooks failed repeatedly and is left alone for some minutes")
    if conditions.spent:
        return _stale("This month's reads of QuickBooks are used up")
    if last is None:
        return Decision(Action.REFRESH)
    since = now - last.started_at
    if since < REFRESH_AGAIN_AFTER:
        return _stale("The books changed again since they were read a moment ago")
    if conditions.slower > 1 and since < FULL_PACE * conditions.slower:
        return _stale("QuickBooks is asked less often, to stay within this month's reads")
    return Decision(Action.REFRESH)


def _stale(reason: str) -> Decision:
    return Decision(Action.SERVE_STALE, reason, "SYNC_STALE")
