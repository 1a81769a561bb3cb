"""What tells when a client is worth asking: its page was opened, a webhook named it, its last refresh began."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from rowcol.store.clients import aware, naive
from rowcol.store.database import Cursor
from rowcol.store.reads import statement


def mark_opened(cursor: Cursor, advisor_id: str, business_id: str, at: datetime) -> None:
    """Record that a client's page was opened."""
    cursor.execute(
        statement("mark_opened"), {"advisor_id": advisor_id, "business_id": business_id, "at": naive(at)}
    )


def last_opened(cursor: Cursor, advisor_id: str) -> dict[str, datetime]:
    """Return business_id -> when its page was last opened."""
    rows = cursor.execute(
        "SELECT business_id, opened_at FROM client_opened WHERE advisor_id = ?", [advisor_id]
    ).fetchall()
    return {business_id: found for business_id, at in rows if (found := aware(at)) is not None}


def mark_stale(cursor: Cursor, advisor_id: str, marks: Collection[tuple[str, str]], at: datetime) -> None:
    """Record that something changed in (business_id, entity), as webhooks said."""
    if not marks:
        return
    businesses, entities = zip(*sorted(marks), strict=True)
    values = {
        "advisor_id": advisor_id, "businesses": list(businesses), "entities": list(entities), "at": naive(at),
    }  # fmt: skip
    cursor.execute(statement("mark_stale"), values)


def settle_marks(cursor: Cursor, advisor_id: str, business_id: str, started_at: datetime) -> None:
    """Record that a refresh which began at a moment has read everything marked until then."""
    cursor.execute(
        "UPDATE webhook_marks SET read_from = ? WHERE advisor_id = ? AND business_id = ? AND marked_at <= ?",
        [naive(started_at), advisor_id, business_id, naive(started_at)],
    )


def stale_marks(cursor: Cursor, advisor_id: str) -> set[tuple[str, str]]:
    """Return the (business_id, entity) a webhook named that no refresh has read since."""
    rows = cursor.execute(
        "SELECT business_id, entity FROM webhook_marks"
        " WHERE advisor_id = ? AND (read_from IS NULL OR read_from < marked_at)",
        [advisor_id],
    ).fetchall()
    return set(rows)


def last_webhooks(cursor: Cursor, advisor_id: str) -> dict[str, datetime]:
    """Return business_id -> when its last webhook came."""
    rows = cursor.execute(
        "SELECT business_id, max(marked_at) FROM webhook_marks WHERE advisor_id = ? GROUP BY business_id",
        [advisor_id],
    ).fetchall()
    return {business_id: found for business_id, at in rows if (found := aware(at)) is not None}


def last_started(cursor: Cursor, advisor_id: str) -> dict[str, datetime]:
    """Return business_id -> when its last refresh began, whatever came of it."""
    rows = cursor.execute(
        "SELECT business_id, max(started_at) FROM sync_run WHERE advisor_id = ? GROUP BY business_id",
        [advisor_id],
    ).fetchall()
    return {business_id: found for business_id, at in rows if (found := aware(at)) is not None}


def entities_refreshed(cursor: Cursor, advisor_id: str, business_id: str) -> dict[str, datetime]:
    """Return entity -> when it was last brought up to date, of those that ever were."""
    values = {"advisor_id": advisor_id, "business_id": business_id}
    rows = cursor.execute(statement("entities_refreshed"), values).fetchall()
    return {entity: found for entity, at in rows if (found := aware(at)) is not None}


@dataclass(frozen=True)
class LastRun:
    """How a client's last refresh ended; moments aware, `outcome` as `sync_run` has it."""

    started_at: datetime
    finished_at: datetime
    outcome: str
    reason: str
    hint: str


def last_run(cursor: Cursor, advisor_id: str, business_id: str, since: datetime) -> LastRun | None:
    """Return a client's last refresh that ended at a moment or later, None where none did."""
    values = {"advisor_id": advisor_id, "business_id": business_id, "since": naive(since)}
    row = cursor.execute(statement("last_run"), values).fetchone()
    if row is None:
        return None
    started, finished = (moment.replace(tzinfo=UTC) for moment in row[:2])
    return LastRun(started, finished, *row[2:])
