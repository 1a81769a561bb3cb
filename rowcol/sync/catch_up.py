"""After a month away: what changed is asked for by its time, what was deleted is found by counting.

No unchanged record is downloaded again: COUNT(*) over stretches of creation time is held against the mirror,
and only a stretch that differs is divided further, down to single records.
"""

from datetime import datetime, timedelta

from rowcol.qbo.pages import SINGLETONS
from rowcol.qbo.ranges import changed_pages
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import move_cursors
from rowcol.store.mirror import Landed, known_hashes, land, land_deletions, live_records
from rowcol.store.versions import versions
from rowcol.sync.context import Company, OnEntity, SyncContext
from rowcol.sync.deletions import Held, counting, deleted

SETTLE = timedelta(seconds=30)
"""The next reading starts this much before this one: rows of the same second may still arrive."""


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
    """Do as `catch_up`, the cursor left alone; return also the moment through which all is known.

    Changes are read up to now, not to that moment only: a record made long ago but changed just now must be
    held before records are counted, or it would make up for a deleted one. Raises as `send`.
    """
    landed, began = Landed(), company.started_at
    for page in changed_pages(context.send, company.client.realm_id, entity, since, context.page_size):
        began = min(began, page.time or began)
        came = versions(page.records)
        with context.database.write() as cursor:
            landing = company.landing(context, page.intuit_tid)
            known = known_hashes(cursor, *landing.whose, entity, [one.qbo_id for one in came])
            first = context.positions.take(max(len(came), 1), landing.observed_at)
            landed += land(cursor, landing, entity, came, known, first)
        on_entity(entity, landed.rows_in, False)
    until = began - SETTLE
    landed += _land_deletions(context, company, entity, until, move=move)
    on_entity(entity, landed.rows_in, True)
    return landed, until


def _land_deletions(
    context: SyncContext, company: Company, entity: str, until: datetime, *, move: bool
) -> Landed:
    gone = [] if entity in SINGLETONS else _gone(context, company, entity, until)
    with context.database.write() as cursor:
        landing = company.landing(context)
        known = known_hashes(cursor, *landing.whose, entity, gone)
        first = context.positions.take(max(len(gone), 1), landing.observed_at)
        if move:
            move_cursors(control_rows(cursor), *landing.whose, (entity,), landing.observed_at, until)
        return land_deletions(cursor, landing, entity, gone, known, first)


def _gone(context: SyncContext, company: Company, entity: str, until: datetime) -> list[str]:
    with context.database.read() as cursor:
        live = live_records(cursor, context.advisor_id, company.client.business_id, entity)
    held = [Held(qbo_id, created) for qbo_id, created in live if created is None or created <= until]
    return deleted(held, counting(context, company.client.realm_id, entity))
