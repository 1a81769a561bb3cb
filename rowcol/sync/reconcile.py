"""After entities were read page by page: land what changed meanwhile, and find records skipped between two pages.

A record deleted on a page already read moves the rows after it up, so that the one at a page's edge is skipped. If
something was deleted, the edges are therefore read once more, each in one answer; and QuickBooks' own count is
compared with the mirror, give or take what changed while it counted. Only if records are still missing is the
entity read again: people who go on working do not fail a refresh.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcol.errors import Unavailable
from rowcol.qbo.ranges import count_records, created_page
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import move_cursors
from rowcol.store.mirror import Landed, known_hashes, live_count
from rowcol.sync.catch_up import land_since
from rowcol.sync.changes import answers, land_answer
from rowcol.sync.context import Company, OnEntity, SyncContext
from rowcol.sync.run import Edge, EntityRead, land_page, landing_pages, read_whole

READINGS = 3
"""An entity of which records are missing is read at most this many times."""

Range = tuple[datetime, datetime]


def reconcile(
    context: SyncContext, company: Company, reads: Sequence[EntityRead], on_entity: OnEntity
) -> Landed:
    """Land what changed while entities of several pages were read, and move their cursors; return all that landed.

    Raises Unavailable if QuickBooks counts more records than it sends, and as `send`.
    """
    landed = sum((read.landed for read in reads), Landed())
    open_, missing = [read for read in reads if not read.at_one_moment], dict[str, int]()
    for reading in range(READINGS):
        if reading:
            again = read_whole(context, company, list(missing), on_entity)
            landed += sum((read.landed for read in again), Landed())
            open_ = [read for read in again if not read.at_one_moment]
        if not open_:
            return landed
        reconciled, missing = _reconcile_once(context, company, open_, on_entity)
        landed += reconciled
        if not missing:
            return landed
    missing_text = ", ".join(f"{count} of the {entity} records" for entity, count in missing.items())
    raise Unavailable(f"{missing_text} did not come, in {READINGS} readings", "Refresh again later")


def _reconcile_once(
    context: SyncContext, company: Company, reads: Sequence[EntityRead], on_entity: OnEntity
) -> tuple[Landed, dict[str, int]]:
    """Land what was missed and move the cursors of complete entities; return entity -> how many records are missing."""
    since = min(read.began for read in reads)
    since_then = _land_changes(context, company, [read.entity for read in reads], since, on_entity)
    incomplete = [read for read in reads if read.short or since_then.deleted[read.entity]]
    _move(
        context,
        company,
        {read.entity for read in reads} - {read.entity for read in incomplete},
        since_then.through,
    )
    if not incomplete:
        return since_then.landed, {}
    reread = sum((_reread_edges(context, company, read) for read in incomplete), Landed())
    landed, missing = _counted(
        context, company, [read.entity for read in incomplete], since_then.through, on_entity
    )
    return since_then.landed + reread + landed, missing


@dataclass(frozen=True)
class _Changes:
    """The changes since a moment: what landed, entity -> how many were deleted, and through when they are known.

    `unknown`: entity -> how many were deleted that the mirror never held.
    """

    landed: Landed
    deleted: dict[str, int]
    unknown: dict[str, int]
    through: datetime


def _land_changes(
    context: SyncContext, company: Company, entities: Sequence[str], since: datetime, on_entity: OnEntity
) -> _Changes:
    """Land everything that changed since a moment, however much; do not move the cursors."""
    landed, deleted, unknown, throughs = Landed(), dict[str, int](), dict[str, int](), list[datetime]()
    for answer in answers(context, company, tuple(entities), since):
        if answer.changes.saturated:
            (entity,) = answer.entities
            entity_landed, through = land_since(context, company, entity, since, on_entity)
            by_entity = {entity: entity_landed}
        else:
            through = answer.changes.time or company.started_at
            by_entity = land_answer(context, company, answer, on_entity, move=False)
        throughs.append(through)
        for entity, entity_landed in by_entity.items():
            deleted_ids = answer.changes.deleted.get(entity, [])
            landed, deleted[entity] = landed + entity_landed, entity_landed.deleted
            unknown[entity] = len(set(deleted_ids) - _known(context, company, entity, deleted_ids).keys())
    return _Changes(landed, deleted, unknown, min(throughs))


def _reread_edges(context: SyncContext, company: Company, read: EntityRead) -> Landed:
    """Land the records created between the last of one page and the first of the next."""
    landed, realm = Landed(), company.client.realm_id
    with landing_pages(context, company) as pages:
        for first, last in ranges(read.edges):
            page = created_page(context.send, realm, read.entity, first, last, context.page_size)
            known = _known(context, company, read.entity, [str(record.get("Id")) for record in page.records])
            landed += land_page(context, company, page, known, set(), pages)
        pages.finish()
    return landed


def ranges(edges: Iterable[Edge]) -> list[Range]:
    """Return the edges as ranges of creation time, with touching ones joined and those without times left out."""
    known = sorted((first, last) for first, last in edges if first and last and first <= last)
    joined: list[Range] = []
    for first, last in known:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _counted(
    context: SyncContext, company: Company, entities: Sequence[str], since: datetime, on_entity: OnEntity
) -> tuple[Landed, dict[str, int]]:
    """Compare QuickBooks' count of entities with the mirror's; return entity -> how many records are missing.

    What changed from `since` until after the count may be in the count or not: only records beyond all of that are
    missing. Moves the cursors of complete entities.
    """
    counts = {entity: count_records(context.send, company.client.realm_id, entity) for entity in entities}
    since_then = _land_changes(context, company, entities, since, on_entity)
    missing = {}
    for entity, mirrored in _live(context, company, entities).items():
        missing_count = counts[entity] - mirrored - since_then.deleted[entity] - since_then.unknown[entity]
        if missing_count > 0:
            missing[entity] = missing_count
    _move(context, company, set(entities) - missing.keys(), since_then.through)
    return since_then.landed, missing


def _known(context: SyncContext, company: Company, entity: str, ids: Sequence[str]) -> dict[str, str]:
    with context.database.read() as cursor:
        return known_hashes(cursor, context.advisor_id, company.client.business_id, entity, ids)


def _live(context: SyncContext, company: Company, entities: Iterable[str]) -> dict[str, int]:
    with context.database.read() as cursor:
        client_key = (context.advisor_id, company.client.business_id)
        return {entity: live_count(cursor, *client_key, entity) for entity in entities}


def _move(context: SyncContext, company: Company, entities: set[str], through: datetime) -> None:
    if entities:
        with context.database.write() as cursor:
            client_key = (context.advisor_id, company.client.business_id)
            move_cursors(control_rows(cursor), *client_key, sorted(entities), context.clock(), through)
