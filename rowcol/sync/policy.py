"""How long each entity counts as fresh, and how far each reading looks back; kept per practice, with defaults."""

from dataclasses import dataclass
from datetime import timedelta

from rowcol.entities import ENTITIES, of_kind
from rowcol.store.database import Cursor, Database

FRESH_FOR = timedelta(minutes=15)
OVERLAP = timedelta(minutes=2)
"""Every reading starts this much before the last one ended: rows of the same second arrive late."""
NAMES_FRESH_FOR = timedelta(hours=24)
SLOW = of_kind("company")
"""What hardly ever changes; it comes with every cycle all the same, at no request of its own."""


@dataclass(frozen=True)
class Policy:
    """One entity's time to live and overlap."""

    fresh_for: timedelta
    overlap: timedelta


def default_policy(entity: str) -> Policy:
    """Return what holds for an entity until the practice says otherwise."""
    return Policy(NAMES_FRESH_FOR if entity in SLOW else FRESH_FOR, OVERLAP)


def ensure_policies(database: Database, advisor_id: str) -> None:
    """Write the defaults of entities the practice has no policy for."""
    with database.write() as cursor:
        kept = policies(cursor, advisor_id)
        rows = [
            [advisor_id, entity, default.fresh_for.total_seconds(), default.overlap.total_seconds()]
            for entity in ENTITIES
            if entity not in kept
            for default in [default_policy(entity)]
        ]
        if rows:
            cursor.executemany("INSERT INTO entity_policy VALUES (?, ?, ?, ?)", rows)


def policies(cursor: Cursor, advisor_id: str) -> dict[str, Policy]:
    """Return entity -> policy."""
    rows = cursor.execute(
        "SELECT entity, fresh_seconds, overlap_seconds FROM entity_policy WHERE advisor_id = ?", [advisor_id]
    ).fetchall()
    return {
        entity: Policy(timedelta(seconds=fresh), timedelta(seconds=overlap))
        for entity, fresh, overlap in rows
    }
