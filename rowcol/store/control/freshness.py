"""How fresh each entity is, and what makes a client due: its page was opened, or a webhook named it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rowcol.store.control import ControlCursor
from rowcol.store.database import aware, naive
from rowcol.store.reads import statement


@dataclass(frozen=True)
class CursorMove:
    """Cursors to be moved by an answer that brought no row: with the record of the run, in one transaction."""

    entities: tuple[str, ...]
    refreshed_at: datetime
    through: datetime


def move_cursors(
    cursor: ControlCursor,
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


def read_through(cursor: ControlCursor, advisor_id: str, business_id: str) -> dict[str, datetime]:
    """Return entity -> the moment up to which its changes are in the mirror."""
    rows = cursor.execute(
        "SELECT entity, read_through FROM entity_freshness WHERE advisor_id = ? AND business_id = ?",
        [advisor_id, business_id],
    ).fetchall()
    return {entity: through for entity, moment in rows if (through := aware(moment)) is not None}


def cursors_of_runs(
    cursor: ControlCursor, advisor_id: str, business_id: str, first_logged: Mapping[str, datetime]
) -> dict[str, datetime]:
    """Return entity -> a moment up to which its changes are surely in the mirror, even if its cursor was lost.

    That is the start of the last good run, for entities with records logged before it ended: all were complete
    then. An entity whose first reading was cut off, or that was never read, is not in it. `first_logged`: entity ->
    when its first record was logged.
    """
    rows = cursor.execute(
        "SELECT started_at, finished_at FROM sync_run"
        " WHERE advisor_id = ? AND business_id = ? AND outcome = 'done' ORDER BY started_at",
        [advisor_id, business_id],
    ).fetchall()
    runs = [(started.replace(tzinfo=UTC), finished.replace(tzinfo=UTC)) for started, finished in rows]
    return {
        entity: started for entity, at in first_logged.items() for started, finished in runs if at <= finished
    }


def mark_opened(cursor: ControlCursor, advisor_id: str, business_id: str, at: datetime) -> None:
    """Record that a client's page was opened."""
    cursor.execute(
        statement("mark_opened"), {"advisor_id": advisor_id, "business_id": business_id, "at": naive(at)}
    )


def last_opened(cursor: ControlCursor, advisor_id: str) -> dict[str, datetime]:
    """Return business_id -> when its page was last opened."""
    rows = cursor.execute(
        "SELECT business_id, opened_at FROM client_opened WHERE advisor_id = ?", [advisor_id]
    ).fetchall()
    return {business_id: opened_at for business_id, at in rows if (opened_at := aware(at)) is not None}


def mark_stale(
    cursor: ControlCursor, advisor_id: str, marks: Collection[tuple[str, str]], at: datetime
) -> None:
    """Record that something changed in (business_id, entity), as reported by webhooks."""
    if not marks:
        return
    businesses, entities = zip(*sorted(marks), strict=True)
    values = {
        "advisor_id": advisor_id, "businesses": list(businesses), "entities": list(entities), "at": naive(at),
    }  # fmt: skip
    cursor.execute(statement("mark_stale"), values)


def clear_stale_marks(cursor: ControlCursor, advisor_id: str, business_id: str, started_at: datetime) -> None:
    """Record that a refresh which began at a moment has read everything marked until then."""
    cursor.execute(
        "UPDATE webhook_marks SET read_from = ? WHERE advisor_id = ? AND business_id = ? AND marked_at <= ?",
        [naive(started_at), advisor_id, business_id, naive(started_at)],
    )


def stale_marks(cursor: ControlCursor, advisor_id: str) -> set[tuple[str, str]]:
    """Return the (business_id, entity) a webhook named that no refresh has read since."""
    rows = cursor.execute(
        "SELECT business_id, entity FROM webhook_marks"
        " WHERE advisor_id = ? AND (read_from IS NULL OR read_from < marked_at)",
        [advisor_id],
    ).fetchall()
    return set(rows)


def last_webhooks(cursor: ControlCursor, advisor_id: str) -> dict[str, datetime]:
    """Return business_id -> when its last webhook came."""
    rows = cursor.execute(
        "SELECT business_id, max(marked_at) FROM webhook_marks WHERE advisor_id = ? GROUP BY business_id",
        [advisor_id],
    ).fetchall()
    return {business_id: marked_at for business_id, at in rows if (marked_at := aware(at)) is not None}


def entities_refreshed(cursor: ControlCursor, advisor_id: str, business_id: str) -> dict[str, datetime]:
    """Return entity -> when it was last brought up to date, of those that ever were."""
    values = {"advisor_id": advisor_id, "business_id": business_id}
    rows = cursor.execute(statement("entities_refreshed"), values).fetchall()
    return {entity: refreshed_at for entity, at in rows if (refreshed_at := aware(at)) is not None}


def policies(cursor: ControlCursor, advisor_id: str) -> list[tuple[str, int, int]]:
    """Return (entity, seconds it counts as fresh, seconds that each reading looks back) of a practice."""
    return cursor.execute(
        "SELECT entity, fresh_seconds, overlap_seconds FROM entity_policy WHERE advisor_id = ?", [advisor_id]
    ).fetchall()


def add_policies(cursor: ControlCursor, advisor_id: str, rows: Iterable[tuple[str, float, float]]) -> None:
    """Add entities' policies, in the form of `policies`."""
    cursor.executemany("INSERT INTO entity_policy VALUES (?, ?, ?, ?)", [[advisor_id, *row] for row in rows])
