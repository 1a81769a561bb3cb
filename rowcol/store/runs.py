"""What refreshes did, how fresh each entity is, and which reports were read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from rowcol.store.clients import aware, naive
from rowcol.store.database import Cursor
from rowcol.store.reads import statement


@dataclass(frozen=True)
class SyncRun:
    """One refresh of one client, as it ended; `outcome` is `done` or the kind of its failure.

    `kind`: `first`, `full`, `changes`, `catch-up`, `check` (changes and the day's reports), `refresh` where not known.
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


def record_run(cursor: Cursor, advisor_id: str, run: SyncRun) -> None:
    """Keep a finished refresh."""
    cursor.execute(
        "INSERT INTO sync_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            advisor_id, run.business_id, run.run_id, run.kind, naive(run.started_at), naive(run.finished_at),
            run.outcome, run.reason, run.hint, run.requests, run.retries, run.rows_in, run.rows_changed,
            run.rows_deleted,
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class CursorMove:
    """Cursors to be moved by an answer that brought no row: with the record of the run, in one transaction."""

    entities: tuple[str, ...]
    refreshed_at: datetime
    through: datetime


def move_cursors(
    cursor: Cursor,
    advisor_id: str,
    business_id: str,
    entities: Sequence[str],
    refreshed_at: datetime,
    through: datetime,
) -> None:
    """Record that all QuickBooks had of these entities at `through` is in the mirror; no cursor moves back."""
    values = {
        "advisor_id": advisor_id,
        "business_id": business_id,
        "entities": list(entities),
        "refreshed_at": naive(refreshed_at),
        "through": naive(through),
    }
    cursor.execute(statement("move_cursors"), values)


def read_through(cursor: Cursor, advisor_id: str, business_id: str) -> dict[str, datetime]:
    """Return entity -> the moment up to which its changes are in the mirror."""
    rows = cursor.execute(
        "SELECT entity, read_through FROM entity_freshness WHERE advisor_id = ? AND business_id = ?",
        [advisor_id, business_id],
    ).fetchall()
    return {entity: found for entity, moment in rows if (found := aware(moment)) is not None}


@dataclass(frozen=True)
class ReportRead:
    """One report asked of QuickBooks: for which date, when, at which log position of the books."""

    business_id: str
    report: str
    report_date: date
    read_at: datetime
    books_position: int
    refused_because: str | None = None


def record_report(cursor: Cursor, advisor_id: str, read: ReportRead) -> None:
    """Keep that a report was read, or refused; earlier readings stay, for what was known then."""
    cursor.execute(
        "INSERT INTO report_reads VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            advisor_id, read.business_id, read.report, read.report_date, naive(read.read_at), read.books_position,
            read.refused_because,
        ],
    )  # fmt: skip


def books_position(cursor: Cursor, advisor_id: str, business_id: str) -> int:
    """Return the newest log position of one client's records, reports aside."""
    row = cursor.execute(
        "SELECT coalesce(max(log_position), 0) FROM mirror_records WHERE advisor_id = ? AND business_id = ?"
        " AND entity NOT IN ('BalanceSheet', 'AgedPayables', 'AgedReceivables')",
        [advisor_id, business_id],
    ).fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class TieOutRow:
    """One total held against QuickBooks' own, in home cents; `subject` is `ap`, `ar` or `bank`."""

    subject: str
    party_id: str | None
    party: str
    ours_cents: int
    qbo_cents: int


NOTHING = TieOutRow("nothing", None, "", 0, 0)
"""Stands for a check of books without a party or bank account: they tie."""


def record_tie_out(
    cursor: Cursor,
    advisor_id: str,
    business_id: str,
    checked_at: datetime,
    report_date: date,
    rows: list[TieOutRow],
) -> None:
    """Keep what a check found, row by row; earlier checks stay. A check with nothing to compare is kept too."""
    kept = rows or [NOTHING]
    texts, cents = pa.string(), pa.int64()
    checks = pa.table(
        {
            "subject": pa.array([row.subject for row in kept], texts),
            "party_id": pa.array([row.party_id for row in kept], texts),
            "party": pa.array([row.party for row in kept], texts),
            "ours_cents": pa.array([row.ours_cents for row in kept], cents),
            "qbo_cents": pa.array([row.qbo_cents for row in kept], cents),
        }
    )
    cursor.register("checks", checks)
    cursor.execute(
        "INSERT INTO tie_out_checks SELECT ?, ?, ?::TIMESTAMP, ?, subject, party_id, party, ours_cents, qbo_cents"
        " FROM checks",
        [advisor_id, business_id, naive(checked_at), report_date],
    )
    cursor.unregister("checks")
