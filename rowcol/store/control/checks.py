"""Which reports were read, and how the books compared with them."""

from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from rowcol.store.control import ControlCursor
from rowcol.store.database import naive


@dataclass(frozen=True)
class ReportRead:
    """One report requested from QuickBooks: for which date, when, at which log position of the books."""

    business_id: str
    report: str
    report_date: date
    read_at: datetime
    books_position: int
    refused_because: str | None = None


def record_report(cursor: ControlCursor, advisor_id: str, read: ReportRead) -> None:
    """Record that a report was read, or refused; earlier rows stay, for past moments."""
    cursor.execute(
        "INSERT INTO report_reads VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            advisor_id, read.business_id, read.report, read.report_date, naive(read.read_at), read.books_position,
            read.refused_because,
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class TieOutRow:
    """One total compared with QuickBooks' own, in home cents; `subject` is `ap`, `ar` or `bank`."""

    subject: str
    party_id: str | None
    party: str
    ours_cents: int
    qbo_cents: int


NOTHING = TieOutRow("nothing", None, "", 0, 0)
"""Stands for a check of books without a party or bank account: they tie."""


def record_tie_out(
    cursor: ControlCursor,
    advisor_id: str,
    business_id: str,
    checked_at: datetime,
    report_date: date,
    rows: list[TieOutRow],
) -> None:
    """Record the rows of a check; earlier checks stay. A check with nothing to compare is recorded too."""
    stored = rows or [NOTHING]
    texts, cents = pa.string(), pa.int64()
    checks = pa.table(
        {
            "subject": pa.array([row.subject for row in stored], texts),
            "party_id": pa.array([row.party_id for row in stored], texts),
            "party": pa.array([row.party for row in stored], texts),
            "ours_cents": pa.array([row.ours_cents for row in stored], cents),
            "qbo_cents": pa.array([row.qbo_cents for row in stored], cents),
        }
    )
    cursor.register("checks", checks)
    cursor.execute(
        "INSERT INTO tie_out_checks SELECT ?, ?, ?::TIMESTAMP, ?, subject, party_id, party, ours_cents, qbo_cents"
        " FROM checks",
        [advisor_id, business_id, naive(checked_at), report_date],
    )
    cursor.unregister("checks")
