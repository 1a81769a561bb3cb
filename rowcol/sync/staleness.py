"""Whether QuickBooks is asked now for a client somebody wants to see: decided from what is known of it alone.

One request brings a client up to date, so opening its page may cost one. A list of clients asks for none: its ages
are shown, and the schedule sees to them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from rowcol.store.signals import LastRun

Finding = Literal["SYNC_FAILED", "SYNC_THROTTLED", "AUTH_EXPIRED", "SYNC_STALE"]

TRIED_AGAIN_AFTER = timedelta(minutes=5)
"""Whoever comes within this time of a failed refresh is told its reason; the schedule and a person's Refresh still ask."""
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""Webhooks that never cease make a page left open ask no more often than this."""
FULL_PACE = timedelta(minutes=15)
"""Where the month's budget slows the schedule, readers wait as many times longer than this between two refreshes."""
FINDINGS: dict[str, Finding] = {
    "reconnect": "AUTH_EXPIRED",
    "throttled": "SYNC_THROTTLED",
    "failed": "SYNC_FAILED",
}


class Answer(Enum):
    """What is done for somebody who wants to see a client."""

    FRESH = "the mirror is current"
    ASK = "refresh it"
    WAIT = "a refresh is under way"
    LEAVE = "the mirror is old, and QuickBooks is not asked now"


@dataclass(frozen=True)
class RefreshConditions:
    """What speaks for and against asking, the age of the books aside.

    `ended`: why the client cannot be asked at all (disconnected, its grant ended). `slower`: how many times longer
    than planned the month's budget makes the schedule wait; `spent`: nothing of the budget is left.
    """

    ended: str = ""
    breaker_open: bool = False
    under_way: bool = False
    slower: int = 1
    spent: bool = False


@dataclass(frozen=True)
class Decision:
    """What is done, and where the mirror stays old: why, in a sentence, and as which finding."""

    answer: Answer
    reason: str = ""
    finding: Finding | None = None


def decide(fresh: bool, last: LastRun | None, standing: RefreshConditions, now: datetime) -> Decision:
    """Return what is done for somebody who wants a client's books; `last` is None where it was never refreshed."""
    if fresh:
        return Decision(Answer.FRESH)
    if standing.under_way:
        return Decision(Answer.WAIT)
    if standing.ended:
        return Decision(Answer.LEAVE, standing.ended, "AUTH_EXPIRED")
    failed = last is not None and last.outcome in FINDINGS
    if last is not None and failed and (standing.breaker_open or now - last.finished_at < TRIED_AGAIN_AFTER):
        return Decision(Answer.LEAVE, last.reason, FINDINGS[last.outcome])
    if standing.breaker_open:
        return _left("QuickBooks failed repeatedly and is left alone for some minutes")
    if standing.spent:
        return _left("This month's reads of QuickBooks are used up")
    if last is None:
        return Decision(Answer.ASK)
    since = now - last.started_at
    if since < ASKED_AGAIN_AFTER:
        return _left("The books changed again since they were read a moment ago")
    if standing.slower > 1 and since < FULL_PACE * standing.slower:
        return _left("QuickBooks is asked less often, to stay within this month's reads")
    return Decision(Answer.ASK)


def _left(reason: str) -> Decision:
    return Decision(Answer.LEAVE, reason, "SYNC_STALE")
