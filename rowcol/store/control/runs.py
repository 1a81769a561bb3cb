"""What refreshes did and when, and how many requests each company was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rowcol.store.control import ControlCursor
from rowcol.store.database import aware, naive
from rowcol.store.reads import statement

Counted = tuple[str, date, str]
"""business_id, the month's first day, kind."""


@dataclass(frozen=True)
class SyncRun:
    """One refresh of one client, as it ended; `outcome` is `done` or the kind of its failure.

    `kind`: `first`, `full`, `changes`, `catch-up`, `check` (changes and the day's reports), `refresh` if not known.
    """

    business_id: str
    run_id: str
    kind: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    reason: str = ""
    hint: str = ""
    requests: int = 0
    retries: int = 0
    rows_in: int = 0
    rows_changed: int = 0
    rows_deleted: int = 0


def record_run(cursor: ControlCursor, advisor_id: str, run: SyncRun) -> None:
    """Record a finished refresh."""
    cursor.execute(
        "INSERT INTO sync_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            advisor_id, run.business_id, run.run_id, run.kind, naive(run.started_at), naive(run.finished_at),
            run.outcome, run.reason, run.hint, run.requests, run.retries, run.rows_in, run.rows_changed,
            run.rows_deleted,
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class LastRun:
    """How a client's last refresh ended; moments aware, `outcome` as `sync_run` has it."""

    started_at: datetime
    finished_at: datetime
    outcome: str
    reason: str
    hint: str


def last_run(cursor: ControlCursor, advisor_id: str, business_id: str, since: datetime) -> LastRun | None:
    """Return a client's last refresh that ended at a moment or later, None if none did."""
    values = {"advisor_id": advisor_id, "business_id": business_id, "since": naive(since)}
    row = cursor.execute(statement("last_run"), values).fetchone()
    if row is None:
        return None
    started, finished = (moment.replace(tzinfo=UTC) for moment in row[:2])
    return LastRun(started, finished, *row[2:])


def last_started(cursor: ControlCursor, advisor_id: str) -> dict[str, datetime]:
    """Return business_id -> when its last refresh began, whatever came of it."""
    rows = cursor.execute(
        "SELECT business_id, max(started_at) FROM sync_run WHERE advisor_id = ? GROUP BY business_id",
        [advisor_id],
    ).fetchall()
    return {business_id: started_at for business_id, at in rows if (started_at := aware(at)) is not None}


def count_calls(cursor: ControlCursor, advisor_id: str, counted: Mapping[Counted, int]) -> None:
    """Add to what was counted before."""
    if not counted:
        return
    businesses, months, kinds = zip(*counted, strict=True)
    values = {
        "advisor_id": advisor_id, "businesses": list(businesses), "months": list(months), "kinds": list(kinds),
        "calls": list(counted.values()),
    }  # fmt: skip
    cursor.execute(statement("count_calls"), values)


def calls_of_month(cursor: ControlCursor, advisor_id: str, month: date, kinds: Sequence[str]) -> int:
    """Return the requests of some kinds in the month that begins on a day, of all companies together."""
    row = cursor.execute(
        "SELECT coalesce(sum(calls), 0) FROM api_calls"
        " WHERE advisor_id = ? AND month = ? AND kind IN (SELECT unnest(?::VARCHAR[]))",
        [advisor_id, month, list(kinds)],
    ).fetchone()
    return int(row[0]) if row else 0
