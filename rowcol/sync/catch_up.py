"""After more than a month without a refresh: read changes by their time, find deletions by counting.

No unchanged record is downloaded again: COUNT(*) over ranges of creation time is compared with the mirror, and
only a range that differs is divided further, down to single records.
"""

from datetime import datetime, timedelta

from rowcol.qbo.pages import SINGLETONS
from rowcol.qbo.ranges import changed_pages
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import move_cursors
from rowcol.store.log import versions
from rowcol.store.mirror import Landed, known_hashes, land, land_deletions, live_records
from rowcol.sync.context import Company, OnEntity, SyncContext
from rowcol.sync.deletions import MirrorRecord, counter, deleted

SAFETY_MARGIN = timedelta(seconds=30)
"""The next read starts this much before this one: rows of the same second may still arrive."""


def catch_up(
    context: SyncContext, company: Company, entity: str, since: datetime, on_entity: OnEntity
) -> Landed:
    """Land an entity's changes since a moment and its deletions; move its cursor. Raises as `send`."""
    return land_since(context, company, entity, since, on_entity, move=True)[0]


def land_since(
    context: SyncContext,
    company: Company,
    entity: str,
    since: datetime,
    on_entity: OnEntity,
    *,
    move: bool = False,
) -> tuple[Landed, datetime]:
    """Do as `catch_up` without moving the cursor; return also the moment through which everything is known.

    Changes are read up to now, not only to that moment: a record created long ago but changed just now must be
    in the mirror before records are counted, or it would hide a deleted one. Raises as `send`.
    """
    landed, began = Landed(), company.started_at
    for page in changed_pages(context.send, company.client.realm_id, entity, since, context.page_size):
        began = min(began, page.time or began)
        received = versions(page.records)
        with context.database.write() as cursor:
            landing = company.landing(context, page.intuit_tid)
            known = known_hashes(
                cursor, *landing.client_key, entity, [version.qbo_id for version in received]
            )
            first = context.positions.take(max(len(received), 1), landing.observed_at)
            landed += land(cursor, landing, entity, received, known, first)
        on_entity(entity, landed.rows_in, False)
    until = began - SAFETY_MARGIN
    landed += _land_deletions(context, company, entity, until, move=move)
    on_entity(entity, landed.rows_in, True)
    return landed, until


def _land_deletions(
    context: SyncContext, company: Company, entity: str, until: datetime, *, move: bool
) -> Landed:
    deleted_ids = [] if entity in SINGLETONS else _deleted_ids(context, company, entity, until)
    with context.database.write() as cursor:
        landing = company.landing(context)
        known = known_hashes(cursor, *landing.client_key, entity, deleted_ids)
        first = context.positions.take(max(len(deleted_ids), 1), landing.observed_at)
        if move:
            move_cursors(control_rows(cursor), *landing.client_key, (entity,), landing.observed_at, until)
        return land_deletions(cursor, landing, entity, deleted_ids, known, first)


def _deleted_ids(context: SyncContext, company: Company, entity: str, until: datetime) -> list[str]:
    with context.database.read() as cursor:
        live = live_records(cursor, context.advisor_id, company.client.business_id, entity)
    records = [
        MirrorRecord(qbo_id, created) for qbo_id, created in live if created is None or created <= until
    ]
    return deleted(records, counter(context, company.client.realm_id, entity))
