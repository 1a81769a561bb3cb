"""A store that has read its companies already: what a first refresh leaves, landed without asking anybody."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rowcol.entities import ENTITIES
from rowcol.gateways.tie_out_check import UNREADABLE
from rowcol.sandbox.company import Company
from rowcol.store.control import control_rows
from rowcol.store.control.checks import record_tie_out
from rowcol.store.control.clients import Clients
from rowcol.store.control.freshness import move_cursors
from rowcol.store.database import Database
from rowcol.store.log import Landing, Positions, versions
from rowcol.store.migrations import migrate
from rowcol.store.mirror import known_hashes, land
from tests.kits.store import PRACTICE

Records = Mapping[str, list[dict[str, object]]]
AT_ONCE = 1000


def seeded(path: Path, companies: Mapping[str, Records], now: datetime) -> None:
    """Make a store at `path` that holds these companies' records (realm -> entity -> records), read at `now`."""
    database = Database(path)
    migrate(database)
    clients, positions = Clients(database, PRACTICE), Positions(0)
    for realm, records in companies.items():
        with database.write() as cursor:
            client = clients.connect(control_rows(cursor), realm, f"Client {realm}", now)
            landing = Landing(PRACTICE, client.business_id, "seed", now)
            for entity in ENTITIES:
                rows = records.get(entity, [])
                for start in range(0, len(rows), AT_ONCE):
                    came = versions(rows[start : start + AT_ONCE])
                    known = known_hashes(
                        cursor, *landing.client_key, entity, [version.qbo_id for version in came]
                    )
                    land(cursor, landing, entity, came, known, positions.take(len(came), now))
            move_cursors(control_rows(cursor), *landing.client_key, ENTITIES, now, now)
            # Checked today: the tie-out is requested once a day and is not what is measured here.
            record_tie_out(
                control_rows(cursor), *landing.client_key, now, now.astimezone(UTC).date(), [UNREADABLE]
            )
    database.close()


def records_of(company: Company) -> Records:
    """Return a sandbox company's records by entity."""
    return {entity: list(company.of(entity).values()) for entity in ENTITIES}
