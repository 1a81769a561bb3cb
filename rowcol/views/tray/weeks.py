"""How the findings moved: their counts in past weeks, worked out from what was known then."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.domain.window import WINDOW_DAYS
from rowcol.views.common.gather import Source, gather

WEEKS = 8
COUNTS = ["business_id", "code", "severity", "findings"]


@dataclass(frozen=True)
class Week:
    """The findings as they were known at a moment, each client as of its own day then.

    `counts`: business_id, code, severity, findings, without what was dismissed by then. `known`: the clients whose
    books had been read by then; no other has a count.
    """

    moment: datetime
    counts: pd.DataFrame
    known: frozenset[str]


def past_weeks(now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the beginnings of the present week and of those before, `WEEKS` Mondays in the practice's zone, oldest first.

    They stand still for a week, so that what was worked out for them can be kept.
    """
    day = now.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    days = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return [datetime.combine(one, time.min, zone) for one in days]


def week_at(source: Source, moment: datetime) -> Week:
    """Return the findings of every client that had been read by a moment, as they were known then."""
    with source.frames.open(source.frames.scope()) as reading:
        first = reading.first_refreshes()
    read = first["refreshed_at"].dt.tz_localize("UTC") <= moment
    known = tuple(first["business_id"][read])
    if not known:
        return Week(moment, pd.DataFrame(columns=COUNTS), frozenset())
    found = gather(source, known, None, moment, WINDOW_DAYS + 1, calls={})
    rows = found.findings.open.groupby(["business_id", "code", "severity"]).size().rename("findings")
    return Week(moment, rows.reset_index()[COUNTS], frozenset(known))
