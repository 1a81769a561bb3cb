"""Calls held with clients: when, by whom, and what was on the table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd


@dataclass(frozen=True)
class Call:
    """A call as it was marked held.

    `figures` are those on the table (`KEPT_FIGURES`); `log_position` the newest that was known; `notes` and `by` the
    advisor's own words.
    """

    business_id: str
    held_at: datetime
    as_of: date
    by: str = ""
    notes: str = ""
    log_position: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)


KEPT_FIGURES = (
    "cash_cents", "buffer_days", "net_burn_runway_days", "cash_out_on", "status", "ar_cents", "ar_overdue_cents", "ap_cents",
    "ap_overdue_cents", "findings", "blocking", "plans", "promises",
)  # fmt: skip
"""Cents, days (None: undefined), a day as ISO text (None: beyond 13 weeks), and how many of each there were."""
CallsByClient = Mapping[str, Sequence[Call]]
"""business_id -> its calls, the oldest first."""


def by_client(calls: Iterable[Call]) -> dict[str, list[Call]]:
    """Return the calls of each client, the oldest first."""
    grouped: dict[str, list[Call]] = {}
    for call in sorted(calls, key=lambda call: (call.business_id, call.held_at)):
        grouped.setdefault(call.business_id, []).append(call)
    return grouped


def last_calls(calls: CallsByClient, clients: pd.DataFrame) -> dict[str, Call]:
    """Return business_id -> its last call held up to the end of its as-of day; clients without one are not in it.

    `clients`: business_id, as_of, zone.
    """
    last = {}
    for business_id, as_of, zone in clients[["business_id", "as_of", "zone"]].itertuples(
        index=False, name=None
    ):
        past = [call for call in calls.get(business_id, ()) if _day(call.held_at, zone) <= as_of.date()]
        if past:
            last[business_id] = past[-1]
    return last


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
