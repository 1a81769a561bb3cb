"""How long each entity counts as fresh, and how far each read looks back; stored per practice, with defaults."""

from dataclasses import dataclass
from datetime import timedelta

from rowcol.entities import ENTITIES, of_kind
from rowcol.store.control import ControlCursor, control_rows, freshness
from rowcol.store.database import Database

FRESH_FOR = timedelta(minutes=15)
OVERLAP = timedelta(minutes=2)
"""Every read starts this much before the last one ended: rows of the same second arrive late."""
NAMES_FRESH_FOR = timedelta(hours=24)
SLOW = of_kind("company")
"""Entities that hardly ever change; each refresh includes them, without a request of their own."""


@dataclass(frozen=True)
class Policy:
    """One entity's time to live and overlap."""

    fresh_for: timedelta
    overlap: timedelta


def default_policy(entity: str) -> Policy:
    """Return the policy of an entity for which the practice has none."""
    return Policy(NAMES_FRESH_FOR if entity in SLOW else FRESH_FOR, OVERLAP)


def ensure_policies(database: Database, advisor_id: str) -> None:
    """Store the defaults for entities without a policy."""
    with database.write() as cursor:
        control = control_rows(cursor)
        stored = policies(control, advisor_id)
        rows = [
            (entity, default.fresh_for.total_seconds(), default.overlap.total_seconds())
            for entity in ENTITIES
            if entity not in stored
            for default in [default_policy(entity)]
        ]
        if rows:
            freshness.add_policies(control, advisor_id, rows)


def policies(cursor: ControlCursor, advisor_id: str) -> dict[str, Policy]:
    """Return entity -> policy."""
    return {
        entity: Policy(timedelta(seconds=fresh), timedelta(seconds=overlap))
        for entity, fresh, overlap in freshness.policies(cursor, advisor_id)
    }
